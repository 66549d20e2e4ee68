"""A server that nothing replaces and nothing multiplies is as much as there will ever be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Resource, hit, text

SERVERS = ("aws_instance", "aws_spot_instance_request")
_JOINS_A_CLUSTER = re.compile(r"ECS_CLUSTER|/etc/eks/bootstrap|nodeadm|kubeadm|k3s")


def check(architecture: Architecture) -> Iterator[Hit]:
    for server in architecture.resources(*SERVERS):
        # A machine of which nobody can tell what it is for may well be one that is there once, and rightly.
        if architecture.role(server) in ("serving", "game_server") and not _joins_a_cluster(architecture, server):
            message = f"Nothing replaces `{server.address}` when it fails, and nothing adds another like it when a crowd comes."
            yield hit(server, message)


def _joins_a_cluster(architecture: Architecture, server: Resource) -> bool:
    """Launched into a cluster, which scales, or not, by itself."""
    return bool(_JOINS_A_CLUSTER.search(text(architecture.launch(server, "user_data")[0])))
