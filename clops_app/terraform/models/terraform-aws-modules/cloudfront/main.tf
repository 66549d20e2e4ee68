# What terraform-aws-modules/cloudfront/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 4.0.0 and 6.6.0:
# https://registry.terraform.io/modules/terraform-aws-modules/cloudfront/aws
# Up to 5.x it is called create_distribution, and origins may name an identity (s3_origin_config).
# Left out: policies, functions, certificates, logging's later form, VPC origins.

variable "create" { default = true }
variable "create_distribution" { default = true }
variable "aliases" { default = null }
variable "enabled" { default = true }
variable "price_class" { default = null }
variable "web_acl_id" { default = null }
variable "origin" { default = {} }
variable "default_cache_behavior" { default = null }
variable "ordered_cache_behavior" { default = [] }
variable "logging_config" { default = {} }
variable "create_monitoring_subscription" { default = false }
variable "tags" { default = null }

locals {
  created = var.create && var.create_distribution
}

resource "aws_cloudfront_distribution" "this" {
  count       = local.created ? 1 : 0
  aliases     = var.aliases
  enabled     = var.enabled
  price_class = var.price_class
  web_acl_id  = var.web_acl_id
  tags        = var.tags

  dynamic "origin" {
    for_each = merge({}, var.origin)
    content {
      domain_name = origin.value.domain_name
      origin_id   = try(coalesce(origin.value.origin_id, origin.key), origin.key)
      origin_path = try(origin.value.origin_path, null)
      dynamic "custom_origin_config" {
        for_each = try(origin.value.custom_origin_config, null) == null ? [] : [origin.value.custom_origin_config]
        content {
          http_port              = try(custom_origin_config.value.http_port, 80)
          https_port             = try(custom_origin_config.value.https_port, 443)
          origin_protocol_policy = try(custom_origin_config.value.origin_protocol_policy, "https-only")
          origin_ssl_protocols   = try(custom_origin_config.value.origin_ssl_protocols, ["TLSv1.2"])
        }
      }
      dynamic "origin_shield" {
        for_each = length(try(merge({}, origin.value.origin_shield), {})) == 0 ? [] : [origin.value.origin_shield]
        content {
          enabled              = try(origin_shield.value.enabled, true)
          origin_shield_region = try(origin_shield.value.origin_shield_region, null)
        }
      }
    }
  }

  dynamic "default_cache_behavior" {
    for_each = [var.default_cache_behavior]
    content {
      target_origin_id       = default_cache_behavior.value.target_origin_id
      viewer_protocol_policy = try(default_cache_behavior.value.viewer_protocol_policy, "https-only")
    }
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.ordered_cache_behavior
    content {
      path_pattern           = ordered_cache_behavior.value.path_pattern
      target_origin_id       = ordered_cache_behavior.value.target_origin_id
      viewer_protocol_policy = try(ordered_cache_behavior.value.viewer_protocol_policy, "https-only")
    }
  }

  dynamic "logging_config" {
    for_each = length(merge({}, var.logging_config)) == 0 ? [] : [var.logging_config]
    content {
      bucket = try(logging_config.value.bucket, null)
      prefix = try(logging_config.value.prefix, null)
    }
  }
}

resource "aws_cloudfront_monitoring_subscription" "this" {
  count           = local.created && var.create_monitoring_subscription ? 1 : 0
  distribution_id = aws_cloudfront_distribution.this[0].id

  monitoring_subscription {
    realtime_metrics_subscription_config {
      realtime_metrics_subscription_status = "Enabled"
    }
  }
}

output "cloudfront_distribution_id" { value = try(aws_cloudfront_distribution.this[0].id, null) }
output "cloudfront_distribution_arn" { value = try(aws_cloudfront_distribution.this[0].arn, null) }
output "cloudfront_distribution_domain_name" { value = try(aws_cloudfront_distribution.this[0].domain_name, null) }
output "cloudfront_distribution_hosted_zone_id" { value = try(aws_cloudfront_distribution.this[0].hosted_zone_id, null) }
