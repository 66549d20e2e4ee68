terraform {
  required_version = ">= 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  backend "s3" {
    bucket       = "tiny-game-state"
    key          = "game.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "us-east-1"
}

resource "aws_instance" "game" {
  count = 2

  ami                         = "ami-0abcdef1234567890"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public.id
  vpc_security_group_ids      = [aws_security_group.game.id]
  associate_public_ip_address = true

  user_data = <<-EOT
    #!/bin/sh
    echo "DATABASE_HOST=${aws_db_instance.main.address}" >> /etc/environment
    systemctl start game
  EOT
}

resource "aws_db_instance" "main" {
  identifier             = "tiny-game"
  engine                 = "postgres"
  engine_version         = "17.4"
  instance_class         = "db.t4g.micro"
  allocated_storage      = 20
  storage_type           = "gp3"
  storage_encrypted      = true
  db_name                = "game"
  username               = "game"
  password               = var.db_password
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  deletion_protection    = true
}

variable "db_password" {
  type      = string
  sensitive = true
}
