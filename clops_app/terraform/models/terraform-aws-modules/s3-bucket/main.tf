# What terraform-aws-modules/s3-bucket/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 4.1.0 and 5.15.4:
# https://registry.terraform.io/modules/terraform-aws-modules/s3-bucket/aws
# Left out: what the policies say that it attaches by name, replication, inventory, analytics, metrics, object lock, directory buckets.

variable "create_bucket" { default = true }
variable "region" { default = null }
variable "bucket" { default = null }
variable "bucket_prefix" { default = null }
variable "force_destroy" { default = false }
variable "object_lock_enabled" { default = false }
variable "acl" { default = null }
variable "grant" { default = [] }
variable "policy" { default = null }
variable "attach_policy" { default = false }
variable "attach_public_policy" { default = true }
variable "attach_deny_insecure_transport_policy" { default = false }
variable "attach_require_latest_tls_policy" { default = false }
variable "attach_elb_log_delivery_policy" { default = false }
variable "attach_lb_log_delivery_policy" { default = false }
variable "attach_access_log_delivery_policy" { default = false }
variable "versioning" { default = {} }
variable "server_side_encryption_configuration" { default = {} }
variable "logging" { default = {} }
variable "website" { default = {} }
variable "cors_rule" { default = [] }
variable "lifecycle_rule" { default = [] }
variable "acceleration_status" { default = null }
variable "control_object_ownership" { default = false }
variable "object_ownership" { default = "BucketOwnerEnforced" }
variable "block_public_acls" { default = true }
variable "block_public_policy" { default = true }
variable "ignore_public_acls" { default = true }
variable "restrict_public_buckets" { default = true }
variable "tags" { default = {} }

locals {
  rules      = try(jsondecode(var.lifecycle_rule), var.lifecycle_rule)
  cors       = try(jsondecode(var.cors_rule), var.cors_rule)
  with_acl   = (var.acl != null && var.acl != "null") || length(try(jsondecode(var.grant), var.grant)) > 0
  with_names = var.attach_deny_insecure_transport_policy || var.attach_require_latest_tls_policy || var.attach_elb_log_delivery_policy || var.attach_lb_log_delivery_policy || var.attach_access_log_delivery_policy
}

resource "aws_s3_bucket" "this" {
  count               = var.create_bucket ? 1 : 0
  region              = var.region
  bucket              = var.bucket
  bucket_prefix       = var.bucket_prefix
  force_destroy       = var.force_destroy
  object_lock_enabled = var.object_lock_enabled
  tags                = var.tags
}

resource "aws_s3_bucket_logging" "this" {
  count         = var.create_bucket && length(var.logging) > 0 ? 1 : 0
  region        = var.region
  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.logging["target_bucket"]
  target_prefix = try(var.logging["target_prefix"], null)
}

resource "aws_s3_bucket_acl" "this" {
  count  = var.create_bucket && local.with_acl ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id
  acl    = var.acl == "null" ? null : var.acl
}

resource "aws_s3_bucket_website_configuration" "this" {
  count  = var.create_bucket && length(var.website) > 0 ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id
}

resource "aws_s3_bucket_versioning" "this" {
  count  = var.create_bucket && length(var.versioning) > 0 ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = try(var.versioning["enabled"] ? "Enabled" : "Suspended", tobool(var.versioning["status"]) ? "Enabled" : "Suspended", title(lower(var.versioning["status"])))
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count  = var.create_bucket && length(var.server_side_encryption_configuration) > 0 ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = try(flatten([var.server_side_encryption_configuration["rule"]]), [])
    content {
      bucket_key_enabled = try(rule.value.bucket_key_enabled, null)
      dynamic "apply_server_side_encryption_by_default" {
        for_each = try([rule.value.apply_server_side_encryption_by_default], [])
        content {
          sse_algorithm     = apply_server_side_encryption_by_default.value.sse_algorithm
          kms_master_key_id = try(apply_server_side_encryption_by_default.value.kms_master_key_id, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_accelerate_configuration" "this" {
  count  = var.create_bucket && var.acceleration_status != null ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id
  status = title(lower(var.acceleration_status))
}

resource "aws_s3_bucket_cors_configuration" "this" {
  count  = var.create_bucket && length(local.cors) > 0 ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count  = var.create_bucket && length(local.rules) > 0 ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id

  dynamic "rule" {
    for_each = local.rules
    content {
      id     = try(rule.value.id, null)
      status = try(rule.value.enabled ? "Enabled" : "Disabled", tobool(rule.value.status) ? "Enabled" : "Disabled", title(lower(rule.value.status)))
      dynamic "expiration" {
        for_each = try(flatten([rule.value.expiration]), [])
        content {
          days = try(expiration.value.days, null)
        }
      }
      dynamic "transition" {
        for_each = try(flatten([rule.value.transition]), [])
        content {
          days          = try(transition.value.days, null)
          storage_class = transition.value.storage_class
        }
      }
      dynamic "noncurrent_version_expiration" {
        for_each = try(flatten([rule.value.noncurrent_version_expiration]), [])
        content {
          noncurrent_days = try(noncurrent_version_expiration.value.days, noncurrent_version_expiration.value.noncurrent_days, null)
        }
      }
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  count  = var.create_bucket && (var.attach_policy || local.with_names) ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id
  policy = local.with_names ? null : var.policy
}

resource "aws_s3_bucket_public_access_block" "this" {
  count                   = var.create_bucket && var.attach_public_policy ? 1 : 0
  region                  = var.region
  bucket                  = aws_s3_bucket.this[0].id
  block_public_acls       = var.block_public_acls
  block_public_policy     = var.block_public_policy
  ignore_public_acls      = var.ignore_public_acls
  restrict_public_buckets = var.restrict_public_buckets
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count  = var.create_bucket && var.control_object_ownership ? 1 : 0
  region = var.region
  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = var.object_ownership
  }
}

output "s3_bucket_id" { value = try(aws_s3_bucket_policy.this[0].id, aws_s3_bucket.this[0].id, "") }
output "s3_bucket_arn" { value = try(aws_s3_bucket.this[0].arn, "") }
output "s3_bucket_bucket_domain_name" { value = try(aws_s3_bucket.this[0].bucket_domain_name, "") }
output "s3_bucket_bucket_regional_domain_name" { value = try(aws_s3_bucket.this[0].bucket_regional_domain_name, "") }
output "s3_bucket_hosted_zone_id" { value = try(aws_s3_bucket.this[0].hosted_zone_id, "") }
output "s3_bucket_region" { value = try(aws_s3_bucket.this[0].region, "") }
output "s3_bucket_website_endpoint" { value = try(aws_s3_bucket_website_configuration.this[0].website_endpoint, "") }
