"""One graph as a picture needs it: the resources worth drawing, their zones, and arrows along the way of a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from clops_app.graph.aws import Reading
from clops_app.graph.aws.edges import derived_edges
from clops_app.kit import is_true, read, text
from clops_app.model.graph import EdgeKind, Graph
from clops_app.model.resource import Resource
from clops_app.model.values import Known

INTERNET = "internet"

# The kinds of edge that a request, a job or a datum travels along.
_FLOWS: frozenset[EdgeKind] = frozenset({"routes_to", "serves", "reads_writes", "invokes"})
_ALWAYS_PUBLIC = frozenset({"aws_cloudfront_distribution", "aws_globalaccelerator_accelerator", "aws_apprunner_service"})
_LOAD_BALANCERS = frozenset({"aws_lb", "aws_alb", "aws_elb"})
_REST_APIS = frozenset({"aws_api_gateway_rest_api", "aws_apigatewayv2_api", "aws_appsync_graphql_api"})


@dataclass(frozen=True, slots=True)
class Sight:
    """What is worth drawing of one graph, by address. `zones` has no entry for what nothing places, or nobody knows where."""

    resources: Mapping[str, Resource]
    zones: Mapping[str, tuple[str, ...]]
    arrows: frozenset[tuple[str, str]]


NOTHING = Sight({}, {}, frozenset())


def sight(graph: Graph, types: Collection[str]) -> Sight:
    """Look at a graph for resources of `types`; what stands between two of them is followed through, not drawn."""
    reading = Reading(graph)
    resources = {address: r for address, r in sorted(graph.resources.items()) if r.mode == "managed" and r.type in types}
    zones = {address: zones for address, resource in resources.items() if (zones := _zones(reading, resource))}
    flows = [(edge.origin, edge.target) for edge in derived_edges(graph) if edge.kind in _FLOWS]
    entries = {(INTERNET, address) for address, resource in resources.items() if _public(reading, resource)}
    return Sight(resources, zones, frozenset(_contracted(flows, resources)) | entries)


def _zones(reading: Reading, resource: Resource) -> tuple[str, ...]:
    match reading.zones(resource):
        case Known(tuple() as zones):
            return tuple(str(zone) for zone in zones)
        case _:
            return ()


def _public(reading: Reading, resource: Resource) -> bool:
    """Surely reached from the internet; what is not sure gets no arrow."""
    if resource.type in _ALWAYS_PUBLIC:
        return True
    if resource.type in _LOAD_BALANCERS:
        return not is_true(read(resource, "internal")) and text(read(resource, "load_balancer_type")) != "gateway"
    if resource.type in _REST_APIS:
        return "PRIVATE" not in str(resource.values.get("endpoint_configuration", ""))
    return is_true(reading.publicly_reachable(resource))


def _contracted(flows: Iterable[tuple[str, str]], shown: Collection[str]) -> Iterator[tuple[str, str]]:
    """Arrows between what is shown, through whatever is not."""
    onward: dict[str, list[str]] = {}
    for origin, target in flows:
        onward.setdefault(origin, []).append(target)
    for start in shown:
        seen, waiting = {start}, list(onward.get(start, ()))
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in shown:
                yield start, at
            else:
                waiting += onward.get(at, ())
