"""A server that nothing replaces and nothing multiplies is as much as there will ever be."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Resource, hit, read, text, tr

SERVERS = ("aws_instance", "aws_spot_instance_request")
# Dedicated servers of games that keep a world on one machine: a second one is another world, not more room in this.
_ONE_WORLD = re.compile(r"minecraft|valheim|factorio|terraria|palworld|satisfactory|zomboid", re.IGNORECASE)
_JOINS_A_CLUSTER = re.compile(r"ECS_CLUSTER|/etc/eks/bootstrap|nodeadm|kubeadm|k3s")


def check(architecture: Architecture) -> Iterator[Hit]:
    for server in architecture.resources(*SERVERS):
        # A machine of which nobody can tell what it is for may well be one that is there once, and rightly.
        if architecture.role(server) in ("serving", "game_server") and not _is_apart(architecture, server):
            message = tr(
                "Nothing replaces `{address}` when it fails, and nothing adds another like it when a crowd comes.", address=server.address
            )
            yield hit(server, message)


def _is_apart(architecture: Architecture, server: Resource) -> bool:
    """Launched into a cluster, which scales, or not, by itself; or one world on one machine."""
    user_data = text(architecture.launch(server, "user_data")[0])
    names = " ".join((server.module, server.name, text(read(server, "tags.Name"))))
    return bool(_JOINS_A_CLUSTER.search(user_data)) or bool(_ONE_WORLD.search(names))
