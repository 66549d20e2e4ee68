terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  backend "s3" {
    bucket       = "pixel-rally-terraform"
    key          = "game.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = {
      Project     = "pixel-rally"
      Environment = "production"
    }
  }
}

# The game runs in the browser: HTTPS for pages and scores, WebSocket for the races.
resource "aws_instance" "game" {
  ami                    = var.game_ami
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public["a"].id
  vpc_security_group_ids = [aws_security_group.game.id]

  root_block_device {
    volume_size = 20
    volume_type = "gp3"
    encrypted   = true
  }

  tags = {
    Name = "pixel-rally"
  }
}

variable "game_ami" {
  description = "The image that our build makes; ids differ by region."
  type        = string
}
