terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  backend "s3" {
    bucket       = "api-state"
    key          = "api.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region
}

variable "region" {
  type = string
}

module "network" {
  source  = "app.terraform.io/acme/network/aws"
  version = "3.1.0"

  cidr = "10.0.0.0/16"
}

resource "aws_db_instance" "main" {
  engine                  = "postgres"
  instance_class          = "db.t4g.small"
  allocated_storage       = 50
  storage_encrypted       = true
  username                = "api"
  password                = var.db_password
  db_subnet_group_name    = module.network.database_subnet_group
  backup_retention_period = 7
  deletion_protection     = true
  multi_az                = true
}

variable "db_password" {
  type      = string
  sensitive = true
}
