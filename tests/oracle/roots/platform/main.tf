terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
    random = {
      source = "hashicorp/random"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = local.tags
  }
}

provider "aws" {
  alias  = "backup"
  region = "eu-central-1"
}

variable "region" {
  type    = string
  default = "ap-northeast-2"
}

variable "services" {
  type = map(object({
    port   = number
    tasks  = optional(number, 2)
    public = optional(bool, false)
    extra  = optional(map(string), {})
  }))
}

locals {
  name  = "rally-${terraform.workspace}"
  tags  = merge({ Project = "rally" }, { for key in ["Owner", "Team"] : key => lower("GAME") })
  zones = slice(data.aws_availability_zones.available.names, 0, 3)
  public_services = {
    for name, service in var.services : name => service
    if service.public
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_caller_identity" "current" {}

module "network" {
  source = "./modules/network"

  name               = local.name
  cidr               = "10.20.0.0/16"
  zones              = local.zones
  single_nat_gateway = length(local.zones) < 3
}

module "service" {
  source   = "./modules/service"
  for_each = var.services

  name       = each.key
  settings   = each.value
  subnet_ids = each.value.public ? module.network.public_subnet_ids : module.network.private_subnet_ids
  vpc_id     = module.network.vpc_id
}

resource "random_id" "suffix" {
  byte_length = 4
}

resource "aws_s3_bucket" "replays" {
  bucket = "${local.name}-replays-${random_id.suffix.hex}"
}

resource "aws_s3_bucket" "copies" {
  provider = aws.backup
  bucket   = "${local.name}-copies"
}

resource "aws_cloudwatch_log_group" "service" {
  for_each = toset(concat(keys(var.services), ["jobs"]))

  name              = format("/%s/%s", local.name, each.value)
  retention_in_days = lookup({ jobs = 7 }, each.key, 30)
}

resource "aws_iam_role" "task" {
  name = "${local.name}-task"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_security_group" "public" {
  count  = length(local.public_services) > 0 ? 1 : 0
  name   = "${local.name}-public"
  vpc_id = module.network.vpc_id

  dynamic "ingress" {
    for_each = local.public_services
    content {
      description = ingress.key
      from_port   = ingress.value.port
      to_port     = ingress.value.port
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }
}

output "zones" {
  value = join(",", [for index, zone in local.zones : "${index}=${zone}"])
}
