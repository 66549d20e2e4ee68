"""A module of which nothing is known but that it is called."""

from __future__ import annotations

from clops_app.model.types import Type, type_any
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.session import Session
from clops_app.terraform.values import T


class OpaqueModule:
    """A module whose source is not here: every output is unknown because of `why`."""

    __slots__ = ("_session", "address", "why")

    def __init__(self, session: Session, address: str, why: str) -> None:
        self._session = session
        self.address = address
        self.why = why

    def attribute(self, name: str) -> T:
        self._session.need((self.address,))
        return Unknown(self.why, Reference(self.address, name))

    def names(self) -> tuple[str, ...]:
        return ()

    def spend(self, steps: int) -> None:
        self._session.budget.spend(steps)

    def value_type(self) -> Type:
        return type_any
