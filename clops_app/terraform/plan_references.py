"""What the planned code refers to, followed through variables and outputs to instances: for modules whose source is not here.

Locals are not in a plan, so a reference through one leads nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clops_app.terraform.plan_json import Plan, PlannedModule, joined, module_steps, suffix, without_key
from clops_app.terraform.plan_values import Json

_KEY = r'(?P<key>\[(?:\d+|"(?:[^"\\]|\\.)*")\])?'
_OUTPUT = re.compile(rf"(?P<call>module\.[\w-]+){_KEY}\.(?P<name>[\w-]+)")
_RESOURCE = re.compile(rf"(?P<block>(?:data\.)?[\w-]+\.[\w-]+){_KEY}(?:\.(?P<attribute>[\w-]+))?")
_VARIABLE = re.compile(r"var\.(?P<name>[\w-]+)")


@dataclass(frozen=True, slots=True)
class Target:
    """An instance, or a resource without index when all its instances are meant; "" where no attribute is named."""

    address: str
    attribute: str


def references(expression: Json) -> tuple[str, ...]:
    """Every reference inside an expression or the blocks of a type, the longest form of each."""
    found: list[str] = []
    waiting: list[Json] = [expression]
    while waiting:
        part = waiting.pop()
        match part:
            case {"references": [*texts]}:
                found += [text for text in texts if isinstance(text, str)]
            case dict():
                waiting += part.values()
            case list():
                waiting += part
            case _:
                pass
    # Terraform names `aws_vpc.this.id` and then `aws_vpc.this`: the second says nothing more.
    return tuple(dict.fromkeys(text for text in found if not any(other.startswith((f"{text}.", f"{text}[")) for other in found)))


def targets(plan: Plan, module: str, expression: Json, index: None | int | str) -> tuple[Target, ...]:
    """What an expression refers to that stands in `module`, in the instance `index` of its resource or call."""
    return tuple(dict.fromkeys(_targets(plan, module, expression, index, set())))


def _targets(plan: Plan, module: str, expression: Json, index: None | int | str, seen: set[tuple[str, str]]) -> Iterator[Target]:
    named = references(expression)
    alike = index if "count.index" in named or "each.key" in named else None
    for text in named:
        if (module, text) in seen:
            continue
        seen.add((module, text))
        if (found := _VARIABLE.match(text)) is not None:
            yield from _argument(plan, module, found["name"], seen)
        elif (found := _OUTPUT.match(text)) is not None:
            yield from _output(plan, joined(module, found["call"]), found["key"], found["name"], seen)
        elif (found := _RESOURCE.match(text)) is not None and found["block"] in code_of(plan, module).blocks:
            yield _instance(plan, joined(module, found["block"]), found["key"], alike, found["attribute"] or "")


def _instance(plan: Plan, base: str, key: str | None, alike: None | int | str, attribute: str) -> Target:
    for end in (key or "", suffix(alike)):
        if base + end in plan.instances:
            return Target(base + end, attribute)
    return Target(base, attribute)


def _argument(plan: Plan, module: str, name: str, seen: set[tuple[str, str]]) -> Iterator[Target]:
    steps = module_steps(module)
    if not steps:
        return
    parent, call = ".".join(steps[:-1]), without_key(steps[-1]).removeprefix("module.")
    given = code_of(plan, parent).calls[call].arguments.get(name) if call in code_of(plan, parent).calls else None
    if given is not None:
        yield from _targets(plan, parent, given, None, seen)


def _output(plan: Plan, base: str, key: str | None, name: str, seen: set[tuple[str, str]]) -> Iterator[Target]:
    expression = code_of(plan, base).outputs.get(name)
    for end in plan.calls.get(base, ()) if expression is not None else ():
        if key in (None, end):
            yield from _targets(plan, base + end, expression, None, seen)


def code_of(plan: Plan, module: str) -> PlannedModule:
    """The code of a module instance; that of nothing for one which the plan does not know."""
    code = plan.code
    for step in module_steps(module):
        call = code.calls.get(without_key(step).removeprefix("module."))
        if call is None:
            return PlannedModule({}, {}, {})
        code = call.module
    return code
