# What terraform-aws-modules/eks/aws//modules/eks-managed-node-group creates. Read 2026-11-21 of versions 20.24.0 and 21.19.0:
# https://registry.terraform.io/modules/terraform-aws-modules/eks/aws/latest/submodules/eks-managed-node-group
# Left out: user data, placement, network interfaces, its own security group, taints, update and repair settings.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "cluster_name" { default = null }
variable "subnet_ids" { default = null }
variable "min_size" { default = 1 }
variable "max_size" { default = 3 }
variable "desired_size" { default = 1 }
variable "ami_type" { default = null }
variable "capacity_type" { default = "ON_DEMAND" }
variable "instance_types" { default = null }
variable "disk_size" { default = null }
variable "labels" { default = null }
variable "create_launch_template" { default = true }
variable "use_custom_launch_template" { default = true }
variable "launch_template_id" { default = "" }
variable "ebs_optimized" { default = null }
variable "key_name" { default = null }
variable "block_device_mappings" { default = {} }
variable "enable_monitoring" { default = false }
variable "create_iam_role" { default = true }
variable "iam_role_arn" { default = null }
variable "vpc_security_group_ids" { default = [] }
variable "tags" { default = {} }

resource "aws_launch_template" "this" {
  count                  = var.create && var.create_launch_template && var.use_custom_launch_template ? 1 : 0
  region                 = var.region
  name_prefix            = "${var.name}-"
  ebs_optimized          = var.ebs_optimized
  key_name               = var.key_name
  vpc_security_group_ids = var.vpc_security_group_ids

  dynamic "block_device_mappings" {
    for_each = merge({}, var.block_device_mappings)
    content {
      device_name = try(block_device_mappings.value.device_name, null)
      dynamic "ebs" {
        for_each = try(block_device_mappings.value.ebs, null) == null ? [] : [block_device_mappings.value.ebs]
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

  dynamic "monitoring" {
    for_each = var.enable_monitoring ? [1] : []
    content {
      enabled = true
    }
  }
}

resource "aws_eks_node_group" "this" {
  count                  = var.create ? 1 : 0
  region                 = var.region
  cluster_name           = var.cluster_name
  node_group_name_prefix = "${var.name}-"
  node_role_arn          = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  subnet_ids             = var.subnet_ids
  ami_type               = var.ami_type
  capacity_type          = var.capacity_type
  instance_types         = var.instance_types
  disk_size              = var.use_custom_launch_template ? null : var.disk_size
  labels                 = var.labels
  tags                   = merge(var.tags, { Name = var.name })

  scaling_config {
    min_size     = var.min_size
    max_size     = var.max_size
    desired_size = var.desired_size
  }

  dynamic "launch_template" {
    for_each = var.use_custom_launch_template ? [1] : []
    content {
      id      = var.create_launch_template ? aws_launch_template.this[0].id : var.launch_template_id
      version = try(aws_launch_template.this[0].default_version, null)
    }
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }
}

resource "aws_iam_role" "this" {
  count              = var.create && var.create_iam_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.create && var.create_iam_role ? toset(["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonEKS_CNI_Policy"]) : toset([])
  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

output "node_group_arn" { value = try(aws_eks_node_group.this[0].arn, null) }
output "node_group_id" { value = try(aws_eks_node_group.this[0].id, null) }
output "node_group_autoscaling_group_names" { value = try(flatten(aws_eks_node_group.this[0].resources[*].autoscaling_groups[*].name), []) }
output "iam_role_arn" { value = try(aws_iam_role.this[0].arn, var.iam_role_arn) }
output "iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "launch_template_id" { value = try(aws_launch_template.this[0].id, null) }
