# What terraform-aws-modules/autoscaling/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 8.0.0 and 9.2.1:
# https://registry.terraform.io/modules/terraform-aws-modules/autoscaling/aws
# Left out: instance requirements, lifecycle hooks, instance refresh, options of the machine that nothing is said of.

variable "create" { default = true }
variable "region" { default = null }
variable "name" {}
variable "use_name_prefix" { default = true }
variable "instance_name" { default = "" }
variable "ignore_desired_capacity_changes" { default = false }
variable "min_size" { default = null }
variable "max_size" { default = null }
variable "desired_capacity" { default = null }
variable "availability_zones" { default = null }
variable "vpc_zone_identifier" { default = null }
variable "traffic_source_attachments" { default = null }
variable "health_check_type" { default = null }
variable "health_check_grace_period" { default = null }
variable "capacity_rebalance" { default = null }
variable "protect_from_scale_in" { default = false }
variable "use_mixed_instances_policy" { default = false }
variable "mixed_instances_policy" { default = null }
variable "create_launch_template" { default = true }
variable "launch_template_id" { default = null }
variable "launch_template_version" { default = null }
variable "launch_template_name" { default = "" }
variable "image_id" { default = null }
variable "instance_type" { default = null }
variable "key_name" { default = null }
variable "user_data" { default = null }
variable "ebs_optimized" { default = null }
variable "enable_monitoring" { default = true }
variable "security_groups" { default = [] }
variable "network_interfaces" { default = null }
variable "block_device_mappings" { default = null }
variable "instance_market_options" { default = null }
variable "metadata_options" { default = {} }
variable "credit_specification" { default = null }
variable "tag_specifications" { default = null }
variable "create_scaling_policy" { default = true }
variable "scaling_policies" { default = null }
variable "create_schedule" { default = true }
variable "schedules" { default = null }
variable "create_iam_instance_profile" { default = false }
variable "iam_instance_profile_arn" { default = null }
variable "iam_instance_profile_name" { default = null }
variable "iam_role_policies" { default = {} }
variable "tags" { default = {} }
variable "autoscaling_group_tags" { default = {} }

locals {
  template_id = var.create_launch_template ? aws_launch_template.this[0].id : var.launch_template_id
  version     = var.create_launch_template && var.launch_template_version == null ? aws_launch_template.this[0].latest_version : var.launch_template_version
  group_tags  = merge(var.tags, { Name = coalesce(var.instance_name, var.name) }, var.autoscaling_group_tags)
  group_name  = try(aws_autoscaling_group.this[0].name, aws_autoscaling_group.idc[0].name, null)
  overrides   = try([for item in var.mixed_instances_policy.launch_template.override : item], [for item in var.mixed_instances_policy.override : item], [])
}

resource "aws_autoscaling_group" "this" {
  count                     = var.create && !var.ignore_desired_capacity_changes ? 1 : 0
  region                    = var.region
  name                      = var.use_name_prefix ? null : var.name
  name_prefix               = var.use_name_prefix ? "${var.name}-" : null
  min_size                  = var.min_size
  max_size                  = var.max_size
  desired_capacity          = var.desired_capacity
  availability_zones        = var.availability_zones
  vpc_zone_identifier       = var.vpc_zone_identifier
  health_check_type         = var.health_check_type
  health_check_grace_period = var.health_check_grace_period
  capacity_rebalance        = var.capacity_rebalance
  protect_from_scale_in     = var.protect_from_scale_in

  dynamic "launch_template" {
    for_each = var.use_mixed_instances_policy ? [] : [1]
    content {
      id      = local.template_id
      version = local.version
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = var.use_mixed_instances_policy ? [var.mixed_instances_policy] : []
    content {
      dynamic "instances_distribution" {
        for_each = try(mixed_instances_policy.value.instances_distribution, null) != null ? [mixed_instances_policy.value.instances_distribution] : []
        content {
          on_demand_base_capacity                  = try(instances_distribution.value.on_demand_base_capacity, null)
          on_demand_percentage_above_base_capacity = try(instances_distribution.value.on_demand_percentage_above_base_capacity, null)
          spot_allocation_strategy                 = try(instances_distribution.value.spot_allocation_strategy, null)
          spot_max_price                           = try(instances_distribution.value.spot_max_price, null)
        }
      }
      launch_template {
        launch_template_specification {
          launch_template_id = local.template_id
          version            = local.version
        }
        dynamic "override" {
          for_each = local.overrides
          content {
            instance_type     = try(override.value.instance_type, null)
            weighted_capacity = try(override.value.weighted_capacity, null)
          }
        }
      }
    }
  }

  dynamic "tag" {
    for_each = local.group_tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }
}

resource "aws_autoscaling_group" "idc" {
  count                     = var.create && var.ignore_desired_capacity_changes ? 1 : 0
  region                    = var.region
  name                      = var.use_name_prefix ? null : var.name
  name_prefix               = var.use_name_prefix ? "${var.name}-" : null
  min_size                  = var.min_size
  max_size                  = var.max_size
  desired_capacity          = var.desired_capacity
  availability_zones        = var.availability_zones
  vpc_zone_identifier       = var.vpc_zone_identifier
  health_check_type         = var.health_check_type
  health_check_grace_period = var.health_check_grace_period
  capacity_rebalance        = var.capacity_rebalance
  protect_from_scale_in     = var.protect_from_scale_in

  dynamic "launch_template" {
    for_each = var.use_mixed_instances_policy ? [] : [1]
    content {
      id      = local.template_id
      version = local.version
    }
  }

  dynamic "mixed_instances_policy" {
    for_each = var.use_mixed_instances_policy ? [var.mixed_instances_policy] : []
    content {
      dynamic "instances_distribution" {
        for_each = try(mixed_instances_policy.value.instances_distribution, null) != null ? [mixed_instances_policy.value.instances_distribution] : []
        content {
          on_demand_base_capacity                  = try(instances_distribution.value.on_demand_base_capacity, null)
          on_demand_percentage_above_base_capacity = try(instances_distribution.value.on_demand_percentage_above_base_capacity, null)
          spot_allocation_strategy                 = try(instances_distribution.value.spot_allocation_strategy, null)
          spot_max_price                           = try(instances_distribution.value.spot_max_price, null)
        }
      }
      launch_template {
        launch_template_specification {
          launch_template_id = local.template_id
          version            = local.version
        }
        dynamic "override" {
          for_each = local.overrides
          content {
            instance_type     = try(override.value.instance_type, null)
            weighted_capacity = try(override.value.weighted_capacity, null)
          }
        }
      }
    }
  }

  dynamic "tag" {
    for_each = local.group_tags
    content {
      key                 = tag.key
      value               = tag.value
      propagate_at_launch = true
    }
  }

  lifecycle {
    ignore_changes = [desired_capacity]
  }
}

resource "aws_launch_template" "this" {
  count                  = var.create_launch_template ? 1 : 0
  region                 = var.region
  name_prefix            = "${coalesce(var.launch_template_name, var.name)}-"
  image_id               = var.image_id
  instance_type          = var.instance_type
  key_name               = var.key_name
  user_data              = var.user_data
  ebs_optimized          = var.ebs_optimized
  vpc_security_group_ids = length(try([for item in var.network_interfaces : item], [])) > 0 ? [] : var.security_groups
  tags                   = var.tags

  dynamic "block_device_mappings" {
    for_each = var.block_device_mappings != null ? var.block_device_mappings : []
    content {
      device_name = try(block_device_mappings.value.device_name, null)
      dynamic "ebs" {
        for_each = try(block_device_mappings.value.ebs, null) != null ? [block_device_mappings.value.ebs] : []
        content {
          encrypted   = try(ebs.value.encrypted, null)
          kms_key_id  = try(ebs.value.kms_key_id, null)
          volume_type = try(ebs.value.volume_type, null)
          volume_size = try(ebs.value.volume_size, null)
          iops        = try(ebs.value.iops, null)
          throughput  = try(ebs.value.throughput, null)
        }
      }
    }
  }

  dynamic "credit_specification" {
    for_each = length(merge({}, var.credit_specification)) > 0 ? [var.credit_specification] : []
    content {
      cpu_credits = credit_specification.value.cpu_credits
    }
  }

  iam_instance_profile {
    arn  = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].arn : var.iam_instance_profile_arn
    name = !var.create_iam_instance_profile && var.iam_instance_profile_arn == null ? var.iam_instance_profile_name : null
  }

  dynamic "instance_market_options" {
    for_each = length(merge({}, var.instance_market_options)) > 0 ? [var.instance_market_options] : []
    content {
      market_type = try(instance_market_options.value.market_type, null)
    }
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, null)
      http_tokens                 = try(metadata_options.value.http_tokens, null)
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, null)
    }
  }

  dynamic "monitoring" {
    for_each = var.enable_monitoring ? [1] : []
    content {
      enabled = true
    }
  }

  dynamic "network_interfaces" {
    for_each = try([for item in var.network_interfaces : item], [])
    content {
      associate_public_ip_address = try(network_interfaces.value.associate_public_ip_address, null)
      device_index                = try(network_interfaces.value.device_index, null)
      security_groups             = compact(concat(try(try([for item in network_interfaces.value.security_groups : item], []), []), var.security_groups))
      subnet_id                   = try(network_interfaces.value.subnet_id, null)
    }
  }

  dynamic "tag_specifications" {
    for_each = var.tag_specifications != null ? var.tag_specifications : []
    content {
      resource_type = try(tag_specifications.value.resource_type, null)
      tags          = merge(var.tags, try(tag_specifications.value.tags, {}))
    }
  }
}

resource "aws_autoscaling_traffic_source_attachment" "this" {
  for_each               = var.create && var.traffic_source_attachments != null ? var.traffic_source_attachments : {}
  autoscaling_group_name = local.group_name

  traffic_source {
    identifier = each.value.traffic_source_identifier
    type       = try(coalesce(each.value.traffic_source_type, "elbv2"), "elbv2")
  }
}

resource "aws_autoscaling_schedule" "this" {
  for_each               = var.create && var.create_schedule && var.schedules != null ? var.schedules : {}
  scheduled_action_name  = each.key
  autoscaling_group_name = local.group_name
  min_size               = try(each.value.min_size, null)
  max_size               = try(each.value.max_size, null)
  desired_capacity       = try(each.value.desired_capacity, null)
  recurrence             = try(each.value.recurrence, null)
}

resource "aws_autoscaling_policy" "this" {
  for_each               = var.create && var.create_scaling_policy && var.scaling_policies != null ? var.scaling_policies : {}
  name                   = try(coalesce(each.value.name, each.key), each.key)
  autoscaling_group_name = local.group_name
  policy_type            = try(each.value.policy_type, null)

  dynamic "target_tracking_configuration" {
    for_each = try(each.value.target_tracking_configuration, null) != null ? [each.value.target_tracking_configuration] : []
    content {
      target_value     = target_tracking_configuration.value.target_value
      disable_scale_in = try(target_tracking_configuration.value.disable_scale_in, null)
      dynamic "predefined_metric_specification" {
        for_each = try(target_tracking_configuration.value.predefined_metric_specification, null) != null ? [target_tracking_configuration.value.predefined_metric_specification] : []
        content {
          predefined_metric_type = predefined_metric_specification.value.predefined_metric_type
          resource_label         = try(predefined_metric_specification.value.resource_label, null)
        }
      }
    }
  }
}

resource "aws_iam_role" "this" {
  count              = var.create && var.create_iam_instance_profile ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.create && var.create_iam_instance_profile ? var.iam_role_policies : {}
  role       = aws_iam_role.this[0].name
  policy_arn = each.value
}

resource "aws_iam_instance_profile" "this" {
  count = var.create && var.create_iam_instance_profile ? 1 : 0
  role  = aws_iam_role.this[0].name
}

output "autoscaling_group_id" { value = try(aws_autoscaling_group.this[0].id, aws_autoscaling_group.idc[0].id, null) }
output "autoscaling_group_name" { value = local.group_name }
output "autoscaling_group_arn" { value = try(aws_autoscaling_group.this[0].arn, aws_autoscaling_group.idc[0].arn, null) }
output "launch_template_id" { value = try(aws_launch_template.this[0].id, null) }
output "launch_template_latest_version" { value = try(aws_launch_template.this[0].latest_version, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
