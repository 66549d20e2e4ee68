# What terraform-aws-modules/elasticache/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 1.4.0 and 1.10.3:
# https://registry.terraform.io/modules/terraform-aws-modules/elasticache/aws
# Left out: global replication groups beyond their own members, users, what is in parameter groups.

variable "create" { default = true }
variable "create_cluster" { default = false }
variable "create_replication_group" { default = true }
variable "create_primary_global_replication_group" { default = false }
variable "create_secondary_global_replication_group" { default = false }
variable "global_replication_group_id" { default = null }
variable "cluster_id" { default = "" }
variable "replication_group_id" { default = null }
variable "description" { default = null }
variable "engine" { default = "redis" }
variable "engine_version" { default = null }
variable "node_type" { default = null }
variable "num_cache_nodes" { default = 1 }
variable "num_cache_clusters" { default = null }
variable "cluster_mode_enabled" { default = false }
variable "num_node_groups" { default = null }
variable "replicas_per_node_group" { default = null }
variable "az_mode" { default = null }
variable "availability_zone" { default = null }
variable "preferred_availability_zones" { default = [] }
variable "preferred_cache_cluster_azs" { default = [] }
variable "multi_az_enabled" { default = false }
variable "automatic_failover_enabled" { default = null }
variable "at_rest_encryption_enabled" { default = true }
variable "transit_encryption_enabled" { default = true }
variable "kms_key_arn" { default = null }
variable "data_tiering_enabled" { default = null }
variable "port" { default = null }
variable "snapshot_retention_limit" { default = null }
variable "snapshot_window" { default = null }
variable "apply_immediately" { default = null }
variable "auto_minor_version_upgrade" { default = null }
variable "log_delivery_configuration" { default = { slow-log = { destination_type = "cloudwatch-logs", log_format = "json" } } }
variable "create_parameter_group" { default = false }
variable "parameter_group_family" { default = "" }
variable "parameter_group_name" { default = null }
variable "create_subnet_group" { default = true }
variable "subnet_group_name" { default = null }
variable "subnet_ids" { default = [] }
variable "vpc_id" { default = null }
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_ids" { default = [] }
variable "security_group_rules" { default = {} }
variable "tags" { default = {} }

locals {
  in_group        = var.replication_group_id != null
  is_global       = var.create_primary_global_replication_group || var.create_secondary_global_replication_group
  port            = var.engine == "memcached" ? 11211 : 6379
  with_group      = var.create && var.create_security_group
  security_groups = concat(var.security_group_ids, aws_security_group.this[*].id)
  parameters      = var.create && var.create_parameter_group ? aws_elasticache_parameter_group.this[0].id : var.parameter_group_name
  subnet_group    = var.create && var.create_subnet_group ? aws_elasticache_subnet_group.this[0].name : var.subnet_group_name
}

resource "aws_elasticache_cluster" "this" {
  count                        = var.create && var.create_cluster ? 1 : 0
  cluster_id                   = var.cluster_id
  replication_group_id         = var.create && var.create_replication_group ? aws_elasticache_replication_group.this[0].id : var.replication_group_id
  engine                       = local.in_group ? null : var.engine
  engine_version               = local.in_group ? null : var.engine_version
  node_type                    = local.in_group ? null : var.node_type
  num_cache_nodes              = local.in_group ? null : var.num_cache_nodes
  az_mode                      = local.in_group ? null : var.az_mode
  availability_zone            = var.availability_zone
  preferred_availability_zones = var.preferred_availability_zones
  port                         = local.in_group ? null : coalesce(var.port, local.port)
  parameter_group_name         = local.in_group ? null : local.parameters
  subnet_group_name            = local.in_group ? null : local.subnet_group
  security_group_ids           = local.in_group ? null : local.security_groups
  snapshot_retention_limit     = local.in_group ? null : var.snapshot_retention_limit
  transit_encryption_enabled   = var.engine == "memcached" ? var.transit_encryption_enabled : null
  apply_immediately            = var.apply_immediately
  auto_minor_version_upgrade   = var.auto_minor_version_upgrade
  tags                         = var.tags
}

resource "aws_elasticache_replication_group" "this" {
  count                       = var.create && var.create_replication_group && !local.is_global ? 1 : 0
  replication_group_id        = var.replication_group_id
  description                 = coalesce(var.description, "Replication group")
  global_replication_group_id = var.global_replication_group_id
  engine                      = var.engine
  engine_version              = var.engine_version
  node_type                   = var.node_type
  num_cache_clusters          = var.cluster_mode_enabled ? null : var.num_cache_clusters
  num_node_groups             = var.cluster_mode_enabled ? var.num_node_groups : null
  replicas_per_node_group     = var.replicas_per_node_group
  multi_az_enabled            = var.multi_az_enabled
  automatic_failover_enabled  = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  at_rest_encryption_enabled  = var.at_rest_encryption_enabled
  transit_encryption_enabled  = var.transit_encryption_enabled
  kms_key_id                  = var.at_rest_encryption_enabled ? var.kms_key_arn : null
  data_tiering_enabled        = var.data_tiering_enabled
  port                        = coalesce(var.port, local.port)
  parameter_group_name        = local.parameters
  subnet_group_name           = local.subnet_group
  security_group_ids          = local.security_groups
  snapshot_retention_limit    = var.snapshot_retention_limit
  snapshot_window             = var.snapshot_window
  apply_immediately           = var.apply_immediately
  auto_minor_version_upgrade  = var.auto_minor_version_upgrade
  tags                        = var.tags
}

resource "aws_elasticache_replication_group" "global" {
  count                       = var.create && var.create_replication_group && local.is_global ? 1 : 0
  replication_group_id        = var.replication_group_id
  description                 = coalesce(var.description, "Replication group")
  global_replication_group_id = var.global_replication_group_id
  engine                      = var.engine
  engine_version              = var.engine_version
  node_type                   = var.node_type
  num_cache_clusters          = var.cluster_mode_enabled ? null : var.num_cache_clusters
  num_node_groups             = var.cluster_mode_enabled ? var.num_node_groups : null
  replicas_per_node_group     = var.replicas_per_node_group
  multi_az_enabled            = var.multi_az_enabled
  automatic_failover_enabled  = var.multi_az_enabled || var.cluster_mode_enabled ? true : var.automatic_failover_enabled
  preferred_cache_cluster_azs = var.preferred_cache_cluster_azs
  at_rest_encryption_enabled  = var.at_rest_encryption_enabled
  transit_encryption_enabled  = var.transit_encryption_enabled
  kms_key_id                  = var.at_rest_encryption_enabled ? var.kms_key_arn : null
  data_tiering_enabled        = var.data_tiering_enabled
  port                        = coalesce(var.port, local.port)
  parameter_group_name        = local.parameters
  subnet_group_name           = local.subnet_group
  security_group_ids          = local.security_groups
  snapshot_retention_limit    = var.snapshot_retention_limit
  snapshot_window             = var.snapshot_window
  apply_immediately           = var.apply_immediately
  auto_minor_version_upgrade  = var.auto_minor_version_upgrade
  tags                        = var.tags
}

resource "aws_cloudwatch_log_group" "this" {
  for_each          = { for key, log in var.log_delivery_configuration : key => log if var.create && var.engine != "memcached" && try(log.create_cloudwatch_log_group, true) && try(log.destination_type, "") == "cloudwatch-logs" }
  name              = "/aws/elasticache/${try(each.value.cloudwatch_log_group_name, coalesce(var.cluster_id, var.replication_group_id), "")}"
  retention_in_days = try(each.value.cloudwatch_log_group_retention_in_days, 14)
  log_group_class   = try(each.value.cloudwatch_log_group_class, null)
}

resource "random_id" "this" {
  count       = var.create && var.create_parameter_group ? 1 : 0
  byte_length = 8
}

resource "aws_elasticache_parameter_group" "this" {
  count  = var.create && var.create_parameter_group ? 1 : 0
  name   = coalesce(var.parameter_group_name, try(random_id.this[0].hex, ""))
  family = var.parameter_group_family
}

resource "aws_elasticache_subnet_group" "this" {
  count      = var.create && var.create_subnet_group ? 1 : 0
  name       = try(coalesce(var.subnet_group_name, var.cluster_id, var.replication_group_id), "")
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  count  = local.with_group ? 1 : 0
  vpc_id = var.vpc_id
  tags   = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = { for key, rule in var.security_group_rules : key => rule if local.with_group && try(rule.type, "ingress") == "ingress" }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, local.port)
  to_port                      = try(each.value.to_port, local.port)
  cidr_ipv4                    = lookup(each.value, "cidr_ipv4", null)
  cidr_ipv6                    = lookup(each.value, "cidr_ipv6", null)
  prefix_list_id               = lookup(each.value, "prefix_list_id", null)
  referenced_security_group_id = lookup(each.value, "referenced_security_group_id", null) == "self" ? aws_security_group.this[0].id : lookup(each.value, "referenced_security_group_id", null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = { for key, rule in var.security_group_rules : key => rule if local.with_group && try(rule.type, "ingress") == "egress" }
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, null)
  cidr_ipv4                    = lookup(each.value, "cidr_ipv4", null)
  cidr_ipv6                    = lookup(each.value, "cidr_ipv6", null)
  prefix_list_id               = lookup(each.value, "prefix_list_id", null)
  referenced_security_group_id = lookup(each.value, "referenced_security_group_id", null) == "self" ? aws_security_group.this[0].id : lookup(each.value, "referenced_security_group_id", null)
}

output "cluster_arn" { value = try(aws_elasticache_cluster.this[0].arn, null) }
output "cluster_address" { value = try(aws_elasticache_cluster.this[0].cluster_address, null) }
output "cluster_configuration_endpoint" { value = try(aws_elasticache_cluster.this[0].configuration_endpoint, null) }
output "replication_group_arn" { value = try(aws_elasticache_replication_group.this[0].arn, aws_elasticache_replication_group.global[0].arn, null) }
output "replication_group_id" { value = try(aws_elasticache_replication_group.this[0].id, aws_elasticache_replication_group.global[0].id, null) }
output "replication_group_primary_endpoint_address" { value = try(aws_elasticache_replication_group.this[0].primary_endpoint_address, aws_elasticache_replication_group.global[0].primary_endpoint_address, null) }
output "replication_group_reader_endpoint_address" { value = try(aws_elasticache_replication_group.this[0].reader_endpoint_address, aws_elasticache_replication_group.global[0].reader_endpoint_address, null) }
output "replication_group_configuration_endpoint_address" { value = try(aws_elasticache_replication_group.this[0].configuration_endpoint_address, aws_elasticache_replication_group.global[0].configuration_endpoint_address, null) }
output "replication_group_port" { value = try(aws_elasticache_replication_group.this[0].port, aws_elasticache_replication_group.global[0].port, null) }
output "subnet_group_name" { value = try(aws_elasticache_subnet_group.this[0].name, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
