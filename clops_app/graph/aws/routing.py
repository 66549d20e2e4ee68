"""A subnet is public, private or isolated by its route table, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from clops_app.graph.aws.following import Followed, follow, made_elsewhere, mentioning
from clops_app.graph.aws.index import Index, answered_once, kind_of
from clops_app.graph.aws.opaque import handed_over
from clops_app.graph.aws.placement import SUBNET_TYPES
from clops_app.graph.leaves import unseen_block
from clops_app.kit import blocks
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Known, Reference, Unknown, Value

VPCS = ("aws_vpc", "aws_default_vpc")
TABLES = ("aws_route_table", "aws_default_route_table")
# The attributes of a route that say where it leads and where to (aws_route and the inline block; provider documentation).
_TARGETS = (
    "carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "instance_id", "local_gateway_id", "nat_gateway_id",
    "network_interface_id", "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id",
)  # fmt: skip
_DESTINATIONS = ("cidr_block", "ipv6_cidr_block", "destination_cidr_block", "destination_ipv6_cidr_block")
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_INTERNET_GATEWAYS = ("aws_internet_gateway", "data.aws_internet_gateway")
# How a VPC calls its main table.
_MAIN = ("main_route_table_id", "default_route_table_id")


@dataclass(frozen=True, slots=True)
class Route:
    """A default route: it leads to what the attribute `target` names ("" when none does); `path` is its block in `owner`."""

    owner: Resource
    path: str
    target: str
    values: Mapping[str, Datum]


@dataclass(frozen=True, slots=True)
class DefaultTable:
    """The main table of the default VPC as AWS makes it: a default route to an internet gateway (VPC guide, "Default VPCs")."""


# The resource that writes the table; a VPC for its main table that nothing writes; AWS's own.
Table = Resource | DefaultTable


@answered_once
def subnet_kind(index: Index, subnet: Resource) -> Value:
    """Known("public" | "private" | "isolated"): its default route leads to an internet gateway, to anything else, nowhere."""
    table = route_table(index, subnet)
    if isinstance(table, Unknown):
        return table
    if isinstance(table, DefaultTable):
        return Known("public")
    routes = default_routes(index, table)
    if isinstance(routes, Unknown):
        return routes
    kinds = tuple(_leads(index, route) for route in routes)
    if Known("public") in kinds:
        return Known("public")
    unknown = next((kind for kind in kinds if isinstance(kind, Unknown)), None)
    if unknown is not None:
        return unknown
    return Known("private") if kinds else Known("isolated")


@answered_once
def route_table(index: Index, subnet: Resource) -> Table | Unknown:
    """The table associated with a subnet, else the main table of its VPC."""
    if subnet.mode == "data":
        return Unknown(tr("the routes of {address} are made by another root", address=subnet.address))
    unsure: Unknown | None = None
    for association in mentioning(index, subnet, "aws_route_table_association"):
        followed = follow(index, association, "subnet_id", *SUBNET_TYPES)
        if subnet.address in followed.addresses:
            return table_at(index, association, "route_table_id")
        unsure = followed.unknown if unsure is None else unsure
    unsure = handed_over(index, subnet) if unsure is None else unsure
    return _main_table(index, subnet) if unsure is None else unsure


@answered_once
def default_routes(index: Index, table: Resource) -> tuple[Route, ...] | Unknown:
    """The routes of a table to everywhere, inline and apart; Unknown when there is none to be seen but may be one."""
    found: list[Route] = []
    unknown = unseen_block(table, "route")
    unknown = _unseen(index, table) if unknown is None else unknown
    for owner, path, values in (*((table, *block) for block in blocks(table, "route")), *_routes_apart(index, table)):
        destinations = tuple(values.get(name) for name in _DESTINATIONS)
        if any(destination in _EVERYWHERE for destination in destinations):
            target = next((name for name in _TARGETS if values.get(name) not in (None, "")), "")
            found.append(Route(owner, path, target, values))
        for destination in destinations:
            unknown = destination if isinstance(destination, Unknown) and unknown is None else unknown
    return unknown if unknown is not None and not found else tuple(found)


def target(index: Index, route: Route, *types: str) -> Followed:
    """What a route leads to."""
    return follow(index, route.owner, f"{route.path}.{route.target}" if route.path else route.target, *types)


def _leads(index: Index, route: Route) -> Value:
    if route.target not in ("", "gateway_id"):
        return Known("private")
    match route.values.get(route.target):
        case str() as id:
            return Known("public" if id.startswith("igw-") else "private")
        case Unknown(ref=Reference(address=address)) if found := index.at(address):
            return Known("public" if kind_of(found[0]) in _INTERNET_GATEWAYS else "private")
        case Unknown() as unknown:
            return unknown
        case _:
            return Unknown(tr("where the default route of {address} leads is not written", address=route.owner.address))


def table_at(index: Index, resource: Resource, attribute: str) -> Table | Unknown:
    """The table that an attribute names, by its own id or as a VPC's main table."""
    followed = follow(index, resource, attribute, *TABLES)
    if len(followed.sure) == 1:
        return followed.sure[0]
    match resource.values.get(attribute):
        case Unknown(ref=Reference(address=address, attribute=name)) if name in _MAIN and len(found := index.at(address)) == 1:
            return found[0] if kind_of(found[0]) in VPCS else made_elsewhere(found[0])
        case _:
            return (
                followed.unknown
                if followed.unknown is not None
                else Unknown(tr("{address} names no route table", address=resource.address))
            )


def _main_table(index: Index, subnet: Resource) -> Table | Unknown:
    followed = follow(index, subnet, "vpc_id", *VPCS)
    vpc = next(iter(index.of("aws_default_vpc") if kind_of(subnet) == "aws_default_subnet" else followed.sure), None)
    if vpc is None:
        if kind_of(subnet) == "aws_default_subnet":
            return DefaultTable()
        return followed.unknown if followed.unknown is not None else Unknown(tr("{address} names no VPC", address=subnet.address))
    for association in mentioning(index, vpc, "aws_main_route_table_association"):
        if vpc.address in follow(index, association, "vpc_id", *VPCS).addresses:
            return table_at(index, association, "route_table_id")
    for table in mentioning(index, vpc, "aws_default_route_table"):
        if vpc.address in follow(index, table, "default_route_table_id", *VPCS).addresses:
            return table
    return DefaultTable() if kind_of(vpc) == "aws_default_vpc" else vpc


def _routes_apart(index: Index, table: Resource) -> Iterator[tuple[Resource, str, Mapping[str, Datum]]]:
    """The aws_route resources of a table, as (owner, block path, values)."""
    for route in _perhaps_of(index, table, "aws_route"):
        named = table_at(index, route, "route_table_id")
        if isinstance(named, Resource) and named.address == table.address:
            yield route, "", route.values


def _perhaps_of(index: Index, table: Resource, *types: str) -> tuple[Resource, ...]:
    """Resources that mention a table, or the VPC whose main table it is."""
    vpcs = follow(index, table, "default_route_table_id", *VPCS).sure if kind_of(table) == "aws_default_route_table" else ()
    return tuple(each for owner in (table, *vpcs) for each in mentioning(index, owner, *types))


def _unseen(index: Index, table: Resource) -> Unknown | None:
    """Why the table may hold routes that cannot be seen here."""
    if table.values.get("propagating_vgws") not in (None, ()) or mentioning(index, table, "aws_vpn_gateway_route_propagation"):
        return Unknown(tr("a VPN may bring routes to {address}", address=table.address))
    for route in _perhaps_of(index, table, "aws_route"):
        named = table_at(index, route, "route_table_id")
        if isinstance(named, Unknown):
            return named
    return handed_over(index, table)
