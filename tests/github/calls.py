"""A request that passed the door, the answer to it, and how a list is cut into pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

from tests.github.hub import Hub
from tests.github.state import Account, App, Refused, Repository
from tests.github.tokens import Caller

T = TypeVar("T")
PAGE, PAGE_LIMIT = 30, 100  # B.3-3; a larger per_page is clamped [inferred]


@dataclass
class Call:
    """`repository` is set where the path names one, and seen by the caller."""

    hub: Hub
    caller: Caller
    method: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    accept: str
    version: str
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        if self.found is None:
            raise LookupError(self.path)
        return self.found

    @property
    def account(self) -> Account:
        """Whom what is written is attributed to."""
        if self.caller.account is None:
            raise Refused(401, {"message": "Requires authentication", "documentation_url": "https://docs.github.com/rest", "status": "401"})
        return self.caller.account

    @property
    def app(self) -> App | None:
        return self.caller.app

    def number(self, name: str) -> int:
        text = self.params[name]
        if not text.isdigit():
            raise Refused(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"})
        return int(text)


@dataclass
class Answer:
    """`raw` is sent as it is where GitHub does not answer in JSON."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    media: str = "application/json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Route:
    """`needs` are alternatives, each 'permission=level'; `content` counts against the limit of content creation."""

    method: str
    template: str
    run: Callable[[Call], Answer]
    needs: tuple[str, ...] = ()
    auth: str = "any"  # any, jwt (an app itself) or installation
    content: bool = False


def page(call: Call, items: Sequence[T], show: Callable[[T], Any], wrap: Callable[[list[Any], int], Any] | None = None) -> Answer:
    """One page with the Link header (B.3-11)."""
    size = min(PAGE_LIMIT, int(call.query.get("per_page", PAGE)) or PAGE)
    number = max(1, int(call.query.get("page", 1)))
    last = max(1, -(-len(items) // size))
    shown = [show(one) for one in items[(number - 1) * size : number * size]]
    links = []

    def link(to: int, name: str) -> None:
        links.append(f'<{call.hub.api}{call.path}?{urlencode({**call.query, "page": to})}>; rel="{name}"')

    if number > 1:
        link(number - 1, "prev")
    if number < last:
        link(number + 1, "next")
        link(last, "last")
    if number > 1:
        link(1, "first")
    body = wrap(shown, len(items)) if wrap else shown
    return Answer(200, body, {"Link": ", ".join(links)} if links else {})
