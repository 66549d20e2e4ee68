# What terraform-aws-modules/alb/aws creates, as far as a review looks at it. Read 2026-11-21 of versions 9.9.0 and 10.5.0:
# https://registry.terraform.io/modules/terraform-aws-modules/alb/aws
# Left out: who is asked to log in, mutual TLS, headers, health of target groups.

variable "create" { default = true }
variable "region" { default = null }
variable "name" { default = null }
variable "name_prefix" { default = null }
variable "load_balancer_type" { default = "application" }
variable "internal" { default = null }
variable "ip_address_type" { default = null }
variable "subnets" { default = null }
variable "subnet_mapping" { default = null }
variable "security_groups" { default = [] }
variable "enable_deletion_protection" { default = true }
variable "enable_cross_zone_load_balancing" { default = true }
variable "drop_invalid_header_fields" { default = true }
variable "idle_timeout" { default = null }
variable "access_logs" { default = null }
variable "default_port" { default = 80 }
variable "default_protocol" { default = "HTTP" }
variable "listeners" { default = {} }
variable "target_groups" { default = null }
variable "additional_target_group_attachments" { default = null }
variable "vpc_id" { default = null }
variable "create_security_group" { default = true }
variable "security_group_name" { default = null }
variable "security_group_ingress_rules" { default = null }
variable "security_group_egress_rules" { default = null }
variable "route53_records" { default = null }
variable "associate_web_acl" { default = false }
variable "web_acl_arn" { default = null }
variable "tags" { default = {} }

locals {
  targets = var.create && var.target_groups != null ? var.target_groups : {}
  rules = merge([
    for listener_key, listener in var.listeners : {
      for rule_key, rule in try(merge({}, listener.rules), {}) : "${listener_key}/${rule_key}" => merge(rule, { listener = listener_key })
    }
  ]...)
  certificates = merge([
    for listener_key, listener in var.listeners : {
      for arn in try(try([for item in listener.additional_certificate_arns : item], []), []) :
      "${listener_key}/${index(listener.additional_certificate_arns, arn)}" => { listener = listener_key, arn = arn }
    }
  ]...)
}

resource "aws_lb" "this" {
  count                            = var.create ? 1 : 0
  region                           = var.region
  name                             = var.name
  name_prefix                      = var.name_prefix
  load_balancer_type               = var.load_balancer_type
  internal                         = var.internal
  ip_address_type                  = var.ip_address_type
  subnets                          = var.subnets
  security_groups                  = var.create_security_group ? concat([aws_security_group.this[0].id], var.security_groups) : var.security_groups
  enable_deletion_protection       = var.enable_deletion_protection
  enable_cross_zone_load_balancing = var.enable_cross_zone_load_balancing
  drop_invalid_header_fields       = var.drop_invalid_header_fields
  idle_timeout                     = var.idle_timeout
  tags                             = var.tags

  dynamic "access_logs" {
    for_each = length(merge({}, var.access_logs)) > 0 ? [var.access_logs] : []
    content {
      bucket  = access_logs.value.bucket
      enabled = try(access_logs.value.enabled, true)
      prefix  = try(access_logs.value.prefix, null)
    }
  }

  dynamic "subnet_mapping" {
    for_each = var.subnet_mapping != null ? var.subnet_mapping : []
    content {
      allocation_id = try(subnet_mapping.value.allocation_id, null)
      subnet_id     = subnet_mapping.value.subnet_id
    }
  }
}

resource "aws_lb_listener" "this" {
  for_each          = { for key, listener in var.listeners : key => listener if var.create }
  region            = var.region
  load_balancer_arn = aws_lb.this[0].arn
  port              = try(coalesce(each.value.port, var.default_port), var.default_port)
  protocol          = try(coalesce(each.value.protocol, var.default_protocol), var.default_protocol)
  certificate_arn   = try(each.value.certificate_arn, null)

  dynamic "default_action" {
    for_each = try(each.value.fixed_response, null) != null ? [each.value.fixed_response] : []
    content {
      type = "fixed-response"
      fixed_response {
        content_type = default_action.value.content_type
        status_code  = try(default_action.value.status_code, null)
      }
    }
  }

  dynamic "default_action" {
    for_each = try(each.value.forward, null) != null ? [each.value.forward] : []
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[default_action.value.target_group_key].arn, default_action.value.target_group_arn, default_action.value.arn, null)
    }
  }

  dynamic "default_action" {
    for_each = try(each.value.weighted_forward, null) != null ? [each.value.weighted_forward] : []
    content {
      type = "forward"
      forward {
        dynamic "target_group" {
          for_each = try(default_action.value.target_groups, [])
          content {
            arn    = try(aws_lb_target_group.this[target_group.value.target_group_key].arn, target_group.value.target_group_arn, target_group.value.arn, null)
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "default_action" {
    for_each = try(each.value.redirect, null) != null ? [each.value.redirect] : []
    content {
      type = "redirect"
      redirect {
        host        = try(default_action.value.host, null)
        port        = try(default_action.value.port, null)
        protocol    = try(default_action.value.protocol, null)
        status_code = default_action.value.status_code
      }
    }
  }
}

resource "aws_lb_listener_rule" "this" {
  for_each     = { for key, rule in local.rules : key => rule if var.create }
  region       = var.region
  listener_arn = try(each.value.listener_arn, aws_lb_listener.this[each.value.listener].arn)
  priority     = try(each.value.priority, null)

  dynamic "action" {
    for_each = [for action in each.value.actions : action if try(action.forward, null) != null || try(action.type, "") == "forward"]
    content {
      type             = "forward"
      target_group_arn = try(aws_lb_target_group.this[action.value.forward.target_group_key].arn, aws_lb_target_group.this[action.value.target_group_key].arn, action.value.forward.target_group_arn, action.value.target_group_arn, null)
    }
  }

  dynamic "action" {
    for_each = [for action in each.value.actions : action if try(action.weighted_forward, null) != null || try(action.type, "") == "weighted-forward"]
    content {
      type = "forward"
      forward {
        dynamic "target_group" {
          for_each = try(action.value.weighted_forward.target_groups, action.value.target_groups, [])
          content {
            arn    = try(aws_lb_target_group.this[target_group.value.target_group_key].arn, target_group.value.target_group_arn, null)
            weight = try(target_group.value.weight, null)
          }
        }
      }
    }
  }

  dynamic "action" {
    for_each = [for action in each.value.actions : action if try(action.redirect, null) != null || try(action.type, "") == "redirect"]
    content {
      type = "redirect"
      redirect {
        host        = try(action.value.redirect.host, action.value.host, null)
        port        = try(action.value.redirect.port, action.value.port, null)
        protocol    = try(action.value.redirect.protocol, action.value.protocol, null)
        status_code = try(action.value.redirect.status_code, action.value.status_code, null)
      }
    }
  }

  dynamic "action" {
    for_each = [for action in each.value.actions : action if try(action.fixed_response, null) != null || try(action.type, "") == "fixed-response"]
    content {
      type = "fixed-response"
      fixed_response {
        content_type = try(action.value.fixed_response.content_type, action.value.content_type, null)
        status_code  = try(action.value.fixed_response.status_code, action.value.status_code, null)
      }
    }
  }
}

resource "aws_lb_listener_certificate" "this" {
  for_each        = { for key, certificate in local.certificates : key => certificate if var.create }
  region          = var.region
  listener_arn    = aws_lb_listener.this[each.value.listener].arn
  certificate_arn = each.value.arn
}

resource "aws_lb_target_group" "this" {
  for_each             = local.targets
  region               = var.region
  name                 = try(each.value.name, null)
  name_prefix          = try(each.value.name_prefix, null)
  port                 = try(each.value.target_type == "lambda", false) ? null : try(coalesce(each.value.port, var.default_port), var.default_port)
  protocol             = try(each.value.target_type == "lambda", false) ? null : try(coalesce(each.value.protocol, var.default_protocol), var.default_protocol)
  protocol_version     = try(each.value.protocol_version, null)
  target_type          = try(each.value.target_type, null)
  vpc_id               = try(coalesce(each.value.vpc_id, var.vpc_id), var.vpc_id)
  deregistration_delay = try(each.value.deregistration_delay, null)
  slow_start           = try(each.value.slow_start, null)
  tags                 = merge(var.tags, try(each.value.tags, {}))

  dynamic "health_check" {
    for_each = try(each.value.health_check, null) != null ? [each.value.health_check] : []
    content {
      enabled             = try(health_check.value.enabled, null)
      path                = try(health_check.value.path, null)
      port                = try(health_check.value.port, null)
      protocol            = try(health_check.value.protocol, null)
      matcher             = try(health_check.value.matcher, null)
      interval            = try(health_check.value.interval, null)
      timeout             = try(health_check.value.timeout, null)
      healthy_threshold   = try(health_check.value.healthy_threshold, null)
      unhealthy_threshold = try(health_check.value.unhealthy_threshold, null)
    }
  }

  dynamic "stickiness" {
    for_each = try(each.value.stickiness, null) != null ? [each.value.stickiness] : []
    content {
      type            = stickiness.value.type
      enabled         = try(stickiness.value.enabled, true)
      cookie_duration = try(stickiness.value.cookie_duration, null)
    }
  }
}

resource "aws_lb_target_group_attachment" "this" {
  for_each          = { for key, target in local.targets : key => target if try(coalesce(target.create_attachment, true), true) }
  region            = var.region
  target_group_arn  = aws_lb_target_group.this[each.key].arn
  target_id         = try(each.value.target_id, null)
  port              = try(each.value.target_type == "lambda", false) ? null : try(coalesce(each.value.port, var.default_port), var.default_port)
  availability_zone = try(each.value.availability_zone, null)
}

resource "aws_lb_target_group_attachment" "additional" {
  for_each         = var.create && var.additional_target_group_attachments != null ? var.additional_target_group_attachments : {}
  region           = var.region
  target_group_arn = aws_lb_target_group.this[each.value.target_group_key].arn
  target_id        = each.value.target_id
  port             = try(coalesce(each.value.port, var.default_port), var.default_port)
}

resource "aws_lambda_permission" "this" {
  for_each      = { for key, target in local.targets : key => target if try(coalesce(target.attach_lambda_permission, false), false) }
  region        = var.region
  function_name = try(each.value.lambda_function_name, split(":", each.value.target_id)[6])
  action        = "lambda:InvokeFunction"
  principal     = "elasticloadbalancing.amazonaws.com"
  source_arn    = aws_lb_target_group.this[each.key].arn
}

resource "aws_security_group" "this" {
  count  = var.create && var.create_security_group ? 1 : 0
  region = var.region
  vpc_id = var.vpc_id
  tags   = var.tags
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = var.create && var.create_security_group && var.security_group_ingress_rules != null ? var.security_group_ingress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(coalesce(each.value.to_port, each.value.from_port), each.value.to_port, each.value.from_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each                     = var.create && var.create_security_group && var.security_group_egress_rules != null ? var.security_group_egress_rules : {}
  region                       = var.region
  security_group_id            = aws_security_group.this[0].id
  ip_protocol                  = try(coalesce(each.value.ip_protocol, "tcp"), "tcp")
  from_port                    = try(coalesce(each.value.from_port, each.value.to_port), each.value.from_port, each.value.to_port, null)
  to_port                      = try(each.value.to_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
}

resource "aws_route53_record" "this" {
  for_each = var.create && var.route53_records != null ? var.route53_records : {}
  zone_id  = each.value.zone_id
  name     = try(coalesce(each.value.name, each.key), each.key)
  type     = each.value.type

  alias {
    name                   = aws_lb.this[0].dns_name
    zone_id                = aws_lb.this[0].zone_id
    evaluate_target_health = try(each.value.evaluate_target_health, true)
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count        = var.associate_web_acl ? 1 : 0
  region       = var.region
  resource_arn = aws_lb.this[0].arn
  web_acl_arn  = var.web_acl_arn
}

output "id" { value = try(aws_lb.this[0].id, null) }
output "arn" { value = try(aws_lb.this[0].arn, null) }
output "arn_suffix" { value = try(aws_lb.this[0].arn_suffix, null) }
output "dns_name" { value = try(aws_lb.this[0].dns_name, null) }
output "zone_id" { value = try(aws_lb.this[0].zone_id, null) }
output "listeners" { value = aws_lb_listener.this }
output "listener_rules" { value = aws_lb_listener_rule.this }
output "target_groups" { value = aws_lb_target_group.this }
output "security_group_id" { value = try(aws_security_group.this[0].id, null) }
output "security_group_arn" { value = try(aws_security_group.this[0].arn, null) }
output "route53_records" { value = aws_route53_record.this }
