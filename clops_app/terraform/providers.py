"""Which configuration of a provider is meant, where a block or the call of a module names one."""

from __future__ import annotations

from sys import intern
from typing import NamedTuple

from clops_app.hcl.syntax import Attribute, Expression, Literal, ObjectItems, Traversal
from clops_app.terraform.declarations import Declared


class ProviderKey(NamedTuple):
    """A provider configuration as it is known in one module: `aws`, or `aws.replica`."""

    name: str
    alias: str

    @property
    def text(self) -> str:
        return f"{self.name}.{self.alias}" if self.alias else self.name


def configured_by(written: Attribute | None, type_name: str) -> ProviderKey:
    """The provider configuration of a resource or data block of the type; `written` is its argument `provider`."""
    match written:
        case Attribute(value=Traversal(names=(name,))):
            return ProviderKey(name, "")
        case Attribute(value=Traversal(names=(name, alias))):
            return ProviderKey(name, alias)
        case _:
            return ProviderKey(intern(type_name.partition("_")[0]), "")


def passed_providers(declared: Declared) -> dict[ProviderKey, ProviderKey]:
    attribute = declared.attribute("providers")
    if attribute is None or not isinstance(attribute.value, ObjectItems):
        return {}
    found = {}
    for key, value in attribute.value.items:
        inner, outer = provider_key(key), provider_key(value)
        if inner is not None and outer is not None:
            found[inner] = outer
    return found


def provider_key(expression: Expression) -> ProviderKey | None:
    match expression:
        case Traversal(names=(name,)) | Literal(value=str() as name) if "." not in name:
            return ProviderKey(name, "")
        case Traversal(names=(name, alias)):
            return ProviderKey(name, alias)
        case Literal(value=str() as dotted):
            name, _, alias = dotted.partition(".")
            return ProviderKey(name, alias)
        case _:
            return None
