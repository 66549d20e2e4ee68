"""The way of a request is a chain of edges: from name to entrance to compute, and from event to handler."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.graph.aws.following import follow, follow_any, mentioned
from clops_app.graph.aws.hosts import hosts
from clops_app.graph.aws.index import Index, kind_of
from clops_app.graph.aws.launch import INSTANCES
from clops_app.graph.aws.serving import APIS, FORWARDS, attachments, compute, front, integrations
from clops_app.graph.build import span_at
from clops_app.graph.leaves import concerns
from clops_app.model.graph import Edge, EdgeKind
from clops_app.model.resource import Resource
from clops_app.model.source import Span

_ENTRANCES = (
    "aws_lb", "aws_elb", "aws_cloudfront_distribution", "aws_api_gateway_domain_name", "aws_apigatewayv2_domain_name", "aws_eip",
    "aws_s3_bucket", "aws_s3_bucket_website_configuration", "aws_elastic_beanstalk_environment", "aws_globalaccelerator_accelerator",
    "aws_lightsail_instance", "aws_apprunner_service", "aws_lambda_function_url", "aws_api_gateway_stage", "aws_apigatewayv2_stage",
    "aws_cloudfront_vpc_origin",
    *APIS, *INSTANCES,
)  # fmt: skip
_HANDLERS = (
    "aws_lambda_function", "aws_lambda_alias", "aws_sqs_queue", "aws_sns_topic", "aws_ecs_task_definition", "aws_ecs_service",
    "aws_sfn_state_machine", "aws_kinesis_stream", "aws_kinesis_firehose_delivery_stream", "aws_batch_job_queue", "aws_codebuild_project",
)  # fmt: skip
# Who names the source and who is handed its events: the type between them, the attribute of each ("" for the resource itself).
_EVENTS = (
    ("aws_lambda_event_source_mapping", "event_source_arn", ("function_name",)),
    ("aws_sns_topic_subscription", "topic_arn", ("endpoint",)),
    ("aws_s3_bucket_notification", "bucket", ("lambda_function.lambda_function_arn", "queue.queue_arn", "topic.topic_arn")),
    ("aws_cloudwatch_event_target", "rule", ("arn", "ecs_target.task_definition_arn")),
    ("aws_scheduler_schedule", "", ("target.arn", "target.ecs_parameters.task_definition_arn")),
    ("aws_cloudwatch_log_subscription_filter", "log_group_name", ("destination_arn",)),
    ("aws_lambda_function_url", "", ("function_name",)),
    ("aws_sfn_state_machine", "", ("definition",)),
    ("aws_api_gateway_integration", "rest_api_id", ("uri",)),
    ("aws_apigatewayv2_integration", "api_id", ("integration_uri",)),
)
# Where one entrance names the next.
_LEADS = {
    "aws_route53_record": ("alias.name", "records"),
    "aws_cloudfront_distribution": ("origin.domain_name", "origin.vpc_origin_config.vpc_origin_id"),
    "aws_cloudfront_vpc_origin": ("vpc_origin_endpoint_config.arn",),
    "aws_s3_bucket_website_configuration": ("bucket",),
    "aws_api_gateway_stage": ("rest_api_id",),
    "aws_apigatewayv2_stage": ("api_id",),
}
# Where a resource in between names both ends.
_JOINS = (
    ("aws_api_gateway_base_path_mapping", ("domain_name",), ("api_id", "rest_api_id"), "aws_api_gateway_domain_name"),
    ("aws_apigatewayv2_api_mapping", ("domain_name",), ("api_id",), "aws_apigatewayv2_domain_name"),
)


def routes_to(index: Index) -> Iterator[Edge]:
    """Names to entrances, entrances to the next one, load balancers to target groups, addresses to instances."""
    for kind, paths in _LEADS.items():
        for resource in index.of(kind):
            yield from _to_mentioned(index, resource, resource, paths, "routes_to", *_ENTRANCES)
    for kind, names, leads, owner in _JOINS:
        for joint in index.of(kind):
            for origin in follow_any(index, joint, names, owner).sure:
                yield from _to_mentioned(index, origin, joint, leads, "routes_to", *APIS)
    for address in index.of("aws_eip", "aws_eip_association"):
        origins = (address,) if address.type == "aws_eip" else follow(index, address, "allocation_id", "aws_eip").sure
        for origin in origins:
            yield from _to_mentioned(index, origin, address, ("instance", "instance_id"), "routes_to", *INSTANCES)
    yield from _of_listeners(index)
    yield from _of_accelerators(index)
    for target in (*index.of("aws_lb"), *index.of(*INSTANCES, "aws_ecs_service")):
        for gateway, integration, path in integrations(index, target):
            yield Edge(gateway.address, target.address, *span_at(integration, path), "routes_to")


def serves(index: Index) -> Iterator[Edge]:
    """Target groups and classic load balancers to the compute behind them."""
    for member in compute(index):
        for before in front(index, member).sure:
            via, span = _said(index, member, before)
            yield Edge(before.address, member.address, via, span, "serves")


def runs_on(index: Index) -> Iterator[Edge]:
    """ECS services to the autoscaling groups whose instances run them."""
    for service in index.of("aws_ecs_service"):
        for host in hosts(index, service).sure:
            yield Edge(service.address, host.address, *span_at(service, "capacity_provider_strategy[0]"), "placed_in")


def invokes(index: Index) -> Iterator[Edge]:
    """Events to their handlers: queue, topic, bucket, schedule, stream or API to function, queue or task."""
    for kind, source, handlers in _EVENTS:
        for between in index.of(kind):
            origins = (between,) if not source else follow(index, between, source).possible
            for origin in origins:
                if origin.mode == "managed":
                    yield from _to_mentioned(index, origin, between, handlers, "invokes", *_HANDLERS)


def _to_mentioned(index: Index, origin: Resource, writer: Resource, paths: tuple[str, ...], kind: EdgeKind, *types: str) -> Iterator[Edge]:
    """From `origin` to what `writer` mentions at these paths. An address in a longer text (a URL, a definition) is named too."""
    for path in paths:
        followed = follow(index, writer, path, *types)
        for target in followed.sure or mentioned(index, writer, path, *types):
            if target.address != origin.address:
                said = (edge for edge in index.graph.outgoing.get(writer.address, ()) if edge.target == target.address)
                where = next(((edge.via, edge.span) for edge in said if concerns(path, edge.via)), span_at(writer, path))
                yield Edge(origin.address, target.address, *where, kind)


def _of_listeners(index: Index) -> Iterator[Edge]:
    for forwarding in index.of(*FORWARDS):
        listeners = (
            (forwarding,) if kind_of(forwarding) == "aws_lb_listener" else follow(index, forwarding, "listener_arn", "aws_lb_listener").sure
        )
        for balancer in (each for listener in listeners for each in follow(index, listener, "load_balancer_arn", "aws_lb").sure):
            yield from _to_mentioned(index, balancer, forwarding, FORWARDS[kind_of(forwarding)], "routes_to", "aws_lb_target_group")


def _of_accelerators(index: Index) -> Iterator[Edge]:
    for group in index.of("aws_globalaccelerator_endpoint_group"):
        for listener in follow(index, group, "listener_arn", "aws_globalaccelerator_listener").sure:
            for origin in follow(index, listener, "accelerator_arn", "aws_globalaccelerator_accelerator").sure:
                yield from _to_mentioned(index, origin, group, ("endpoint_configuration.endpoint_id",), "routes_to", *_ENTRANCES)


def _said(index: Index, member: Resource, before: Resource) -> tuple[str, Span]:
    """Which attribute registers a member with what is before it."""
    for writer, other in ((member, before), (before, member), *((each, before) for each in attachments(index, member))):
        for edge in index.graph.outgoing.get(writer.address, ()):
            if edge.target == other.address:
                return edge.via, edge.span
    return "", member.source
