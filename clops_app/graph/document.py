"""A graph can be written down: the document `clops.graph/1`, which other programs read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

from clops_app.graph.leaves import leaves
from clops_app.language import tr
from clops_app.model.graph import Graph
from clops_app.model.resource import Configuration, ModuleCall, Resource
from clops_app.model.source import SourceTree, lines_of
from clops_app.model.values import Datum, Unknown, first_unknown
from clops_app.terraform.modelled import is_model
from clops_app.terraform.reasons import tells_failure

SCHEMA = "clops.graph/1"
Json: TypeAlias = "None | bool | int | Decimal | str | list[Json] | dict[str, Json]"


def graph_document(graph: Graph, tree: SourceTree) -> dict[str, Json]:
    """The document of one root. Write it with `json_text`: its numbers may be Decimals, which lose no digits."""
    configuration = graph.configuration
    return {
        "schema": SCHEMA,
        "root": configuration.root,
        "resources": [_resource(resource, configuration.modules, tree) for resource in graph.resources.values()],
        "edges": [
            {"from": edge.origin, "to": edge.target, "via": edge.via}
            for edge in graph.edges
        ],
        "outputs": {name: _output(configuration, name, value) for name, value in sorted(configuration.outputs.items())},
        "diagnostics": [{"what": each.what, "where": each.where, "why": each.why} for each in configuration.diagnostics],
    }  # fmt: skip


def json_text(value: Json, indent: str = "") -> str:
    """JSON, indented by two blanks, every number with all its digits (the standard library would go through float)."""
    inner = indent + "  "
    match value:
        case Decimal():
            return str(value)
        case list() if value:
            return "[\n" + ",\n".join(inner + json_text(item, inner) for item in value) + f"\n{indent}]"
        case dict() if value:
            members = (f"{inner}{json.dumps(name, ensure_ascii=False)}: {json_text(item, inner)}" for name, item in value.items())
            return "{\n" + ",\n".join(members) + f"\n{indent}}}"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _resource(resource: Resource, calls: Sequence[ModuleCall], tree: SourceTree) -> dict[str, Json]:
    index = resource.index
    found: dict[str, Json] = {
        "address": resource.address,
        "mode": resource.mode,
        "type": resource.type,
        "name": resource.name,
        "module": resource.module,
        "index": None if isinstance(index, Unknown) else index,
    }
    if isinstance(index, Unknown):
        found["index_unknown"] = index.why
    found["region"] = None if isinstance(resource.region, Unknown) else resource.region
    if isinstance(resource.region, Unknown):
        found["region_unknown"] = resource.region.why
    told = tuple(leaves(resource.values))
    hidden = {path for path, _ in told if _is_sensitive(path, resource.sensitive)}
    found["values"] = _known(resource.values, "", resource.sensitive)
    found["unknown"] = [path for path, leaf in told if isinstance(leaf, Unknown) or path in hidden]
    if resource.sensitive:
        found["sensitive"] = [*sorted(hidden | resource.sensitive)]
    found["source"] = _source(resource, calls, tree)
    return found


def _known(datum: Datum, path: str, sensitive: frozenset[str]) -> Json:
    """What may be told of a value. What may not is left out of objects, and null in lists, so that the others keep their place."""
    match datum:
        case Unknown():
            return None
        case tuple():
            return [
                None if _is_sensitive(f"{path}[{n}]", sensitive) else _known(item, f"{path}[{n}]", sensitive)
                for n, item in enumerate(datum)
            ]
        case Mapping():
            below = {name: f"{path}.{name}" if path else name for name in datum}
            return {
                name: _known(item, below[name], sensitive)
                for name, item in datum.items()
                if not isinstance(item, Unknown) and not _is_sensitive(below[name], sensitive)
            }
        case _:
            return datum


def _is_sensitive(path: str, sensitive: frozenset[str]) -> bool:
    return any(path == each or (path.startswith(each) and path[len(each)] in ".[") for each in sensitive)


def _source(resource: Resource, calls: Sequence[ModuleCall], tree: SourceTree) -> dict[str, Json]:
    """Where it is written; what a model of a module makes is written in the call of that module."""
    span = resource.source
    if is_model(span.path):
        around = [call for call in calls if resource.address.startswith(f"{call.address}.") and not is_model(call.source.path)]
        span = max(around, key=lambda call: len(call.address)).source
    first, last = lines_of(tree, span)
    return {"path": span.path, "start_line": first, "end_line": last}


def _output(configuration: Configuration, name: str, value: Datum) -> dict[str, Json]:
    """A sensitive value is never told, whether or not it is known."""
    unknown = first_unknown(value)
    if isinstance(value, Unknown) and tells_failure(value, f"output.{name}"):
        return {"error": value.why}
    if name in configuration.sensitive_outputs:
        return {"unknown": tr("it is sensitive"), "sensitive": True}
    return {"value": _known(value, "", frozenset())} if unknown is None else {"unknown": unknown.why}
