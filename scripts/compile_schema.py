"""The AWS provider's schema becomes package data that is read one type at a time.

    python scripts/compile_schema.py SCHEMA.json.gz clops_app/terraform/schema/aws.bin

The input is what `terraform providers schema -json` says of hashicorp/aws, its `resource_schemas` and
`data_source_schemas` at the top level and `provider_version` beside them (descriptions may be left out).
The output's layout is told in clops_app/terraform/schema/__init__.py. Same input, same bytes.
"""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections import Counter
from pathlib import Path
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

DICTIONARY_BYTES = 32_768  # what DEFLATE can look back
FLAGS = (("required", "r"), ("optional", "o"), ("computed", "c"), ("sensitive", "s"))


def compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def nested_type(nested: dict[str, Json]) -> Json:
    """A nested attribute as the object type it is; the names of its optional members go third, as cty writes them."""
    attributes: dict[str, dict[str, Json]] = nested["attributes"]  # type: ignore[assignment]
    members = {name: attribute_type(attribute) for name, attribute in attributes.items()}
    optional: list[Json] = [name for name, attribute in sorted(attributes.items()) if not attribute.get("required")]
    of: Json = ["object", members, optional] if optional else ["object", members]
    mode = nested["nesting_mode"]
    return of if mode in ("single", "group") else [mode, of]


def attribute_type(attribute: dict[str, Json]) -> Json:
    return nested_type(attribute["nested_type"]) if "nested_type" in attribute else attribute["type"]  # type: ignore[arg-type]


def attribute(written: dict[str, Json]) -> str:
    return "".join(letter for flag, letter in FLAGS if written.get(flag)) + ":" + compact(attribute_type(written))


def blocks(root: dict[str, Json]) -> list[Json]:
    """The distinct blocks of one type, inner before outer, the type's own last: some types repeat a block a hundred times."""
    known: dict[str, int] = {}
    found: list[Json] = []

    def number(block: dict) -> int:  # type: ignore[type-arg]
        attributes: dict[str, Json] = {name: attribute(written) for name, written in sorted(block.get("attributes", {}).items())}
        nested: dict[str, Json] = {
            name: [inner["nesting_mode"], number(inner["block"]), inner.get("min_items", 0), inner.get("max_items", 0)]
            for name, inner in sorted(block.get("block_types", {}).items())
        }
        key = compact([attributes, nested])
        if key not in known:
            known[key] = len(found)
            found.append([attributes, nested])
        return known[key]

    number(root)
    return found


def dictionary(records: list[str]) -> bytes:
    """The pieces that most records share, the most common last, where DEFLATE reaches them at the least cost."""
    pieces: Counter[str] = Counter()
    for record in records:
        pieces.update(set(record.replace("},{", "}\n,{").replace(',"', '\n,"').split("\n")))
    worth = sorted(pieces, key=lambda piece: (pieces[piece] * len(piece), piece), reverse=True)
    chosen: list[str] = []
    size = 0
    for piece in worth:
        if pieces[piece] > 1 and len(piece) > 3 and size + len(piece) <= DICTIONARY_BYTES:
            chosen.append(piece)
            size += len(piece)
    return "".join(reversed(chosen)).encode()


def deflated(text: str, shared: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, shared)
    return packer.compress(text.encode()) + packer.flush()


def main(source: str, target: str) -> None:
    schema = json.loads(gzip.decompress(Path(source).read_bytes()))
    groups = {"managed": schema["resource_schemas"], "data": schema["data_source_schemas"]}
    texts = {mode: {name: compact(blocks(written["block"])) for name, written in sorted(group.items())} for mode, group in groups.items()}
    shared = dictionary([text for group in texts.values() for text in group.values()])
    packed = {mode: {name: deflated(text, shared) for name, text in group.items()} for mode, group in texts.items()}
    index = compact(
        {
            "provider": schema["provider_version"],
            **{mode: [" ".join(group), [len(record) for record in group.values()]] for mode, group in packed.items()},
        }
    )
    head = zlib.compress(index.encode(), 9)
    lexicon = zlib.compress(shared, 9)
    body = b"".join(record for group in packed.values() for record in group.values())
    Path(target).write_bytes(len(head).to_bytes(4, "big") + len(lexicon).to_bytes(4, "big") + head + lexicon + body)


if __name__ == "__main__":
    main(*sys.argv[1:])
