# What terraform-aws-modules/rds/aws//modules/db_option_group creates. Read 2026-11-21 of versions 6.1.0 and 7.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds/aws/latest/submodules/db_option_group

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "engine_name" { default = null }
variable "major_engine_version" { default = null }

resource "aws_db_option_group" "this" {
  count                = var.create ? 1 : 0
  region               = var.region
  engine_name          = var.engine_name
  major_engine_version = var.major_engine_version
}

output "db_option_group_id" { value = try(aws_db_option_group.this[0].id, null) }
