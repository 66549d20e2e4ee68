# What terraform-aws-modules/ec2-instance/aws creates, as far as a review looks at it. Read 2026-11-21 of version 6.4.0:
# https://registry.terraform.io/modules/terraform-aws-modules/ec2-instance/aws
# Left out: CPU, enclave, capacity reservation, private DNS and network interface options.

variable "create" { default = true }
variable "name" { default = "" }
variable "ami" { default = null }
variable "ami_ssm_parameter" { default = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" }
variable "ignore_ami_changes" { default = false }
variable "instance_type" { default = "t3.micro" }
variable "availability_zone" { default = null }
variable "subnet_id" { default = null }
variable "vpc_security_group_ids" { default = [] }
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
variable "metadata_options" { default = { http_endpoint = "enabled", http_put_response_hop_limit = 1, http_tokens = "required" } }
variable "root_block_device" { default = null }
variable "create_spot_instance" { default = false }
variable "spot_price" { default = null }
variable "spot_type" { default = null }
variable "create_iam_instance_profile" { default = false }
variable "iam_instance_profile" { default = null }
variable "iam_role_policies" { default = {} }
variable "tags" { default = {} }
variable "instance_tags" { default = {} }
variable "region" { default = null }
variable "network_interface" { default = null }
variable "ebs_volumes" { default = null }
variable "volume_tags" { default = {} }
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_vpc_id" { default = null }
variable "security_group_ingress_rules" { default = null }
variable "security_group_egress_rules" {
  default = {
    ipv4_default = { cidr_ipv4 = "0.0.0.0/0", ip_protocol = "-1" }
    ipv6_default = { cidr_ipv6 = "::/0", ip_protocol = "-1" }
  }
}
variable "create_eip" { default = false }
variable "eip_domain" { default = "vpc" }

locals {
  with_group      = var.create && var.create_security_group && var.network_interface == null
  security_groups = concat(var.vpc_security_group_ids, aws_security_group.this[*].id)
  instance_id     = try(aws_instance.this[0].id, aws_instance.ignore_ami[0].id, aws_spot_instance_request.this[0].spot_instance_id, null)
}

data "aws_ssm_parameter" "this" {
  name = var.ami_ssm_parameter
}

resource "aws_instance" "this" {
  count                       = var.create && !var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0
  region                      = var.region
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this.value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = local.security_groups
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
  tags                        = merge(var.tags, var.instance_tags, var.name != "" ? { Name = var.name } : {})

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "required")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device == null ? [] : [var.root_block_device]
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.type, null)
      volume_size = try(root_block_device.value.size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }
}

resource "aws_instance" "ignore_ami" {
  count                       = var.create && var.ignore_ami_changes && !var.create_spot_instance ? 1 : 0
  region                      = var.region
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this.value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = local.security_groups
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
  tags                        = merge(var.tags, var.instance_tags, var.name != "" ? { Name = var.name } : {})

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "required")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device == null ? [] : [var.root_block_device]
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.type, null)
      volume_size = try(root_block_device.value.size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }

  lifecycle {
    ignore_changes = [ami]
  }
}

resource "aws_spot_instance_request" "this" {
  count                       = var.create && var.create_spot_instance ? 1 : 0
  region                      = var.region
  ami                         = try(coalesce(var.ami, try(nonsensitive(data.aws_ssm_parameter.this.value), null)), null)
  instance_type               = var.instance_type
  availability_zone           = var.availability_zone
  subnet_id                   = var.subnet_id
  vpc_security_group_ids      = local.security_groups
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
  tags                        = merge(var.tags, var.instance_tags, var.name != "" ? { Name = var.name } : {})
  spot_price                  = var.spot_price
  spot_type                   = var.spot_type

  credit_specification {
    cpu_credits = length(regexall("^t(2|3|3a|4g)\\.", var.instance_type)) > 0 ? var.cpu_credits : null
  }

  dynamic "metadata_options" {
    for_each = length(merge({}, var.metadata_options)) > 0 ? [var.metadata_options] : []
    content {
      http_endpoint               = try(metadata_options.value.http_endpoint, "enabled")
      http_tokens                 = try(metadata_options.value.http_tokens, "required")
      http_put_response_hop_limit = try(metadata_options.value.http_put_response_hop_limit, 1)
    }
  }

  dynamic "root_block_device" {
    for_each = var.root_block_device == null ? [] : [var.root_block_device]
    content {
      encrypted   = try(root_block_device.value.encrypted, null)
      kms_key_id  = try(root_block_device.value.kms_key_id, null)
      volume_type = try(root_block_device.value.type, null)
      volume_size = try(root_block_device.value.size, null)
      iops        = try(root_block_device.value.iops, null)
      throughput  = try(root_block_device.value.throughput, null)
    }
  }
}

resource "aws_ebs_volume" "this" {
  for_each          = var.create && var.ebs_volumes != null ? var.ebs_volumes : {}
  region            = var.region
  availability_zone = try(aws_instance.this[0].availability_zone, aws_instance.ignore_ami[0].availability_zone, aws_spot_instance_request.this[0].availability_zone, null)
  type              = try(coalesce(each.value.type, "gp3"), "gp3")
  size              = try(each.value.size, null)
  iops              = try(each.value.iops, null)
  throughput        = try(each.value.throughput, null)
  encrypted         = try(each.value.encrypted, null)
  kms_key_id        = try(each.value.kms_key_id, null)
  snapshot_id       = try(each.value.snapshot_id, null)
  tags              = merge(var.tags, var.volume_tags, { Name = "${var.name}-${each.key}" }, try(each.value.tags, {}))
}

resource "aws_volume_attachment" "this" {
  for_each    = var.create && var.ebs_volumes != null ? var.ebs_volumes : {}
  region      = var.region
  device_name = try(coalesce(each.value.device_name, each.key), each.key)
  instance_id = local.instance_id
  volume_id   = aws_ebs_volume.this[each.key].id
}

data "aws_subnet" "this" {
  count  = local.with_group ? 1 : 0
  region = var.region
  id     = var.subnet_id
}

resource "aws_security_group" "this" {
  count  = local.with_group ? 1 : 0
  region = var.region
  vpc_id = coalesce(var.security_group_vpc_id, data.aws_subnet.this[0].vpc_id)
  tags   = merge(var.tags, { Name = try(coalesce(var.security_group_name, var.name), "") })
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = local.with_group && var.security_group_egress_rules != null ? var.security_group_egress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), each.value.from_port, each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.with_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), each.value.from_port, each.value.to_port, null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_eip" "this" {
  count    = var.create && var.create_eip && !var.create_spot_instance ? 1 : 0
  region   = var.region
  domain   = var.eip_domain
  instance = local.instance_id
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
output "public_ip" { value = try(aws_eip.this[0].public_ip, aws_instance.this[0].public_ip, aws_instance.ignore_ami[0].public_ip, null) }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "ebs_volumes" { value = aws_ebs_volume.this }
output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "iam_instance_profile_arn" { value = try(aws_iam_instance_profile.this[0].arn, null) }
