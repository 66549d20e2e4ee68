# What terraform-aws-modules/rds/aws//modules/db_instance creates. Read 2026-11-21 of versions 6.1.0 and 7.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds/aws/latest/submodules/db_instance

variable "create" { default = true }
variable "region" { default = null }
variable "identifier" {}
variable "use_identifier_prefix" { default = false }
variable "engine" { default = null }
variable "engine_version" { default = null }
variable "engine_lifecycle_support" { default = null }
variable "instance_class" { default = null }
variable "license_model" { default = null }
variable "allocated_storage" { default = null }
variable "max_allocated_storage" { default = 0 }
variable "storage_type" { default = null }
variable "storage_throughput" { default = null }
variable "iops" { default = null }
variable "storage_encrypted" { default = true }
variable "kms_key_id" { default = null }
variable "dedicated_log_volume" { default = null }
variable "db_name" { default = null }
variable "username" { default = null }
variable "port" { default = null }
variable "manage_master_user_password" { default = true }
variable "iam_database_authentication_enabled" { default = false }
variable "replicate_source_db" { default = null }
variable "snapshot_identifier" { default = null }
variable "restore_to_point_in_time" { default = null }
variable "vpc_security_group_ids" { default = [] }
variable "db_subnet_group_name" { default = null }
variable "parameter_group_name" { default = null }
variable "option_group_name" { default = null }
variable "availability_zone" { default = null }
variable "multi_az" { default = false }
variable "publicly_accessible" { default = false }
variable "backup_retention_period" { default = null }
variable "backup_window" { default = null }
variable "blue_green_update" { default = null }
variable "skip_final_snapshot" { default = false }
variable "deletion_protection" { default = false }
variable "delete_automated_backups" { default = true }
variable "auto_minor_version_upgrade" { default = true }
variable "apply_immediately" { default = false }
variable "performance_insights_enabled" { default = false }
variable "performance_insights_retention_period" { default = 7 }
variable "database_insights_mode" { default = null }
variable "monitoring_interval" { default = 0 }
variable "monitoring_role_arn" { default = null }
variable "monitoring_role_name" { default = "rds-monitoring-role" }
variable "create_monitoring_role" { default = false }
variable "enabled_cloudwatch_logs_exports" { default = [] }
variable "create_cloudwatch_log_group" { default = false }
variable "cloudwatch_log_group_retention_in_days" { default = 7 }
variable "cloudwatch_log_group_class" { default = null }
variable "cloudwatch_log_group_kms_key_id" { default = null }
variable "tags" { default = {} }

locals {
  is_replica = var.replicate_source_db != null
}

resource "random_id" "snapshot_identifier" {
  count       = var.create && !var.skip_final_snapshot ? 1 : 0
  byte_length = 4
}

resource "aws_db_instance" "this" {
  count                                 = var.create ? 1 : 0
  region                                = var.region
  identifier                            = var.use_identifier_prefix ? null : var.identifier
  identifier_prefix                     = var.use_identifier_prefix ? "${var.identifier}-" : null
  engine                                = local.is_replica ? null : var.engine
  engine_version                        = var.engine_version
  engine_lifecycle_support              = var.engine_lifecycle_support
  instance_class                        = var.instance_class
  license_model                         = var.license_model
  allocated_storage                     = var.allocated_storage
  max_allocated_storage                 = var.max_allocated_storage
  storage_type                          = var.storage_type
  storage_throughput                    = var.storage_throughput
  iops                                  = var.iops
  storage_encrypted                     = var.storage_encrypted
  kms_key_id                            = var.kms_key_id
  dedicated_log_volume                  = var.dedicated_log_volume
  db_name                               = var.db_name
  username                              = local.is_replica ? null : var.username
  port                                  = var.port
  manage_master_user_password           = !local.is_replica && var.manage_master_user_password ? true : null
  iam_database_authentication_enabled   = var.iam_database_authentication_enabled
  replicate_source_db                   = var.replicate_source_db
  snapshot_identifier                   = var.snapshot_identifier
  vpc_security_group_ids                = var.vpc_security_group_ids
  db_subnet_group_name                  = var.db_subnet_group_name
  parameter_group_name                  = var.parameter_group_name
  option_group_name                     = var.option_group_name
  availability_zone                     = var.availability_zone
  multi_az                              = var.multi_az
  publicly_accessible                   = var.publicly_accessible
  backup_retention_period               = length(merge({}, var.blue_green_update)) > 0 ? coalesce(var.backup_retention_period, 1) : var.backup_retention_period
  backup_window                         = var.backup_window
  skip_final_snapshot                   = var.skip_final_snapshot
  deletion_protection                   = var.deletion_protection
  delete_automated_backups              = var.delete_automated_backups
  auto_minor_version_upgrade            = var.auto_minor_version_upgrade
  apply_immediately                     = var.apply_immediately
  performance_insights_enabled          = var.performance_insights_enabled
  performance_insights_retention_period = var.performance_insights_enabled ? var.performance_insights_retention_period : null
  database_insights_mode                = var.database_insights_mode
  monitoring_interval                   = var.monitoring_interval
  monitoring_role_arn                   = var.monitoring_interval == 0 ? null : var.create_monitoring_role ? aws_iam_role.enhanced_monitoring[0].arn : var.monitoring_role_arn
  enabled_cloudwatch_logs_exports       = var.enabled_cloudwatch_logs_exports
  tags                                  = var.tags

  dynamic "restore_to_point_in_time" {
    for_each = var.restore_to_point_in_time == null ? [] : [var.restore_to_point_in_time]
    content {
      restore_time                  = lookup(restore_to_point_in_time.value, "restore_time", null)
      source_db_instance_identifier = lookup(restore_to_point_in_time.value, "source_db_instance_identifier", null)
      use_latest_restorable_time    = lookup(restore_to_point_in_time.value, "use_latest_restorable_time", null)
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = toset(var.create && var.create_cloudwatch_log_group && !var.use_identifier_prefix ? var.enabled_cloudwatch_logs_exports : [])
  region            = var.region
  name              = "/aws/rds/instance/${var.identifier}/${each.value}"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  log_group_class   = var.cloudwatch_log_group_class
  kms_key_id        = var.cloudwatch_log_group_kms_key_id
}

resource "aws_iam_role" "enhanced_monitoring" {
  count              = var.create_monitoring_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "monitoring.rds.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "enhanced_monitoring" {
  count      = var.create_monitoring_role ? 1 : 0
  role       = aws_iam_role.enhanced_monitoring[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

output "db_instance_address" { value = try(aws_db_instance.this[0].address, null) }
output "db_instance_arn" { value = try(aws_db_instance.this[0].arn, null) }
output "db_instance_endpoint" { value = try(aws_db_instance.this[0].endpoint, null) }
output "db_instance_identifier" { value = try(aws_db_instance.this[0].identifier, null) }
output "db_instance_resource_id" { value = try(aws_db_instance.this[0].resource_id, null) }
output "db_instance_name" { value = try(aws_db_instance.this[0].db_name, null) }
output "db_instance_port" { value = try(aws_db_instance.this[0].port, null) }
output "db_instance_username" {
  sensitive = true
  value     = try(aws_db_instance.this[0].username, null)
}
output "db_instance_master_user_secret_arn" { value = try(aws_db_instance.this[0].master_user_secret[0].secret_arn, null) }
output "enhanced_monitoring_iam_role_arn" { value = try(aws_iam_role.enhanced_monitoring[0].arn, null) }
