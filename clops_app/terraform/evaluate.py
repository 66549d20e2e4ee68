"""One root, evaluated: what `terraform plan` would create, as far as that can be known without running it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from clops_app.hcl.syntax import Attribute, Body, File, Literal, ObjectItems
from clops_app.language import tr
from clops_app.model.resource import Configuration, Diagnostic, ModuleCall, Provider, Resource, TerraformSettings
from clops_app.model.source import SourceTree, Span
from clops_app.model.values import Datum, Unknown
from clops_app.terraform.declarations import Declared, brought_by, syntax_diagnostics
from clops_app.terraform.dynamic import Nested, expanded
from clops_app.terraform.inputs import Inputs, given_variables
from clops_app.terraform.modelled import is_model
from clops_app.terraform.module import ModuleInstance
from clops_app.terraform.module_source import META_ARGUMENTS, locate, unread_inputs
from clops_app.terraform.opaque_module import OpaqueModule
from clops_app.terraform.providers import ProviderKey
from clops_app.terraform.reasons import too_deep
from clops_app.terraform.resource_block import is_dynamic
from clops_app.terraform.resources import call_of, resource_of
from clops_app.terraform.session import Session
from clops_app.terraform.sources import Parsed, Sources, sources_of
from clops_app.terraform.values import EvaluationError, T, opened, plain

_ARGUMENT = 10  # steps that telling an argument of a module costs, beside evaluating it
MAX_RESOURCES = 50_000  # five times what ENGINE.md §5 allows one resource; a root beyond that is not a root


def evaluate(tree: SourceTree, root: str, inputs: Inputs | None = None, parsed: Parsed | None = None) -> Configuration:
    """Evaluate the root module in directory `root` ("" is the top of the tree). Never raises at the user.

    `parsed` is shared between trees that have files in common (base, head, patched copies).
    """
    return evaluate_root(sources_of(tree, parsed), root, inputs or Inputs())


def evaluate_root(sources: Sources, root: str, inputs: Inputs) -> Configuration:
    """As `evaluate`, of a tree that was walked already."""
    session = Session(sources, root, inputs)
    module = ModuleInstance(session, root)
    given, files = given_variables(sources, root, inputs)
    module.root_given = given
    _complain_of_inputs(session, module, files)
    resources: list[Resource] = []
    calls: list[ModuleCall] = []
    moved: list[tuple[str, str]] = []
    _gather(module, resources, calls, moved)
    outputs, sensitive = _outputs(module)
    _complain_if_empty(session, module)
    resources.sort(key=lambda resource: address_order(resource.address))
    return Configuration(
        root,
        tuple(resources),
        tuple(calls),
        outputs,
        sensitive,
        _settings(module),
        session.diagnostics(),
        tuple(sorted({*session.read, *(file.path for file, _ in files if file.path in sources.tree.files)})),
        tuple(dict.fromkeys(moved)),
    )


_KEY = re.compile(r'\[("(?:[^"\\]|\\.)*"|[^\]"]*)\]')
_DIGITS = 19  # of an index; what has more is no index


def address_order(address: str) -> tuple[tuple[str, int], ...]:
    """a[2] before a[10]."""
    if "[" not in address:
        return ((address, 0),)
    parts = _KEY.split(address) if '"' in address else address.replace("]", "").split("[")
    return tuple([("", int(part)) if part.isdecimal() and len(part) < _DIGITS else (part, 0) for part in parts])


def _gather(module: ModuleInstance, resources: list[Resource], calls: list[ModuleCall], moved: list[tuple[str, str]]) -> None:
    session = module.session
    moved += _moved(module)
    for mode, type_name, name in module.declarations.resources:
        if _is_full(session, resources):
            return
        declared = module.declarations.resources[mode, type_name, name]
        try:
            expansion, instances = module.instances(mode, type_name, name)
            for instance in instances:
                if len(resources) >= MAX_RESOURCES and _is_full(session, resources):
                    return
                resources.append(resource_of(instance, expansion.needed))
        except RecursionError:
            _too_deep(session, declared, f"{type_name}.{name}")
        except EvaluationError as error:
            session.failed(declared.path, declared.block.start, f"{type_name}.{name}", error, lost=True)
    _evaluate_unused(module)
    for name, declared in module.declarations.modules.items():
        try:
            _gather_call(module, name, declared, resources, calls, moved)
        except RecursionError:
            _too_deep(session, declared, f"module.{name}")
        except EvaluationError as error:
            session.failed(declared.path, declared.block.start, f"module.{name}", error, lost=True)


def _too_deep(session: Session, declared: Declared, what: str) -> None:
    session.complain(
        declared.path, declared.block.start, tr("{what} could not be evaluated", what=what), tr("it is nested too deep"), lost=True
    )


def _evaluate_unused(module: ModuleInstance) -> None:
    """What nobody asks for is evaluated for its mistakes alone, as Terraform does."""
    if is_model(module.directory):
        return
    for name, (path, attribute) in module.declarations.locals.items():
        try:
            module.local(name)
        except EvaluationError as error:
            module.session.failed(path, attribute.start, f"local.{name}", error)
    for name, declared in module.declarations.variables.items():
        try:
            module.variable(name)
        except EvaluationError as error:
            module.session.failed(declared.path, declared.block.start, f"var.{name}", error)


def _is_full(session: Session, resources: list[Resource]) -> bool:
    full = len(resources) >= MAX_RESOURCES
    if full:
        what = tr("only {count:,} resources are evaluated", count=MAX_RESOURCES)
        session.diagnose(Diagnostic(what, session.root or ".", tr("a root with more is beyond what is evaluated"), lost=True))
    return full


def _gather_call(
    module: ModuleInstance, name: str, declared: Declared, resources: list[Resource], calls: list[ModuleCall], moved: list[tuple[str, str]]
) -> None:
    expansion, instances = module.calls(name)
    located = locate(module, declared, name)
    version = declared.attribute("version")
    constraint = str(version.value.value) if version is not None and isinstance(version.value, Literal) else ""
    for each, instance in zip(expansion.each, instances, strict=True):
        module.budget.spend(_ARGUMENT * len(declared.block.body.attributes))
        arguments: dict[str, tuple[T, tuple[str, ...]]] = {}
        for item in declared.block.body.attributes:
            if item.name in META_ARGUMENTS:
                continue
            with module.session.watching() as seen:
                if isinstance(instance, OpaqueModule):
                    value = module.argument(item, declared.path_of(item.name), f"{instance.address}.{item.name}", each.names).get()
                else:
                    value = instance.given[item.name].get()
            arguments[item.name] = (value, tuple(seen))
        unread = (
            unread_inputs(instance.declarations, declared, located.model) if located.model and isinstance(instance, ModuleInstance) else ()
        )
        calls.append(call_of(declared, instance.address, located, constraint, arguments, module.budget.spend, unread))
        if isinstance(instance, ModuleInstance):
            _gather(instance, resources, calls, moved)


def _outputs(module: ModuleInstance) -> tuple[dict[str, Datum], frozenset[str]]:
    found: dict[str, Datum] = {}
    hidden: set[str] = set()
    for name, declared in module.declarations.outputs.items():
        try:
            value, sensitive = plain(opened(module.output(name)), module.budget.spend)
        except EvaluationError as error:
            value, sensitive = module.session.failed(declared.path, declared.block.start, f"output.{name}", error), frozenset()
        except RecursionError:
            value, sensitive = too_deep(f"output.{name}"), frozenset()
        found[name] = value
        if sensitive:
            hidden.add(name)
    return found, frozenset(hidden)


def _complain_of_inputs(session: Session, module: ModuleInstance, files: list[tuple[File, bytes]]) -> None:
    for file, content in files:
        for diagnostic in syntax_diagnostics(file, content):
            session.diagnose(diagnostic)
        for attribute in file.body.attributes:
            if attribute.name not in module.declarations.variables:
                what = tr("a value is given for {variable}, which is not declared", variable=f"var.{attribute.name}")
                session.complain(file.path, attribute.start, what, tr("it has no effect; Terraform warns of it too"))
    for name, _ in session.inputs.variables:
        if name not in module.declarations.variables:
            what = tr("{option} has no effect here", option=f"--var {name}")
            session.diagnose(Diagnostic(what, session.root or ".", tr("this root declares no such variable")))


def _complain_if_empty(session: Session, module: ModuleInstance) -> None:
    """A root of which nothing at all could be read is fatal: silence would look like praise."""
    declared = module.declarations
    nothing = not (
        declared.resources
        or declared.modules
        or declared.outputs
        or declared.variables
        or declared.locals
        or declared.providers
        or declared.terraform
    )
    broken = [path for path in declared.files if session.sources.file(path).problems]
    if declared.files and nothing and broken:
        why = tr("{broken} of its {count} files are broken", broken=len(broken), count=len(declared.files))
        session.diagnose(Diagnostic(tr("nothing of this root could be read"), session.root or ".", why, fatal=True))


def _settings(module: ModuleInstance) -> TerraformSettings:
    declared = module.declarations
    backend = cloud = None
    required_version, required = "", dict[str, str]()
    for item in declared.terraform:
        for block in item.block.body.blocks:
            span = Span(item.path, block.start, block.end)
            match block.type:
                case "backend":
                    backend = (block.labels[0] if block.labels else "", span)
                case "cloud":
                    cloud = span
                case "required_providers":
                    required.update({attribute.name: _constraint(attribute) for attribute in block.body.attributes})
                case _:
                    pass
        version = item.attribute("required_version")
        if version is not None and isinstance(version.value, Literal):
            required_version = str(version.value.value)
    provider = next(iter(declared.providers.values()), None)
    anchor = declared.terraform[0] if declared.terraform else provider or declared.first
    return TerraformSettings(
        backend[0] if backend else None,
        cloud is not None,
        required_version,
        required,
        Span(anchor.path, anchor.block.start, anchor.block.end) if anchor else None,
        backend[1] if backend else cloud,
        tuple(_provider(module, name, item) for name, item in declared.providers.items()),
        tuple(sorted(name for name, item in declared.variables.items() if item.attribute("default") is None)),
    )


def _constraint(attribute: Attribute) -> str:
    match attribute.value:
        case Literal(value=str() as constraint):
            return constraint
        case ObjectItems(items=items):
            return next(
                (
                    str(value.value)
                    for key, value in items
                    if isinstance(key, Literal) and key.value == "version" and isinstance(value, Literal)
                ),
                "",
            )
        case _:
            return ""


def _provider(module: ModuleInstance, name: str, declared: Declared) -> Provider:
    key = ProviderKey(*name.partition(".")[::2])
    values: dict[str, Datum] = _values(module, declared, declared.block.body)
    region = module.region(key) if key.name == "aws" else Unknown(tr("provider {name} has no AWS region", name=key.name))
    return Provider(name, region, values, Span(declared.path, declared.block.start, declared.block.end))


def _values(module: ModuleInstance, declared: Declared, body: Body, names: Mapping[str, T] | None = None) -> dict[str, Datum]:
    what = tr("provider {name}", name=declared.block.labels[0])
    values = {item.name: plain(module.value_of(item.value, declared.path, what, names), module.budget.spend)[0] for item in body.attributes}
    groups: dict[str, list[Datum]] = {}
    for inner in body.blocks:
        items: Iterable[Nested | Unknown] = (Nested(inner, inner.body, names or {}),)
        if is_dynamic(inner):
            items = expanded(module, inner, declared.path, what, names or {}, module.session.failed)
        told = [item if isinstance(item, Unknown) else _values(module, declared, item.body, item.names) for item in items]
        groups.setdefault(brought_by(inner), []).extend(told)
    return {**values, **{name: tuple(group) for name, group in groups.items()}}


def _moved(module: ModuleInstance) -> list[tuple[str, str]]:
    """The moves that a module writes, in addresses of the root: in a child module they are told as that module sees them.

    Source: https://developer.hashicorp.com/terraform/language/block/moved
    """
    within = f"{module.address}." if module.address else ""
    found = []
    for path, block in module.declarations.moved:
        content = module.session.sources.tree.files[path]
        ends = {item.name: content[item.value.start : item.value.end].decode(errors="replace") for item in block.body.attributes}
        if "from" in ends and "to" in ends:
            found.append((within + ends["from"], within + ends["to"]))
    return found
