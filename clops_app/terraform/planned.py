"""A root is evaluated as it was planned: the source says what is written and where, the plan what Terraform made of it.

The same plan serves the trees that were not planned (the base, a patched copy): a value of the plan holds for as long as
the code says of it what the planned code said.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from clops_app.language import tr
from clops_app.model.resource import Configuration, Diagnostic, Link, ModuleCall, Resource
from clops_app.model.values import Datum, Reference, Unknown
from clops_app.terraform.evaluate import address_order, evaluate_root
from clops_app.terraform.inputs import Inputs, KnownKeys, given_variables, hcl
from clops_app.terraform.module import ModuleInstance
from clops_app.terraform.plan_json import Plan, PlannedModule, joined, module_steps, suffix, without_key
from clops_app.terraform.plan_only import identifiers, region_of, unseen_resource
from clops_app.terraform.plan_references import code_of, targets
from clops_app.terraform.plan_settle import Follow, nothing, settled, without_nulls
from clops_app.terraform.schema import resource_schema
from clops_app.terraform.session import Session
from clops_app.terraform.sources import Sources
from clops_app.terraform.values import EvaluationError, plain

PLAN = "the plan"
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and the root it was made of. `source` is that root evaluated with the plan's variables and instance keys, no more.

    `variables` are those that the plan gives another value than the repository does.
    """

    plan: Plan
    source: Configuration
    variables: Mapping[str, Datum]
    keys: Mapping[str, KnownKeys]
    region: str | None


def planned_root(sources: Sources, root: str, inputs: Inputs, plan: Plan) -> Planned:
    """Hold a plan against the root that it was made of."""
    region = inputs.region or _region(plan)
    # What a module that is not here creates is in the plan itself: no model of it is asked.
    inputs = replace(inputs, models=False)
    variables = dict(_given(sources, root, inputs, plan))
    first = Planned(plan, evaluate_root(sources, root, inputs), variables, {}, region)
    known = evaluate_root(sources, root, inputs_as_planned(first, inputs, frozenset(variables)))
    keys = dict(_keys(plan, known))
    second = replace(first, source=known, keys=keys)
    if not keys:
        return second
    return replace(second, source=evaluate_root(sources, root, inputs_as_planned(second, inputs, frozenset(variables))))


def inputs_as_planned(planned: Planned, inputs: Inputs, declared: frozenset[str]) -> Inputs:
    """The inputs of a root with what Terraform was given when it planned, for the variables that the root declares."""
    names = sorted(planned.variables.keys() & declared)
    text = "".join(f"{name} = {hcl(planned.variables[name])}\n" for name in names)
    return replace(
        inputs,
        variables=tuple((name, value) for name, value in inputs.variables if name not in names),
        var_files=(*inputs.var_files, *([(PLAN, text.encode())] if text else [])),
        keys=planned.keys,
        region=planned.region,
        models=False,
    )


def as_planned(planned: Planned, found: Configuration) -> Configuration:
    """What was evaluated with `inputs_as_planned`, with the plan's values."""
    before = {resource.address: resource for resource in planned.source.resources}
    follow = _follow(planned)
    resources = [_resource(planned, resource, before.get(resource.address), follow) for resource in found.resources]
    resources += _unseen(planned, found)
    outputs = {
        name: settled(value, planned.source.outputs.get(name, nothing), planned.plan.outputs.get(name, Unknown("")), follow)
        for name, value in found.outputs.items()
    }
    return replace(
        found,
        resources=tuple(sorted(resources, key=lambda resource: address_order(resource.address))),
        outputs=outputs,
        diagnostics=tuple(dict.fromkeys((*_still_true(planned, found), *_unlike(planned)))),
    )


def is_of_other_code(planned: Planned) -> bool:
    """Whether plan and root have nothing in common, though there is something in both."""
    code = planned.plan.code
    here = (*(each.address for each in planned.source.resources), *(call.address for call in planned.source.modules))
    ours = {without_key(address.removesuffix("[*]")) for address in here}
    theirs = {*code.blocks, *(f"module.{name}" for name in code.calls)}
    return bool(ours) and bool(theirs) and ours.isdisjoint(theirs)


# -- what Terraform was given -----------------------------------------------------------------------------------------


def _given(sources: Sources, root: str, inputs: Inputs, plan: Plan) -> Iterator[tuple[str, Datum]]:
    """The variables that have another value in the plan than here: on the command line, in the environment, in a file that is not here."""
    own = _module(sources, root, inputs)
    told = {name: value for name, value in plan.variables.items() if name in own.declarations.variables}
    text = "".join(f"{name} = {hcl(value)}\n" for name, value in told.items())
    theirs = _module(sources, root, replace(inputs, variables=(), var_files=(*inputs.var_files, (PLAN, text.encode()))))
    for name, value in told.items():
        if _value(own, name) != _value(theirs, name):
            yield name, value


def _module(sources: Sources, root: str, inputs: Inputs) -> ModuleInstance:
    module = ModuleInstance(Session(sources, root, inputs), root)
    module.root_given = given_variables(sources, root, inputs)[0]
    return module


def _value(module: ModuleInstance, name: str) -> Datum:
    try:
        return plain(module.variable(name), module.budget.spend)[0]
    except EvaluationError as error:
        return Unknown(error.summary)


def _region(plan: Plan) -> str | None:
    """The region that nearly everything is in; none when that is not plain."""
    seen = Counter(region for instance in plan.instances.values() if (region := region_of(instance)) is not None)
    return next(iter(seen)) if len(seen) == 1 else None


# -- how many instances -----------------------------------------------------------------------------------------------


def _keys(plan: Plan, known: Configuration) -> Iterator[tuple[str, KnownKeys]]:
    """The instance keys of what has count or for_each, where evaluation makes something else of them."""
    own: dict[str, list[str] | None] = {}
    for address, index in (*((r.address, r.index) for r in known.resources), *((call.address, None) for call in known.modules)):
        bare = without_key(address)
        unknown = isinstance(index, Unknown) or address.endswith("[*]")
        if unknown:
            own[bare.removesuffix("[*]")] = None
        elif (ends := own.setdefault(bare, [])) is not None:
            ends.append(address[len(bare) :])
    for base, keys in _counted(plan, plan.code, ""):
        ends = own.get(base, [])
        told = [suffix(key) for key in keys]
        if ends is None:
            yield base, KnownKeys(keys)
        elif sorted(ends) != sorted(told) and not plan.partial:
            yield base, KnownKeys(keys, tuple(ends))


def _counted(plan: Plan, code: PlannedModule, module: str) -> Iterator[tuple[str, tuple[int | str, ...]]]:
    by_base: dict[str, list[int | str]] = {}
    for instance in plan.instances.values():
        if instance.index is not None:
            by_base.setdefault(instance.base, []).append(instance.index)
    waiting = [(code, module)]
    while waiting:
        here, above = waiting.pop()
        for name, block in here.blocks.items():
            base = joined(above, name)
            if block.counted and (base in by_base or not plan.partial):
                yield base, tuple(by_base.get(base, ()))
        for name, call in here.calls.items():
            base = joined(above, f"module.{name}")
            ends = plan.calls.get(base, {})
            # A module of which nothing is planned may still be there, when nothing in it must be.
            must = any(not block.counted for address, block in call.module.blocks.items() if not address.startswith("data."))
            if call.counted and (ends or (must and not plan.partial)):
                yield base, tuple(key for end in ends if (key := _key(end)) is not None)
            waiting += [(call.module, base + end) for end in ends]


def _key(end: str) -> int | str | None:
    """`[0]` or `["a"]` as the key it is."""
    inner = end[1:-1]
    if inner.isdigit():
        return int(inner)
    try:
        key = json.loads(inner.replace("$${", "${").replace("%%{", "%{"))
    except ValueError:
        return None
    return key if isinstance(key, str) else None


# -- one instance -----------------------------------------------------------------------------------------------------


def _resource(planned: Planned, ours: Resource, before: Resource | None, follow: Follow) -> Resource:
    instance = planned.plan.instances.get(ours.address)
    if instance is None or before is None:
        return ours
    values = {
        name: value if name.endswith("_wo") else settled(value, before.values.get(name, nothing), instance.values.get(name), follow)
        for name, value in ours.values.items()
    }
    answered = instance.mode == "data" and ours.values == before.values
    if answered:
        told = {name: without_nulls(value) for name, value in instance.values.items() if value not in (None, ()) and name not in values}
        values |= {name: value for name, value in told.items() if not isinstance(value, Unknown)}
    region = region_of(instance) if ours.region == before.region else None
    return ours._replace(
        values=values,
        region=region or ours.region,
        links=(*ours.links, *_links(planned.plan, ours)),
        sensitive=ours.sensitive | {path for path in instance.sensitive if _top(path) in values},
        modelled=() if answered else ours.modelled,
    )


def _top(path: str) -> str:
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def _links(plan: Plan, ours: Resource) -> Iterator[Link]:
    """A link to a module whose source is not here, followed to what it means in there."""
    block = code_of(plan, ours.module).blocks.get(f"{'data.' if ours.mode == 'data' else ''}{ours.type}.{ours.name}")
    for link in ours.links:
        if block is None or without_key(link.target) not in plan.calls:
            continue
        index = None if isinstance(ours.index, Unknown) else ours.index
        for target in targets(plan, ours.module, block.expressions.get(_top(link.via)), index):
            if target.address.startswith(f"{link.target}."):
                yield Link(link.via, target.address, link.span)


def _follow(planned: Planned) -> Follow:
    """A reference to what AWS names (an id, an ARN) says more than the name: it is kept, and led through modules that are not here."""

    def follow(ref: Reference) -> Reference | None:
        instance = planned.plan.instances.get(ref.address)
        if instance is None:
            return _through(planned.plan, ref)
        if instance.mode == "data":
            return None
        schema = resource_schema("managed", instance.type)
        known = schema.attributes.get(ref.attribute) if schema is not None else None
        named = ref.attribute in ("id", "arn") or (known is not None and known.computed and not known.optional)
        return ref if named else None

    return follow


def _through(plan: Plan, ref: Reference) -> Reference | None:
    bare = without_key(ref.address)
    if bare not in plan.calls:
        return None
    found = targets(plan, ref.address, code_of(plan, ref.address).outputs.get(ref.attribute), None)
    exact = [target for target in found if target.address in plan.instances and target.attribute]
    return Reference(exact[0].address, exact[0].attribute) if len(found) == len(exact) == 1 else None


# -- what only the plan has -------------------------------------------------------------------------------------------


def _unseen(planned: Planned, found: Configuration) -> Iterator[Resource]:
    """The instances that are not in the code that is here, as long as the modules they are in are called as they were planned."""
    evaluated = {resource.address for resource in planned.source.resources}
    called = {call.address: call for call in planned.source.modules}
    now = {call.address: call for call in found.modules}
    known = identifiers(planned.plan)
    for instance in planned.plan.instances.values():
        if instance.address in evaluated:
            continue
        call = next((called[address] for address in _around(instance.module) if address in called), None)
        same = None if call is None else now.get(call.address)
        if call is None or (same is not None and _asked(same) == _asked(call)):
            place = same.source if same is not None else found.settings.span
            if place is not None:
                yield unseen_resource(planned.plan, instance, place, found.settings, known)


def _around(module: str) -> Iterator[str]:
    """The module instance, and those around it."""
    steps = module_steps(module)
    return (".".join(steps[:length]) for length in range(len(steps), 0, -1))


def _asked(call: ModuleCall) -> tuple[object, ...]:
    return call.source_address, call.version, call.values


# -- what is said of it ------------------------------------------------------------------------------------------------


def _still_true(planned: Planned, found: Configuration) -> Iterator[Diagnostic]:
    """What evaluation could not do, less what the plan made good."""
    made_good = {call.why for call in found.modules if call.directory is None and _is_planned(planned.plan, call.address)}
    why = tr("its resources are taken from the plan; where in it they are written is not known, nor what its locals lead to")
    for diagnostic in found.diagnostics:
        yield replace(diagnostic, why=why) if diagnostic.what in made_good else diagnostic


def _is_planned(plan: Plan, call: str) -> bool:
    bare = without_key(call)
    return call[len(bare) :] in plan.calls.get(bare, ())


def _unlike(planned: Planned) -> Iterator[Diagnostic]:
    """Where plan and code are not of the same state."""
    plan, source = planned.plan, planned.source
    where = source.root or "."
    if plan.partial:
        why = tr("it was made with -target or the like; the rest is read from the code")
        yield Diagnostic(tr("the plan is not of the whole root"), where, why)
    here = {resource.address for resource in source.resources}
    opaque = {call.address for call in source.modules if call.directory is None}
    managed = [each for each in plan.instances.values() if each.mode == "managed"]
    missing = [each.address for each in managed if each.address not in here and opaque.isdisjoint(_around(each.module))]
    surplus = [each.address for each in source.resources if each.mode == "managed" and each.address not in plan.instances]
    if missing:
        yield Diagnostic(tr("the plan has resources that the code does not have"), where, _other_code(missing))
    if surplus and not plan.partial:
        yield Diagnostic(tr("the code has resources that the plan does not have"), where, _other_code(surplus))


def _other_code(addresses: list[str]) -> str:
    some, more = ", ".join(addresses[:SHOWN]), len(addresses) - SHOWN
    if more > 0:
        some = tr("{names} and {count} more", names=some, count=more)
    return tr("{addresses}: the plan was made of other code; run terraform plan again", addresses=some)
