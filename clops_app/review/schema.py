"""The documents that ClOps writes have published schemas (JSON Schema, draft 2020-12), part of the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import cast

from clops_app.review.render.json_document import Json

NAMES = ("cost", "graph", "review")


def schema(name: str) -> Mapping[str, Json]:
    """The schema of a document, whole: what it refers to is in it. Raises KeyError for a name that is not in NAMES."""
    if name not in NAMES:
        raise KeyError(name)
    written = _read(name)
    if name != "review":
        return written
    # The cost document is a part of the review document; its schema is written once and bundled here, under its own $id.
    definitions = cast("Mapping[str, Json]", written["$defs"])
    return {**written, "$defs": {**definitions, "cost": _read("cost")}}


def _read(name: str) -> Mapping[str, Json]:
    text = files("clops_app.review").joinpath("schemas", f"{name}.json").read_text(encoding="utf-8")
    return cast("Mapping[str, Json]", json.loads(text))
