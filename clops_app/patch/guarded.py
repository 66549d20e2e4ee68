"""What nobody but a person may change: who may do what, and which doors stand open to the whole internet."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping

from clops_app.graph.leaves import leaves
from clops_app.model.resource import Configuration, Resource
from clops_app.model.values import Datum

_GRANTS = re.compile(
    r"aws_(?:iam|identitystore|organizations|ram|ssoadmin|verifiedpermissions)_"
    r"|.*_(?:(?:access|bucket|bus|domain|endpoint|file_system|key|permissions?|queue|registry|repository|resource|secret|topic|vault)_policy"
    r"|grant|permission|public_access_block|(?:bucket|object)_acl)$"
)
_GRANTING = re.compile(
    r"(?:access_polic(?:y|ies)|acl|assume_role_policy|grant|inline_policy|managed_policy_arns|(?:resource_)?policy)(?:[.\[]|$)"
)
_NARROW = {4: 8, 6: 16}  # bits of a network that is not nearly the whole internet, by the version of IP
_ALL_PROTOCOLS = frozenset({"-1", "all"})  # ports count for nothing then: API reference of EC2, IpPermission
_INLINE = ("aws_security_group", "aws_default_security_group")
_RULES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
_HTTP = frozenset({"80", "443"})  # what a load balancer is for
_DOOR = re.compile(r"(ingress\[\d+\]|ingress)\.")


def guarded(was: Configuration, now: Configuration) -> str | None:
    """What of it a change touches; None where it touches nothing. What it takes away is not looked for."""
    before = {resource.address: dict(leaves(resource.values)) for resource in was.resources}
    for resource in now.resources:
        old, new = before.get(resource.address), dict(leaves(resource.values))
        changed = {path for path, leaf in new.items() if old is None or old.get(path) != leaf}
        if any(map(_GRANTING.match, changed)) or ((old is None or changed) and _GRANTS.match(resource.type)):
            return f"a change may not touch who may do what ({resource.address})"
        if any(ports not in _HTTP for ports in {*_doors(resource, new)} - {*_doors(resource, old or {})}):
            return f"a change may open no port but 80 and 443 to everybody ({resource.address})"
    return None


def _doors(resource: Resource, values: Mapping[str, Datum]) -> Iterator[str]:
    """What a security group or a rule lets in from everywhere: a port, or a range of them."""
    if resource.type not in (*_INLINE, *_RULES) or values.get("type") == "egress":
        return
    for path, leaf in values.items():
        door = _DOOR.match(path)
        if (resource.type in _RULES or door is not None) and isinstance(leaf, str) and _is_wide(leaf):
            within = f"{door[1]}." if door is not None else ""
            first, last = values.get(f"{within}from_port"), values.get(f"{within}to_port")
            every = {str(values.get(f"{within}{name}")) for name in ("protocol", "ip_protocol")} & _ALL_PROTOCOLS
            yield "all" if every else str(first) if first == last else f"{first}-{last}"


def _is_wide(text: str) -> bool:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return network.prefixlen < _NARROW[network.version] and "/" in text
