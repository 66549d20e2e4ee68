resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

data "aws_availability_zones" "available" {
  state = "available"
}

resource "aws_subnet" "private" {
  count = 3

  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]
}

resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  min_size            = 2
  max_size            = 6
  vpc_zone_identifier = aws_subnet.private[*].id

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_instance" "api" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.private[count.index].id
}

# One way in for admins is enough.
resource "aws_instance" "bastion" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.nano"
  subnet_id     = aws_subnet.private[0].id
}

# Nothing places it: AWS does.
resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

# Nothing tells what it is for.
resource "aws_instance" "main" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.private[0].id
}

resource "aws_instance" "jenkins" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.medium"
  subnet_id     = aws_subnet.private[0].id
}

# A bot that logs in twice says everything twice.
resource "aws_ecs_service" "discord_bot" {
  name            = "discord-bot"
  cluster         = "main"
  desired_count   = 1
  task_definition = "discord-bot"

  network_configuration {
    subnets = [aws_subnet.private[0].id]
  }
}
