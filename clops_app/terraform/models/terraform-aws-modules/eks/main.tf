# What terraform-aws-modules/eks/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 20.24.0 and 21.19.0:
# https://registry.terraform.io/modules/terraform-aws-modules/eks/aws
# The inputs of both majors: 20.x writes cluster_ before those of the cluster itself.
# Left out: Fargate profiles, self-managed nodes, who may come in, add-ons' settings, what the roles may do, outposts.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "cluster_name" { default = "" }
variable "kubernetes_version" { default = null }
variable "cluster_version" { default = null }
variable "vpc_id" { default = null }
variable "subnet_ids" { default = [] }
variable "control_plane_subnet_ids" { default = [] }
variable "authentication_mode" { default = "API_AND_CONFIG_MAP" }
variable "endpoint_private_access" { default = true }
variable "endpoint_public_access" { default = false }
variable "endpoint_public_access_cidrs" { default = ["0.0.0.0/0"] }
variable "cluster_endpoint_private_access" { default = true }
variable "cluster_endpoint_public_access" { default = false }
variable "cluster_endpoint_public_access_cidrs" { default = ["0.0.0.0/0"] }
variable "enabled_log_types" { default = ["audit", "api", "authenticator"] }
variable "cluster_enabled_log_types" { default = ["audit", "api", "authenticator"] }
variable "compute_config" { default = null }
variable "deletion_protection" { default = null }
variable "encryption_config" { default = {} }
variable "cluster_encryption_config" { default = { resources = ["secrets"] } }
variable "create_kms_key" { default = true }
variable "create_cloudwatch_log_group" { default = true }
variable "cloudwatch_log_group_retention_in_days" { default = 90 }
variable "cloudwatch_log_group_class" { default = null }
variable "create_security_group" { default = true }
variable "create_cluster_security_group" { default = true }
variable "security_group_id" { default = "" }
variable "cluster_security_group_id" { default = "" }
variable "additional_security_group_ids" { default = [] }
variable "cluster_additional_security_group_ids" { default = [] }
variable "security_group_additional_rules" { default = {} }
variable "cluster_security_group_additional_rules" { default = {} }
variable "create_node_security_group" { default = true }
variable "node_security_group_id" { default = "" }
variable "node_security_group_additional_rules" { default = {} }
variable "node_security_group_enable_recommended_rules" { default = true }
variable "enable_irsa" { default = true }
variable "create_iam_role" { default = true }
variable "iam_role_arn" { default = null }
variable "addons" { default = null }
variable "cluster_addons" { default = {} }
variable "eks_managed_node_groups" { default = {} }
variable "eks_managed_node_group_defaults" { default = {} }
variable "tags" { default = {} }
variable "cluster_tags" { default = {} }

locals {
  cluster_name  = try(coalesce(var.name, var.cluster_name), "")
  with_group    = var.create && var.create_security_group && var.create_cluster_security_group
  with_nodes    = var.create && var.create_node_security_group
  group_id      = local.with_group ? aws_security_group.cluster[0].id : try(coalesce(var.security_group_id, var.cluster_security_group_id), "")
  node_group_id = local.with_nodes ? aws_security_group.node[0].id : var.node_security_group_id
  encrypted     = var.create && var.encryption_config != null && length(merge({}, var.cluster_encryption_config)) > 0
  secrets       = merge(var.cluster_encryption_config, merge({}, var.encryption_config))
  automatic     = try(var.compute_config.enabled, false)
  every_addon   = merge(merge({}, var.addons), var.cluster_addons)
  from_cluster  = { "443" = "443", kubelet = "10250" }
  is_20         = var.cluster_name != "" # only 20.x calls it so, and has a few other defaults
  webhooks      = { "4443" = "4443", "10251" = "10251", "6443" = "6443", "8443" = "8443", "9443" = "9443" }

  node_rules = merge(
    { for name, port in local.from_cluster : "ingress_cluster_${name}" => { type = "ingress", protocol = "tcp", from_port = port, to_port = port, source_cluster_security_group = true } },
    { for protocol in ["tcp", "udp"] : "ingress_self_coredns_${protocol}" => { type = "ingress", protocol = protocol, from_port = 53, to_port = 53, self = true } },
    { for name, port in local.webhooks : "ingress_cluster_${name}_webhook" => { type = "ingress", protocol = "tcp", from_port = port, to_port = port, source_cluster_security_group = true } if var.node_security_group_enable_recommended_rules && !(name == "10251" && local.is_20) },
    { for name in ["ingress_nodes_ephemeral"] : name => { type = "ingress", protocol = "tcp", from_port = 1025, to_port = 65535, self = true } if var.node_security_group_enable_recommended_rules },
    { for name in ["egress_all"] : name => { type = "egress", protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"] } if var.node_security_group_enable_recommended_rules },
    var.node_security_group_additional_rules,
  )
  cluster_rules = merge(
    { for name in ["ingress_nodes_443"] : name => { type = "ingress", protocol = "tcp", from_port = 443, to_port = 443, source_node_security_group = true } if local.with_nodes },
    var.security_group_additional_rules,
    var.cluster_security_group_additional_rules,
  )
}

resource "aws_eks_cluster" "this" {
  count                     = var.create ? 1 : 0
  region                    = var.region
  name                      = local.cluster_name
  version                   = try(coalesce(var.kubernetes_version, var.cluster_version), null)
  role_arn                  = var.create_iam_role ? aws_iam_role.this[0].arn : var.iam_role_arn
  enabled_cluster_log_types = var.enabled_log_types == tolist(["audit", "api", "authenticator"]) ? var.cluster_enabled_log_types : var.enabled_log_types
  deletion_protection       = var.deletion_protection
  tags                      = merge(var.tags, var.cluster_tags)

  access_config {
    authentication_mode                         = var.authentication_mode
    bootstrap_cluster_creator_admin_permissions = false
  }

  vpc_config {
    subnet_ids              = coalescelist(var.control_plane_subnet_ids, var.subnet_ids)
    security_group_ids      = compact(distinct(concat(var.additional_security_group_ids, var.cluster_additional_security_group_ids, [local.group_id])))
    endpoint_private_access = var.endpoint_private_access && var.cluster_endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access || var.cluster_endpoint_public_access
    public_access_cidrs     = sort(distinct(concat(var.endpoint_public_access_cidrs, var.cluster_endpoint_public_access_cidrs))) == sort(["0.0.0.0/0"]) ? ["0.0.0.0/0"] : [for cidr in distinct(concat(var.endpoint_public_access_cidrs, var.cluster_endpoint_public_access_cidrs)) : cidr if cidr != "0.0.0.0/0"]
  }

  dynamic "compute_config" {
    for_each = local.automatic ? [var.compute_config] : []
    content {
      enabled    = true
      node_pools = try(compute_config.value.node_pools, null)
    }
  }

  dynamic "encryption_config" {
    for_each = local.encrypted ? [local.secrets] : []
    content {
      resources = try(encryption_config.value.resources, ["secrets"])
      provider {
        key_arn = var.create_kms_key ? module.kms.key_arn : encryption_config.value.provider_key_arn
      }
    }
  }
}

module "kms" {
  source = "./modules/key"
  create = local.encrypted && var.create_kms_key
  region = var.region
  name   = "eks/${local.cluster_name}"
}

resource "aws_cloudwatch_log_group" "this" {
  count             = var.create && var.create_cloudwatch_log_group ? 1 : 0
  region            = var.region
  name              = "/aws/eks/${local.cluster_name}/cluster"
  retention_in_days = var.cloudwatch_log_group_retention_in_days
  log_group_class   = var.cloudwatch_log_group_class
}

resource "aws_security_group" "cluster" {
  count  = local.with_group ? 1 : 0
  region = var.region
  vpc_id = var.vpc_id
  tags   = merge(var.tags, { Name = "${local.cluster_name}-cluster" })
}

resource "aws_security_group_rule" "cluster" {
  for_each                 = { for key, rule in local.cluster_rules : key => rule if local.with_group }
  region                   = var.region
  security_group_id        = aws_security_group.cluster[0].id
  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_node_security_group, false) ? local.node_group_id : try(each.value.source_security_group_id, null)
}

resource "aws_security_group" "node" {
  count  = local.with_nodes ? 1 : 0
  region = var.region
  vpc_id = var.vpc_id
  tags   = merge(var.tags, { Name = "${local.cluster_name}-node", "kubernetes.io/cluster/${local.cluster_name}" = "owned" })
}

resource "aws_security_group_rule" "node" {
  for_each                 = { for key, rule in local.node_rules : key => rule if local.with_nodes }
  region                   = var.region
  security_group_id        = aws_security_group.node[0].id
  type                     = each.value.type
  protocol                 = each.value.protocol
  from_port                = each.value.from_port
  to_port                  = each.value.to_port
  cidr_blocks              = try(each.value.cidr_blocks, null)
  ipv6_cidr_blocks         = try(each.value.ipv6_cidr_blocks, null)
  prefix_list_ids          = try(each.value.prefix_list_ids, null)
  self                     = try(each.value.self, null)
  source_security_group_id = try(each.value.source_cluster_security_group, false) ? local.group_id : try(each.value.source_security_group_id, null)
}

resource "aws_iam_openid_connect_provider" "oidc_provider" {
  count          = var.create && var.enable_irsa ? 1 : 0
  client_id_list = ["sts.amazonaws.com"]
  url            = aws_eks_cluster.this[0].identity[0].oidc[0].issuer
}

resource "aws_iam_role" "this" {
  count              = var.create && var.create_iam_role ? 1 : 0
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sts:AssumeRole", "sts:TagSession"], Principal = { Service = "eks.amazonaws.com" } }] })
}

resource "aws_iam_role_policy_attachment" "this" {
  for_each   = var.create && var.create_iam_role ? toset(["AmazonEKSClusterPolicy"]) : toset([])
  role       = aws_iam_role.this[0].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value}"
}

resource "aws_eks_addon" "this" {
  for_each      = { for key, addon in local.every_addon : key => addon if var.create && !try(coalesce(addon.before_compute, false), false) }
  region        = var.region
  cluster_name  = aws_eks_cluster.this[0].id
  addon_name    = try(coalesce(each.value.name, each.key), each.key)
  addon_version = try(each.value.addon_version, null)
}

resource "aws_eks_addon" "before_compute" {
  for_each      = { for key, addon in local.every_addon : key => addon if var.create && try(coalesce(addon.before_compute, false), false) }
  region        = var.region
  cluster_name  = aws_eks_cluster.this[0].id
  addon_name    = try(coalesce(each.value.name, each.key), each.key)
  addon_version = try(each.value.addon_version, null)
}

module "eks_managed_node_group" {
  source                     = "./modules/eks-managed-node-group"
  for_each                   = { for key, group in merge({}, var.eks_managed_node_groups) : key => merge(var.eks_managed_node_group_defaults, group) if var.create }
  create                     = try(coalesce(each.value.create, true), true)
  region                     = var.region
  name                       = try(coalesce(each.value.name, each.key), each.key)
  cluster_name               = aws_eks_cluster.this[0].id
  subnet_ids                 = try(coalesce(each.value.subnet_ids, var.subnet_ids), var.subnet_ids)
  min_size                   = try(coalesce(each.value.min_size, 1), 1)
  max_size                   = try(coalesce(each.value.max_size, 3), 3)
  desired_size               = try(coalesce(each.value.desired_size, 1), 1)
  ami_type                   = try(each.value.ami_type, null)
  capacity_type              = try(coalesce(each.value.capacity_type, "ON_DEMAND"), "ON_DEMAND")
  instance_types             = try(each.value.instance_types, null)
  disk_size                  = try(each.value.disk_size, null)
  labels                     = try(each.value.labels, null)
  create_launch_template     = try(coalesce(each.value.create_launch_template, true), true)
  use_custom_launch_template = try(coalesce(each.value.use_custom_launch_template, true), true)
  launch_template_id         = try(each.value.launch_template_id, "")
  ebs_optimized              = try(each.value.ebs_optimized, null)
  key_name                   = try(each.value.key_name, null)
  block_device_mappings      = try(merge({}, each.value.block_device_mappings), {})
  enable_monitoring          = try(coalesce(each.value.enable_monitoring, local.is_20), local.is_20)
  create_iam_role            = try(coalesce(each.value.create_iam_role, true), true)
  iam_role_arn               = try(each.value.iam_role_arn, null)
  vpc_security_group_ids     = compact(concat([local.node_group_id], try(try([for item in each.value.vpc_security_group_ids : item], []), [])))
  tags                       = merge(var.tags, try(each.value.tags, {}))
}

output "cluster_arn" { value = try(aws_eks_cluster.this[0].arn, null) }
output "cluster_id" { value = try(aws_eks_cluster.this[0].cluster_id, "") }
output "cluster_name" { value = try(aws_eks_cluster.this[0].name, "") }
output "cluster_endpoint" { value = try(aws_eks_cluster.this[0].endpoint, null) }
output "cluster_version" { value = try(aws_eks_cluster.this[0].version, null) }
output "cluster_certificate_authority_data" { value = try(aws_eks_cluster.this[0].certificate_authority[0].data, null) }
output "cluster_primary_security_group_id" { value = try(aws_eks_cluster.this[0].vpc_config[0].cluster_security_group_id, null) }
output "cluster_security_group_id" { value = try(aws_security_group.cluster[0].id, null) }
output "cluster_oidc_issuer_url" { value = try(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, null) }
output "cluster_iam_role_arn" { value = try(aws_iam_role.this[0].arn, null) }
output "cluster_iam_role_name" { value = try(aws_iam_role.this[0].name, null) }
output "node_security_group_id" { value = try(aws_security_group.node[0].id, null) }
output "oidc_provider" { value = try(replace(aws_eks_cluster.this[0].identity[0].oidc[0].issuer, "https://", ""), null) }
output "oidc_provider_arn" { value = try(aws_iam_openid_connect_provider.oidc_provider[0].arn, null) }
output "kms_key_arn" { value = module.kms.key_arn }
output "cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.this[0].name, null) }
output "eks_managed_node_groups" { value = module.eks_managed_node_group }
