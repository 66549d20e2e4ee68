"""The text of a `.clops.yml` becomes a Config, or errors that name the line and the nearest valid name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import yaml
from pydantic import TypeAdapter, ValidationError

from clops_app.usecases.config import Config
from clops_app.usecases.errors import ConfigError

_MAX_BYTES = 256 * 1024  # a hundred ignores of a few lines each are 20 KB
_MAX_NODES = 20_000  # aliases may name one node many times over
_MAX_DEPTH = 20  # the deepest key has four levels; a variable's value may have more

# 64 bits in binary are 66 characters; Python itself refuses to print an int of more than 4,300 digits.
_LONGEST_NUMBER = 80
_NUMBERS = frozenset({"tag:yaml.org,2002:int", "tag:yaml.org,2002:float"})

_Json = None | bool | int | float | str | list["_Json"] | dict[str, "_Json"]


@cache
def _adapter() -> TypeAdapter[Config]:
    return TypeAdapter(Config)


def json_schema() -> dict[str, object]:
    """The JSON Schema of `.clops.yml`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_adapter().json_schema()}


def read_config(path: str, content: bytes) -> Config:
    """Raises ConfigError with every fault that was found. An empty file says nothing: the defaults."""
    if len(content) > _MAX_BYTES:
        raise ConfigError((f"{path}: larger than {_MAX_BYTES // 1024} KiB. Is it a settings file?",))
    document = _document(path, content)
    if document is None:
        return Config()
    plain = _Reader(path).plain(document)
    if plain is None:
        return Config()
    try:
        config = _adapter().validate_json(json.dumps(plain), strict=True)
    except ValidationError as error:
        raise ConfigError(_faults(path, document, error)) from error
    if config.usage:
        _check_usage(path, document, config.usage, ("usage",))
    return config


def read_usage(path: str, content: bytes) -> Mapping[str, object]:
    """A usage file: what `.clops.yml` holds below `usage`, or an Infracost usage file. Raises ConfigError."""
    document = None if len(content) > _MAX_BYTES else _document(path, content)
    plain = None if document is None else _Reader(path).plain(document)
    if document is None or not isinstance(plain, dict):
        raise ConfigError((f"{path}: a usage file holds quantities by resource address or type, in YAML of at most 256 KiB",))
    usage = plain["usage"] if set(plain) == {"usage"} and isinstance(plain["usage"], dict) else plain
    _check_usage(path, document, usage, () if usage is plain else ("usage",))
    return usage


def _check_usage(path: str, document: yaml.Node, usage: Mapping[str, object], below: tuple[str, ...]) -> None:
    from clops_app.cost.usage import parse_usage

    problems = [(".".join((*below, problem.where)), problem.why) for problem in parse_usage(usage)[1]]
    found = sorted((_line(_below(document, where)), where, why) for where, why in problems)
    if found:
        raise ConfigError(tuple(f"{path}:{line}: '{where}': {why}." for line, where, why in found))


def _below(node: yaml.Node, dotted: str) -> yaml.Node:
    """The key at a dotted path, whose steps may hold dots themselves; as far as it can be followed."""
    pairs: list[tuple[yaml.Node, yaml.Node]] = node.value if isinstance(node, yaml.MappingNode) else []
    for key, value in pairs:
        if dotted == key.value:
            return key
        if dotted.startswith(f"{key.value}."):
            below = _below(value, dotted[len(key.value) + 1 :])
            return key if below is value else below
    return node


def _document(path: str, content: bytes) -> yaml.Node | None:
    try:
        # Composed only, never constructed: a date stays text, and no tag builds an object.
        return yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError((f"{path}:{line}: not valid YAML: {error.problem or error.context}",)) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ConfigError((f"{path}: not valid YAML in UTF-8",)) from error
    except RecursionError as error:
        raise ConfigError((f"{path}: nested too deep",)) from error


@dataclass(slots=True)
class _Reader:
    """Nodes to JSON. Counts them, because a few aliases can stand for millions."""

    path: str
    nodes: int = 0

    def plain(self, node: yaml.Node, depth: int = 0) -> _Json:
        if depth > _MAX_DEPTH:
            raise ConfigError((f"{self.path}:{_line(node)}: nested too deep",))
        self.nodes += 1
        if self.nodes > _MAX_NODES:
            raise ConfigError((f"{self.path}:{_line(node)}: more than {_MAX_NODES:,} values. Are there aliases of aliases?",))
        match node:
            case yaml.MappingNode(tag="tag:yaml.org,2002:map"):
                return self._mapping(node, depth + 1)
            case yaml.SequenceNode(tag="tag:yaml.org,2002:seq"):
                return [self.plain(item, depth + 1) for item in node.value]
            case _:
                return _scalar(self.path, node)

    def _mapping(self, node: yaml.MappingNode, depth: int) -> dict[str, _Json]:
        pairs: dict[str, _Json] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConfigError((f"{self.path}:{_line(key)}: a key must be a plain word",))
            if key.value in pairs:
                raise ConfigError((f"{self.path}:{_line(key)}: '{key.value}' is written twice",))
            pairs[key.value] = self.plain(value, depth)
        return pairs


def _scalar(path: str, node: yaml.Node) -> _Json:
    text = str(node.value)
    if node.tag in _NUMBERS and len(text) > _LONGEST_NUMBER:
        raise ConfigError((f"{path}:{_line(node)}: a number of {len(text):,} characters is not read; is it meant as text? Then quote it",))
    try:
        match node.tag:
            case "tag:yaml.org,2002:null":
                return None
            case "tag:yaml.org,2002:bool":
                return text.lower() in ("true", "yes", "on")
            case "tag:yaml.org,2002:int":
                return int(text.replace("_", ""), 0)
            case "tag:yaml.org,2002:float":
                number = float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
                if number - number != 0:
                    raise ValueError(text)
                return number
            case "tag:yaml.org,2002:str" | "tag:yaml.org,2002:timestamp":
                return text
    except ValueError as error:
        raise ConfigError((f"{path}:{_line(node)}: {text!r} is not a number that ClOps can read",)) from error
    raise ConfigError((f"{path}:{_line(node)}: values of type {node.tag[:80]!r} are not read",))


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _faults(path: str, document: yaml.Node, error: ValidationError) -> tuple[str, ...]:
    """One sentence for each place, in the order of the file. A value that may have several types fails once for each."""
    wanted: dict[tuple[int, str], list[str]] = {}
    shown: dict[tuple[int, str], object] = {}
    for detail in error.errors():
        node, names = _at(document, detail["loc"])
        place = _line(node), ".".join(names) or "the file"
        fault = _fault(names, detail["type"], detail["loc"], detail["input"], detail.get("ctx", {}))
        wanted.setdefault(place, []).append(fault)
        shown[place] = detail["input"]
    return tuple(
        f"{path}:{line}: '{name}' {faults[0]}" if len(faults) == 1 else f"{path}:{line}: '{name}' cannot be {_shown(shown[line, name])}"
        for (line, name), faults in sorted(wanted.items())
    )


def _fault(names: Sequence[str], kind: str, loc: Sequence[str | int], found: object, limits: Mapping[str, object]) -> str:
    match kind:
        case "unexpected_keyword_argument":
            return f"is not a key{_nearest(names[-1], _valid_names(loc[:-1]))}"
        case "missing" | "missing_argument":
            return f"lacks '{loc[-1]}'."
        case "literal_error":
            expected = str(limits["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            return f"cannot be {_shown(found)}{_nearest(str(found), expected)}"
        case "date_parsing" | "date_from_datetime_parsing" | "date_type":
            return f"must be a day such as 2027-01-31, not {_shown(found)}."
        case "greater_than_equal":
            return f"must be at least {limits['ge']}, not {_shown(found)}."
        case "greater_than":
            return f"must be more than {limits['gt']}, not {_shown(found)}."
        case "less_than_equal":
            return f"must be at most {limits['le']}, not {_shown(found)}."
        case "string_too_short" | "too_short":
            return "must not be empty."
        case _:
            return f"must be {_KINDS.get(kind.partition('_')[0], 'something else')}, not {_shown(found)}."


_KINDS = {
    "bool": "true or false", "dataclass": "keys and values", "decimal": "a number", "dict": "keys and values", "int": "a whole number",
    "mapping": "keys and values", "string": "text", "tuple": "a list",
}  # fmt: skip


def _shown(found: object) -> str:
    match found:
        case dict():
            return "keys and values"
        case list() | tuple():
            return "a list"
        case _:
            return repr(found)[:80]


def _at(node: yaml.Node, loc: Sequence[str | int]) -> tuple[yaml.Node, list[str]]:
    """The node that an error is about (for a key, the key) and its name; steps that are no part of the file are left out."""
    names: list[str] = []
    shown = node
    for step in loc:
        match node:
            case yaml.MappingNode():
                found = next(((key, value) for key, value in node.value if key.value == step), None)
            case yaml.SequenceNode() if isinstance(step, int) and step < len(node.value):
                found = (node.value[step], node.value[step])
            case _:
                found = None
        if found is not None:
            shown, node = found
            names.append(str(step))
    return shown, names


def _valid_names(loc: Sequence[str | int]) -> list[str]:
    """The keys that are valid at this place of the file."""
    schema = json_schema()
    definitions = schema["$defs"]
    for step in loc:
        properties = schema.get("properties", {})
        inner = properties.get(step) if isinstance(properties, Mapping) else None
        schema = _resolved(inner or schema.get("items") or schema.get("additionalProperties"), definitions)
    properties = schema.get("properties", {})
    return list(properties) if isinstance(properties, Mapping) else []


def _resolved(schema: object, definitions: object) -> dict[str, object]:
    match schema, definitions:
        case {"$ref": str(name)}, {**defined}:
            return _resolved(defined[name.rpartition("/")[2]], definitions)
        case {"anyOf": [*choices]}, _:
            return next((found for choice in choices if (found := _resolved(choice, definitions)).get("properties")), {})
        case dict(), _:
            return schema
        case _:
            return {}


def _nearest(name: str, valid: list[str]) -> str:
    near = get_close_matches(name, valid, n=1)
    meant = f". Did you mean '{near[0]}'?" if near else "."
    return f"{meant} Valid here: {', '.join(valid)}." if valid else meant
