"""Users who reach a server by its own address all leave with it."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Known, OpenPort, Resource, Unknown, hit, read, tr

COMPUTE = ("aws_instance", "aws_spot_instance_request", "aws_autoscaling_group", "aws_ecs_service")
# Where browsers and apps speak HTTP: IANA's http, https, http-alt and https-alt, and the ports that web frameworks listen on.
WEB_PORTS = (80, 443, 3000, 5000, 8000, 8080, 8443)


def check(architecture: Architecture) -> Iterator[Hit]:
    for compute in architecture.resources(*COMPUTE):
        if (
            architecture.load_balancers(compute) == ()
            and not architecture.opaque_modules(compute)
            and _serves_the_web(architecture, compute)
        ):
            message = tr(
                "Nothing stands between users and `{address}`: when it is replaced, restarted or full, there is no other way in.",
                address=compute.address,
            )
            yield hit(compute, message)


def _serves_the_web(architecture: Architecture, compute: Resource) -> bool:
    groups = architecture.security_groups(compute)
    if not isinstance(groups, tuple) or architecture.role(compute) not in ("serving", "unclear"):
        return False
    if not _is_reached(architecture, compute):
        return False
    return any(_is_web(port) for group in groups for port in architecture.open_ports(group))


def _is_reached(architecture: Architecture, compute: Resource) -> bool:
    """Surely reached from the internet; where its network is not of this root, if it asks for a public address."""
    match architecture.publicly_reachable(compute):
        case Unknown():
            asked, _ = architecture.launch(compute, "associate_public_ip_address")
            asks = (asked, read(compute, "network_configuration[0].assign_public_ip"))
            return Known(True) in asks or bool(architecture.referring(compute, "aws_eip", "aws_eip_association"))
        case reached:
            return reached == Known(True)


def _is_web(port: OpenPort) -> bool:
    # A range of thousands of ports is about everything, not about the web.
    narrow = port.protocol == "tcp" and port.to_port - port.from_port <= 1000
    return narrow and any(port.covers(each) for each in WEB_PORTS)
