# What terraform-aws-modules/lambda/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 7.7.0 and 8.8.1:
# https://registry.terraform.io/modules/terraform-aws-modules/lambda/aws
# Left out: how the package is built, what the role may do, who may call it, layers, event sources' settings.

variable "create" { default = true }
variable "region" { default = null }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "lambda_role" { default = "" }
variable "function_name" { default = "" }
variable "handler" { default = "" }
variable "runtime" { default = "" }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "architectures" { default = null }
variable "memory_size" { default = 128 }
variable "ephemeral_storage_size" { default = 512 }
variable "timeout" { default = 3 }
variable "lambda_at_edge" { default = false }
variable "publish" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "environment_variables" { default = {} }
variable "dead_letter_target_arn" { default = null }
variable "tracing_mode" { default = null }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "logging_log_group" { default = null }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_log_group_class" { default = null }
variable "create_lambda_function_url" { default = false }
variable "authorization_type" { default = "NONE" }
variable "event_source_mapping" { default = {} }
variable "tags" { default = {} }

locals {
  with_function = var.create && var.create_function && !var.create_layer
  with_role     = var.create && var.create_function && !var.create_layer && var.create_role
}

resource "aws_lambda_function" "this" {
  count                          = local.with_function ? 1 : 0
  region                         = var.region
  function_name                  = var.function_name
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  package_type                   = var.package_type
  handler                        = var.package_type == "Zip" ? var.handler : null
  runtime                        = var.package_type == "Zip" ? var.runtime : null
  image_uri                      = var.image_uri
  architectures                  = var.architectures
  memory_size                    = var.memory_size
  timeout                        = var.lambda_at_edge ? min(var.timeout, 30) : var.timeout
  publish                        = var.lambda_at_edge || var.publish
  reserved_concurrent_executions = var.reserved_concurrent_executions
  tags                           = var.tags

  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_size == null ? [] : [1]
    content {
      size = var.ephemeral_storage_size
    }
  }

  dynamic "environment" {
    for_each = length(var.environment_variables) == 0 ? [] : [1]
    content {
      variables = var.environment_variables
    }
  }

  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [1]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }

  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [1]
    content {
      mode = var.tracing_mode
    }
  }

  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [1] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
}

resource "aws_cloudwatch_log_group" "lambda" {
  count             = local.with_function && !var.use_existing_cloudwatch_log_group ? 1 : 0
  region            = var.region
  name              = coalesce(var.logging_log_group, "/aws/lambda/${var.lambda_at_edge ? "us-east-1." : ""}${var.function_name}")
  retention_in_days = var.cloudwatch_logs_retention_in_days
  log_group_class   = var.cloudwatch_logs_log_group_class
}

resource "aws_lambda_provisioned_concurrency_config" "current_version" {
  count                             = local.with_function && var.provisioned_concurrent_executions > -1 ? 1 : 0
  region                            = var.region
  function_name                     = aws_lambda_function.this[0].function_name
  qualifier                         = aws_lambda_function.this[0].version
  provisioned_concurrent_executions = var.provisioned_concurrent_executions
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each         = local.with_function ? var.event_source_mapping : {}
  region           = var.region
  function_name    = aws_lambda_function.this[0].arn
  event_source_arn = try(each.value.event_source_arn, null)
  batch_size       = try(each.value.batch_size, null)
  enabled          = try(each.value.enabled, true)
}

resource "aws_lambda_function_url" "this" {
  count              = local.with_function && var.create_lambda_function_url ? 1 : 0
  region             = var.region
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
}

resource "aws_iam_role" "lambda" {
  count              = local.with_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.lambda[0].arn, "") }
output "lambda_cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.lambda[0].name, "") }
