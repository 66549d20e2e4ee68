"""What a resource instance, an expansion and a data source ask of the module they stand in."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from clops_app.hcl.syntax import Expression, Literal, ObjectItems, Traversal
from clops_app.model.values import Unknown
from clops_app.terraform.declarations import Declared
from clops_app.terraform.scope import Scope
from clops_app.terraform.session import Session


class ProviderKey(NamedTuple):
    """A provider configuration as it is known in one module: `aws`, or `aws.replica`."""

    name: str
    alias: str

    @property
    def text(self) -> str:
        return f"{self.name}.{self.alias}" if self.alias else self.name


class ModuleScope(Scope, Protocol):
    """One module instance."""

    @property
    def session(self) -> Session: ...

    @property
    def directory(self) -> str: ...

    @property
    def address(self) -> str: ...

    @property
    def key(self) -> str:
        """Its name in `.terraform/modules/modules.json`: "vpc", "vpc.subnets"; "" for the root."""
        ...

    @property
    def depth(self) -> int: ...

    def is_inside(self, directory: str) -> bool:
        """Whether this module or one that calls it stands in `directory`."""
        ...

    def region(self, key: ProviderKey) -> str | Unknown:
        """The region that a provider configuration works in."""
        ...


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
