"""A server that nothing replaces and nothing multiplies is as much as there will ever be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Resource, hit, read, text

SERVERS = ("aws_instance", "aws_spot_instance_request")
# What serves the team rather than players: one of it is enough, and it may be away for a while.
_TOOLS = re.compile(r"jenkins|gitlab|runner|\bci\b|build|vpn|wireguard|monitor|prometheus|grafana|sandbox|proxy|\btest|\bdev\b", re.IGNORECASE)
_JOINS_A_CLUSTER = re.compile(r"ECS_CLUSTER|/etc/eks/bootstrap|nodeadm|kubeadm|k3s")


def check(architecture: Architecture) -> Iterator[Hit]:
    for server in architecture.resources(*SERVERS):
        if architecture.role(server) in ("serving", "game_server", "unclear") and not _is_apart(architecture, server):
            message = f"Nothing replaces `{server.address}` when it fails, and nothing adds another like it when players come."
            yield hit(server, message)


def _is_apart(architecture: Architecture, server: Resource) -> bool:
    """Launched into a cluster that scales, or a tool of the team."""
    user_data = text(architecture.launch(server, "user_data")[0])
    names = " ".join((server.name.replace("_", " ").replace("-", " "), text(read(server, "tags.Name")).replace("-", " ")))
    serving = architecture.role(server) == "serving"
    return bool(_JOINS_A_CLUSTER.search(user_data)) or (not serving and bool(_TOOLS.search(names)))
