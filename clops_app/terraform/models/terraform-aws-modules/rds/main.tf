# What terraform-aws-modules/rds/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 6.1.0 and 7.2.0:
# https://registry.terraform.io/modules/terraform-aws-modules/rds/aws
# Left out: rotation of the password, role associations, what is in parameter and option groups.

variable "region" { default = null }
variable "identifier" {}
variable "instance_use_identifier_prefix" { default = false }
variable "create_db_instance" { default = true }
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
variable "create_db_subnet_group" { default = false }
variable "db_subnet_group_name" { default = null }
variable "db_subnet_group_use_name_prefix" { default = true }
variable "subnet_ids" { default = [] }
variable "create_db_parameter_group" { default = true }
variable "parameter_group_name" { default = null }
variable "family" { default = null }
variable "create_db_option_group" { default = true }
variable "option_group_name" { default = null }
variable "major_engine_version" { default = null }
variable "tags" { default = {} }
variable "db_instance_tags" { default = {} }

locals {
  with_options = var.create_db_option_group && var.engine != "postgres"
}

module "db_subnet_group" {
  source          = "./modules/db_subnet_group"
  create          = var.create_db_subnet_group
  region          = var.region
  name            = coalesce(var.db_subnet_group_name, var.identifier)
  use_name_prefix = var.db_subnet_group_use_name_prefix
  subnet_ids      = var.subnet_ids
}

module "db_parameter_group" {
  source = "./modules/db_parameter_group"
  create = var.create_db_parameter_group
  region = var.region
  name   = coalesce(var.parameter_group_name, var.identifier)
  family = var.family
}

module "db_option_group" {
  source               = "./modules/db_option_group"
  create               = local.with_options
  region               = var.region
  name                 = coalesce(var.option_group_name, var.identifier)
  engine_name          = var.engine
  major_engine_version = var.major_engine_version
}

module "db_instance" {
  source                                 = "./modules/db_instance"
  create                                 = var.create_db_instance
  region                                 = var.region
  identifier                             = var.identifier
  use_identifier_prefix                  = var.instance_use_identifier_prefix
  engine                                 = var.engine
  engine_version                         = var.engine_version
  engine_lifecycle_support               = var.engine_lifecycle_support
  instance_class                         = var.instance_class
  license_model                          = var.license_model
  allocated_storage                      = var.allocated_storage
  max_allocated_storage                  = var.max_allocated_storage
  storage_type                           = var.storage_type
  storage_throughput                     = var.storage_throughput
  iops                                   = var.iops
  storage_encrypted                      = var.storage_encrypted
  kms_key_id                             = var.kms_key_id
  dedicated_log_volume                   = var.dedicated_log_volume
  db_name                                = var.db_name
  username                               = var.username
  port                                   = var.port
  manage_master_user_password            = var.manage_master_user_password
  iam_database_authentication_enabled    = var.iam_database_authentication_enabled
  replicate_source_db                    = var.replicate_source_db
  snapshot_identifier                    = var.snapshot_identifier
  restore_to_point_in_time               = var.restore_to_point_in_time
  vpc_security_group_ids                 = var.vpc_security_group_ids
  db_subnet_group_name                   = var.create_db_subnet_group ? module.db_subnet_group.db_subnet_group_id : var.db_subnet_group_name
  parameter_group_name                   = var.create_db_parameter_group ? module.db_parameter_group.db_parameter_group_id : var.parameter_group_name
  option_group_name                      = var.engine == "postgres" ? null : local.with_options ? module.db_option_group.db_option_group_id : var.option_group_name
  availability_zone                      = var.availability_zone
  multi_az                               = var.multi_az
  publicly_accessible                    = var.publicly_accessible
  backup_retention_period                = var.backup_retention_period
  backup_window                          = var.backup_window
  blue_green_update                      = var.blue_green_update
  skip_final_snapshot                    = var.skip_final_snapshot
  deletion_protection                    = var.deletion_protection
  delete_automated_backups               = var.delete_automated_backups
  auto_minor_version_upgrade             = var.auto_minor_version_upgrade
  apply_immediately                      = var.apply_immediately
  performance_insights_enabled           = var.performance_insights_enabled
  performance_insights_retention_period  = var.performance_insights_retention_period
  database_insights_mode                 = var.database_insights_mode
  monitoring_interval                    = var.monitoring_interval
  monitoring_role_arn                    = var.monitoring_role_arn
  monitoring_role_name                   = var.monitoring_role_name
  create_monitoring_role                 = var.create_monitoring_role
  enabled_cloudwatch_logs_exports        = var.enabled_cloudwatch_logs_exports
  create_cloudwatch_log_group            = var.create_cloudwatch_log_group
  cloudwatch_log_group_retention_in_days = var.cloudwatch_log_group_retention_in_days
  cloudwatch_log_group_class             = var.cloudwatch_log_group_class
  cloudwatch_log_group_kms_key_id        = var.cloudwatch_log_group_kms_key_id
  tags                                   = merge(var.tags, var.db_instance_tags)
}

output "db_instance_address" { value = module.db_instance.db_instance_address }
output "db_instance_arn" { value = module.db_instance.db_instance_arn }
output "db_instance_endpoint" { value = module.db_instance.db_instance_endpoint }
output "db_instance_identifier" { value = module.db_instance.db_instance_identifier }
output "db_instance_resource_id" { value = module.db_instance.db_instance_resource_id }
output "db_instance_name" { value = module.db_instance.db_instance_name }
output "db_instance_port" { value = module.db_instance.db_instance_port }
output "db_instance_username" { value = module.db_instance.db_instance_username }
output "db_instance_master_user_secret_arn" { value = module.db_instance.db_instance_master_user_secret_arn }
output "db_subnet_group_id" { value = module.db_subnet_group.db_subnet_group_id }
output "db_parameter_group_id" { value = module.db_parameter_group.db_parameter_group_id }
output "enhanced_monitoring_iam_role_arn" { value = module.db_instance.enhanced_monitoring_iam_role_arn }
