# What terraform-aws-modules/vpc/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 5.1.0 and 6.6.0:
# https://registry.terraform.io/modules/terraform-aws-modules/vpc/aws
# Left out: network ACLs, the default VPC, DHCP options, VPN, outposts, IPv6 beyond its subnets' routes.

variable "create_vpc" { default = true }
variable "region" { default = null }
variable "name" { default = "" }
variable "cidr" { default = "10.0.0.0/16" }
variable "secondary_cidr_blocks" { default = [] }
variable "use_ipam_pool" { default = false }
variable "azs" { default = [] }
variable "enable_dns_hostnames" { default = true }
variable "enable_dns_support" { default = true }
variable "enable_ipv6" { default = false }
variable "tags" { default = {} }

variable "public_subnets" { default = [] }
variable "private_subnets" { default = [] }
variable "database_subnets" { default = [] }
variable "elasticache_subnets" { default = [] }
variable "redshift_subnets" { default = [] }
variable "intra_subnets" { default = [] }
variable "public_subnet_names" { default = [] }
variable "private_subnet_names" { default = [] }
variable "database_subnet_names" { default = [] }
variable "public_subnet_suffix" { default = "public" }
variable "private_subnet_suffix" { default = "private" }
variable "database_subnet_suffix" { default = "db" }
variable "public_subnet_tags" { default = {} }
variable "private_subnet_tags" { default = {} }
variable "map_public_ip_on_launch" { default = false }

variable "create_igw" { default = true }
variable "create_multiple_public_route_tables" { default = false }
variable "enable_nat_gateway" { default = false }
variable "single_nat_gateway" { default = false }
variable "one_nat_gateway_per_az" { default = false }
variable "reuse_nat_ips" { default = false }
variable "external_nat_ip_ids" { default = [] }
variable "nat_gateway_destination_cidr_block" { default = "0.0.0.0/0" }
variable "create_private_nat_gateway_route" { default = true }

variable "create_database_subnet_group" { default = true }
variable "database_subnet_group_name" { default = null }
variable "create_database_subnet_route_table" { default = false }
variable "create_database_internet_gateway_route" { default = false }
variable "create_database_nat_gateway_route" { default = false }
variable "create_elasticache_subnet_group" { default = true }
variable "elasticache_subnet_group_name" { default = null }
variable "create_elasticache_subnet_route_table" { default = false }
variable "create_redshift_subnet_group" { default = true }
variable "redshift_subnet_group_name" { default = null }
variable "create_redshift_subnet_route_table" { default = false }
variable "enable_public_redshift" { default = false }

variable "manage_default_security_group" { default = true }
variable "default_security_group_ingress" { default = [] }
variable "default_security_group_egress" { default = [] }
variable "manage_default_network_acl" { default = true }
variable "manage_default_route_table" { default = true }

variable "enable_flow_log" { default = false }
variable "flow_log_destination_type" { default = "cloud-watch-logs" }
variable "flow_log_destination_arn" { default = "" }
variable "flow_log_traffic_type" { default = "ALL" }
variable "create_flow_log_cloudwatch_log_group" { default = false }
variable "create_flow_log_cloudwatch_iam_role" { default = false }
variable "flow_log_cloudwatch_iam_role_arn" { default = "" }
variable "flow_log_cloudwatch_log_group_name_prefix" { default = "/aws/vpc-flow-log/" }
variable "flow_log_cloudwatch_log_group_name_suffix" { default = "" }
variable "flow_log_cloudwatch_log_group_retention_in_days" { default = null }
variable "flow_log_cloudwatch_log_group_kms_key_id" { default = null }

locals {
  publics       = var.create_vpc ? length(var.public_subnets) : 0
  privates      = var.create_vpc ? length(var.private_subnets) : 0
  databases     = var.create_vpc ? length(var.database_subnets) : 0
  caches        = var.create_vpc ? length(var.elasticache_subnets) : 0
  warehouses    = var.create_vpc ? length(var.redshift_subnets) : 0
  intras        = var.create_vpc ? length(var.intra_subnets) : 0
  longest       = max(length(var.private_subnets), length(var.public_subnets), length(var.elasticache_subnets), length(var.database_subnets), length(var.redshift_subnets))
  gateways      = var.single_nat_gateway ? 1 : var.one_nat_gateway_per_az ? length(var.azs) : local.longest
  nats          = var.create_vpc && var.enable_nat_gateway ? local.gateways : 0
  public_tables = local.publics == 0 ? 0 : var.create_multiple_public_route_tables ? local.publics : 1
  own_tables    = local.databases > 0 && var.create_database_subnet_route_table
  vpc_id        = try(aws_vpc_ipv4_cidr_block_association.this[0].vpc_id, aws_vpc.this[0].id, "")
  addresses     = var.reuse_nat_ips ? var.external_nat_ip_ids : aws_eip.nat[*].id
  flow_logged   = var.create_vpc && var.enable_flow_log
  to_cloudwatch = local.flow_logged && var.flow_log_destination_type != "s3"
}

resource "aws_vpc" "this" {
  count                = var.create_vpc ? 1 : 0
  region               = var.region
  cidr_block           = var.use_ipam_pool ? null : var.cidr
  enable_dns_hostnames = var.enable_dns_hostnames
  enable_dns_support   = var.enable_dns_support
  tags                 = merge({ Name = var.name }, var.tags)
}

resource "aws_vpc_ipv4_cidr_block_association" "this" {
  count      = var.create_vpc ? length(var.secondary_cidr_blocks) : 0
  region     = var.region
  vpc_id     = aws_vpc.this[0].id
  cidr_block = var.secondary_cidr_blocks[count.index]
}

resource "aws_default_security_group" "this" {
  count  = var.create_vpc && var.manage_default_security_group ? 1 : 0
  region = var.region
  vpc_id = aws_vpc.this[0].id

  dynamic "ingress" {
    for_each = var.default_security_group_ingress
    content {
      self             = lookup(ingress.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(ingress.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(ingress.value, "ipv6_cidr_blocks", "")))
      security_groups  = compact(split(",", lookup(ingress.value, "security_groups", "")))
      from_port        = lookup(ingress.value, "from_port", 0)
      to_port          = lookup(ingress.value, "to_port", 0)
      protocol         = lookup(ingress.value, "protocol", "-1")
    }
  }

  dynamic "egress" {
    for_each = var.default_security_group_egress
    content {
      self             = lookup(egress.value, "self", null)
      cidr_blocks      = compact(split(",", lookup(egress.value, "cidr_blocks", "")))
      ipv6_cidr_blocks = compact(split(",", lookup(egress.value, "ipv6_cidr_blocks", "")))
      security_groups  = compact(split(",", lookup(egress.value, "security_groups", "")))
      from_port        = lookup(egress.value, "from_port", 0)
      to_port          = lookup(egress.value, "to_port", 0)
      protocol         = lookup(egress.value, "protocol", "-1")
    }
  }
}

resource "aws_default_network_acl" "this" {
  count                  = var.create_vpc && var.manage_default_network_acl ? 1 : 0
  region                 = var.region
  default_network_acl_id = aws_vpc.this[0].default_network_acl_id
}

resource "aws_default_route_table" "default" {
  count                  = var.create_vpc && var.manage_default_route_table ? 1 : 0
  region                 = var.region
  default_route_table_id = aws_vpc.this[0].default_route_table_id
}

resource "aws_internet_gateway" "this" {
  count  = local.publics > 0 && var.create_igw ? 1 : 0
  region = var.region
  vpc_id = local.vpc_id
  tags   = merge({ Name = var.name }, var.tags)
}

# ---- public

resource "aws_subnet" "public" {
  count                   = var.one_nat_gateway_per_az && local.publics < length(var.azs) ? 0 : local.publics
  region                  = var.region
  vpc_id                  = local.vpc_id
  availability_zone       = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block              = var.public_subnets[count.index]
  map_public_ip_on_launch = var.map_public_ip_on_launch
  tags                    = merge({ Name = try(var.public_subnet_names[count.index], "${var.name}-${var.public_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.public_subnet_tags)
}

resource "aws_route_table" "public" {
  count  = local.public_tables
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "public" {
  count          = local.publics
  region         = var.region
  subnet_id      = element(aws_subnet.public[*].id, count.index)
  route_table_id = element(aws_route_table.public[*].id, var.create_multiple_public_route_tables ? count.index : 0)
}

resource "aws_route" "public_internet_gateway" {
  count                  = var.create_igw ? local.public_tables : 0
  region                 = var.region
  route_table_id         = aws_route_table.public[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "public_internet_gateway_ipv6" {
  count                       = var.create_igw && var.enable_ipv6 ? local.public_tables : 0
  region                      = var.region
  route_table_id              = aws_route_table.public[count.index].id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this[0].id
}

# ---- private, and its way out

resource "aws_subnet" "private" {
  count                = local.privates
  region               = var.region
  vpc_id               = local.vpc_id
  availability_zone    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block           = var.private_subnets[count.index]
  tags                 = merge({ Name = try(var.private_subnet_names[count.index], "${var.name}-${var.private_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags, var.private_subnet_tags)
}

resource "aws_route_table" "private" {
  count  = local.privates > 0 ? local.gateways : 0
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "private" {
  count          = local.privates
  region         = var.region
  subnet_id      = element(aws_subnet.private[*].id, count.index)
  route_table_id = element(aws_route_table.private[*].id, var.single_nat_gateway ? 0 : count.index)
}

resource "aws_eip" "nat" {
  count  = var.reuse_nat_ips ? 0 : local.nats
  region = var.region
  domain = "vpc"
}

resource "aws_nat_gateway" "this" {
  count         = local.nats
  region        = var.region
  allocation_id = element(local.addresses, var.single_nat_gateway ? 0 : count.index)
  subnet_id     = element(aws_subnet.public[*].id, var.single_nat_gateway ? 0 : count.index)
  tags          = merge({ Name = "${var.name}-${element(var.azs, var.single_nat_gateway ? 0 : count.index)}" }, var.tags)
}

resource "aws_route" "private_nat_gateway" {
  count                  = var.create_private_nat_gateway_route ? local.nats : 0
  region                 = var.region
  route_table_id         = element(aws_route_table.private[*].id, count.index)
  destination_cidr_block = var.nat_gateway_destination_cidr_block
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

# ---- database

resource "aws_subnet" "database" {
  count                = local.databases
  region               = var.region
  vpc_id               = local.vpc_id
  availability_zone    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block           = var.database_subnets[count.index]
  tags                 = merge({ Name = try(var.database_subnet_names[count.index], "${var.name}-${var.database_subnet_suffix}-${element(var.azs, count.index)}") }, var.tags)
}

resource "aws_db_subnet_group" "database" {
  count      = local.databases > 0 && var.create_database_subnet_group ? 1 : 0
  region     = var.region
  name       = lower(coalesce(var.database_subnet_group_name, var.name))
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_route_table" "database" {
  count  = !local.own_tables ? 0 : var.single_nat_gateway || var.create_database_internet_gateway_route ? 1 : local.databases
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "database" {
  count          = local.databases
  region         = var.region
  subnet_id      = element(aws_subnet.database[*].id, count.index)
  route_table_id = element(coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id), var.create_database_subnet_route_table && (var.single_nat_gateway || var.create_database_internet_gateway_route) ? 0 : count.index)
}

resource "aws_route" "database_internet_gateway" {
  count                  = local.own_tables && var.create_igw && var.create_database_internet_gateway_route && !var.create_database_nat_gateway_route ? 1 : 0
  region                 = var.region
  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this[0].id
}

resource "aws_route" "database_nat_gateway" {
  count                  = local.own_tables && !var.create_database_internet_gateway_route && var.create_database_nat_gateway_route && var.enable_nat_gateway ? (var.single_nat_gateway ? 1 : local.databases) : 0
  region                 = var.region
  route_table_id         = element(aws_route_table.database[*].id, count.index)
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = element(aws_nat_gateway.this[*].id, count.index)
}

# ---- caches, warehouses, and what has no way out

resource "aws_subnet" "elasticache" {
  count                = local.caches
  region               = var.region
  vpc_id               = local.vpc_id
  availability_zone    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block           = var.elasticache_subnets[count.index]
}

resource "aws_elasticache_subnet_group" "elasticache" {
  count      = local.caches > 0 && var.create_elasticache_subnet_group ? 1 : 0
  region     = var.region
  name       = coalesce(var.elasticache_subnet_group_name, var.name)
  subnet_ids = aws_subnet.elasticache[*].id
}

resource "aws_route_table" "elasticache" {
  count  = local.caches > 0 && var.create_elasticache_subnet_route_table ? 1 : 0
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "elasticache" {
  count          = local.caches
  region         = var.region
  subnet_id      = element(aws_subnet.elasticache[*].id, count.index)
  route_table_id = element(coalescelist(aws_route_table.elasticache[*].id, aws_route_table.private[*].id), var.single_nat_gateway || var.create_elasticache_subnet_route_table ? 0 : count.index)
}

resource "aws_subnet" "redshift" {
  count                = local.warehouses
  region               = var.region
  vpc_id               = local.vpc_id
  availability_zone    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block           = var.redshift_subnets[count.index]
}

resource "aws_redshift_subnet_group" "redshift" {
  count      = local.warehouses > 0 && var.create_redshift_subnet_group ? 1 : 0
  region     = var.region
  name       = lower(coalesce(var.redshift_subnet_group_name, var.name))
  subnet_ids = aws_subnet.redshift[*].id
}

resource "aws_route_table" "redshift" {
  count  = local.warehouses > 0 && var.create_redshift_subnet_route_table ? 1 : 0
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "redshift" {
  count          = var.enable_public_redshift ? 0 : local.warehouses
  region         = var.region
  subnet_id      = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(coalescelist(aws_route_table.redshift[*].id, aws_route_table.private[*].id), var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index)
}

resource "aws_route_table_association" "redshift_public" {
  count          = var.enable_public_redshift ? local.warehouses : 0
  region         = var.region
  subnet_id      = element(aws_subnet.redshift[*].id, count.index)
  route_table_id = element(coalescelist(aws_route_table.redshift[*].id, aws_route_table.public[*].id), var.single_nat_gateway || var.create_redshift_subnet_route_table ? 0 : count.index)
}

resource "aws_subnet" "intra" {
  count                = local.intras
  region               = var.region
  vpc_id               = local.vpc_id
  availability_zone    = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) > 0 ? element(var.azs, count.index) : null
  availability_zone_id = length(regexall("^[a-z]{2}-", element(var.azs, count.index))) == 0 ? element(var.azs, count.index) : null
  cidr_block           = var.intra_subnets[count.index]
}

resource "aws_route_table" "intra" {
  count  = local.intras > 0 ? 1 : 0
  region = var.region
  vpc_id = local.vpc_id
}

resource "aws_route_table_association" "intra" {
  count          = local.intras
  region         = var.region
  subnet_id      = element(aws_subnet.intra[*].id, count.index)
  route_table_id = aws_route_table.intra[0].id
}

# ---- flow logs

resource "aws_flow_log" "this" {
  count                = local.flow_logged ? 1 : 0
  region               = var.region
  vpc_id               = local.vpc_id
  traffic_type         = var.flow_log_traffic_type
  log_destination_type = var.flow_log_destination_type
  log_destination      = local.to_cloudwatch && var.create_flow_log_cloudwatch_log_group ? aws_cloudwatch_log_group.flow_log[0].arn : var.flow_log_destination_arn
  iam_role_arn         = local.to_cloudwatch && var.create_flow_log_cloudwatch_iam_role ? aws_iam_role.vpc_flow_log_cloudwatch[0].arn : var.flow_log_cloudwatch_iam_role_arn
}

resource "aws_cloudwatch_log_group" "flow_log" {
  count             = local.to_cloudwatch && var.create_flow_log_cloudwatch_log_group ? 1 : 0
  region            = var.region
  name              = "${var.flow_log_cloudwatch_log_group_name_prefix}${var.flow_log_cloudwatch_log_group_name_suffix == "" ? local.vpc_id : var.flow_log_cloudwatch_log_group_name_suffix}"
  retention_in_days = var.flow_log_cloudwatch_log_group_retention_in_days
  kms_key_id        = var.flow_log_cloudwatch_log_group_kms_key_id
}

resource "aws_iam_role" "vpc_flow_log_cloudwatch" {
  count              = local.to_cloudwatch && var.create_flow_log_cloudwatch_iam_role ? 1 : 0
  name_prefix        = "vpc-flow-log-role-"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "vpc-flow-logs.amazonaws.com" } }] })
}

resource "aws_iam_policy" "vpc_flow_log_cloudwatch" {
  count       = local.to_cloudwatch && var.create_flow_log_cloudwatch_iam_role ? 1 : 0
  name_prefix = "vpc-flow-log-to-cloudwatch-"
  policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "vpc_flow_log_cloudwatch" {
  count      = local.to_cloudwatch && var.create_flow_log_cloudwatch_iam_role ? 1 : 0
  role       = aws_iam_role.vpc_flow_log_cloudwatch[0].name
  policy_arn = aws_iam_policy.vpc_flow_log_cloudwatch[0].arn
}

output "vpc_id" { value = local.vpc_id }
output "vpc_arn" { value = try(aws_vpc.this[0].arn, null) }
output "vpc_cidr_block" { value = try(aws_vpc.this[0].cidr_block, null) }
output "vpc_ipv6_cidr_block" { value = try(aws_vpc.this[0].ipv6_cidr_block, null) }
output "default_security_group_id" { value = try(aws_vpc.this[0].default_security_group_id, null) }
output "default_route_table_id" { value = try(aws_vpc.this[0].default_route_table_id, null) }
output "vpc_main_route_table_id" { value = try(aws_vpc.this[0].main_route_table_id, null) }
output "vpc_secondary_cidr_blocks" { value = aws_vpc_ipv4_cidr_block_association.this[*].cidr_block }
output "azs" { value = var.azs }
output "name" { value = var.name }
output "igw_id" { value = try(aws_internet_gateway.this[0].id, null) }
output "nat_ids" { value = aws_eip.nat[*].id }
output "nat_public_ips" { value = aws_eip.nat[*].public_ip }
output "natgw_ids" { value = aws_nat_gateway.this[*].id }
output "public_subnets" { value = aws_subnet.public[*].id }
output "public_subnet_arns" { value = aws_subnet.public[*].arn }
output "public_subnet_objects" { value = aws_subnet.public }
output "public_subnets_cidr_blocks" { value = compact(aws_subnet.public[*].cidr_block) }
output "public_route_table_ids" { value = aws_route_table.public[*].id }
output "private_subnets" { value = aws_subnet.private[*].id }
output "private_subnet_arns" { value = aws_subnet.private[*].arn }
output "private_subnet_objects" { value = aws_subnet.private }
output "private_subnets_cidr_blocks" { value = compact(aws_subnet.private[*].cidr_block) }
output "private_route_table_ids" { value = aws_route_table.private[*].id }
output "database_subnets" { value = aws_subnet.database[*].id }
output "database_subnet_arns" { value = aws_subnet.database[*].arn }
output "database_subnets_cidr_blocks" { value = compact(aws_subnet.database[*].cidr_block) }
output "database_subnet_group" { value = try(aws_db_subnet_group.database[0].id, null) }
output "database_subnet_group_name" { value = try(aws_db_subnet_group.database[0].name, null) }
output "database_route_table_ids" { value = try(coalescelist(aws_route_table.database[*].id, aws_route_table.private[*].id), []) }
output "elasticache_subnets" { value = aws_subnet.elasticache[*].id }
output "elasticache_subnet_group" { value = try(aws_elasticache_subnet_group.elasticache[0].id, null) }
output "elasticache_subnet_group_name" { value = try(aws_elasticache_subnet_group.elasticache[0].name, null) }
output "redshift_subnets" { value = aws_subnet.redshift[*].id }
output "redshift_subnet_group" { value = try(aws_redshift_subnet_group.redshift[0].id, null) }
output "intra_subnets" { value = aws_subnet.intra[*].id }
output "intra_route_table_ids" { value = aws_route_table.intra[*].id }
