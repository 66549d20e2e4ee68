"""Plans as `terraform show -json` prints them, trimmed to what is read, put together from a few words."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

Shape = dict[str, Any]
_ADDRESS = re.compile(r"(?P<module>(?:module\.\w+(?:\[.*?\])?\.)*)(?P<data>data\.)?(?P<type>\w+)\.(?P<name>\w+)(?P<key>\[.*\])?")


def change(
    address: str,
    after: Shape,
    unknown: Shape | None = None,
    sensitive: Shape | None = None,
    *,
    actions: tuple[str, ...] = ("create",),
) -> Shape:
    """One of `resource_changes`: `module.a["x"].aws_sqs_queue.q[0]`."""
    parts = _ADDRESS.fullmatch(address)
    assert parts is not None
    found: Shape = {"address": address, "mode": "data" if parts["data"] else "managed", "type": parts["type"], "name": parts["name"]}
    if parts["module"]:
        found["module_address"] = parts["module"][:-1]
    if parts["key"]:
        found["index"] = json.loads(parts["key"][1:-1])
    found["change"] = {"actions": [*actions], "after": after, "after_unknown": unknown or {}, "after_sensitive": sensitive or {}}
    return found


def block(address: str, expressions: Shape | None = None, *, counted: bool = False) -> Shape:
    """One of the resources of a module in `configuration`."""
    type_name, name = address.removeprefix("data.").split(".")
    found: Shape = {"address": address, "mode": "data" if address.startswith("data.") else "managed", "type": type_name, "name": name}
    found |= {"provider_config_key": "aws", "expressions": expressions or {}}
    return found | ({"count_expression": {}} if counted else {})


def code(*resources: Shape, calls: Shape | None = None, outputs: Shape | None = None, variables: Shape | None = None) -> Shape:
    return {"resources": [*resources], "module_calls": calls or {}, "outputs": outputs or {}, "variables": variables or {}}


def constants(**values: object) -> Shape:
    return {name: {"constant_value": value} for name, value in values.items()}


def refers(*references: str) -> Shape:
    return {"references": [*references]}


def document(
    root: Shape, *changes: Shape, variables: Mapping[str, object] | None = None, answers: tuple[Shape, ...] = (), **more: object
) -> Shape:
    """A whole plan. `answers` are data sources of the prior state: address, values."""
    prior = [{"mode": "data", "type": answer["type"], "name": answer["name"], "values": answer["change"]["after"]} for answer in answers]
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {name: {"value": value} for name, value in (variables or {}).items()},
        "resource_changes": [*changes],
        "prior_state": {"values": {"root_module": {"resources": prior}}},
        "configuration": {"provider_config": {}, "root_module": root},
        "complete": True,
        "errored": False,
        **more,
    }


def text(found: Shape) -> bytes:
    return json.dumps(found).encode()
