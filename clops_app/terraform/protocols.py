"""What a resource instance, an expansion and a data source ask of the module they stand in."""

from __future__ import annotations

from typing import Protocol

from clops_app.model.values import Unknown
from clops_app.terraform.providers import ProviderKey
from clops_app.terraform.scope import Scope
from clops_app.terraform.session import Session


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
