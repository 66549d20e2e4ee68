"""Data sources that are answered without an account, because the answer is public or follows from the code.

An account's own facts (ids, parameters, state of other roots) stay unknown. The answers are marked as modelled.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from clops_app.model.types import type_string
from clops_app.model.values import Unknown
from clops_app.terraform.convert import convert
from clops_app.terraform.values import EvaluationError, ListValue, T, first_unknown, unmarked_deep

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
    for _, block in instance.nested(instance.declared.block.body, instance.declared, "filter", instance.each.names):
        if isinstance(block, Unknown):
            return block
        names = [item.value for item in block.body.attributes if item.name == "name"]
        if not any(getattr(item, "value", None) in ("opt-in-status", "zone-type", "state", "region-name") for item in names):
            return Unknown(f"{instance.address} filters zones by something that only AWS can answer")
    letters = ZONE_LETTERS.get(region, "abc")
    zones = [(f"{region}{letter}", f"{_short(region)}-az{number}") for number, letter in enumerate(letters, 1)]
    excluded = _strings(instance.config("exclude_names")) | _strings(instance.config("exclude_zone_ids"))
    return ListValue((zone[0] if name == "names" else zone[1] for zone in zones if not excluded & set(zone)), type_string)


def _short(region: str) -> str:
    """The prefix of a zone id: us-east-1 is use1."""
    area, direction, number = region.rsplit("-", 2)
    ways = {"north": "n", "south": "s", "east": "e", "west": "w", "central": "c"}
    short = direction
    for word, letter in ways.items():
        short = short.replace(word, letter)
    return f"{area.replace('-', '')}{short}{number}"


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
    for _, block in instance.nested(instance.declared.block.body, instance.declared, "statement", instance.each.names):
        if isinstance(block, Unknown):
            return Unknown(block.why)
        statements.append(_statement(instance.body_value(block, None, "statement")))
    for name in ("override_policy_documents", "override_json"):
        inherited = _inherited(instance, name)
        if isinstance(inherited, Unknown):
            return inherited
        for statement in inherited:
            sid = statement.get("Sid")
            statements = [item for item in statements if not sid or item.get("Sid") != sid] + [statement]
    document: dict[str, T] = {"Version": instance.config("version") or "2012-10-17"}
    if instance.config("policy_id") is not None:
        document["Id"] = instance.config("policy_id")
    document["Statement"] = tuple(statements)
    unknown = first_unknown(document)
    if unknown is not None:
        return Unknown(unknown.why, type=type_string)
    bare, _ = unmarked_deep(document)
    text = json.dumps(bare, default=_number, indent=2 if pretty else None, separators=None if pretty else (",", ":"), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _inherited(instance: ResourceInstance, name: str) -> list[dict[str, T]] | Unknown:
    value = instance.config(name)
    texts = value if isinstance(value, tuple) else (value,)
    found: list[dict[str, T]] = []
    for text in texts:
        bare, _ = unmarked_deep(text)
        match bare:
            case Unknown():
                return Unknown(bare.why)
            case str() if bare.strip():
                try:
                    parsed = json.loads(bare, parse_float=Decimal)["Statement"]
                except (ValueError, KeyError, TypeError, RecursionError):
                    return Unknown(f"a policy that {instance.address} builds upon is not a policy document")
                found += [item for item in (parsed if isinstance(parsed, list) else [parsed]) if isinstance(item, dict)]
            case _:
                pass
    return found


def _statement(block: dict[str, T]) -> dict[str, T]:
    found: dict[str, T] = {}
    if block.get("sid"):
        found["Sid"] = block["sid"]
    found["Effect"] = block.get("effect") or "Allow"
    for name, key in (("actions", "Action"), ("not_actions", "NotAction"), ("resources", "Resource"), ("not_resources", "NotResource")):
        if block.get(name) is not None:
            found[key] = _one_or_many(block[name])
    for name, key in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        principals = _blocks(block.get(name))
        if principals:
            found[key] = _principals(principals)
    conditions: dict[str, T] = {}
    for condition in _blocks(block.get("condition")):
        test, variable = condition.get("test"), condition.get("variable")
        if not isinstance(test, str) or not isinstance(variable, str):
            conditions["unknown"] = Unknown("a condition's test or variable is unknown")
            continue
        inner = conditions.setdefault(test, {})
        if isinstance(inner, dict):
            inner[variable] = _one_or_many(condition.get("values"))
    if conditions:
        found["Condition"] = conditions
    return found


def _blocks(value: T) -> list[dict[str, T]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, tuple) else []


def _one_or_many(value: T) -> T:
    """One string stands alone; several are sorted backwards, as the provider does. `&{` is its way to write `${`."""
    if not isinstance(value, tuple):
        return value
    try:
        texts = [convert(item, type_string) for item in value]
    except EvaluationError as error:
        return Unknown(error.summary)
    if not all(isinstance(item, str) for item in texts):
        return tuple(texts)
    written = sorted((item.replace("&{", "${") for item in texts if isinstance(item, str)), reverse=True)
    return written[0] if len(written) == 1 else tuple(written)


def _principals(principals: list[dict[str, T]]) -> T:
    found: dict[str, T] = {}
    for principal in principals:
        kind, identifiers = principal.get("type"), _one_or_many(principal.get("identifiers"))
        if not isinstance(kind, str):
            return Unknown("a principal's type is unknown")
        if kind == "*" and identifiers == "*" and len(principals) == 1:
            return "*"
        found[kind] = identifiers if kind not in found else _merged(found[kind], identifiers)
    return found


def _merged(first: T, second: T) -> T:
    return _one_or_many((first if isinstance(first, tuple) else (first,)) + (second if isinstance(second, tuple) else (second,)))
