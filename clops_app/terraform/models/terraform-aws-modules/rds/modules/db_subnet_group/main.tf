# What terraform-aws-modules/rds/aws//modules/db_subnet_group creates. Read 2026-11-21 of versions 6.1.0 and 7.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds/aws/latest/submodules/db_subnet_group

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "use_name_prefix" { default = true }
variable "subnet_ids" { default = [] }

resource "aws_db_subnet_group" "this" {
  count       = var.create ? 1 : 0
  region      = var.region
  name        = var.use_name_prefix ? null : var.name
  name_prefix = var.use_name_prefix ? "${var.name}-" : null
  subnet_ids  = var.subnet_ids
}

output "db_subnet_group_id" { value = try(aws_db_subnet_group.this[0].id, null) }
output "db_subnet_group_arn" { value = try(aws_db_subnet_group.this[0].arn, null) }
