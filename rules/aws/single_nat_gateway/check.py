"""Private subnets of several zones that share one way out lose it together."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Known, Resource, Unknown, hit, read, trn


def check(architecture: Architecture) -> Iterator[Hit]:
    gateways = [each for each in architecture.resources("aws_nat_gateway") if read(each, "connectivity_type") != Known("private")]
    if any(isinstance(each.index, Unknown) for each in gateways):
        return
    for gateway in gateways:
        # A regional NAT gateway is in every zone by itself.
        if read(gateway, "availability_mode") == Known("regional") or any(_same_network(architecture, gateway, each) for each in gateways):
            continue
        match architecture.nat_zones(gateway):
            case Known(tuple() as zones) if len(zones) > 1:
                message = trn(
                    "`{address}` is the only way out for private subnets in {count} zone: "
                    "when its zone fails, all of them lose the internet.",
                    "`{address}` is the only way out for private subnets in {count} zones: "
                    "when its zone fails, all of them lose the internet.",
                    len(zones),
                    address=gateway.address,
                )
                yield hit(gateway, message)
            case _:
                pass


def _same_network(architecture: Architecture, gateway: Resource, other: Resource) -> bool:
    if gateway.address == other.address:
        return False
    mine, theirs = _network(architecture, gateway), _network(architecture, other)
    return mine == theirs or not mine or not theirs


def _network(architecture: Architecture, gateway: Resource) -> frozenset[str]:
    subnets = architecture.linked(gateway, "subnet_id", "aws_subnet")
    return frozenset(network.address for subnet in subnets for network in architecture.linked(subnet, "vpc_id", "aws_vpc"))
