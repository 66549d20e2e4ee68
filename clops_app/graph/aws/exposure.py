"""It is known which security groups stand before a resource and what they open to the whole internet."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from clops_app.graph.aws.beanstalk import LAUNCH, setting
from clops_app.graph.aws.following import Followed, both, follow, follow_any, mentioning, naming
from clops_app.graph.aws.hosts import hosts
from clops_app.graph.aws.index import Index, answered_once, in_order, kind_of
from clops_app.graph.aws.launch import INSTANCES, interfaces, launched_by
from clops_app.graph.aws.opaque import handed_over
from clops_app.graph.aws.places import SECURITY_GROUPS
from clops_app.graph.leaves import unseen_block
from clops_app.kit import OpenPort, at, blocks, read
from clops_app.language import tr
from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Unknown, absent

GROUP_TYPES = ("aws_security_group", "aws_default_security_group")
RULE_TYPES = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")
# IANA protocol numbers that EC2 takes for names (docs: IpPermission).
_PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_LAST_PORT = 65535
# What puts a group before an interface or instance from outside: its type, where it names them, and what may be named there.
_ATTACHED = ("aws_network_interface_sg_attachment", "network_interface_id", "aws_network_interface", *INSTANCES)
_CIDRS = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")
_DOORS = ("protocol", "ip_protocol", "from_port", "to_port")
# Members that take the security groups of what they belong to.
_BELONGS_TO = {
    "aws_rds_cluster_instance": ("cluster_identifier", "aws_rds_cluster"),
    "aws_docdb_cluster_instance": ("cluster_identifier", "aws_docdb_cluster"),
    "aws_neptune_cluster_instance": ("cluster_identifier", "aws_neptune_cluster"),
    "aws_elasticache_cluster": ("replication_group_id", "aws_elasticache_replication_group"),
}


def security_groups(index: Index, resource: Resource) -> tuple[Resource, ...] | Unknown:
    """The groups of this root before a resource. Unknown when others may apply.

    Where none is written AWS takes the VPC's default group, which lets in only its own members unless somebody
    changed it: () then, or the resource that adopts it.
    """
    return guarded_by(index, resource).all


@answered_once
def guarded_by(index: Index, resource: Resource) -> Followed:
    """The same, what is sure told from what is not."""
    kind = kind_of(resource)
    if kind in INSTANCES or kind == "aws_autoscaling_group":
        return _of_instance(index, resource)
    if kind == "aws_eks_node_group":
        found = _of_instance(index, resource)
        if found.written:
            return found
        return Followed(unknown=Unknown(tr("EKS puts the cluster's own security group on its nodes")), written=True)
    if kind == "aws_elastic_beanstalk_environment":
        path, value = setting(resource, LAUNCH, "SecurityGroups")
        return Followed() if value == absent else follow(index, resource, path, *GROUP_TYPES)
    if kind == "aws_efs_file_system":
        return both(index, *(guarded_by(index, target) for target in mentioning(index, resource, "aws_efs_mount_target")))
    own = follow_any(index, resource, SECURITY_GROUPS.get(kind, ()), *GROUP_TYPES)
    if not own.written and kind in _BELONGS_TO:
        attribute, owners = _BELONGS_TO[kind]
        owner = follow(index, resource, attribute, owners)
        return both(index, Followed(unknown=owner.unknown), *(guarded_by(index, each) for each in owner.sure))
    if not own.written and kind == "aws_ecs_service" and resource.values.get("network_configuration") is None:
        running = hosts(index, resource)
        return both(index, Followed(unknown=running.unknown), *(guarded_by(index, host) for host in running.sure))
    return own


@answered_once
def open_ports(index: Index, group: Resource) -> tuple[OpenPort, ...]:
    """What the group surely opens to the whole internet: inline, then rule resources in address order."""
    inline = (port for path, _ in blocks(group, "ingress") for port in _opened(group, group, path))
    written_apart = (
        port
        for rule in mentioning(index, group, *RULE_TYPES)
        if not isinstance(rule.index, Unknown) and rule.values.get("type", "ingress") == "ingress"
        if group.address in follow(index, rule, "security_group_id", *GROUP_TYPES).addresses
        for port in _opened(group, rule, "")
    )
    return (*inline, *written_apart)


@answered_once
def doubt(index: Index, group: Resource) -> Unknown | None:
    """Why the group may open more to the whole internet than `open_ports` tells, or None."""
    if (unseen := unseen_block(group, "ingress")) is not None:
        return unseen
    for path, _ in blocks(group, "ingress"):
        if (unseen := _unsaid(group, path)) is not None:
            return unseen
    for rule in mentioning(index, group, *RULE_TYPES):
        if group not in follow(index, rule, "security_group_id", *GROUP_TYPES).possible or rule.values.get("type") == "egress":
            continue
        unseen = rule.index if isinstance(rule.index, Unknown) else _unsaid(rule, "")
        if unseen is not None:
            return unseen
    return handed_over(index, group)


def _unsaid(written_in: Resource, path: str) -> Unknown | None:
    """What of a rule is not known: whom it lets in, or through which door it lets in the world."""
    for attribute in (*_CIDRS, *_DOORS):
        datum = read(written_in, f"{path}.{attribute}" if path else attribute)
        if isinstance(datum, Unknown):
            return datum
    return None


def is_world(cidr: Datum) -> bool:
    """Whether it is the whole internet, however it is spelled (`0.0.0.0/0`, `::/0`, `0:0::/0`)."""
    if not isinstance(cidr, str) or not cidr.endswith("/0"):
        return False
    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen == 0
    except ValueError:
        return False


def _opened(group: Resource, written_in: Resource, path: str) -> Iterator[OpenPort]:
    rule = dict(blocks(written_in, path.removesuffix("]").rpartition("[")[0])).get(path, {}) if path else written_in.values
    ports = _ports(rule)
    if ports is None:
        return
    protocol, first, last = ports
    for attribute in _CIDRS:
        written = rule.get(attribute)
        place = at(written_in, f"{path}.{attribute}" if path else attribute)
        for cidr in written if isinstance(written, tuple) else (written,):
            if isinstance(cidr, str) and is_world(cidr):
                yield OpenPort(group.address, protocol, first, last, cidr, place, written_in, path)


def _ports(rule: Mapping[str, Datum]) -> tuple[str, int, int] | None:
    """Protocol, first and last port, or None when any of them is not known."""
    written = rule.get("protocol", rule.get("ip_protocol"))
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str):
        return None
    protocol = _PROTOCOLS.get(written.lower(), written.lower())
    if protocol == "-1":
        return protocol, 0, _LAST_PORT
    match rule.get("from_port"), rule.get("to_port"):
        case (int() as first, int() as last):
            return protocol, first, last
        case _:
            return None


def _of_instance(index: Index, resource: Resource) -> Followed:
    parts = [_launched_behind(index, resource, name) for name in ("vpc_security_group_ids", "security_groups")]
    own = interfaces(index, resource)
    attached = in_order((each for to in (resource, *own.sure) for each in naming(index, to, *_ATTACHED)), index)
    return both(
        index,
        *parts,
        Followed(unknown=own.unknown),
        *(guarded_by(index, each) for each in own.sure),
        *(follow(index, each, "security_group_id", *GROUP_TYPES) for each in attached),
    )


def _launched_behind(index: Index, resource: Resource, name: str) -> Followed:
    match launched_by(index, resource, name):
        case (owner, path):
            return follow(index, owner, path, *GROUP_TYPES)
        case Unknown() as unknown:
            return Followed(unknown=unknown)
        case None:
            return Followed()
