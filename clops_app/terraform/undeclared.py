"""A reference that leads nowhere, or not to one instance: the error, in Terraform's summary, with what was likely meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from clops_app.language import tr, tr_noop
from clops_app.terraform.declarations import Declarations, Declared
from clops_app.terraform.references import meant
from clops_app.terraform.session import Session
from clops_app.terraform.values import StaticError

# As Terraform's summaries call what is not declared.
_KINDS = {
    "local value": tr_noop("local value"),
    "output value": tr_noop("output value"),
    "input variable": tr_noop("input variable"),
    "module call": tr_noop("module call"),
}


class _Module(Protocol):
    """The module instance that the reference stands in."""

    @property
    def session(self) -> Session: ...
    @property
    def directory(self) -> str: ...
    @property
    def declarations(self) -> Declarations: ...


def undeclared(module: _Module, kind: str, name: str, known: Mapping[str, object]) -> StaticError:
    """The error for a name that nothing of its kind has; `known` are the names that there are."""
    hint = meant(module.session.nearest(f"{kind} {module.directory}", name, known))
    detail = tr("There is no {kind} named `{name}` here.", kind=tr(_KINDS[kind]), name=name) + hint
    return StaticError(f"Reference to undeclared {kind}", detail)


def undeclared_resource(module: _Module, mode: str, type_name: str, name: str) -> StaticError:
    """The error for a resource or data source that is not there."""
    hint = meant(_nearest_resource(module, mode, type_name, name))
    if mode == "managed" and ("data", type_name, name) in module.declarations.resources:
        hint = meant(f"data.{type_name}.{name}")
    address = f"{type_name}.{name}"
    if mode == "data":
        detail = tr("There is no data source `{address}` here.", address=address)
        return StaticError("Reference to undeclared data source", detail + hint)
    return StaticError("Reference to undeclared resource", tr("There is no resource `{address}` here.", address=address) + hint)


def _nearest_resource(module: _Module, mode: str, type_name: str, name: str) -> str:
    """The address with a slip in the name, else the one with a slip in the type."""
    session, known = module.session, module.declarations.resources
    # Generators: the session seldom looks at the thousands of names, as it answers a question once, and not too many.
    names = (item for kind, of_type, item in known if kind == mode and of_type == type_name)
    named = session.nearest(f"{mode} {type_name} {module.directory}", name, names)
    if named:
        return f"{type_name}.{named}"
    near = session.nearest(f"{mode} .{name} {module.directory}", type_name, _types(module, mode, name))
    return f"{near}.{name}" if near else ""


def _types(module: _Module, mode: str, name: str) -> Iterator[str]:
    """The types of the resources of that name, each once."""
    yield from dict.fromkeys(of_type for kind, of_type, item in module.declarations.resources if kind == mode and item == name)


def which_instance(base: str, declared: Declared) -> StaticError:
    """The error for a reference into a resource of several instances that does not say which one."""
    if declared.attribute("count") is not None:
        detail = tr(
            "{address} has `count`: write which one is meant, {address}[0] or {address}[count.index], or {address}[*] for all of them.",
            address=base,
        )
    else:
        detail = tr(
            '{address} has `for_each`: write which one is meant, {address}["key"] or {address}[each.key], or values({address})[*] for all.',
            address=base,
        )
    return StaticError("Missing resource instance key", detail)
