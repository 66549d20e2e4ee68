"""Who is calling and what they may do: JSON web tokens of apps, installation tokens, GITHUB_TOKEN, people, nobody."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.github.contracts import error_bodies
from tests.github.state import ROLES, Account, App, Installation, Refused, Repository, Token, not_found

if TYPE_CHECKING:
    from tests.github.hub import Hub

TOKEN_LIFE = timedelta(hours=1)  # B.4-2
JWT_SECONDS = 600  # B.4-1
LEVELS = ("none", "read", "write", "admin")
# What a person's role allows, by the permission an app would need; everything else at write needs the role write.
OPEN_TO_READERS = ("issues", "pull_requests")


@dataclass(frozen=True)
class Caller:
    """Who is calling: `account` is whom their words are attributed to."""

    kind: str  # jwt, installation, actions, user or anonymous
    account: Account | None = None
    app: App | None = None
    installation: Installation | None = None
    permissions: Mapping[str, str] = field(default_factory=dict)
    repositories: frozenset[int] | None = None
    token: Token | None = None

    @property
    def bearer(self) -> str:
        """Whose allowance is used: an installation's, not a token's."""
        if self.installation:
            return f"installation {self.installation.id}"
        return f"{self.kind} {self.account.login if self.account else self.app.id if self.app else ''}"


@cache
def key_pair(number: int) -> tuple[str, str]:
    """The RSA key of a hub's app by its number: private and public, PEM; kept for the process, as making one takes a tenth of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


def _unauthorised(message: str) -> Refused:
    return Refused(401, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "401"})


def caller_of(hub: Hub, header: str | None) -> Caller:
    """Who the Authorization header says is calling; 401 for what is wrong, expired or revoked."""
    if not header:
        return Caller("anonymous")
    scheme, _, text = header.partition(" ")
    if scheme.lower() not in ("bearer", "token"):
        raise _unauthorised("Bad credentials")
    if text.count(".") == 2 and not text.startswith("ghs_"):
        return _app_caller(hub, text)
    token = hub.tokens.get(text)
    if token is None or token.revoked or (token.expires_at and token.expires_at <= hub.clock.now()):
        raise Refused(401, error_bodies()["token.expired"]["body"])
    if token.installation and token.installation.removed:
        raise Refused(401, error_bodies()["token.expired"]["body"])
    if token.installation and token.installation.suspended_at:
        raise Refused(403, {"message": "This installation has been suspended", "documentation_url": "https://docs.github.com/rest"})
    repositories = frozenset(token.repositories) if token.repositories is not None else None
    return Caller(token.kind, token.account, token.app, token.installation, token.permissions, repositories, token)


def _app_caller(hub: Hub, text: str) -> Caller:
    try:
        claims = jwt.decode(text, options={"verify_signature": False})
    except jwt.PyJWTError as error:
        raise Refused(401, error_bodies()["jwt.undecodable"]["body"]) from error
    app = next((one for one in hub.apps.values() if str(claims.get("iss")) in (str(one.id), one.client_id)), None)
    if app is None:
        raise _unauthorised("Integration not found")
    options: Any = {"verify_exp": False, "verify_iat": False, "require": ["iat", "exp", "iss"]}
    try:
        jwt.decode(text, app.public_key, algorithms=["RS256"], options=options)
    except jwt.PyJWTError as error:
        raise Refused(401, error_bodies()["jwt.undecodable"]["body"]) from error
    now = hub.clock.epoch()
    if claims["exp"] > now + JWT_SECONDS:
        raise Refused(401, error_bodies()["jwt.exp_too_far"]["body"])
    if claims["exp"] <= now:
        raise _unauthorised(
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
        )
    if claims["iat"] > now:
        raise _unauthorised("'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued")
    return Caller("jwt", app=app)


def issue(hub: Hub, installation: Installation, permissions: dict[str, str] | None, repositories: set[int] | None) -> Token:
    """A token of the installation, at most as wide as it: an hour, and long, `ghs_APPID_JWT` (B.4-2)."""
    for name, level in (permissions or {}).items():
        if LEVELS.index(level) > LEVELS.index(installation.permissions.get(name, "none")):
            message = "The permissions requested are not granted to this installation."
            raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"})
    visible = {one.id for one in hub.repositories.values() if sees(installation, one)}
    if repositories is not None and not repositories <= visible:
        message = "There is at least one repository that does not exist or is not accessible to the parent installation."
        raise Refused(422, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "422"})
    expires = hub.clock.now().replace(microsecond=0) + TOKEN_LIFE
    signed = jwt.encode(
        {"iss": str(installation.app.id), "exp": int(expires.timestamp()), "jti": secrets.token_hex(16)}, secrets.token_hex(32)
    )
    granted = dict(permissions) if permissions else dict(installation.permissions)
    granted.setdefault("metadata", "read")
    wanted = repositories if repositories is not None else installation.repositories
    text = f"ghs_{installation.app.id}_{signed}"
    token = Token(text, "installation", installation.app.bot, granted, wanted, expires, installation, installation.app)
    hub.tokens[text] = token
    return token


def sees(installation: Installation, repository: Repository) -> bool:
    chosen = installation.repositories is None or repository.id in installation.repositories
    return repository.owner.id == installation.account.id and chosen


def inside(caller: Caller, repository: Repository) -> bool:
    """Whether the caller's own permissions apply here, beyond what the public may read."""
    match caller.kind:
        case "installation" if caller.installation:
            chosen = caller.repositories is None or repository.id in caller.repositories
            return sees(caller.installation, repository) and chosen
        case "actions":
            return caller.repositories is not None and repository.id in caller.repositories
        case "user" if caller.account:
            return repository.role(caller.account) != "none"
        case _:
            return False


def visible(caller: Caller, repository: Repository) -> bool:
    return inside(caller, repository) or not repository.private


def allowed(caller: Caller, repository: Repository, permission: str, level: str) -> bool:
    """Whether the caller may do what needs this permission in this repository."""
    if not inside(caller, repository):
        return level == "read" and not repository.private
    if caller.kind == "user" and caller.account:
        role = ROLES.index(repository.role(caller.account))
        needed = "read" if level == "read" or permission in OPEN_TO_READERS else level
        return permission != "checks" and role >= ROLES.index(needed)
    return LEVELS.index(caller.permissions.get(permission, "none")) >= LEVELS.index(level)


def demand(caller: Caller, repository: Repository, needs: tuple[str, ...]) -> None:
    """404 for what the caller cannot see, 403 for what it may not do; `needs` are alternatives like 'issues=write'."""
    if not visible(caller, repository):
        raise not_found()
    if not needs or any(allowed(caller, repository, *need.split("=")) for need in needs):
        return
    if caller.kind == "anonymous":
        raise _unauthorised("Requires authentication")
    headers = {"X-Accepted-GitHub-Permissions": "; ".join(needs)}
    if caller.kind == "user":
        message = "You must authenticate via a GitHub App." if needs[0] == "checks=write" else "Must have write access to Repository."
        raise Refused(403, {"message": message, "documentation_url": "https://docs.github.com/rest", "status": "403"}, headers)
    raise Refused(403, error_bodies()["integration.forbidden"]["body"], headers)
