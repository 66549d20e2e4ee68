"""A tier that is all in one zone is away when that zone is."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Known, Resource, Tier, hit, tr

# What places a resource, the telling attribute first.
_PLACED_BY = (
    "vpc_zone_identifier",
    "availability_zones",
    "network_configuration[0].subnets",
    "subnet_ids",
    "subnet_id",
    "availability_zone",
)


def check(architecture: Architecture) -> Iterator[Hit]:
    for tier in architecture.tiers():
        match tier.zones:
            case Known((str() as zone,)) if tier.maximum != Known(0) and _serves(architecture, tier):
                message = tr(
                    "All of `{tier}` runs in {zone}: when that zone fails, and now and then one does, everybody is out.",
                    tier=tier.name,
                    zone=zone,
                )
                # Every instance of a block is written in the same lines: they are shown as one.
                for member in tier.members if tier.kind == "instances" else tier.members[:1]:
                    yield hit(member, message, _placement(member))
            case _:
                pass


def _serves(architecture: Architecture, tier: Tier) -> bool:
    # A lone machine of which nobody can tell what it is for is no serving tier; a group is made to serve.
    # One world lives on one machine, and so in one zone.
    roles = {architecture.role(member) for member in tier.members}
    if roles == {"bot"}:
        return False
    return tier.kind != "instances" or "serving" in roles or (len(tier.members) > 1 and "game_server" in roles)


def _placement(resource: Resource) -> str:
    return next((path for path in _PLACED_BY if path in resource.spans), "")
