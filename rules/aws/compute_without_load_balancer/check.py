"""Players who reach a server by its own address all leave with it."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Known, OpenPort, Resource, hit

COMPUTE = ("aws_instance", "aws_spot_instance_request", "aws_autoscaling_group", "aws_ecs_service")
# Where browsers and apps speak HTTP: IANA's http, https, http-alt and https-alt, and the ports that web frameworks listen on.
WEB_PORTS = (80, 443, 3000, 5000, 8000, 8080, 8443)


def check(architecture: Architecture) -> Iterator[Hit]:
    for compute in architecture.resources(*COMPUTE):
        if architecture.load_balancers(compute) == () and not architecture.opaque_modules(compute) and _serves_the_web(architecture, compute):
            message = f"Nothing stands between players and `{compute.address}`: when it is replaced, restarted or full, there is no other way in."
            yield hit(compute, message)


def _serves_the_web(architecture: Architecture, compute: Resource) -> bool:
    groups = architecture.security_groups(compute)
    if not isinstance(groups, tuple) or architecture.role(compute) not in ("serving", "unclear"):
        return False
    if architecture.publicly_reachable(compute) == Known(False):
        return False
    return any(_is_web(port) for group in groups for port in architecture.open_ports(group))


def _is_web(port: OpenPort) -> bool:
    # A range of thousands of ports is about everything, not about the web.
    narrow = port.protocol == "tcp" and port.to_port - port.from_port <= 1000
    return narrow and any(port.covers(each) for each in WEB_PORTS)
