# What terraform-aws-modules/ec2-instance/aws creates, as far as a review looks at it. Read 2026-11-21 of version 5.6.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ec2-instance/aws
# Left out: CPU, enclave, capacity reservation, private DNS and network interface options.

variable "create" { default = true }
variable "name" { default = "" }
variable "ami" { default = null }
variable "ami_ssm_parameter" { default = "/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2" }
variable "ignore_ami_changes" { default = false }
variable "instance_type" { default = "t3.micro" }
variable "availability_zone" { default = null }
variable "subnet_id" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "associate_public_ip_address" { default = null }
variable "key_name" { default = null }
variable "monitoring" { default = null }
variable "ebs_optimized" { default = null }
variable "tenancy" { default = null }
variable "host_id" { default = null }
variable "cpu_credits" { default = null }
variable "source_dest_check" { default = null }
variable "disable_api_termination" { default = null }
variable "user_data" { default = null }
variable "user_data_base64" { default = null }
variable "metadata_options" { default = { http_endpoint = "enabled", http_put_response_hop_limit = 1, http_tokens = "optional" } }
variable "root_block_device" { default = [] }
variable "create_spot_instance" { default = false }
variable "spot_price" { default = null }
variable "spot_type" { default = null }
variable "create_iam_instance_profile" { default = false }
variable "iam_instance_profile" { default = null }
variable "iam_role_policies" { default = {} }
variable "tags" { default = {} }
variable "instance_tags" { default = {} }
variable "ebs_block_device" { default = [] }

data "aws_ssm_parameter" "this" {
  count = var.create && var.ami == null ? 1 : 0
  name  = var.ami_ssm_parameter
}

resource "aws_instance" "this" {
  count                       = var.create && !var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this[0].value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = var.vpc_security_group_ids
  associate_public_ip_address = var.associate_public_ip_address
  key_name                    = var.key_name
  monitoring                  = var.monitoring
  ebs_optimized               = var.ebs_optimized
  tenancy                     = var.tenancy
  host_id                     = var.host_id
  source_dest_check           = var.source_dest_check
  disable_api_termination     = var.disable_api_termination
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  tags                        = merge({ Name = var.name }, var.instance_tags, var.tags)

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "optional")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.volume_type, null)
      volume_size = try(root_block_device.value.volume_size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device
    content {
      device_name = ebs_block_device.value.device_name
      encrypted   = try(ebs_block_device.value.encrypted, null)
      kms_key_id  = try(ebs_block_device.value.kms_key_id, null)
      volume_type = try(ebs_block_device.value.volume_type, null)
      volume_size = try(ebs_block_device.value.volume_size, null)
      iops        = try(ebs_block_device.value.iops, null)
      throughput  = try(ebs_block_device.value.throughput, null)
      snapshot_id = try(ebs_block_device.value.snapshot_id, null)
    }
  }
}

resource "aws_instance" "ignore_ami" {
  count                       = var.create && var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this[0].value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = var.vpc_security_group_ids
  associate_public_ip_address = var.associate_public_ip_address
  key_name                    = var.key_name
  monitoring                  = var.monitoring
  ebs_optimized               = var.ebs_optimized
  tenancy                     = var.tenancy
  host_id                     = var.host_id
  source_dest_check           = var.source_dest_check
  disable_api_termination     = var.disable_api_termination
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  tags                        = merge({ Name = var.name }, var.instance_tags, var.tags)

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "optional")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.volume_type, null)
      volume_size = try(root_block_device.value.volume_size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device
    content {
      device_name = ebs_block_device.value.device_name
      encrypted   = try(ebs_block_device.value.encrypted, null)
      kms_key_id  = try(ebs_block_device.value.kms_key_id, null)
      volume_type = try(ebs_block_device.value.volume_type, null)
      volume_size = try(ebs_block_device.value.volume_size, null)
      iops        = try(ebs_block_device.value.iops, null)
      throughput  = try(ebs_block_device.value.throughput, null)
      snapshot_id = try(ebs_block_device.value.snapshot_id, null)
    }
  }

  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_spot_instance_request" "this" {
  count                       = var.create && var.create_spot_instance ? 1 : 0
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this[0].value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = var.vpc_security_group_ids
  associate_public_ip_address = var.associate_public_ip_address
  key_name                    = var.key_name
  monitoring                  = var.monitoring
  ebs_optimized               = var.ebs_optimized
  tenancy                     = var.tenancy
  host_id                     = var.host_id
  source_dest_check           = var.source_dest_check
  disable_api_termination     = var.disable_api_termination
  user_data                   = var.user_data
  user_data_base64            = var.user_data_base64
  iam_instance_profile        = var.create_iam_instance_profile ? aws_iam_instance_profile.this[0].name : var.iam_instance_profile
  tags                        = merge({ Name = var.name }, var.instance_tags, var.tags)
  spot_price                  = var.spot_price
  spot_type                   = var.spot_type

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "optional")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.volume_type, null)
      volume_size = try(root_block_device.value.volume_size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }

  dynamic "ebs_block_device" {
    for_each = var.ebs_block_device
    content {
      device_name = ebs_block_device.value.device_name
      encrypted   = try(ebs_block_device.value.encrypted, null)
      kms_key_id  = try(ebs_block_device.value.kms_key_id, null)
      volume_type = try(ebs_block_device.value.volume_type, null)
      volume_size = try(ebs_block_device.value.volume_size, null)
      iops        = try(ebs_block_device.value.iops, null)
      throughput  = try(ebs_block_device.value.throughput, null)
      snapshot_id = try(ebs_block_device.value.snapshot_id, null)
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

output "id" { value = try(aws_instance.this[0].id, aws_instance.ignore_ami[0].id, aws_spot_instance_request.this[0].spot_instance_id, null) }
output "arn" { value = try(aws_instance.this[0].arn, aws_instance.ignore_ami[0].arn, aws_spot_instance_request.this[0].arn, null) }
output "availability_zone" { value = try(aws_instance.this[0].availability_zone, aws_instance.ignore_ami[0].availability_zone, aws_spot_instance_request.this[0].availability_zone, null) }
output "private_ip" { value = try(aws_instance.this[0].private_ip, aws_instance.ignore_ami[0].private_ip, aws_spot_instance_request.this[0].private_ip, null) }
output "private_dns" { value = try(aws_instance.this[0].private_dns, aws_instance.ignore_ami[0].private_dns, aws_spot_instance_request.this[0].private_dns, null) }
output "public_dns" { value = try(aws_instance.this[0].public_dns, aws_instance.ignore_ami[0].public_dns, aws_spot_instance_request.this[0].public_dns, null) }
output "primary_network_interface_id" { value = try(aws_instance.this[0].primary_network_interface_id, aws_instance.ignore_ami[0].primary_network_interface_id, aws_spot_instance_request.this[0].primary_network_interface_id, null) }
output "public_ip" { value = try(aws_instance.this[0].public_ip, aws_instance.ignore_ami[0].public_ip, aws_spot_instance_request.this[0].public_ip, null) }
output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
