# What terraform-aws-modules/ecs/aws//modules/service creates, as far as a review looks at it. Read 2026-11-21 of versions 5.11.0, 6.0.0 and 7.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ecs/aws
# Left out: what its roles may do, volumes, service connect, deployments by other controllers.

variable "create" { default = true }
variable "create_service" { default = true }
variable "region" { default = null }
variable "name" { default = null }
variable "cluster_arn" { default = "" }
variable "launch_type" { default = "FARGATE" }
variable "platform_version" { default = null }
variable "capacity_provider_strategy" { default = {} }
variable "scheduling_strategy" { default = null }
variable "desired_count" { default = 1 }
variable "deployment_controller" { default = {} }
variable "deployment_maximum_percent" { default = 200 }
variable "deployment_minimum_healthy_percent" { default = 66 }
variable "ignore_task_definition_changes" { default = false }
variable "enable_execute_command" { default = false }
variable "health_check_grace_period_seconds" { default = null }
variable "load_balancer" { default = {} }
variable "network_mode" { default = "awsvpc" }
variable "assign_public_ip" { default = false }
variable "subnet_ids" { default = [] }
variable "vpc_id" { default = null }
variable "security_group_ids" { default = [] }
variable "create_security_group" { default = true }
variable "security_group_rules" { default = {} }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "create_task_definition" { default = true }
variable "task_definition_arn" { default = null }
variable "family" { default = null }
variable "cpu" { default = 1024 }
variable "memory" { default = 2048 }
variable "requires_compatibilities" { default = ["FARGATE"] }
variable "runtime_platform" { default = { operating_system_family = "LINUX", cpu_architecture = "X86_64" } }
variable "ephemeral_storage" { default = {} }
variable "container_definitions" { default = {} }
variable "container_definition_defaults" { default = {} }
variable "create_task_exec_iam_role" { default = true }
variable "create_task_exec_policy" { default = true }
variable "task_exec_iam_role_arn" { default = null }
variable "create_tasks_iam_role" { default = true }
variable "tasks_iam_role_arn" { default = null }
variable "tasks_iam_role_policies" { default = {} }
variable "enable_autoscaling" { default = true }
variable "autoscaling_min_capacity" { default = 1 }
variable "autoscaling_max_capacity" { default = 10 }
variable "autoscaling_policies" { default = { cpu = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageCPUUtilization" } } }, memory = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageMemoryUtilization" } } } } }
variable "tags" { default = {} }
variable "service_tags" { default = {} }
variable "task_tags" { default = {} }

locals {
  with_service = var.create && var.create_service
  with_task    = var.create && var.create_task_definition
  with_group   = var.create && var.create_security_group && var.network_mode == "awsvpc"
  is_external  = try(var.deployment_controller.type, null) == "EXTERNAL"
  is_daemon    = var.scheduling_strategy == "DAEMON"
  is_fargate   = var.launch_type == "FARGATE"
  is_scaled    = local.with_service && var.enable_autoscaling && !local.is_daemon
  cluster_name = try(element(split("/", var.cluster_arn), 1), "")
  service_name = try(aws_ecs_service.this[0].name, aws_ecs_service.ignore_task_definition[0].name, null)
  task         = local.with_task ? aws_ecs_task_definition.this[0].arn : var.task_definition_arn
}

resource "aws_ecs_service" "this" {
  count                              = local.with_service && !var.ignore_task_definition_changes ? 1 : 0
  region                             = var.region
  name                               = var.name
  cluster                            = var.cluster_arn
  launch_type                        = local.is_external || length(merge({}, var.capacity_provider_strategy)) > 0 ? null : var.launch_type
  platform_version                   = local.is_fargate && !local.is_external ? var.platform_version : null
  scheduling_strategy                = local.is_fargate ? "REPLICA" : var.scheduling_strategy
  desired_count                      = local.is_daemon || local.is_external ? null : var.desired_count
  deployment_maximum_percent         = local.is_daemon || local.is_external ? null : var.deployment_maximum_percent
  deployment_minimum_healthy_percent = local.is_daemon || local.is_external ? null : var.deployment_minimum_healthy_percent
  enable_execute_command             = var.enable_execute_command
  health_check_grace_period_seconds  = var.health_check_grace_period_seconds
  task_definition                    = local.task
  tags                               = merge(var.tags, var.service_tags)

  dynamic "capacity_provider_strategy" {
    for_each = local.is_external ? {} : merge({}, var.capacity_provider_strategy)
    content {
      capacity_provider = capacity_provider_strategy.value.capacity_provider
      base              = try(capacity_provider_strategy.value.base, null)
      weight            = try(capacity_provider_strategy.value.weight, null)
    }
  }

  dynamic "load_balancer" {
    for_each = merge({}, var.load_balancer)
    content {
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
      elb_name         = try(load_balancer.value.elb_name, null)
      target_group_arn = try(load_balancer.value.target_group_arn, null)
    }
  }

  dynamic "network_configuration" {
    for_each = var.network_mode == "awsvpc" && !local.is_external ? [1] : []
    content {
      assign_public_ip = var.assign_public_ip
      security_groups  = concat(aws_security_group.this[*].id, var.security_group_ids)
      subnets          = var.subnet_ids
    }
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}

resource "aws_ecs_service" "ignore_task_definition" {
  count                              = local.with_service && var.ignore_task_definition_changes ? 1 : 0
  region                             = var.region
  name                               = var.name
  cluster                            = var.cluster_arn
  launch_type                        = local.is_external || length(merge({}, var.capacity_provider_strategy)) > 0 ? null : var.launch_type
  platform_version                   = local.is_fargate && !local.is_external ? var.platform_version : null
  scheduling_strategy                = local.is_fargate ? "REPLICA" : var.scheduling_strategy
  desired_count                      = local.is_daemon || local.is_external ? null : var.desired_count
  deployment_maximum_percent         = local.is_daemon || local.is_external ? null : var.deployment_maximum_percent
  deployment_minimum_healthy_percent = local.is_daemon || local.is_external ? null : var.deployment_minimum_healthy_percent
  enable_execute_command             = var.enable_execute_command
  health_check_grace_period_seconds  = var.health_check_grace_period_seconds
  task_definition                    = local.task
  tags                               = merge(var.tags, var.service_tags)

  dynamic "capacity_provider_strategy" {
    for_each = local.is_external ? {} : merge({}, var.capacity_provider_strategy)
    content {
      capacity_provider = capacity_provider_strategy.value.capacity_provider
      base              = try(capacity_provider_strategy.value.base, null)
      weight            = try(capacity_provider_strategy.value.weight, null)
    }
  }

  dynamic "load_balancer" {
    for_each = merge({}, var.load_balancer)
    content {
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
      elb_name         = try(load_balancer.value.elb_name, null)
      target_group_arn = try(load_balancer.value.target_group_arn, null)
    }
  }

  dynamic "network_configuration" {
    for_each = var.network_mode == "awsvpc" && !local.is_external ? [1] : []
    content {
      assign_public_ip = var.assign_public_ip
      security_groups  = concat(aws_security_group.this[*].id, var.security_group_ids)
      subnets          = var.subnet_ids
    }
  }

  lifecycle {
    ignore_changes = [desired_count, task_definition, load_balancer]
  }
}

module "container_definition" {
  source                                 = "../container-definition"
  for_each                               = { for key, container in var.container_definitions : key => container if local.with_task && try(coalesce(container.create, true), true) }
  region                                 = var.region
  service                                = var.name
  name                                   = try(coalesce(each.value.name, each.key), each.key)
  image                                  = try(each.value.image, null)
  cpu                                    = try(each.value.cpu, null)
  memory                                 = try(each.value.memory, null)
  essential                              = try(each.value.essential, null)
  enable_cloudwatch_logging              = try(coalesce(each.value.enable_cloudwatch_logging, true), var.container_definition_defaults.enable_cloudwatch_logging, true)
  create_cloudwatch_log_group            = try(coalesce(each.value.create_cloudwatch_log_group, true), var.container_definition_defaults.create_cloudwatch_log_group, true)
  cloudwatch_log_group_name              = try(each.value.cloudwatch_log_group_name, var.container_definition_defaults.cloudwatch_log_group_name, null)
  cloudwatch_log_group_class             = try(each.value.cloudwatch_log_group_class, null)
  cloudwatch_log_group_retention_in_days = try(coalesce(each.value.cloudwatch_log_group_retention_in_days, 14), var.container_definition_defaults.cloudwatch_log_group_retention_in_days, 14)
}

resource "aws_ecs_task_definition" "this" {
  count                    = local.with_task ? 1 : 0
  region                   = var.region
  family                   = coalesce(var.family, var.name)
  cpu                      = var.cpu
  memory                   = var.memory
  network_mode             = var.network_mode
  requires_compatibilities = var.requires_compatibilities
  container_definitions    = jsonencode([for container in module.container_definition : container.container_definition])
  execution_role_arn       = try(aws_iam_role.task_exec[0].arn, var.task_exec_iam_role_arn)
  task_role_arn            = try(aws_iam_role.tasks[0].arn, var.tasks_iam_role_arn)
  tags                     = merge(var.tags, var.task_tags)

  dynamic "runtime_platform" {
    for_each = length(merge({}, var.runtime_platform)) > 0 ? [var.runtime_platform] : []
    content {
      cpu_architecture        = try(runtime_platform.value.cpu_architecture, "X86_64")
      operating_system_family = try(runtime_platform.value.operating_system_family, "LINUX")
    }
  }

  dynamic "ephemeral_storage" {
    for_each = length(merge({}, var.ephemeral_storage)) > 0 ? [var.ephemeral_storage] : []
    content {
      size_in_gib = ephemeral_storage.value.size_in_gib
    }
  }
}

resource "aws_iam_role" "task_exec" {
  count              = local.with_task && var.create_task_exec_iam_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_role" "tasks" {
  count              = local.with_task && var.create_tasks_iam_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}

resource "aws_iam_policy" "task_exec" {
  count  = local.with_task && var.create_task_exec_iam_role && var.create_task_exec_policy ? 1 : 0
  policy = null
}

resource "aws_iam_role_policy_attachment" "task_exec" {
  count      = local.with_task && var.create_task_exec_iam_role && var.create_task_exec_policy ? 1 : 0
  role       = aws_iam_role.task_exec[0].name
  policy_arn = aws_iam_policy.task_exec[0].arn
}

resource "aws_iam_role_policy_attachment" "tasks" {
  for_each   = local.with_task && var.create_tasks_iam_role ? var.tasks_iam_role_policies : {}
  role       = aws_iam_role.tasks[0].name
  policy_arn = each.value
}

resource "aws_appautoscaling_target" "this" {
  count              = local.is_scaled ? 1 : 0
  region             = var.region
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${local.cluster_name}/${local.service_name}"
  min_capacity       = min(var.autoscaling_min_capacity, var.desired_count)
  max_capacity       = max(var.autoscaling_max_capacity, var.desired_count)
}

resource "aws_appautoscaling_policy" "this" {
  for_each           = local.is_scaled ? var.autoscaling_policies : {}
  region             = var.region
  name               = try(coalesce(each.value.name, each.key), each.key)
  policy_type        = try(coalesce(each.value.policy_type, "TargetTrackingScaling"), "TargetTrackingScaling")
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  dynamic "target_tracking_scaling_policy_configuration" {
    for_each = try(each.value.target_tracking_scaling_policy_configuration, null) == null ? [] : [each.value.target_tracking_scaling_policy_configuration]
    content {
      target_value = try(coalesce(target_tracking_scaling_policy_configuration.value.target_value, 75), 75)
      dynamic "predefined_metric_specification" {
        for_each = try(target_tracking_scaling_policy_configuration.value.predefined_metric_specification, null) == null ? [] : [target_tracking_scaling_policy_configuration.value.predefined_metric_specification]
        content {
          predefined_metric_type = predefined_metric_specification.value.predefined_metric_type
          resource_label         = try(predefined_metric_specification.value.resource_label, null)
        }
      }
    }
  }
}

data "aws_subnet" "this" {
  count  = local.with_group && var.vpc_id == null ? 1 : 0
  region = var.region
  id     = element(var.subnet_ids, 0)
}

resource "aws_security_group" "this" {
  count  = local.with_group ? 1 : 0
  region = var.region
  vpc_id = var.vpc_id != null ? var.vpc_id : data.aws_subnet.this[0].vpc_id
}

resource "aws_security_group_rule" "this" {
  for_each                 = local.with_group ? var.security_group_rules : {}
  security_group_id        = aws_security_group.this[0].id
  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  cidr_blocks              = lookup(each.value, "cidr_blocks", null)
  ipv6_cidr_blocks         = lookup(each.value, "ipv6_cidr_blocks", null)
  prefix_list_ids          = lookup(each.value, "prefix_list_ids", null)
  self                     = lookup(each.value, "self", null)
  source_security_group_id = lookup(each.value, "source_security_group_id", null)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.with_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self", false) ? aws_security_group.this[0].id : try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.with_group && var.security_group_egress_rules != null ? var.security_group_egress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), each.value.from_port, each.value.to_port, null)
  to_port                      = try(each.value.to_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self", false) ? aws_security_group.this[0].id : try(each.value.referenced_security_group_id, null)
}

output "id" { value = try(aws_ecs_service.this[0].id, aws_ecs_service.ignore_task_definition[0].id, null) }
output "name" { value = local.service_name }
output "task_definition_arn" { value = try(aws_ecs_task_definition.this[0].arn, var.task_definition_arn) }
output "task_exec_iam_role_arn" { value = try(aws_iam_role.task_exec[0].arn, var.task_exec_iam_role_arn) }
output "task_exec_iam_role_name" { value = try(aws_iam_role.task_exec[0].name, null) }
output "tasks_iam_role_arn" { value = try(aws_iam_role.tasks[0].arn, var.tasks_iam_role_arn) }
output "tasks_iam_role_name" { value = try(aws_iam_role.tasks[0].name, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
