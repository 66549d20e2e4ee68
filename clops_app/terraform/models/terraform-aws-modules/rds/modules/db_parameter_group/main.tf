# What terraform-aws-modules/rds/aws//modules/db_parameter_group creates. Read 2026-11-21 of versions 6.1.0 and 7.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds/aws/latest/submodules/db_parameter_group

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "family" { default = null }

resource "aws_db_parameter_group" "this" {
  count  = var.create ? 1 : 0
  region = var.region
  family = var.family
}

output "db_parameter_group_id" { value = try(aws_db_parameter_group.this[0].id, null) }
