# The key that terraform-aws-modules/eks/aws has terraform-aws-modules/kms/aws make. Read 2026-11-21 of versions 20.24.0 and 21.19.0.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }

resource "aws_kms_key" "this" {
  count               = var.create ? 1 : 0
  region              = var.region
  enable_key_rotation = true
}

resource "aws_kms_alias" "this" {
  for_each      = var.create ? { cluster = { name = var.name } } : {}
  region        = var.region
  name          = "alias/${each.value.name}"
  target_key_id = aws_kms_key.this[0].key_id
}

output "key_arn" { value = try(aws_kms_key.this[0].arn, null) }
