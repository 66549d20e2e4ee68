# What terraform-aws-modules/rds-aurora/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 9.10.0 and 10.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds-aurora/aws
# The inputs of both majors: 10.x calls instance_class cluster_instance_class, and has rules of the security group in two inputs.
# Left out: activity streams, shard groups, what is in parameter groups, rotation of the password, endpoints, role associations.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "cluster_use_name_prefix" { default = false }
variable "engine" { default = null }
variable "engine_mode" { default = "provisioned" }
variable "engine_version" { default = null }
variable "engine_lifecycle_support" { default = null }
variable "is_primary_cluster" { default = true }
variable "global_cluster_identifier" { default = null }
variable "replication_source_identifier" { default = null }
variable "snapshot_identifier" { default = null }
variable "restore_to_point_in_time" { default = null }
variable "database_name" { default = null }
variable "master_username" { default = null }
variable "manage_master_user_password" { default = true }
variable "port" { default = null }
variable "iam_database_authentication_enabled" { default = null }
variable "availability_zones" { default = null }
variable "allocated_storage" { default = null }
variable "iops" { default = null }
variable "storage_type" { default = null }
variable "storage_encrypted" { default = true }
variable "kms_key_id" { default = null }
variable "backup_retention_period" { default = null }
variable "backtrack_window" { default = null }
variable "deletion_protection" { default = null }
variable "skip_final_snapshot" { default = false }
variable "apply_immediately" { default = null }
variable "enable_http_endpoint" { default = null }
variable "database_insights_mode" { default = null }
variable "scaling_configuration" { default = null }
variable "serverlessv2_scaling_configuration" { default = null }
variable "instances" { default = {} }
variable "instance_class" { default = "" }
variable "cluster_instance_class" { default = null }
variable "db_cluster_instance_class" { default = null }
variable "publicly_accessible" { default = null }
variable "auto_minor_version_upgrade" { default = null }
variable "monitoring_interval" { default = 0 }
variable "cluster_monitoring_interval" { default = 0 }
variable "create_monitoring_role" { default = true }
variable "monitoring_role_arn" { default = "" }
variable "performance_insights_enabled" { default = null }
variable "performance_insights_retention_period" { default = null }
variable "cluster_performance_insights_enabled" { default = null }
variable "cluster_performance_insights_retention_period" { default = null }
variable "autoscaling_enabled" { default = false }
variable "autoscaling_min_capacity" { default = 0 }
variable "autoscaling_max_capacity" { default = 2 }
variable "autoscaling_policy_name" { default = "target-metric" }
variable "autoscaling_target_cpu" { default = 70 }
variable "predefined_metric_type" { default = "RDSReaderAverageCPUUtilization" }
variable "create_db_subnet_group" { default = false }
variable "db_subnet_group_name" { default = "" }
variable "subnets" { default = [] }
variable "vpc_id" { default = "" }
variable "vpc_security_group_ids" { default = [] }
variable "create_security_group" { default = true }
variable "security_group_name" { default = "" }
variable "security_group_rules" { default = {} }
variable "security_group_ingress_rules" { default = {} }
variable "security_group_egress_rules" { default = {} }
variable "create_db_cluster_parameter_group" { default = false }
variable "cluster_parameter_group" { default = null }
variable "db_cluster_parameter_group_name" { default = null }
variable "cluster_parameter_group_name" { default = null }
variable "db_cluster_parameter_group_family" { default = "" }
variable "create_db_parameter_group" { default = false }
variable "db_parameter_group" { default = null }
variable "db_parameter_group_family" { default = "" }
variable "enabled_cloudwatch_logs_exports" { default = [] }
variable "create_cloudwatch_log_group" { default = false }
variable "cloudwatch_log_group_retention_in_days" { default = 7 }
variable "cloudwatch_log_group_class" { default = null }
variable "tags" { default = {} }
variable "cluster_tags" { default = {} }

locals {
  port          = coalesce(var.port, contains(["aurora-postgresql", "postgres"], var.engine) ? 5432 : 3306)
  is_serverless = var.engine_mode == "serverless"
  class         = try(coalesce(var.cluster_instance_class, var.instance_class), null)
  subnet_group  = var.create_db_subnet_group ? try(aws_db_subnet_group.this[0].name, null) : try(coalesce(var.db_subnet_group_name, var.name), "")
  with_group    = var.create && var.create_security_group
  interval      = max(var.monitoring_interval, var.cluster_monitoring_interval)
  is_monitored  = local.interval > 0 || anytrue([for instance in values(var.instances) : coalesce(try(instance.monitoring_interval, 0), 0) > 0])
  with_role     = var.create && var.create_monitoring_role && local.is_monitored
  insights      = try(coalesce(var.cluster_performance_insights_enabled, var.performance_insights_enabled), null)
  insights_days = try(coalesce(var.cluster_performance_insights_retention_period, var.performance_insights_retention_period), null)
  of_cluster    = var.create && (var.create_db_cluster_parameter_group || var.cluster_parameter_group != null)
  of_instances  = var.create && (var.create_db_parameter_group || var.db_parameter_group != null)
  is_autoscaled = var.create && var.autoscaling_enabled && !local.is_serverless
}

resource "aws_db_subnet_group" "this" {
  count      = var.create && var.create_db_subnet_group ? 1 : 0
  region     = var.region
  name       = try(coalesce(var.db_subnet_group_name, var.name), "")
  subnet_ids = var.subnets
}

resource "aws_rds_cluster" "this" {
  count                                 = var.create ? 1 : 0
  region                                = var.region
  cluster_identifier                    = var.cluster_use_name_prefix ? null : var.name
  cluster_identifier_prefix             = var.cluster_use_name_prefix ? "${var.name}-" : null
  engine                                = var.engine
  engine_mode                           = var.engine_mode
  engine_version                        = var.engine_version
  engine_lifecycle_support              = var.engine_lifecycle_support
  global_cluster_identifier             = var.global_cluster_identifier
  replication_source_identifier         = var.replication_source_identifier
  snapshot_identifier                   = var.snapshot_identifier
  database_name                         = var.is_primary_cluster ? var.database_name : null
  master_username                       = var.is_primary_cluster ? var.master_username : null
  manage_master_user_password           = var.manage_master_user_password && var.global_cluster_identifier == null ? true : null
  port                                  = local.port
  iam_database_authentication_enabled   = var.iam_database_authentication_enabled
  availability_zones                    = var.availability_zones
  allocated_storage                     = var.allocated_storage
  db_cluster_instance_class             = var.allocated_storage == null ? var.db_cluster_instance_class : try(coalesce(var.db_cluster_instance_class, var.cluster_instance_class), null)
  iops                                  = var.iops
  storage_type                          = var.storage_type
  storage_encrypted                     = var.storage_encrypted
  kms_key_id                            = var.kms_key_id
  backup_retention_period               = var.backup_retention_period
  backtrack_window                      = contains(["aurora", "aurora-mysql"], var.engine) && !local.is_serverless ? var.backtrack_window : 0
  deletion_protection                   = var.deletion_protection
  skip_final_snapshot                   = var.skip_final_snapshot
  apply_immediately                     = var.apply_immediately
  enable_http_endpoint                  = var.enable_http_endpoint
  database_insights_mode                = var.database_insights_mode
  performance_insights_enabled          = var.cluster_performance_insights_enabled
  performance_insights_retention_period = var.cluster_performance_insights_retention_period
  enabled_cloudwatch_logs_exports       = var.enabled_cloudwatch_logs_exports
  db_subnet_group_name                  = local.subnet_group
  db_cluster_parameter_group_name       = local.of_cluster ? aws_rds_cluster_parameter_group.this[0].id : try(coalesce(var.cluster_parameter_group_name, var.db_cluster_parameter_group_name), null)
  vpc_security_group_ids                = concat(aws_security_group.this[*].id, var.vpc_security_group_ids)
  tags                                  = merge(var.tags, var.cluster_tags)

  dynamic "scaling_configuration" {
    for_each = length(merge({}, var.scaling_configuration)) > 0 && local.is_serverless ? [var.scaling_configuration] : []
    content {
      auto_pause               = try(scaling_configuration.value.auto_pause, null)
      min_capacity             = try(scaling_configuration.value.min_capacity, null)
      max_capacity             = try(scaling_configuration.value.max_capacity, null)
      seconds_until_auto_pause = try(scaling_configuration.value.seconds_until_auto_pause, null)
    }
  }

  dynamic "serverlessv2_scaling_configuration" {
    for_each = length(merge({}, var.serverlessv2_scaling_configuration)) > 0 && var.engine_mode == "provisioned" ? [var.serverlessv2_scaling_configuration] : []
    content {
      min_capacity             = serverlessv2_scaling_configuration.value.min_capacity
      max_capacity             = serverlessv2_scaling_configuration.value.max_capacity
      seconds_until_auto_pause = try(serverlessv2_scaling_configuration.value.seconds_until_auto_pause, null)
    }
  }

  dynamic "restore_to_point_in_time" {
    for_each = length(merge({}, var.restore_to_point_in_time)) > 0 ? [var.restore_to_point_in_time] : []
    content {
      source_cluster_identifier  = try(restore_to_point_in_time.value.source_cluster_identifier, null)
      use_latest_restorable_time = try(restore_to_point_in_time.value.use_latest_restorable_time, null)
    }
  }

  lifecycle {
    ignore_changes = [replication_source_identifier, global_cluster_identifier, snapshot_identifier]
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each                              = { for key, instance in var.instances : key => instance if var.create && !local.is_serverless }
  region                                = var.region
  cluster_identifier                    = aws_rds_cluster.this[0].id
  identifier                            = try(coalesce(each.value.identifier, "${var.name}-${each.key}"), "${var.name}-${each.key}")
  engine                                = var.engine
  engine_version                        = var.engine_version
  instance_class                        = try(coalesce(each.value.instance_class, local.class), local.class)
  availability_zone                     = try(each.value.availability_zone, null)
  publicly_accessible                   = try(coalesce(each.value.publicly_accessible, var.publicly_accessible), var.publicly_accessible)
  auto_minor_version_upgrade            = try(coalesce(each.value.auto_minor_version_upgrade, var.auto_minor_version_upgrade), var.auto_minor_version_upgrade)
  apply_immediately                     = try(coalesce(each.value.apply_immediately, var.apply_immediately), var.apply_immediately)
  promotion_tier                        = try(each.value.promotion_tier, null)
  monitoring_interval                   = try(coalesce(each.value.monitoring_interval, local.interval), local.interval)
  monitoring_role_arn                   = local.with_role ? aws_iam_role.rds_enhanced_monitoring[0].arn : var.monitoring_role_arn
  performance_insights_enabled          = try(coalesce(each.value.performance_insights_enabled, local.insights), local.insights)
  performance_insights_retention_period = try(coalesce(each.value.performance_insights_retention_period, local.insights_days), local.insights_days)
  db_subnet_group_name                  = local.subnet_group
  db_parameter_group_name               = local.of_instances ? aws_db_parameter_group.this[0].id : try(each.value.db_parameter_group_name, null)
  tags                                  = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_iam_role" "rds_enhanced_monitoring" {
  count              = local.with_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "rds_enhanced_monitoring" {
  count      = local.with_role ? 1 : 0
  role       = aws_iam_role.rds_enhanced_monitoring[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

resource "aws_appautoscaling_target" "this" {
  count              = local.is_autoscaled ? 1 : 0
  region             = var.region
  service_namespace  = "rds"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  resource_id        = "cluster:${aws_rds_cluster.this[0].cluster_identifier}"
  min_capacity       = var.autoscaling_min_capacity
  max_capacity       = var.autoscaling_max_capacity
}

resource "aws_appautoscaling_policy" "this" {
  count              = local.is_autoscaled ? 1 : 0
  region             = var.region
  name               = var.autoscaling_policy_name
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "rds"
  scalable_dimension = "rds:cluster:ReadReplicaCount"
  resource_id        = "cluster:${aws_rds_cluster.this[0].cluster_identifier}"

  target_tracking_scaling_policy_configuration {
    target_value = var.predefined_metric_type == "RDSReaderAverageCPUUtilization" ? var.autoscaling_target_cpu : 700
    predefined_metric_specification {
      predefined_metric_type = var.predefined_metric_type
    }
  }
}

resource "aws_security_group" "this" {
  count  = local.with_group ? 1 : 0
  region = var.region
  vpc_id = var.vpc_id
  tags   = merge(var.tags, { Name = try(coalesce(var.security_group_name, var.name), "") })
}

resource "aws_security_group_rule" "this" {
  for_each                 = local.with_group ? var.security_group_rules : {}
  security_group_id        = aws_security_group.this[0].id
  type                     = try(each.value.type, "ingress")
  protocol                 = try(each.value.protocol, "tcp")
  from_port                = try(each.value.from_port, local.port)
  to_port                  = try(each.value.to_port, local.port)
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  source_security_group_id = try(each.value.source_security_group_id, null)
  self                     = try(each.value.self, null)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.with_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(coalesce(each.value.from_port, local.port), local.port)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), coalesce(each.value.to_port, local.port), local.port)
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
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), coalesce(each.value.from_port, local.port), local.port)
  to_port                      = try(coalesce(each.value.to_port, local.port), local.port)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id == "self", false) ? aws_security_group.this[0].id : try(each.value.referenced_security_group_id, null)
}

resource "aws_rds_cluster_parameter_group" "this" {
  count  = local.of_cluster ? 1 : 0
  region = var.region
  family = try(var.cluster_parameter_group.family, var.db_cluster_parameter_group_family)
}

resource "aws_db_parameter_group" "this" {
  count  = local.of_instances ? 1 : 0
  region = var.region
  family = try(var.db_parameter_group.family, var.db_parameter_group_family)
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = toset(var.create && var.create_cloudwatch_log_group && !var.cluster_use_name_prefix ? var.enabled_cloudwatch_logs_exports : [])
  region            = var.region
  name              = "/aws/rds/cluster/${var.name}/${each.value}"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  log_group_class   = var.cloudwatch_log_group_class
}

output "cluster_arn" { value = try(aws_rds_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_rds_cluster.this[0].id, null) }
output "cluster_resource_id" { value = try(aws_rds_cluster.this[0].cluster_resource_id, null) }
output "cluster_members" { value = try(aws_rds_cluster.this[0].cluster_members, null) }
output "cluster_endpoint" { value = try(aws_rds_cluster.this[0].endpoint, null) }
output "cluster_reader_endpoint" { value = try(aws_rds_cluster.this[0].reader_endpoint, null) }
output "cluster_port" { value = try(aws_rds_cluster.this[0].port, null) }
output "cluster_database_name" { value = var.database_name }
output "cluster_master_username" {
  sensitive = true
  value     = try(aws_rds_cluster.this[0].master_username, null)
}
output "cluster_master_user_secret" { value = try(aws_rds_cluster.this[0].master_user_secret, null) }
output "cluster_instances" { value = aws_rds_cluster_instance.this }
output "db_subnet_group_name" { value = local.subnet_group }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
