"""What carries traffic, priced in us-east-1 and ap-northeast-2.

Each line: name, quantity a month (None where it depends on usage), unit price in us-east-1 and in ap-northeast-2, and the row
of the gathered price lists that both were read from (file service: item), not through the compiled book.
"""

from __future__ import annotations

from tests.cost.case import Case, Expected

CASES = (
    Case(
        "an Elastic IP address",
        "aws_eip.x",
        """
        resource "aws_eip" "x" {
          domain = "vpc"
        }
        """,
        (
            Expected("Public IPv4 address", "730", "0.005", "0.005"),  # vpc: Hourly charge for In use Public IPv4 Addresses per Hrs
        ),
    ),
    Case(
        "a NAT gateway",
        "aws_nat_gateway.x",
        """
        resource "aws_nat_gateway" "x" {
          allocation_id = "eipalloc-1"
          subnet_id     = "subnet-1"
        }
        """,
        (
            Expected("NAT gateway", "730", "0.045", "0.059"),  # natgateway: Hourly charge for NAT Gateways
            Expected("Data processed", "100", "0.045", "0.059"),  # natgateway: Charge for per GB data processed by NatGateways
        ),
        usage={"aws_nat_gateway": {"monthly_data_processed_gb": 100}},
    ),
    Case(
        "an internet-facing application load balancer",
        "aws_lb.x",
        """
        resource "aws_lb" "x" {
          subnets = ["subnet-1", "subnet-2", "subnet-3"]
        }
        """,
        (
            Expected("Application load balancer", "730", "0.0225", "0.0225"),  # elb: Application Load Balancer Hours
            Expected("Capacity units", "1460", "0.008", "0.008"),  # elb: Application Load Balancer LCU Hours
            Expected("Public IPv4 addresses", "2190", "0.005", "0.005"),  # vpc: Hourly charge for In use Public IPv4 Addresses per Hrs
        ),
        usage={"aws_lb.x": {"active_connections": 3000, "new_connections": 50, "processed_bytes_gb": 730, "rule_evaluations": 1000}},
    ),
    Case(
        "an internal network load balancer",
        "aws_lb.x",
        """
        resource "aws_lb" "x" {
          load_balancer_type = "network"
          internal           = true
          subnets            = ["subnet-1"]
        }
        """,
        (
            Expected("Network load balancer", "730", "0.0225", "0.0225"),  # elb: Network Load Balancer Hours
            Expected("Capacity units", None, "0.006", "0.006"),  # elb: Network Load Balancer LCU Hours
        ),
    ),
    Case(
        "a network load balancer that ends TLS, for which a unit carries less",
        "aws_lb.x",
        """
        resource "aws_lb" "x" {
          load_balancer_type = "network"
          internal           = true
          subnets            = ["subnet-1"]
        }
        resource "aws_lb_listener" "tls" {
          load_balancer_arn = aws_lb.x.arn
          port              = 443
          protocol          = "TLS"
          default_action {
            type             = "forward"
            target_group_arn = "arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/a/1"
          }
        }
        """,
        (
            Expected("Network load balancer", "730", "0.0225", "0.0225"),  # elb: Network Load Balancer Hours
            Expected("Capacity units", "1460", "0.006", "0.006"),  # elb: Network Load Balancer LCU Hours
        ),
        usage={"aws_lb": {"new_connections": 100}},
    ),
    Case(
        "a gateway load balancer",
        "aws_lb.x",
        """
        resource "aws_lb" "x" {
          load_balancer_type = "gateway"
          subnets            = ["subnet-1"]
        }
        """,
        (
            Expected("Gateway load balancer", "730", "0.0125", "0.0125"),  # elb: Gateway Load Balancer Hours
            Expected("Capacity units", None, "0.004", "0.004"),  # elb: Gateway Load Balancer LCU Hours
        ),
    ),
    Case(
        "a classic load balancer",
        "aws_elb.x",
        """
        resource "aws_elb" "x" {
          internal = true
          subnets  = ["subnet-1"]
          listener {
            instance_port     = 80
            instance_protocol = "http"
            lb_port           = 80
            lb_protocol       = "http"
          }
        }
        """,
        (
            Expected("Classic load balancer", "730", "0.025", "0.025"),  # elb: Classic Load Balancer Hours
            Expected("Data processed", "10", "0.008", "0.008"),  # elb: Classic Load Balancer Data
        ),
        usage={"aws_elb.x": {"monthly_data_processed_gb": 10}},
    ),
    Case(
        "an interface endpoint in two subnets",
        "aws_vpc_endpoint.x",
        """
        resource "aws_vpc_endpoint" "x" {
          vpc_id            = "vpc-1"
          service_name      = "com.amazonaws.us-east-1.ecr.api"
          vpc_endpoint_type = "Interface"
          subnet_ids        = ["subnet-1", "subnet-2"]
        }
        """,
        (
            Expected("Interface endpoint × 2 subnets", "1460", "0.01", "0.013"),  # vpc: Hourly charge for VPC Endpoints per Hrs
            Expected(
                "Data processed (first PB)", "100", "0.01", "0.01"
            ),  # vpc: Charge for per GB data processed by VPC Endpoints per GB from 0 to 1048576
        ),
        usage={"aws_vpc_endpoint": {"monthly_data_processed_gb": 100}},
    ),
    Case(
        "a gateway load balancer endpoint",
        "aws_vpc_endpoint.x",
        """
        resource "aws_vpc_endpoint" "x" {
          vpc_id            = "vpc-1"
          service_name      = "com.amazonaws.vpce.us-east-1.vpce-svc-1"
          vpc_endpoint_type = "GatewayLoadBalancer"
          subnet_ids        = ["subnet-1"]
        }
        """,
        (
            Expected(
                "Gateway Load Balancer endpoint", "730", "0.01", "0.013"
            ),  # vpc: Hourly charge for AWS Gateway Load Balancer VPC Endpoint per Hrs
            Expected(
                "Data processed", None, "0.0035", "0.0035"
            ),  # vpc: Charge for per GB data processed by AWS Gateway Load Balancer VPC Endpoint per GB
        ),
    ),
    Case(
        "a hosted zone",
        "aws_route53_zone.x",
        """
        resource "aws_route53_zone" "x" {
          name = "example.com"
        }
        """,
        (
            Expected("Hosted zone", "1", "0.5", "0.5"),  # route53: Any: DNS Zone first 25
        ),
    ),
    Case(
        "a record",
        "aws_route53_record.x",
        """
        resource "aws_route53_record" "x" {
          zone_id = "Z1"
          name    = "www"
          type    = "A"
          ttl     = 60
          records = ["192.0.2.1"]
        }
        """,
        (
            Expected("Queries (first billion)", "1000000", "0.0000004", "0.0000004"),  # route53: Query Standard External first 1B
        ),
        usage={"aws_route53_record": {"monthly_standard_queries": 1000000}},
    ),
    Case(
        "a record routed by latency",
        "aws_route53_record.x",
        """
        resource "aws_route53_record" "x" {
          zone_id = "Z1"
          name    = "www"
          type    = "A"
          ttl     = 60
          records = ["192.0.2.1"]
          set_identifier = "a"
          latency_routing_policy {
            region = "us-east-1"
          }
        }
        """,
        (
            Expected("Queries (first billion)", None, "0.0000006", "0.0000006"),  # route53: Query Latency Based Routing External first 1B
        ),
    ),
    Case(
        "a health check of an endpoint outside AWS",
        "aws_route53_health_check.x",
        """
        resource "aws_route53_health_check" "x" {
          fqdn              = "example.com"
          type              = "HTTPS_STR_MATCH"
          search_string     = "ok"
          request_interval  = 10
          port              = 443
        }
        """,
        (
            Expected("Health check", "1", "0.75", "0.75"),  # route53: Basic Health checks External Non AWS per Mo
            Expected("Health check, added features", "3", "2", "2"),  # route53: Optional Health Check Features External Non AWS per Mo
        ),
    ),
    Case(
        "a resolver endpoint",
        "aws_route53_resolver_endpoint.x",
        """
        resource "aws_route53_resolver_endpoint" "x" {
          direction          = "INBOUND"
          security_group_ids = ["sg-1"]
          ip_address {
            subnet_id = "subnet-1"
          }
          ip_address {
            subnet_id = "subnet-2"
          }
        }
        """,
        (
            Expected("Resolver endpoint addresses", "1460", "0.125", "0.125"),  # route53: Query ENI
            Expected("Queries (first billion)", None, "0.0000004", "0.0000004"),  # route53: Query first 1B
        ),
    ),
    Case(
        "a CloudFront distribution without usage",
        "aws_cloudfront_distribution.x",
        """
        resource "aws_cloudfront_distribution" "x" {
          enabled = true
          origin {
            domain_name = "example.com"
            origin_id   = "o"
          }
          default_cache_behavior {
            allowed_methods        = ["GET", "HEAD"]
            cached_methods         = ["GET", "HEAD"]
            target_origin_id       = "o"
            viewer_protocol_policy = "redirect-to-https"
          }
          restrictions {
            geo_restriction {
              restriction_type = "none"
            }
          }
          viewer_certificate {
            cloudfront_default_certificate = true
          }
        }
        """,
        (
            Expected(
                "Data to viewers, United States (first 10 TB)", None, "0.085", "0.085"
            ),  # cloudfront: Regional DT from United States to Internet First 10 TB
            Expected("HTTPS requests, United States", None, "0.000001", "0.000001"),  # cloudfront: Request HTTPS Methods from United States
        ),
    ),
    Case(
        "a CloudFront distribution with viewers in Asia",
        "aws_cloudfront_distribution.x",
        """
        resource "aws_cloudfront_distribution" "x" {
          enabled = true
        }
        """,
        (
            Expected(
                "Data to viewers, Asia Pacific (first 10 TB)", "10240", "0.12", "0.12"
            ),  # cloudfront: Regional DT from Asia Pacific to Internet First 10 TB
            Expected(
                "Data to viewers, Asia Pacific (next 40 TB)", "760", "0.1", "0.1"
            ),  # cloudfront: Regional DT from Asia Pacific to Internet Next 40 TB
            Expected("HTTPS requests, Asia Pacific", None, "0.0000012", "0.0000012"),  # cloudfront: Request HTTPS Methods from Asia Pacific
        ),
        usage={"aws_cloudfront_distribution": {"monthly_data_transfer_to_internet_gb": {"asia_pacific": 11000}}},
    ),
    Case(
        "a trust store",
        "aws_lb_trust_store.x",
        """
        resource "aws_lb_trust_store" "x" {
          ca_certificates_bundle_s3_bucket = "b"
          ca_certificates_bundle_s3_key    = "k"
        }
        """,
        (
            Expected("Trust store", "730", "0.005", "0.005"),  # elb: TS Application Load Balancer Hours
        ),
    ),
    Case(
        "a private DNS namespace, which is a hosted zone",
        "aws_service_discovery_private_dns_namespace.x",
        """
        resource "aws_service_discovery_private_dns_namespace" "x" {
          name = "x.local"
          vpc  = "vpc-1"
        }
        """,
        (
            Expected("Hosted zone", "1", "0.5", "0.5"),  # route53: Any: DNS Zone first 25
        ),
    ),
    Case(
        "a traffic policy instance",
        "aws_route53_traffic_policy_instance.x",
        """
        resource "aws_route53_traffic_policy_instance" "x" {
          name                   = "x.example.com"
          hosted_zone_id         = "Z1"
          traffic_policy_id      = "p"
          traffic_policy_version = 1
          ttl                    = 60
        }
        """,
        (
            Expected("Traffic flow record", "1", "50", "50"),  # route53: Any: Basic Traffic Flow Routing per Mo
        ),
    ),
    Case(
        "an endpoint in one more subnet",
        "aws_vpc_endpoint_subnet_association.x",
        """
        resource "aws_vpc_endpoint_subnet_association" "x" {
          vpc_endpoint_id = "vpce-1"
          subnet_id       = "subnet-1"
        }
        """,
        (
            Expected("Endpoint in one more subnet", "730", "0.01", "0.013"),  # vpc: Hourly charge for VPC Endpoints per Hrs
        ),
    ),
)
