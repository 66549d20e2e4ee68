"""A diagram in the language of Graphviz."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from clops_app.review.diagram import Change, Diagram, Node, Shape
from clops_app.review.render.markdown.safe import visible

_SHAPES: Mapping[Shape, str] = MappingProxyType(
    {"internet": "circle", "entry": "oval", "compute": "box", "store": "cylinder", "queue": "box3d", "network": "hexagon"}
)
_COLOURS: Mapping[Change, str] = MappingProxyType({"same": "#57606a", "added": "#1a7f37", "changed": "#9a6700", "removed": "#cf222e"})


def dot(drawn: Diagram) -> str:
    """The text of a digraph, from top to bottom, zones as clusters."""
    zones = sorted({node.zone for node in drawn.nodes if node.zone})
    lines = ["digraph architecture {", "  rankdir=TB;", '  node [fontname="sans-serif"];']
    lines += [f"  {_node(node)}" for node in drawn.nodes if not node.zone]
    for number, zone in enumerate(zones):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(zone)};"]
        lines += [f"    {_node(node)}" for node in drawn.nodes if node.zone == zone]
        lines.append("  }")
    lines += [f"  {origin} -> {target};" for origin, target in drawn.arrows]
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node) -> str:
    many = f" ×{node.count}" if node.count > 1 else ""
    words = [part for part in (f"{node.kind}{many}", node.name, node.note) if part]
    text = "\\n".join(_escaped(word) for word in words)
    style = ', style="dashed"' if node.change == "removed" else ""
    return f'{node.key} [label="{text}", shape={_SHAPES[node.shape]}, color="{_COLOURS[node.change]}"{style}];'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')
