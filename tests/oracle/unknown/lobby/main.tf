# Everything that decides is given when Terraform runs: without a plan hardly a count is known.
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  region = "us-east-1"
}

variable "zones" {
  type = number
}

variable "kind" {
  type = string
}

variable "stage" {
  type    = string
  default = "dev"
}

variable "ports" {
  type = map(number)
}

variable "password" {
  type      = string
  sensitive = true
}

data "aws_subnets" "old" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "front" {
  count      = var.zones
  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}

resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }

  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

resource "aws_instance" "web" {
  count                  = var.zones
  ami                    = "ami-0123456789abcdef0"
  instance_type          = var.kind
  subnet_id              = aws_subnet.front[count.index].id
  vpc_security_group_ids = [aws_security_group.web.id]

  root_block_device {
    volume_type = var.stage == "prod" ? "gp3" : "gp2"
  }
}

resource "aws_db_instance" "ranks" {
  for_each          = toset(data.aws_subnets.old.ids)
  engine            = "postgres"
  instance_class    = "db.${var.kind}"
  allocated_storage = 20
  username          = "ranks"
  password          = var.password
  multi_az          = var.stage == "prod"
}

module "match" {
  source   = "./modules/match"
  for_each = var.ports

  name   = each.key
  vpc_id = aws_vpc.main.id
  group  = aws_security_group.web.id
}

resource "aws_network_interface" "match" {
  for_each  = module.match
  subnet_id = each.value.subnet_id
}
