variable "security_group_ids" {
  type = list(string)
}

variable "target_group_arns" {
  type = list(string)
}

resource "aws_security_group" "web" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  vpc_security_group_ids      = var.security_group_ids
}

resource "aws_launch_template" "web" {
  image_id               = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_autoscaling_group" "web" {
  min_size           = 2
  max_size           = 4
  availability_zones = ["us-east-1a", "us-east-1b"]
  target_group_arns  = var.target_group_arns

  launch_template {
    id = aws_launch_template.web.id
  }
}

# Whether anybody can reach it is decided where its subnet is made.
variable "subnet_id" {
  type = string
}

resource "aws_instance" "elsewhere" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = var.subnet_id
  vpc_security_group_ids = [aws_security_group.web.id]
}
