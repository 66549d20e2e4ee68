# What terraform-aws-modules/ecs/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 5.11.0, 6.0.0 and 7.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ecs/aws
# Up to 5.x it is cluster_settings, later cluster_setting. Left out: managed instances, roles.

variable "create" { default = true }
variable "region" { default = null }
variable "services" { default = {} }
variable "cluster_name" { default = "" }
variable "cluster_settings" { default = null }
variable "cluster_setting" { default = null }
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

module "cluster" {
  source                                 = "./modules/cluster"
  create                                 = var.create
  region                                 = var.region
  name                                   = var.cluster_name
  setting                                = var.cluster_setting
  cluster_settings                       = var.cluster_settings
  create_cloudwatch_log_group            = var.create_cloudwatch_log_group
  cloudwatch_log_group_name              = var.cloudwatch_log_group_name
  cloudwatch_log_group_retention_in_days = var.cloudwatch_log_group_retention_in_days
  cloudwatch_log_group_class             = var.cloudwatch_log_group_class
  fargate_capacity_providers             = var.fargate_capacity_providers
  autoscaling_capacity_providers         = var.autoscaling_capacity_providers
  default_capacity_provider_use_fargate  = var.default_capacity_provider_use_fargate
  cluster_capacity_providers             = var.cluster_capacity_providers
  capacity_providers                     = var.capacity_providers
  default_capacity_provider_strategy     = var.default_capacity_provider_strategy
  tags                                   = var.tags
}

module "service" {
  source                             = "./modules/service"
  for_each                           = var.create && var.services != null ? var.services : {}
  create                             = try(coalesce(each.value.create, true), true)
  create_service                     = try(coalesce(each.value.create_service, true), true)
  region                             = var.region
  name                               = try(coalesce(each.value.name, each.key), each.key)
  cluster_arn                        = module.cluster.arn
  launch_type                        = try(coalesce(each.value.launch_type, "FARGATE"), "FARGATE")
  platform_version                   = try(each.value.platform_version, null)
  capacity_provider_strategy         = try(each.value.capacity_provider_strategy, {})
  scheduling_strategy                = try(each.value.scheduling_strategy, null)
  desired_count                      = try(coalesce(each.value.desired_count, 1), 1)
  deployment_controller              = try(each.value.deployment_controller, {})
  deployment_maximum_percent         = try(coalesce(each.value.deployment_maximum_percent, 200), 200)
  deployment_minimum_healthy_percent = try(coalesce(each.value.deployment_minimum_healthy_percent, 66), 66)
  ignore_task_definition_changes     = try(coalesce(each.value.ignore_task_definition_changes, false), false)
  enable_execute_command             = try(coalesce(each.value.enable_execute_command, false), false)
  health_check_grace_period_seconds  = try(each.value.health_check_grace_period_seconds, null)
  load_balancer                      = try(each.value.load_balancer, {})
  network_mode                       = try(coalesce(each.value.network_mode, "awsvpc"), "awsvpc")
  assign_public_ip                   = try(coalesce(each.value.assign_public_ip, false), false)
  subnet_ids                         = try(each.value.subnet_ids, [])
  vpc_id                             = try(each.value.vpc_id, null)
  security_group_ids                 = try(each.value.security_group_ids, [])
  create_security_group              = try(coalesce(each.value.create_security_group, true), true)
  security_group_rules               = try(each.value.security_group_rules, {})
  security_group_ingress_rules       = try(each.value.security_group_ingress_rules, {})
  security_group_egress_rules        = try(each.value.security_group_egress_rules, {})
  create_task_definition             = try(coalesce(each.value.create_task_definition, true), true)
  task_definition_arn                = try(each.value.task_definition_arn, null)
  family                             = try(each.value.family, null)
  cpu                                = try(coalesce(each.value.cpu, 1024), 1024)
  memory                             = try(coalesce(each.value.memory, 2048), 2048)
  requires_compatibilities           = try(coalesce(each.value.requires_compatibilities, ["FARGATE"]), ["FARGATE"])
  runtime_platform                   = try(coalesce(each.value.runtime_platform, { operating_system_family = "LINUX", cpu_architecture = "X86_64" }), { operating_system_family = "LINUX", cpu_architecture = "X86_64" })
  ephemeral_storage                  = try(each.value.ephemeral_storage, {})
  container_definitions              = try(each.value.container_definitions, {})
  container_definition_defaults      = try(each.value.container_definition_defaults, {})
  create_task_exec_iam_role          = try(coalesce(each.value.create_task_exec_iam_role, true), true)
  create_task_exec_policy            = try(coalesce(each.value.create_task_exec_policy, true), true)
  task_exec_iam_role_arn             = try(each.value.task_exec_iam_role_arn, null)
  create_tasks_iam_role              = try(coalesce(each.value.create_tasks_iam_role, true), true)
  tasks_iam_role_arn                 = try(each.value.tasks_iam_role_arn, null)
  tasks_iam_role_policies            = try(each.value.tasks_iam_role_policies, {})
  enable_autoscaling                 = try(coalesce(each.value.enable_autoscaling, true), true)
  autoscaling_min_capacity           = try(coalesce(each.value.autoscaling_min_capacity, 1), 1)
  autoscaling_max_capacity           = try(coalesce(each.value.autoscaling_max_capacity, 10), 10)
  autoscaling_policies               = try(coalesce(each.value.autoscaling_policies, { cpu = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageCPUUtilization" } } }, memory = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageMemoryUtilization" } } } }), { cpu = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageCPUUtilization" } } }, memory = { target_tracking_scaling_policy_configuration = { predefined_metric_specification = { predefined_metric_type = "ECSServiceAverageMemoryUtilization" } } } })
  tags                               = merge(var.tags, try(each.value.tags, {}))
  service_tags                       = try(each.value.service_tags, {})
  task_tags                          = try(each.value.task_tags, {})
}

output "cluster_arn" { value = module.cluster.arn }
output "cluster_id" { value = module.cluster.id }
output "cluster_name" { value = module.cluster.name }
output "cluster_capacity_providers" { value = module.cluster.cluster_capacity_providers }
output "autoscaling_capacity_providers" { value = module.cluster.autoscaling_capacity_providers }
output "capacity_providers" { value = module.cluster.capacity_providers }
output "services" { value = module.service }
