resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_subnet" "also_a" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "us-east-1a"
}

resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

# Two subnets, one zone.
resource "aws_autoscaling_group" "web" {
  min_size            = 2
  max_size            = 6
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.also_a.id] # expect: aws/single_az_compute

  launch_template {
    id = aws_launch_template.web.id
  }
}

resource "aws_instance" "api" {
  count         = 2
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.a.id # expect: aws/single_az_compute
}

resource "aws_ecs_task_definition" "match" {
  family                = "match"
  container_definitions = jsonencode([{ name = "match", image = "nginx" }])
}

resource "aws_ecs_service" "match" {
  name            = "match"
  cluster         = "main"
  desired_count   = 2
  task_definition = aws_ecs_task_definition.match.arn

  network_configuration {
    subnets = [aws_subnet.a.id] # expect: aws/single_az_compute
  }
}
