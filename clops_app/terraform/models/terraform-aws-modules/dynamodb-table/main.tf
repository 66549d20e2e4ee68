# What terraform-aws-modules/dynamodb-table/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 4.0.0 and 5.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/dynamodb-table/aws
# Left out: imports, resource policies, throughput limits.

variable "create_table" { default = true }
variable "region" { default = null }
variable "name" { default = null }
variable "attributes" { default = [] }
variable "hash_key" { default = null }
variable "range_key" { default = null }
variable "billing_mode" { default = "PAY_PER_REQUEST" }
variable "read_capacity" { default = null }
variable "write_capacity" { default = null }
variable "table_class" { default = null }
variable "stream_enabled" { default = false }
variable "stream_view_type" { default = null }
variable "ttl_enabled" { default = false }
variable "ttl_attribute_name" { default = "" }
variable "point_in_time_recovery_enabled" { default = false }
variable "deletion_protection_enabled" { default = null }
variable "server_side_encryption_enabled" { default = false }
variable "server_side_encryption_kms_key_arn" { default = null }
variable "global_secondary_indexes" { default = [] }
variable "local_secondary_indexes" { default = [] }
variable "replica_regions" { default = [] }
variable "autoscaling_enabled" { default = false }
variable "autoscaling_defaults" { default = { scale_in_cooldown = 0, scale_out_cooldown = 0, target_value = 70 } }
variable "autoscaling_read" { default = {} }
variable "autoscaling_write" { default = {} }
variable "autoscaling_indexes" { default = {} }
variable "ignore_changes_global_secondary_index" { default = false }
variable "tags" { default = {} }

locals {
  scaled     = var.create_table && var.autoscaling_enabled
  table_name = try(aws_dynamodb_table.autoscaled[0].name, aws_dynamodb_table.autoscaled_gsi_ignore[0].name)
}

resource "aws_dynamodb_table" "this" {
  count                       = var.create_table && !var.autoscaling_enabled ? 1 : 0
  region                      = var.region
  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  read_capacity               = var.read_capacity
  write_capacity              = var.write_capacity
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }

  dynamic "attribute" {
    for_each = var.attributes
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name            = local_secondary_index.value.name
      range_key       = local_secondary_index.value.range_key
      projection_type = local_secondary_index.value.projection_type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = lookup(global_secondary_index.value, "range_key", null)
      projection_type = global_secondary_index.value.projection_type
      read_capacity   = lookup(global_secondary_index.value, "read_capacity", null)
      write_capacity  = lookup(global_secondary_index.value, "write_capacity", null)
    }
  }

  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = lookup(replica.value, "kms_key_arn", null)
      point_in_time_recovery = lookup(replica.value, "point_in_time_recovery", null)
    }
  }
}

resource "aws_dynamodb_table" "autoscaled" {
  count                       = local.scaled && !var.ignore_changes_global_secondary_index ? 1 : 0
  region                      = var.region
  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  read_capacity               = var.read_capacity
  write_capacity              = var.write_capacity
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }

  dynamic "attribute" {
    for_each = var.attributes
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name            = local_secondary_index.value.name
      range_key       = local_secondary_index.value.range_key
      projection_type = local_secondary_index.value.projection_type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = lookup(global_secondary_index.value, "range_key", null)
      projection_type = global_secondary_index.value.projection_type
      read_capacity   = lookup(global_secondary_index.value, "read_capacity", null)
      write_capacity  = lookup(global_secondary_index.value, "write_capacity", null)
    }
  }

  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = lookup(replica.value, "kms_key_arn", null)
      point_in_time_recovery = lookup(replica.value, "point_in_time_recovery", null)
    }
  }

  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}

resource "aws_dynamodb_table" "autoscaled_gsi_ignore" {
  count                       = local.scaled && var.ignore_changes_global_secondary_index ? 1 : 0
  region                      = var.region
  name                        = var.name
  hash_key                    = var.hash_key
  range_key                   = var.range_key
  billing_mode                = var.billing_mode
  read_capacity               = var.read_capacity
  write_capacity              = var.write_capacity
  table_class                 = var.table_class
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = merge(var.tags, { Name = var.name })

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }

  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }

  dynamic "attribute" {
    for_each = var.attributes
    content {
      name = attribute.value.name
      type = attribute.value.type
    }
  }

  dynamic "local_secondary_index" {
    for_each = var.local_secondary_indexes
    content {
      name            = local_secondary_index.value.name
      range_key       = local_secondary_index.value.range_key
      projection_type = local_secondary_index.value.projection_type
    }
  }

  dynamic "global_secondary_index" {
    for_each = var.global_secondary_indexes
    content {
      name            = global_secondary_index.value.name
      hash_key        = global_secondary_index.value.hash_key
      range_key       = lookup(global_secondary_index.value, "range_key", null)
      projection_type = global_secondary_index.value.projection_type
      read_capacity   = lookup(global_secondary_index.value, "read_capacity", null)
      write_capacity  = lookup(global_secondary_index.value, "write_capacity", null)
    }
  }

  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = lookup(replica.value, "kms_key_arn", null)
      point_in_time_recovery = lookup(replica.value, "point_in_time_recovery", null)
    }
  }

  lifecycle {
    ignore_changes = [global_secondary_index, read_capacity, write_capacity]
  }
}

resource "aws_appautoscaling_target" "table_read" {
  count              = local.scaled && length(var.autoscaling_read) > 0 ? 1 : 0
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  resource_id        = "table/${local.table_name}"
  min_capacity       = var.read_capacity
  max_capacity       = var.autoscaling_read["max_capacity"]
}

resource "aws_appautoscaling_policy" "table_read_policy" {
  count              = local.scaled && length(var.autoscaling_read) > 0 ? 1 : 0
  name               = "DynamoDBReadCapacityUtilization:${aws_appautoscaling_target.table_read[0].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.table_read[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.table_read[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.table_read[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = lookup(var.autoscaling_read, "target_value", var.autoscaling_defaults["target_value"])
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "index_read" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:index:ReadCapacityUnits"
  resource_id        = "table/${local.table_name}/index/${each.key}"
  min_capacity       = each.value["read_min_capacity"]
  max_capacity       = each.value["read_max_capacity"]
}

resource "aws_appautoscaling_policy" "index_read_policy" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  name               = "DynamoDBReadCapacityUtilization:${aws_appautoscaling_target.index_read[each.key].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "dynamodb"
  scalable_dimension = aws_appautoscaling_target.index_read[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.index_read[each.key].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = lookup(each.value, "target_value", var.autoscaling_defaults["target_value"])
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBReadCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "table_write" {
  count              = local.scaled && length(var.autoscaling_write) > 0 ? 1 : 0
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
  resource_id        = "table/${local.table_name}"
  min_capacity       = var.write_capacity
  max_capacity       = var.autoscaling_write["max_capacity"]
}

resource "aws_appautoscaling_policy" "table_write_policy" {
  count              = local.scaled && length(var.autoscaling_write) > 0 ? 1 : 0
  name               = "DynamoDBWriteCapacityUtilization:${aws_appautoscaling_target.table_write[0].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.table_write[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.table_write[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.table_write[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = lookup(var.autoscaling_write, "target_value", var.autoscaling_defaults["target_value"])
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}

resource "aws_appautoscaling_target" "index_write" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  service_namespace  = "dynamodb"
  scalable_dimension = "dynamodb:index:WriteCapacityUnits"
  resource_id        = "table/${local.table_name}/index/${each.key}"
  min_capacity       = each.value["write_min_capacity"]
  max_capacity       = each.value["write_max_capacity"]
}

resource "aws_appautoscaling_policy" "index_write_policy" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  name               = "DynamoDBWriteCapacityUtilization:${aws_appautoscaling_target.index_write[each.key].resource_id}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = "dynamodb"
  scalable_dimension = aws_appautoscaling_target.index_write[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.index_write[each.key].resource_id

  target_tracking_scaling_policy_configuration {
    target_value = lookup(each.value, "target_value", var.autoscaling_defaults["target_value"])
    predefined_metric_specification {
      predefined_metric_type = "DynamoDBWriteCapacityUtilization"
    }
  }
}

output "dynamodb_table_arn" { value = try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].arn, "") }
output "dynamodb_table_id" { value = try(aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id, aws_dynamodb_table.autoscaled_gsi_ignore[0].id, "") }
output "dynamodb_table_stream_arn" { value = try(aws_dynamodb_table.this[0].stream_arn, aws_dynamodb_table.autoscaled[0].stream_arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].stream_arn, "") }
