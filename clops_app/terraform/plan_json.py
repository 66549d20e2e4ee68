"""The document of `terraform show -json` on a plan is read strictly: what it knows of a root, and no secret of it.

Format: https://developer.hashicorp.com/terraform/internals/json-format, version 1 (Terraform 1.1 and later, OpenTofu).
What Terraform marks as sensitive is dropped while reading: nobody needs a secret to judge an architecture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NoReturn, cast

from clops_app.model.values import Datum
from clops_app.terraform.expansion import quoted
from clops_app.terraform.plan_values import (
    HOW,
    MAX_DEPTH,
    Json,
    Leaf,
    PlanError,
    is_name,
    mapping,
    member,
    name_of,
    plainly,
    sequence,
    text,
    value_of,
    wrong,
)

MAX_PLAN_BYTES = 50 * 1024 * 1024  # a resource takes 1 to 5 KB in a plan: more than ten thousand of them
MAX_INSTANCES = 50_000  # as many as are evaluated of a root

_MODULE = re.compile(r'(module\.[^\W\d][\w-]*(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?)(?:\.|$)')
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}")
_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]$')


@dataclass(frozen=True, slots=True)
class PlannedInstance:
    """One instance as it will be. Nulls are in `values`: a provider's attributes are all there, written or not.

    `values` are Unknown where only apply will tell, and where the value is `sensitive`.
    """

    address: str
    mode: Literal["managed", "data"]
    type: str
    name: str
    module: str
    index: None | int | str
    values: Mapping[str, Datum]
    sensitive: frozenset[str]

    @property
    def base(self) -> str:
        """The address without its own index."""
        return joined(self.module, f"{'data.' if self.mode == 'data' else ''}{self.type}.{self.name}")


@dataclass(frozen=True, slots=True)
class PlannedBlock:
    """A resource block as the planned code has it. `expressions` are Terraform's: references and constants by attribute and block."""

    expressions: Mapping[str, Json]
    provider: str
    counted: bool


@dataclass(frozen=True, slots=True)
class PlannedCall:
    arguments: Mapping[str, Json]
    counted: bool
    module: PlannedModule


@dataclass(frozen=True, slots=True)
class PlannedModule:
    """The code that was planned, module by module: blocks by address in the module, outputs by name."""

    blocks: Mapping[str, PlannedBlock]
    calls: Mapping[str, PlannedCall]
    outputs: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan knows. `partial`: it is not of the whole root (-target). `regions` by provider configuration, where written out.

    `calls` holds the ends of the addresses of each module call's instances ("", "[0]", …), by its address without them.
    """

    instances: Mapping[str, PlannedInstance]
    calls: Mapping[str, Mapping[str, None]]
    code: PlannedModule
    variables: Mapping[str, Datum]
    outputs: Mapping[str, Datum]
    regions: Mapping[str, str] = field(default_factory=dict)
    partial: bool = False


def joined(module: str, address: str) -> str:
    return f"{module}.{address}" if module else address


def module_steps(address: str) -> tuple[str, ...]:
    """`module.a["x"].module.b` as ("module.a["x"]", "module.b")."""
    return tuple(_MODULE.findall(address))


def without_key(step: str) -> str:
    return _KEY.sub("", step)


def read_plan(content: bytes) -> Plan:
    """Read a plan. Raises PlanError for whatever is no plan, or none of a whole configuration."""
    document = _document(content)
    root = mapping(document.get("configuration"), "configuration")
    code = _module(mapping(root.get("root_module"), "configuration.root_module"), 0)
    instances = {instance.address: instance for instance in _instances(document)}
    if not any(instance.mode == "managed" for instance in instances.values()) and document.get("resource_changes"):
        raise PlanError("this is a plan to destroy: there is nothing in it to review. Make one without -destroy.")
    return Plan(
        instances,
        _calls(instances.values()),
        code,
        dict(_variables(document, root)),
        dict(_outputs(document)),
        dict(_regions(root)),
        document.get("complete") is False,
    )


# -- the document ----------------------------------------------------------------------------------------------------


def _document(content: bytes) -> dict[str, Json]:
    if len(content) > MAX_PLAN_BYTES:
        raise PlanError("it is larger than 50 MiB.")
    if content.startswith(b"PK"):
        raise PlanError(f"this is the plan itself, which only Terraform can read; {HOW}")
    try:
        document = json.loads(content, parse_float=Decimal, parse_constant=_constant)
    except RecursionError as error:
        raise PlanError("it is nested too deep.") from error
    except (ValueError, ArithmeticError) as error:
        # Never the parser's own words alone: they are safe, but a plan in lines needs to be told what it is.
        lines = b'"@level"' in content[:2000]
        what = "this is the log of terraform plan -json" if lines else "it is not JSON"
        raise PlanError(f"{what}; {HOW}") from error
    if not isinstance(document, dict):
        raise PlanError(f"it is not a plan; {HOW}")
    version = document.get("format_version")
    if "resource_changes" not in document and "values" in document:
        raise PlanError(f"this is a state, not a plan; {HOW}")
    if "configuration" not in document or not isinstance(version, str) or _VERSION.fullmatch(version) is None:
        raise PlanError(f"it is not a plan; {HOW}")
    if not version.startswith("1."):
        raise PlanError(f"its format is {version}; ClOps reads format 1, which Terraform 1.1 and later write.")
    if document.get("errored") is True:
        raise PlanError("Terraform ended with errors when it made this plan; mend them and plan again.")
    return cast("dict[str, Json]", document)


def _constant(_: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")


# -- instances -------------------------------------------------------------------------------------------------------


def _instances(document: Mapping[str, Json]) -> Iterator[PlannedInstance]:
    """What will be there after apply, and what data sources answered while Terraform planned."""
    changes = sequence(document.get("resource_changes"), "resource_changes")
    if len(changes) > MAX_INSTANCES:
        raise PlanError(f"it has more than {MAX_INSTANCES:,} resources.")
    for number, item in enumerate(changes):
        where = f"resource_changes[{number}]"
        told = mapping(item, where)
        change = mapping(told.get("change"), f"{where}.change")
        actions = sequence(change.get("actions"), f"{where}.change.actions")
        if "deposed" in told or actions in (["delete"], ["forget"]):
            continue
        trees = (change.get("after"), change.get("after_unknown"), change.get("after_sensitive"))
        yield _instance(told, _module_address(told.get("module_address"), where), trees, where)
    prior = mapping(mapping(document.get("prior_state"), "prior_state").get("values"), "prior_state.values")
    waiting = [(mapping(prior.get("root_module"), "prior_state.values.root_module"), "")]
    while waiting:
        module, address = waiting.pop()
        for item in sequence(module.get("resources"), "prior_state: resources"):
            told = mapping(item, "prior_state: a resource")
            if told.get("mode") != "data" and "resource_changes" not in document:
                raise PlanError("it plans nothing (was it made with -refresh-only?); make a plan of the whole configuration.")
            if told.get("mode") == "data":
                yield _instance(told, address, (told.get("values"), None, told.get("sensitive_values")), "prior_state: a data source")
        for item in sequence(module.get("child_modules"), "prior_state: child_modules"):
            child = mapping(item, "prior_state: a module")
            waiting.append((child, _module_address(child.get("address"), "prior_state: a module")))


def _calls(instances: Iterable[PlannedInstance]) -> dict[str, dict[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for module in dict.fromkeys(instance.module for instance in instances):
        above = ""
        for step in module_steps(module):
            bare = without_key(step)
            found.setdefault(joined(above, bare), {})[step[len(bare) :]] = None
            above = joined(above, step)
    return found


def _module_address(value: Json, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or ".".join(module_steps(value)) != value:
        raise wrong(where)
    return value


def _instance(told: Mapping[str, Json], module: str, trees: tuple[Json, Json, Json], where: str) -> PlannedInstance:
    mode, index = told.get("mode"), told.get("index")
    type_name, name = name_of(told.get("type"), f"{where}.type"), name_of(told.get("name"), f"{where}.name")
    if mode not in ("managed", "data") or isinstance(index, (bool, Decimal, list, dict)):
        raise wrong(where)
    bare = joined(module, f"{'data.' if mode == 'data' else ''}{type_name}.{name}")
    address = bare + suffix(text(index) if isinstance(index, str) else index)
    known, unknown, hidden = trees
    sensitive: set[str] = set()
    values = {
        key: value_of(member(known, key), member(unknown, key), member(hidden, key), Leaf(address, key, sensitive, where))
        for key in dict.fromkeys((*mapping(known, where), *mapping(unknown if isinstance(unknown, dict) else None, where)))
    }
    return PlannedInstance(
        address, cast('Literal["managed", "data"]', mode), type_name, name, module, index, values, frozenset(sensitive)
    )  # fmt: skip


def suffix(key: None | int | str) -> str:
    """The end of an instance's address."""
    return "" if key is None else f"[{key}]" if isinstance(key, int) else f"[{quoted(key)}]"


# -- inputs and outputs, and the code --------------------------------------------------------------------------------


def _variables(document: Mapping[str, Json], root: Mapping[str, Json]) -> Iterator[tuple[str, Datum]]:
    declared = mapping(mapping(root.get("root_module"), "configuration.root_module").get("variables"), "configuration: variables")
    for name, told in mapping(document.get("variables"), "variables").items():
        value = mapping(told, "variables: a variable").get("value")
        secret = mapping(declared.get(name), "configuration: a variable").get("sensitive")
        if is_name(name) and value is not None and not secret:
            yield name, plainly(value, "a variable")


def _outputs(document: Mapping[str, Json]) -> Iterator[tuple[str, Datum]]:
    planned = mapping(document.get("planned_values"), "planned_values")
    for name, told in mapping(planned.get("outputs"), "planned_values.outputs").items():
        output = mapping(told, "planned_values.outputs: an output")
        if "value" in output and output.get("sensitive") is False:
            yield name, plainly(output["value"], "an output")


def _regions(root: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    for key, told in mapping(root.get("provider_config"), "configuration.provider_config").items():
        provider = mapping(told, "configuration.provider_config: a provider")
        match mapping(provider.get("expressions"), "configuration.provider_config: expressions").get("region"):
            case {"constant_value": str(region)}:
                yield key, region


def _module(told: Mapping[str, Json], depth: int) -> PlannedModule:
    where = "configuration: a module"
    if depth > MAX_DEPTH:
        raise PlanError("its modules are nested too deep.")
    blocks, calls = {}, {}
    for item in sequence(told.get("resources"), where):
        block = mapping(item, f"{where}: a resource")
        name = f"{name_of(block.get('type'), where)}.{name_of(block.get('name'), where)}"
        provider = block.get("provider_config_key")
        counted = "count_expression" in block or "for_each_expression" in block
        expressions = mapping(block.get("expressions"), f"{where}: expressions")
        blocks[f"data.{name}" if block.get("mode") == "data" else name] = PlannedBlock(
            expressions, provider if isinstance(provider, str) else "", counted
        )
    for name, item in mapping(told.get("module_calls"), where).items():
        call = mapping(item, f"{where}: a call")
        counted = "count_expression" in call or "for_each_expression" in call
        inner = _module(mapping(call.get("module"), f"{where}: a called module"), depth + 1)
        calls[name_of(name, where)] = PlannedCall(mapping(call.get("expressions"), f"{where}: arguments"), counted, inner)
    outputs = {name: mapping(item, f"{where}: an output").get("expression") for name, item in mapping(told.get("outputs"), where).items()}
    return PlannedModule(blocks, calls, outputs)
