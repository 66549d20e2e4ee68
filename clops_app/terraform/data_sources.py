"""Data sources that are answered without an account, because the answer is public or follows from the code.

An account's own facts (ids, parameters, state of other roots) stay unknown. The answers are marked as modelled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from clops_app.language import tr
from clops_app.model.types import type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.functions.json_text import read_json
from clops_app.terraform.values import EvaluationError, ListValue, T, first_unknown, is_null, revealed, unmarked, unmarked_deep

if TYPE_CHECKING:
    from clops_app.terraform.instance import ResourceInstance

# Zones that an account gets without opting in, by their last letter. Source: AWS, "Regions and Zones" in the EC2 user guide
# (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html), read 2026-11-21. us-west-1 gives an
# account two of three; regions not listed have a, b and c.
ZONE_LETTERS: Mapping[str, str] = {
    "us-east-1": "abcdef",
    "us-west-1": "ac",
    "us-west-2": "abcd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
    "ca-central-1": "abd",
}
PARTITIONS = {"cn-": ("aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"), "us-gov-": ("aws-us-gov", "amazonaws.com", "com.amazonaws")}

MODELLED: Mapping[str, tuple[str, ...]] = {
    "aws_availability_zones": ("names", "zone_ids"),
    "aws_region": ("name", "region", "id", "endpoint"),
    "aws_partition": ("partition", "id", "dns_suffix", "reverse_dns_prefix"),
    "aws_iam_policy_document": ("json", "minified_json"),
}


def answer(instance: ResourceInstance, name: str) -> T:
    """The value of an attribute that was not configured; None where it is not modelled."""
    if name not in MODELLED.get(instance.type, ()):
        return None
    match instance.type:
        case "aws_iam_policy_document":
            return _policy(instance, pretty=name == "json")
        case kind:
            region = instance.region()
            if isinstance(region, Unknown):
                return Unknown(region.why)
            match kind:
                case "aws_availability_zones":
                    return _zones(instance, name, region)
                case "aws_region":
                    return f"ec2.{region}.amazonaws.com" if name == "endpoint" else region
                case _:
                    partition, suffix, reverse = _partition(region)
                    return {"dns_suffix": suffix, "reverse_dns_prefix": reverse}.get(name, partition)


def _partition(region: str) -> tuple[str, str, str]:
    return next((found for prefix, found in PARTITIONS.items() if region.startswith(prefix)), ("aws", "amazonaws.com", "com.amazonaws"))


def _zones(instance: ResourceInstance, name: str, region: str) -> T:
    # A filter on opt-in status or zone type keeps exactly the zones that every account has; any other is the account's business.
    for _, block in instance.nested(instance.block.declared.block.body, instance.block.declared, "filter", instance.each.names):
        if isinstance(block, Unknown):
            return block
        names = [item.value for item in block.body.attributes if item.name == "name"]
        if not any(getattr(item, "value", None) in ("opt-in-status", "zone-type", "state", "region-name") for item in names):
            return Unknown(tr("{address} filters zones by something that only AWS can answer", address=instance.address))
    excluded: set[str] = set()
    for argument in ("exclude_names", "exclude_zone_ids"):
        bare, _ = unmarked_deep(instance.config(argument))
        unknown = first_unknown(bare)
        if unknown is not None:
            return Unknown(unknown.why)
        excluded |= _strings(bare)
    letters = ZONE_LETTERS.get(region, "abc")
    zones = [(f"{region}{letter}", f"{_short(region)}-az{number}") for number, letter in enumerate(letters, 1)]
    return ListValue((zone[0] if name == "names" else zone[1] for zone in zones if not excluded & set(zone)), type_string)


def _short(region: str) -> str:
    """The prefix of a zone id: us-east-1 is use1."""
    area, _, rest = region.partition("-")
    direction, _, number = rest.rpartition("-")
    ways = {"gov": "g", "north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
    short = direction
    for word, letter in ways.items():
        short = short.replace(word, letter)
    return f"{area}{short.replace('-', '')}{number}"


def _strings(value: T) -> set[str]:
    return {item for item in value if isinstance(item, str)} if isinstance(value, tuple) else set()


# -- aws_iam_policy_document --------------------------------------------------------------------------------------


def _policy(instance: ResourceInstance, pretty: bool) -> T:
    """The document as the provider prints it. Source: hashicorp/aws, data source aws_iam_policy_document, 6.47.0 documentation."""
    statements: list[dict[str, T]] = []
    for name in ("source_policy_documents", "source_json"):
        inherited = _inherited(instance, name)
        if isinstance(inherited, Unknown):
            return inherited
        statements += inherited
    for _, block in instance.nested(instance.block.declared.block.body, instance.block.declared, "statement", instance.each.names):
        if isinstance(block, Unknown):
            return Unknown(block.why)
        statements.append(_statement(instance.body_value(block, None, "statement")))
    for name in ("override_policy_documents", "override_json"):
        inherited = _inherited(instance, name)
        if isinstance(inherited, Unknown):
            return inherited
        for statement in inherited:
            _override(statements, statement)
    document: dict[str, T] = {"Version": _written(instance.config("version"), "2012-10-17")}
    if not is_null(instance.config("policy_id")):
        document["Id"] = instance.config("policy_id")
    document["Statement"] = tuple(statements)
    unknown = first_unknown(document)
    if unknown is not None:
        return Unknown(unknown.why, type=type_string)
    bare, _ = revealed(document)
    text = json.dumps(bare, default=_number, indent=2 if pretty else None, separators=None if pretty else (",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _written(value: T, default: T) -> T:
    """The value, or the default where none or an empty string is written."""
    bare, _ = unmarked(value)
    return default if is_null(bare) or bare == "" else bare


def _override(statements: list[dict[str, T]], statement: dict[str, T]) -> None:
    """Put a statement in the place of the one with its Sid; at the end where there is none."""
    sid = statement.get("Sid")
    for number, item in enumerate(statements):
        if isinstance(sid, str) and sid and item.get("Sid") == sid:
            statements[number] = statement
            return
    statements.append(statement)


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _inherited(instance: ResourceInstance, name: str) -> list[dict[str, T]] | Unknown:
    value, _ = unmarked(instance.config(name))
    texts = value if isinstance(value, tuple) else (value,)
    found: list[dict[str, T]] = []
    for text in texts:
        bare, _ = unmarked_deep(text)
        match bare:
            case Unknown():
                return Unknown(bare.why)
            case str() if bare.strip():
                try:
                    read = read_json(bare)
                except EvaluationError:
                    read = None
                statements = read.get("Statement") if isinstance(read, dict) else None
                listed = statements if isinstance(statements, tuple) else (statements,)
                if not all(isinstance(item, dict) for item in listed):
                    return Unknown(tr("a policy that {address} builds upon is not a policy document", address=instance.address))
                found += [item for item in listed if isinstance(item, dict)]
            case _:
                pass
    return found


def _statement(block: dict[str, T]) -> dict[str, T]:
    found: dict[str, T] = {}
    sid = _written(block.get("sid"), None)
    if sid is not None:
        found["Sid"] = sid
    found["Effect"] = _written(block.get("effect"), "Allow")
    for name, key in (("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"), ("not_resources", "NotResource")):
        if not is_null(block.get(name)):
            found[key] = _one_or_many(block[name])
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _blocks(block.get(name))
        if principals:
            found[key] = _principals(principals)
    conditions = _blocks(block.get("condition"))
    if conditions:
        found["Condition"] = _conditions(conditions)
    return found


def _conditions(conditions: list[dict[str, T] | Unknown]) -> T:
    """By test and variable, both in order; the values as they are written, several of one test and variable together."""
    found: dict[str, dict[str, T]] = {}
    for condition in conditions:
        if isinstance(condition, Unknown):
            return condition
        test, variable = condition.get("test"), condition.get("variable")
        values, _ = unmarked(condition.get("values"))
        if not isinstance(test, str) or not isinstance(variable, str) or not isinstance(values, tuple):
            return Unknown(tr("a condition's test, variable or values are unknown"))
        inner = found.setdefault(test, {})
        before = inner.get(variable, ())
        inner[variable] = (*(before if isinstance(before, tuple) else (before,)), *map(_interpolated, values))
        if len(values) == 1 and before == ():
            inner[variable] = _interpolated(values[0])
    return {test: {variable: found[test][variable] for variable in sorted(found[test])} for test in sorted(found)}


def _blocks(value: T) -> list[dict[str, T] | Unknown]:
    return [item for item in value if isinstance(item, (dict, Unknown))] if isinstance(value, tuple) else []


def _interpolated(value: T) -> T:
    """`&{` is the provider's way to write the `${` of a policy variable."""
    bare, _ = unmarked(value)
    if is_null(bare):
        return None
    try:
        text = convert(bare, type_string)
    except EvaluationError as error:
        return Unknown(error.summary)
    return text.replace("&{", "${") if isinstance(text, str) else text


def _one_or_many(value: T) -> T:
    """One string stands alone; several are sorted backwards, as the provider does."""
    bare, _ = unmarked(value)
    if not isinstance(bare, tuple):
        return None if is_null(bare) else bare
    texts = [_interpolated(item) for item in bare]
    strings = [item for item in texts if isinstance(item, str)]
    if len(strings) < len(texts):
        return tuple(texts)
    return strings[0] if len(strings) == 1 else tuple(sorted(strings, reverse=True))


def _principals(principals: list[dict[str, T] | Unknown]) -> T:
    found: dict[str, T] = {}
    for principal in principals:
        if isinstance(principal, Unknown):
            return principal
        kind, identifiers = principal.get("type"), _one_or_many(principal.get("identifiers"))
        if not isinstance(kind, str):
            return Unknown(tr("a principal's type is unknown"))
        if kind == "*" and identifiers == "*" and len(principals) == 1:
            return "*"
        found[kind] = identifiers if kind not in found else _merged(found[kind], identifiers)
    return {kind: found[kind] for kind in sorted(found)}


def _merged(first: T, second: T) -> T:
    """The identifiers of two blocks of one type: the first's, then the second's."""
    if isinstance(first, Unknown):
        return first
    return second if isinstance(second, Unknown) else (*_several(first), *_several(second))


def _several(value: T) -> tuple[T, ...]:
    return value if isinstance(value, tuple) else (value,)
