"""A group that asks only whether the machine is on keeps servers whose application has crashed."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, Resource, SetAttribute, absent, blocks, hit, read, tr

_BALANCED_BY = ("target_group_arns", "load_balancers")


def check(architecture: Architecture) -> Iterator[Hit]:
    for group in architecture.resources("aws_autoscaling_group"):
        if read(group, "health_check_type") in (absent, Known("EC2")) and _is_attached(architecture, group):
            message = tr(
                "`{address}` replaces a server only when the machine dies. One whose application has crashed stays, "
                "gets no traffic, and still counts as capacity.",
                address=group.address,
            )
            fix = Fix(tr("Ask the load balancer whether a server is well"), (SetAttribute(group.address, "health_check_type", "ELB"),))
            yield hit(group, message, "health_check_type", fix)


def _is_attached(architecture: Architecture, group: Resource) -> bool:
    """Surely behind a target group or a classic load balancer."""
    for path in _BALANCED_BY:
        match read(group, path):
            case Known(tuple() as written) if written:
                return True
            case _:
                pass
        if architecture.linked(group, path, "aws_lb_target_group", "aws_elb"):
            return True
    return bool(blocks(group, "traffic_source")) or bool(architecture.referring(group, "aws_autoscaling_attachment"))
