"""Which module prices which AWS type; a module is imported when a resource of its type occurs.

Each module has `parts(resource, pricing)` (clops_app.cost.pricing tells what it yields) and `USAGE`, the usage keys
it reads by type.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Protocol, cast

from clops_app.cost.pricing import Parts, Pricing
from clops_app.model.resource import Resource


class TypeModule(Protocol):
    """What a module of this package offers."""

    @property
    def USAGE(self) -> Mapping[str, tuple[str, ...]]: ...  # noqa: N802 - a constant of a module

    def parts(self, resource: Resource, pricing: Pricing) -> Parts: ...


MODULES: Mapping[str, str] = MappingProxyType(
    {
        "aws_instance": "instance",
        "aws_spot_instance_request": "instance",
        "aws_ebs_volume": "ebs",
        "aws_eip": "ipv4",
        "aws_autoscaling_group": "autoscaling_group",
        "aws_eks_cluster": "eks",
        "aws_eks_node_group": "eks",
        "aws_eks_fargate_profile": "eks",
        "aws_ecs_service": "ecs",
        "aws_ecs_cluster": "ecs",
        "aws_ecs_capacity_provider": "ecs",
        "aws_nat_gateway": "nat_gateway",
        "aws_lb": "load_balancer",
        "aws_alb": "load_balancer",
        "aws_elb": "load_balancer",
        "aws_lb_trust_store": "load_balancer",
        "aws_vpc_endpoint": "vpc_endpoint",
        "aws_vpc_endpoint_subnet_association": "vpc_endpoint",
        "aws_db_instance": "rds",
        "aws_rds_cluster": "aurora",
        "aws_rds_cluster_instance": "aurora",
        "aws_elasticache_cluster": "elasticache",
        "aws_elasticache_replication_group": "elasticache",
        "aws_elasticache_serverless_cache": "elasticache",
        "aws_dynamodb_table": "dynamodb",
        "aws_lambda_function": "lambda_function",
        "aws_lambda_provisioned_concurrency_config": "lambda_function",
        "aws_s3_bucket": "s3",
        "aws_efs_file_system": "efs",
        "aws_ecr_repository": "repository",
        "aws_sqs_queue": "messaging",
        "aws_sns_topic": "messaging",
        "aws_sns_topic_subscription": "messaging",
        "aws_api_gateway_rest_api": "api_gateway",
        "aws_api_gateway_stage": "api_gateway",
        "aws_apigatewayv2_api": "api_gateway",
        "aws_cloudfront_distribution": "cloudfront",
        "aws_route53_zone": "route53",
        "aws_route53_record": "route53",
        "aws_route53_health_check": "route53",
        "aws_route53_resolver_endpoint": "route53",
        "aws_route53_traffic_policy_instance": "route53",
        "aws_service_discovery_private_dns_namespace": "route53",
        "aws_service_discovery_public_dns_namespace": "route53",
        "aws_secretsmanager_secret": "secrets",
        "aws_kms_key": "secrets",
        "aws_kms_external_key": "secrets",
        "aws_kms_replica_key": "secrets",
        "aws_kms_replica_external_key": "secrets",
        "aws_cloudwatch_log_group": "cloudwatch",
        "aws_flow_log": "cloudwatch",
        "aws_cloudwatch_metric_alarm": "cloudwatch",
        "aws_cloudwatch_composite_alarm": "cloudwatch",
        "aws_cloudwatch_dashboard": "cloudwatch",
        "aws_cloudwatch_log_metric_filter": "cloudwatch",
        "aws_acm_certificate": "sometimes_free",
        "aws_ssm_parameter": "sometimes_free",
        "aws_accessanalyzer_analyzer": "sometimes_free",
    }
)


def type_module(type: str) -> TypeModule | None:
    """The module that prices this type; None when there is none."""
    name = MODULES.get(type)
    return None if name is None else cast("TypeModule", import_module(f"{__name__}.{name}"))
