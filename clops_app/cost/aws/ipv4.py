"""Public IPv4 addresses: every one is billed by the hour since 2024-02-01, in use or not, also those AWS gives by itself.

Source: https://aws.amazon.com/blogs/aws/new-aws-public-ipv4-address-charge-public-ip-insights/
"""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.cost.book import Price
from clops_app.cost.pricing import Missing, Parts, Pricing, fixed, list_price, named
from clops_app.kit import Absent, Known, Unknown, Value, absent, read, text
from clops_app.language import tr
from clops_app.model.cost import HOURS_PER_MONTH, CostLine
from clops_app.model.resource import Resource

USAGE: Mapping[str, tuple[str, ...]] = {}


def ipv4_hour(pricing: Pricing, resource: Resource) -> Price | Missing:
    """What an hour of a public IPv4 address costs."""
    return list_price(pricing, resource, "vpc", "Hourly charge for In use Public IPv4 Addresses per Hrs", "hour")


def parts(resource: Resource, pricing: Pricing) -> Parts:
    """An aws_eip. Addresses of one's own (BYOIP) are free."""
    pool = text(read(resource, "public_ipv4_pool"), "amazon")
    own = pool != "amazon" or read(resource, "customer_owned_ipv4_pool") != absent
    if not own:
        yield fixed(tr("Public IPv4 address"), ipv4_hour(pricing, resource), HOURS_PER_MONTH)


def public_address(pricing: Pricing, resource: Resource) -> Parts:
    """The address AWS gives an instance by itself; an Elastic IP takes its place and is billed on its own."""
    if pricing.architecture.referring(resource, "aws_eip", "aws_eip_association"):
        return
    written = pricing.architecture.launch(resource, "associate_public_ip_address")[0]
    if written != absent:
        yield from address_if(pricing, resource, written)
        return
    if read(resource, "network_interface[0]") != absent or read(resource, "primary_network_interface[0]") != absent:
        return  # an interface of one's own gets no address by itself
    match pricing.architecture.subnets(resource):
        case Unknown() as unknown:
            yield from address_if(pricing, resource, unknown)
        case ():
            # (https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html)
            note = tr("without a subnet it starts in the default VPC, whose subnets give public addresses")
            yield fixed(tr("Public IPv4 address"), ipv4_hour(pricing, resource), HOURS_PER_MONTH, note)
        case subnets:
            yield from address_if(pricing, resource, _of_subnets(subnets))


def address_if(pricing: Pricing, resource: Resource, public: Value) -> Parts:
    """One public address all month if `public` is true; a line without quantity if that is unknown."""
    price = ipv4_hour(pricing, resource)
    match public, price:
        case Known(True), _:
            yield fixed(tr("Public IPv4 address"), price, HOURS_PER_MONTH)
        case Unknown(), Missing() as missing:
            yield named(tr("Public IPv4 address"), missing)
        case Unknown(why=why), Price(usd, unit, source, date):
            yield CostLine(tr("Public IPv4 address"), None, unit, usd, tr("only if it gets one: {why}", why=why), source, date)
        case _:
            pass


def _of_subnets(subnets: tuple[Resource, ...]) -> Value:
    for subnet in subnets:
        match read(subnet, "map_public_ip_on_launch"):
            case Unknown() as unknown:
                return unknown
            case Known(True):
                return Known(True)
            case Absent() if subnet.type == "aws_default_subnet":
                return Known(True)
            case _:
                pass
    return Known(False)
