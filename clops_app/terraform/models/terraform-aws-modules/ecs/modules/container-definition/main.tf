# What terraform-aws-modules/ecs/aws//modules/container-definition creates, as far as a review looks at it. Read 2026-11-21 of versions 5.11.0, 6.0.0 and 7.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ecs/aws
# Of a container only its logs are told.

variable "region" { default = null }
variable "service" { default = null }
variable "name" { default = null }
variable "image" { default = null }
variable "cpu" { default = null }
variable "memory" { default = null }
variable "essential" { default = null }
variable "enable_cloudwatch_logging" { default = true }
variable "create_cloudwatch_log_group" { default = true }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_class" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = 14 }

resource "aws_cloudwatch_log_group" "this" {
  count             = var.enable_cloudwatch_logging && var.create_cloudwatch_log_group ? 1 : 0
  region            = var.region
  name              = coalesce(var.cloudwatch_log_group_name, "/aws/ecs/${coalesce(var.service, "-")}/${coalesce(var.name, "-")}")
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  log_group_class   = var.cloudwatch_log_group_class
}

output "container_definition" { value = { name = var.name, image = var.image, cpu = var.cpu, memory = var.memory, essential = var.essential } }
output "cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.this[0].name, null) }
