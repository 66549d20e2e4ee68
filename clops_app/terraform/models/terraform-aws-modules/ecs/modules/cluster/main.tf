# What terraform-aws-modules/ecs/aws//modules/cluster creates, as far as a review looks at it. Read 2026-11-21 of versions 5.11.0, 6.0.0 and 7.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ecs/aws
# Up to 5.x its inputs are called cluster_name and cluster_settings. Left out: managed instances, roles of tasks, commands run in containers.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "cluster_name" { default = "" }
variable "setting" { default = null }
variable "cluster_settings" { default = null }
variable "create_cloudwatch_log_group" { default = true }
variable "cloudwatch_log_group_name" { default = null }
variable "cloudwatch_log_group_retention_in_days" { default = 90 }
variable "cloudwatch_log_group_class" { default = null }
variable "fargate_capacity_providers" { default = {} }
variable "autoscaling_capacity_providers" { default = {} }
variable "default_capacity_provider_use_fargate" { default = true }
variable "cluster_capacity_providers" { default = [] }
variable "capacity_providers" { default = null }
variable "default_capacity_provider_strategy" { default = null }
variable "tags" { default = {} }

locals {
  cluster_name = try(coalesce(var.name, var.cluster_name), "")
  settings     = coalesce(var.setting, var.cluster_settings, [{ name = "containerInsights", value = "enabled" }])
  older        = merge(var.fargate_capacity_providers, var.autoscaling_capacity_providers)
  of_groups    = merge(var.autoscaling_capacity_providers, { for key, provider in merge({}, var.capacity_providers) : key => provider if try(provider.auto_scaling_group_provider, null) != null })
  strategy = merge(
    { for key, provider in var.fargate_capacity_providers : key => try(provider.default_capacity_provider_strategy, {}) if var.default_capacity_provider_use_fargate },
    { for key, provider in var.autoscaling_capacity_providers : key => try(provider.default_capacity_provider_strategy, {}) if !var.default_capacity_provider_use_fargate },
    merge({}, var.default_capacity_provider_strategy),
  )
}

resource "aws_ecs_cluster" "this" {
  count  = var.create ? 1 : 0
  region = var.region
  name   = local.cluster_name
  tags   = var.tags

  dynamic "setting" {
    for_each = flatten([local.settings])
    content {
      name  = setting.value.name
      value = setting.value.value
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create && var.create_cloudwatch_log_group ? 1 : 0
  region            = var.region
  name              = try(coalesce(var.cloudwatch_log_group_name, "/aws/ecs/${local.cluster_name}"), "")
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  log_group_class   = var.cloudwatch_log_group_class
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  count              = var.create && length(local.older) + length(var.cluster_capacity_providers) + length(merge({}, var.capacity_providers)) > 0 ? 1 : 0
  region             = var.region
  cluster_name       = aws_ecs_cluster.this[0].name
  capacity_providers = distinct(concat(var.cluster_capacity_providers, keys(var.fargate_capacity_providers), [for key, provider in var.autoscaling_capacity_providers : try(provider.name, key)], [for key, provider in merge({}, var.capacity_providers) : aws_ecs_capacity_provider.this[key].name]))

  dynamic "default_capacity_provider_strategy" {
    for_each = local.strategy
    content {
      capacity_provider = try(coalesce(default_capacity_provider_strategy.value.name, default_capacity_provider_strategy.key), default_capacity_provider_strategy.key)
      base              = try(default_capacity_provider_strategy.value.base, null)
      weight            = try(default_capacity_provider_strategy.value.weight, null)
    }
  }
}

resource "aws_ecs_capacity_provider" "this" {
  for_each = { for key, provider in local.of_groups : key => try(provider.auto_scaling_group_provider, provider) if var.create }
  region   = var.region
  name     = try(local.of_groups[each.key].name, each.key)

  auto_scaling_group_provider {
    auto_scaling_group_arn         = each.value.auto_scaling_group_arn
    managed_termination_protection = try(each.value.managed_scaling, null) == null ? "DISABLED" : try(each.value.managed_termination_protection, null)
    dynamic "managed_scaling" {
      for_each = try(each.value.managed_scaling, null) == null ? [] : [each.value.managed_scaling]
      content {
        status          = try(managed_scaling.value.status, null)
        target_capacity = try(managed_scaling.value.target_capacity, null)
      }
    }
  }
}

output "arn" { value = try(aws_ecs_cluster.this[0].arn, null) }
output "id" { value = try(aws_ecs_cluster.this[0].id, null) }
output "name" { value = try(aws_ecs_cluster.this[0].name, null) }
output "cluster_capacity_providers" { value = aws_ecs_cluster_capacity_providers.this }
output "autoscaling_capacity_providers" { value = aws_ecs_capacity_provider.this }
output "capacity_providers" { value = aws_ecs_capacity_provider.this }
output "cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.this[0].name, null) }
