"""A resource of a module whose source is not here is told from the plan alone; it stands where the module is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clops_app.language import tr
from clops_app.model.resource import Link, Resource, TerraformSettings
from clops_app.model.source import Span
from clops_app.model.values import Datum, Reference, Unknown
from clops_app.terraform.plan_json import Plan, PlannedInstance
from clops_app.terraform.plan_references import code_of, targets
from clops_app.terraform.plan_settle import without_nulls
from clops_app.terraform.plan_values import Json
from clops_app.terraform.reasons import after_apply

_IDENTIFIER = re.compile(r"arn:.+|[a-z]+(?:-[a-z]+)*-[0-9a-f]{8,17}")  # vpc-0a1b2c3d4e5f67890: what AWS gives to one thing only
_REGION = re.compile(r"[a-z]{2,4}(?:-[a-z]+)+-\d")


def region_of(instance: PlannedInstance) -> str | None:
    """The region that a planned AWS resource says it is in: its `region` (provider 6 and later), or that of its ARN."""
    region, arn = instance.values.get("region"), instance.values.get("arn")
    if isinstance(arn, str) and arn.startswith("arn:"):
        region = region if isinstance(region, str) else arn.split(":", 5)[3:4][0] if arn.count(":") >= 5 else None
    return region if isinstance(region, str) and _REGION.fullmatch(region) is not None else None


def identifiers(plan: Plan) -> Mapping[str, Reference]:
    """Whose id or ARN a string is."""
    found: dict[str, Reference | None] = {}
    for instance in plan.instances.values():
        for name in ("id", "arn"):
            value = instance.values.get(name)
            if instance.mode == "managed" and isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None:
                before = found.setdefault(value, Reference(instance.address, name))
                if before is None or before.address != instance.address:
                    found[value] = None
    return {value: reference for value, reference in found.items() if reference is not None}


def unseen_resource(
    plan: Plan, instance: PlannedInstance, place: Span, settings: TerraformSettings, known: Mapping[str, Reference]
) -> Resource:
    """What is written of it: the plan tells every attribute of a resource, its `configuration` those that somebody wrote.

    An identifier that is `known` to be another instance's stands for a reference to it.
    """
    block = code_of(plan, instance.module).blocks.get(instance.base[len(instance.module) :].removeprefix("."))
    expressions = block.expressions if block is not None else {}
    key = (block.provider if block is not None else "").rpartition(":")[2] or instance.type.partition("_")[0]
    values: dict[str, Datum] = {}
    links: list[Link] = []
    for name, expression in expressions.items():
        if name not in instance.values:
            continue
        values[name] = _referring(_written(instance.values[name], expression), instance.address, known)
        found = targets(plan, instance.module, expression, instance.index)
        links += [Link(name, target.address, place) for target in found if target.address != instance.address]
        exact = [target for target in found if target.address in plan.instances and target.attribute]
        if isinstance(values[name], Unknown) and len(found) == len(exact) == 1:
            ref = Reference(exact[0].address, exact[0].attribute)
            values[name] = Unknown(after_apply(f"{ref.address}.{ref.attribute}"), ref)
    if instance.mode == "data":
        values |= {name: without_nulls(value) for name, value in instance.values.items() if name not in values and value not in (None, ())}
    return Resource(
        instance.address, instance.mode, instance.type, instance.name, instance.module, instance.index,
        _region(plan, instance, key, settings), values, place, dict.fromkeys(values, place), tuple(dict.fromkeys(links)), key,
        frozenset(path for path in instance.sensitive if re.split(r"[.\[]", path, maxsplit=1)[0] in values),
    )  # fmt: skip


def _referring(value: Datum, own: str, known: Mapping[str, Reference]) -> Datum:
    match value:
        case str() if value in known and known[value].address != own:
            why = tr("{what} is what AWS gave it", what=f"{known[value].address}.{known[value].attribute}")
            return Unknown(why, known[value])
        case tuple():
            return tuple(_referring(item, own, known) for item in value)
        case Mapping():
            return {name: _referring(item, own, known) for name, item in value.items()}
        case _:
            return value


def _region(plan: Plan, instance: PlannedInstance, key: str, settings: TerraformSettings) -> str | Unknown:
    told = region_of(instance) or plan.regions.get(key)
    if told is not None:
        return told
    configured = next((provider.region for provider in settings.providers if provider.name == key), None)
    return configured if configured is not None else Unknown(tr("the plan does not tell the region of {address}", address=instance.address))


def _written(value: Datum, expression: Json) -> Datum:
    """A value without what nobody wrote: of nested blocks, the arguments that one of them has."""
    match expression, value:
        case [*blocks], (tuple() | Mapping()):
            names = dict(_arguments(blocks))
            items = value if isinstance(value, tuple) else (value,)
            return tuple(_body(item, names) for item in items)
        case _:
            return without_nulls(value)


def _body(item: Datum, names: Mapping[str, Json]) -> Datum:
    if not isinstance(item, Mapping):
        return item
    return {name: _written(value, names[name]) for name, value in item.items() if name in names and value is not None and value != ()}


def _arguments(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """The arguments of several blocks of one type together: sets have another order in the plan than in the code."""
    found: dict[str, Json] = {}
    for block in blocks:
        for name, expression in block.items() if isinstance(block, dict) else ():
            before = found.get(name)
            found[name] = [*before, *expression] if isinstance(before, list) and isinstance(expression, list) else expression
    return iter(found.items())
