"""It is known which zones lose their way out when a NAT gateway does."""

from __future__ import annotations

from clops_app.graph.aws.following import follow, follow_any, mentioning
from clops_app.graph.aws.index import Index, is_a
from clops_app.graph.aws.opaque import handed_over
from clops_app.graph.aws.placement import SUBNET_TYPES, joined, zones
from clops_app.graph.aws.routing import TABLES, default_routes, route_table, table_at, target
from clops_app.model.resource import Resource
from clops_app.model.values import Known, Unknown, Value, absent

_THROUGH_NAT = ("nat_gateway_id", "network_interface_id", "instance_id")


def nat_zones(index: Index, gateway: Resource) -> Value:
    """The zones of the subnets whose default route leads to this gateway or NAT instance; Known(()) when none does."""
    if isinstance(gateway.index, Unknown):
        return gateway.index
    tables = _tables(index, gateway)
    if isinstance(tables, Unknown):
        return tables
    leading = {table.address for table in tables}
    answer = joined(
        (zones(index, subnet) for subnet in index.of(*SUBNET_TYPES) if _served(index, subnet, leading)),
        next((why for table in tables if (why := _elsewhere(index, table)) is not None), None),
    )
    return Known(()) if answer == absent else answer


def _tables(index: Index, gateway: Resource) -> tuple[Resource, ...] | Unknown:
    """The tables whose default route leads to the gateway."""
    named: list[Resource] = []
    for owner in mentioning(index, gateway, "aws_route", *TABLES):
        table = owner if is_a(owner, TABLES) else table_at(index, owner, "route_table_id")
        if isinstance(table, Unknown):
            return table
        if isinstance(table, Resource):
            named.append(table)
    unseen = handed_over(index, gateway)
    leading = {table.address: table for table in named if _leads(index, table, gateway)}
    return unseen if unseen is not None and not leading else tuple(leading.values())


def _leads(index: Index, table: Resource, gateway: Resource) -> bool:
    routes = default_routes(index, table)
    return isinstance(routes, tuple) and any(
        gateway.address in target(index, route, gateway.type).addresses for route in routes if route.target in _THROUGH_NAT
    )


def _served(index: Index, subnet: Resource, leading: set[str]) -> bool:
    table = route_table(index, subnet)
    return isinstance(table, Resource) and table.address in leading


def _elsewhere(index: Index, table: Resource) -> Unknown | None:
    """Why a table may serve subnets besides those that are surely its own."""
    for association in mentioning(index, table, "aws_route_table_association"):
        followed = follow(index, association, "subnet_id", *SUBNET_TYPES)
        if followed.unknown is not None:
            return followed.unknown
        for subnet in followed.sure:
            own = route_table(index, subnet)
            if isinstance(own, Unknown):
                return own
    return None


def is_way_out(index: Index, resource: Resource) -> bool:
    """Whether routes lead to it: it forwards other machines' traffic."""
    interfaces = mentioning(index, resource, "aws_network_interface", "aws_network_interface_attachment")
    for owner in (each for via in (resource, *interfaces) for each in mentioning(index, via, "aws_route", *TABLES)):
        paths = tuple(f"{place}{name}" for place in ("", "route.") for name in ("network_interface_id", "instance_id"))
        followed = follow_any(index, owner, paths, resource.type, "aws_network_interface")
        if followed.addresses & {each.address for each in (resource, *interfaces)}:
            return True
    return False
