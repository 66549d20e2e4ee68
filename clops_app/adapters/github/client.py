"""A request to GitHub is answered, refused, or of unknown outcome: reads are tried again, writes never, and no error tells a secret."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import httpx
import stamina
from githubkit import GitHub
from githubkit.exception import RequestError, RequestFailed

from clops_app.adapters.github.failures import Ill, Refused, Request, broken, failure, graphql_failure
from clops_app.adapters.github.pace import Pace
from clops_app.ports import ForgeError, NotThere, TryLater, Unsure

GITHUB = "https://api.github.com"
# docs.github.com, "API versions": both this and 2026-03-10 are served today; a GHES up to 3.20 knows this one only, and
# an unknown version is refused.
_VERSION = "2022-11-28"
_JSON = "application/vnd.github+json"
# A request is cut by GitHub after 10 s (docs.github.com, "Troubleshooting the REST API", timeouts).
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_ATTEMPTS = 3
_MOST_REDIRECTS = 3
T = TypeVar("T")
_REPOSITORY = re.compile(r"[\w-][\w.-]*/(?!\.\.?$)[\w.-]+")


class Tokens(Protocol):
    """Where the bearer of a request comes from."""

    def token(self) -> str:
        """Raises ForgeError."""

    def drop(self, token: str) -> bool:
        """Forget a token that was refused; whether another can be had."""


@dataclass(frozen=True, slots=True)
class FixedToken:
    """A token that we were given, and that nobody can renew; "" speaks as nobody."""

    text: str

    def token(self) -> str:
        return self.text

    def drop(self, token: str) -> bool:  # noqa: ARG002 -- the form of Tokens
        return False

    def __repr__(self) -> str:
        return "FixedToken(…)"


class Client:
    """One bearer's way to one GitHub and, in paths, one repository. `may_write` raises ForgeError where no write may go any more."""

    def __init__(
        self,
        tokens: Tokens,
        repository: str = "",
        *,
        api_url: str = GITHUB,
        graphql_url: str | None = None,
        pace: Pace | None = None,
        now: Callable[[], float] = time.time,
        may_write: Callable[[], None] = lambda: None,
    ) -> None:
        if repository and not _REPOSITORY.fullmatch(repository):
            raise NotThere("That is not the name of a repository: owner/name is.")
        self.repository = repository
        self.tokens = tokens
        self._api = httpx.URL(api_url.rstrip("/"))
        self._graphql = graphql_url or _graphql_url(api_url)
        self._pace = pace or Pace()
        self._may_write = may_write
        self._now = now
        # No cache: it would keep every answer of every repository in memory. No redirects and no repeats but our own.
        self._kit = GitHub(
            base_url=api_url,
            auto_retry=False,
            follow_redirects=False,
            http_cache=False,
            ssl_verify=_certificates(),
            timeout=TIMEOUT,
            user_agent="ClOps",
        )

    def connected(self) -> AbstractContextManager[object]:
        """Keep the connection between the requests of this thread; not to be nested."""
        return self._kit

    def read(self, template: str, *, query: Mapping[str, Any] | None = None, accept: str = _JSON, **place: object) -> httpx.Response:
        """GET. `place` fills the template."""
        return self._asked(Request("GET", template), self._url(template, place), query=query, accept=accept)

    def address(self, template: str, **place: object) -> httpx.URL:
        """GET of what is kept on another host: where it is, for a while, for whoever knows the address."""
        request = Request("GET", template, elsewhere=True)
        response = self._asked(request, self._url(template, place))
        if not response.has_redirect_location:
            raise ForgeError(f"{request}: {response.status_code}, where a redirect was expected.")
        return response.url.join(response.headers["Location"])

    def get(self, template: str, *, query: Mapping[str, Any] | None = None, **place: object) -> Any:
        """GET, and the JSON that was answered."""
        request = Request("GET", template)
        return _json(request, self._asked(request, self._url(template, place), query=query))

    def pages(self, template: str, *, key: str | None = None, query: Mapping[str, Any] | None = None, **place: object) -> Iterator[Any]:
        """The items of all pages of a list, or of the list under a key."""
        request = Request("GET", template)
        # 100 is the most that a page holds (docs.github.com, "Using pagination in the REST API").
        response = self._asked(request, self._url(template, place), query={**(query or {}), "per_page": 100})
        while True:
            answered = _json(request, response)
            yield from answered[key] if key else answered
            following = response.links.get("next", {}).get("url")
            if following is None:
                return
            response = self._asked(request, following)

    def write(self, method: str, template: str, body: object = None, **place: object) -> Any:
        """POST, PATCH, PUT or DELETE, once; the JSON that was answered, None for nothing. Raises Unsure where it may have been stored."""
        self._before_writing()
        request = Request(method, template, writes=True)
        response = self._authorised(request, self._url(template, place), body=body)
        return _json(request, response) if response.content else None

    def fetch(self, template: str, body: object = None, **place: object) -> Any:
        """POST for something that may be handed out twice without harm, so it is tried again as a read is."""
        request = Request("POST", template)
        return _json(request, self._asked(request, self._url(template, place), body=body))

    def graphql(self, name: str, query: str, variables: Mapping[str, Any], *, writes: bool = False) -> Any:
        """The `data` of a GraphQL answer. Its errors come with status 200 and are raised like any other."""
        request = Request("POST", f"/graphql {name}", writes=writes)
        if not writes:
            return self._repeated(lambda: self._queried(request, query, variables))
        self._before_writing()
        return self._queried(request, query, variables)

    def _before_writing(self) -> None:
        self._pace.wait()
        self._may_write()

    def _queried(self, request: Request, query: str, variables: Mapping[str, Any]) -> Any:
        response = self._authorised(request, self._graphql, body={"query": query, "variables": dict(variables)})
        answered = _json(request, response)
        if answered.get("errors"):
            raise graphql_failure(request, answered["errors"], response.headers, self._now())
        return answered["data"]

    def _url(self, template: str, place: Mapping[str, object]) -> str:
        filled = {name: quote(str(value), safe="/" if name == "branch" else "") for name, value in place.items()}
        return f"{self._api}{template.format(repository=self.repository, **filled)}"

    def _asked(self, request: Request, url: str, **sent: Any) -> httpx.Response:
        return self._repeated(lambda: self._authorised(request, url, **sent))

    def _repeated(self, ask: Callable[[], T]) -> T:
        for attempt in stamina.retry_context(on=Ill, attempts=_ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=4.0, wait_jitter=0.5):
            with attempt:
                return ask()
        raise AssertionError("the last attempt returns or raises")

    def _authorised(self, request: Request, url: str, **sent: Any) -> httpx.Response:
        """Ask once; after a 401, which does nothing, once more with a new token if there is one and this is no write."""
        token = self.tokens.token()
        try:
            return self._followed(request, url, token, **sent)
        except Refused as refused:
            if refused.status != 401 or not self.tokens.drop(token):
                raise
            if request.writes:
                raise TryLater(f"{refused} Nothing was done; the next try has a new token.", 1.0) from refused
        return self._followed(request, url, self.tokens.token(), **sent)

    def _followed(self, request: Request, url: str, token: str, **sent: Any) -> httpx.Response:
        """Ask, and ask again where a repository was moved to: on this host alone, the same method and body (nothing was done)."""
        response = self._once(request, url, token, **sent)
        for _ in range(_MOST_REDIRECTS):
            if not response.has_redirect_location:
                return response
            target = response.url.join(response.headers["Location"])
            if _origin(target) != _origin(self._api):
                if request.elsewhere:
                    return response
                raise ForgeError(f"{request}: redirected to another host, which gets no token.")
            response = self._once(request, str(target), token, **{**sent, "query": None})
        raise ForgeError(f"{request}: redirected more than {_MOST_REDIRECTS} times.")

    def _once(
        self, request: Request, url: str, token: str, *, query: Mapping[str, Any] | None = None, body: object = None, accept: str = _JSON
    ) -> httpx.Response:
        if _origin(httpx.URL(url)) not in (_origin(self._api), _origin(httpx.URL(self._graphql))):
            raise ForgeError(f"{request}: the answer leads to another host.")
        headers = {"Accept": accept, "X-GitHub-Api-Version": _VERSION}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            return self._kit.request(request.method, url, params=query, json=body, headers=headers).raw_response
        except RequestFailed as failed:
            raise failure(request, failed.response.raw_response, self._now()) from failed
        except RequestError as failed:
            if isinstance(failed.exc, httpx.TransportError):
                raise broken(request, failed.exc) from failed
            raise


def _json(request: Request, response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError as error:
        raise (Unsure if request.writes else ForgeError)(f"{request}: {response.status_code}, with an answer that is no JSON.") from error


def _graphql_url(api_url: str) -> str:
    """docs.github.com, "Forming calls with GraphQL": /graphql beside the REST API, on a GHES /api/graphql for /api/v3."""
    return f"{api_url.rstrip('/').removesuffix('/v3')}/graphql"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@cache
def _certificates() -> Any:
    """Read once, as reading them takes longer than most requests."""
    return httpx.create_ssl_context()
