"""A diagram as a Mermaid flowchart that GitHub draws: plain boxes, quoted labels, nothing that a label could break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from clops_app.language import tr, tr_noop
from clops_app.review.diagram import Change, Diagram, Node, Shape
from clops_app.review.render.markdown.safe import visible

_SHAPES: Mapping[Shape, tuple[str, str]] = MappingProxyType(
    {
        "internet": ("((", "))"),
        "entry": ("([", "])"),
        "compute": ("[", "]"),
        "store": ("[(", ")]"),
        "queue": ("[[", "]]"),
        "network": ("{{", "}}"),
    }
)
# Fill, stroke and text are all given, so that the colours are the same in GitHub's light and dark theme; a removed
# or added thing also says so in its label, for those who do not see the colour.
_CLASSES: Mapping[Change, str] = MappingProxyType(
    {
        "added": "fill:#dafbe1,stroke:#1a7f37,stroke-width:2px,color:#0b3d1a",
        "changed": "fill:#fff8c5,stroke:#9a6700,stroke-width:2px,color:#3d2a00",
        "removed": "fill:#ffebe9,stroke:#cf222e,stroke-width:2px,stroke-dasharray:5 3,color:#5c0a10",
    }
)
_WORDS: Mapping[Change, str] = MappingProxyType(
    {"added": tr_noop(" · new"), "changed": tr_noop(" · changed"), "removed": tr_noop(" · removed")}
)
_LABEL = 48  # characters of a name in a box


def mermaid(drawn: Diagram) -> str:
    """The text of the flowchart, without a fence."""
    zones = sorted({node.zone for node in drawn.nodes if node.zone})
    lines = ["flowchart TB"]
    lines += [f"  {_box(node)}" for node in drawn.nodes if not node.zone]
    for number, zone in enumerate(zones):
        lines.append(f'  subgraph z{number}["{label(zone)}"]')
        lines += [f"    {_box(node)}" for node in drawn.nodes if node.zone == zone]
        lines.append("  end")
    lines += [f"  {origin} --> {target}" for origin, target in drawn.arrows]
    lines += _marks(drawn.nodes)
    return "\n".join(lines) + "\n"


def label(text: str) -> str:
    """Text for inside a quoted Mermaid label: every character that Mermaid or HTML could read goes as an entity code."""
    short = visible(text)
    short = short if len(short) <= _LABEL else f"{short[: _LABEL // 2]}…{short[-_LABEL // 2 + 1 :]}"
    return "".join(c if c.isalnum() or c in " .,:-×·…/_()[]*" else f"#{ord(c)};" for c in short)


def _box(node: Node) -> str:
    opening, closing = _SHAPES[node.shape]
    if node.shape == "internet":
        return f'{node.key}{opening}"{label(node.name)}"{closing}'
    many = f" ×{node.count}" if node.count > 1 else ""
    note = f"<br/>{label(node.note)}" if node.note else ""
    fate = tr(_WORDS[node.change]) if node.change in _WORDS else ""
    return f'{node.key}{opening}"{label(node.kind)}{many}{fate}<br/>{label(node.name)}{note}"{closing}'


def _marks(nodes: Iterable[Node]) -> list[str]:
    lines = []
    for change, style in _CLASSES.items():
        keys = [node.key for node in nodes if node.change == change]
        if keys:
            lines += [f"  classDef {change} {style}", f"  class {','.join(keys)} {change}"]
    return lines
