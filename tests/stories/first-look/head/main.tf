provider "aws" {
  region = "eu-central-1"
}

data "aws_vpc" "default" {
  default = true
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = data.aws_vpc.default.id

  dynamic "ingress" {
    for_each = [22, 80, 5432]

    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_instance" "web" {
  ami                    = "ami-0abcdef1234567890"
  instance_type          = "t3.small"
  vpc_security_group_ids = [aws_security_group.web.id]

  root_block_device {
    volume_type = "gp2"
    volume_size = 30
  }

  user_data = "DATABASE_URL=postgres://${aws_db_instance.db.endpoint}/app"
}

resource "aws_db_instance" "db" {
  engine                 = "postgres"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  username               = "postgres"
  password               = var.password
  publicly_accessible    = true
  skip_final_snapshot    = true
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_s3_bucket" "uploads" {
  bucket = "my-first-app-uploads"
}

resource "aws_cloudwatch_log_group" "app" {
  name = "/app"
}

variable "password" {
  type = string
}
