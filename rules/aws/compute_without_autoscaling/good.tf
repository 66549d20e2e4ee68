resource "aws_launch_template" "web" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = 6
  availability_zones = ["us-east-1a", "us-east-1b"]

  launch_template {
    id = aws_launch_template.web.id
  }
}

# One way in for admins is enough.
resource "aws_instance" "bastion" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.nano"
}

# A bot that logs in twice says everything twice.
resource "aws_instance" "discord_bot" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.nano"
}

# A machine that joins an ECS cluster scales with it, or not, there.
resource "aws_instance" "container_host" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.small"
  user_data     = "echo ECS_CLUSTER=main >> /etc/ecs/ecs.config"
}

resource "aws_instance" "jenkins" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.medium"
}

# A machine to look into the database with.
resource "aws_instance" "mysql_client" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.nano"
}

# Nothing tells what it is for.
resource "aws_instance" "main" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

# One world on one machine: a second server would be another world.
resource "aws_instance" "minecraft" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.large"
}
