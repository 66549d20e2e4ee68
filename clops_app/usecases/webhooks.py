"""What GitHub tells becomes a job or nothing; whatever stands in a payload, reading it never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from clops_app.model.job import Job, Said
from clops_app.usecases.commands import is_command

# The buttons that a check run of ours may have, by identifier (at most 20 characters: README of the contracts, B.3-2),
# and the command that pressing one stands for.
BUTTONS: Mapping[str, str] = {"fix_all": "/clops fix all", "why": "/clops why"}
MOST_SAID = 2_000  # characters of a comment that are kept: no command is longer
_LARGEST = 2**63 - 1  # what a database keeps as an integer

_REVIEWED = frozenset({"opened", "reopened", "synchronize", "ready_for_review"})
_LOGGED = frozenset({"installation", "installation_repositories", "github_app_authorization", "ping"})
_FULL_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_LOGIN = re.compile(r"[A-Za-z0-9_-]{1,100}(?:\[bot\])?")
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_WORD = re.compile(r"[a-z_]{1,50}")

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to do; `why` is a phrase for the log and for GitHub's list of deliveries, with nothing of the payload."""

    why: str


@dataclass(frozen=True, slots=True)
class Gist:
    """What may be logged of a payload: names and numbers of the expected form, else "" and None."""

    action: str
    repository: str
    number: int | None


def gist_of(payload: Payload) -> Gist:
    """The action, the repository and the number of the pull request or issue."""
    number = _number(payload, "number") or _number(payload, "pull_request", "number") or _number(payload, "issue", "number")
    return Gist(_matching(_WORD, payload, "action"), _matching(_FULL_NAME, payload, "repository", "full_name"), number)


def job_of(event: str, delivery: str, payload: Payload, own_login: str | None) -> Job | Nothing:
    """What is to be done about an event. `own_login` is our bot's ("clops[bot]"), None where it is not known.

    Drafts are reviewed, too: GitHub says `opened` of them as well, and early is when people can still change their mind.
    """
    if event in _LOGGED:
        return Nothing("nothing is to be done")
    repository, installation = _matching(_FULL_NAME, payload, "repository", "full_name"), _number(payload, "installation", "id")
    if not repository or installation is None:
        return Nothing("it names no repository or no installation")
    begun = Job(delivery, "review", installation, repository, None)
    match event, _text(payload, "action"):
        case "pull_request", action:
            return _pull_request(begun, action, payload)
        case "issue_comment", "created":
            return _comment(begun, payload, own_login)
        case "check_run", "rerequested":
            return _of_check(begun, "check_run", payload, own_login)
        case "check_suite", "rerequested":
            return _of_check(begun, "check_suite", payload, own_login)
        case "check_run", "requested_action":
            return _button(begun, payload, own_login)
        case _:
            return Nothing("this event or action asks for nothing")


def _pull_request(begun: Job, action: str, payload: Payload) -> Job | Nothing:
    """A changed title or text changes no review; another base branch does."""
    if action not in _REVIEWED and not (action == "edited" and isinstance(_at(payload, "changes", "base"), Mapping)):
        return Nothing("this event or action asks for nothing")
    number = _number(payload, "pull_request", "number")
    if number is None:
        return Nothing("it names no pull request")
    head_sha = _matching(_COMMIT, payload, "pull_request", "head", "sha")
    return Job(begun.delivery, "review", begun.installation, begun.repository, number, head_sha)


def _comment(begun: Job, payload: Payload, own_login: str | None) -> Job | Nothing:
    """A command said by a person on a pull request; every pull request is an issue, not the other way round."""
    if not isinstance(_at(payload, "issue", "pull_request"), Mapping):
        return Nothing("the comment is not on a pull request")
    text = _text(payload, "comment", "body")[:MOST_SAID]
    if not is_command(text):
        return Nothing("the comment does not speak to ClOps")
    # Our own words come back as events (B.5-9); two bots that answer each other would never end.
    author = _matching(_LOGIN, payload, "comment", "user", "login")
    if _is_bot(payload, ("comment", "user"), own_login) or _is_bot(payload, ("sender",), own_login):
        return Nothing("the comment is not a person's")
    number, comment = _number(payload, "issue", "number"), _number(payload, "comment", "id")
    if number is None or comment is None or not author:
        return Nothing("it names no pull request, comment or author")
    return Job(begun.delivery, "command", begun.installation, begun.repository, number, said=Said(comment, author, _storable(text)))


def _of_check(begun: Job, check: str, payload: Payload, own_login: str | None) -> Job | Nothing:
    """Somebody wants our check to run again."""
    slug = _text(payload, check, "app", "slug")
    # GitHub tells these only to the app that owns the check; a slug that is there and another's says that somebody erred.
    if own_login is not None and slug and f"{slug}[bot]".lower() != own_login.lower():
        return Nothing("the check is not ours")
    head_sha = _matching(_COMMIT, payload, check, "head_sha")
    number = _number_of_check(payload, check)
    if not head_sha and number is None:
        return Nothing("the check names no commit")
    return Job(begun.delivery, "review", begun.installation, begun.repository, number, head_sha)


def _button(begun: Job, payload: Payload, own_login: str | None) -> Job | Nothing:
    """A button of our check run says a command in the name of who pressed it; there is no comment to react to."""
    command = BUTTONS.get(_text(payload, "requested_action", "identifier"))
    author = _matching(_LOGIN, payload, "sender", "login")
    if command is None or not author or _is_bot(payload, ("sender",), own_login):
        return Nothing("the button is none of ours, or no person pressed it")
    match _of_check(begun, "check_run", payload, own_login):
        case Job() as job:
            return Job(job.delivery, "command", job.installation, job.repository, job.number, job.head_sha, Said(0, author, command))
        case nothing:
            return nothing


def _number_of_check(payload: Payload, check: str) -> int | None:
    """The first pull request into this very repository; for forks the list is empty (B.5-8), and it may name other repositories'."""
    here = _number(payload, "repository", "id")
    listed = _at(payload, check, "pull_requests")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, Mapping) and _number(one, "base", "repo", "id") in (here, None) and (number := _number(one, "number")):
            return number
    return None


def _is_bot(payload: Payload, path: tuple[str, ...], own_login: str | None) -> bool:
    login = _text(payload, *path, "login")
    ours = own_login is not None and login.lower() == own_login.lower()
    return ours or login.endswith("[bot]") or _text(payload, *path, "type") == "Bot"


def _at(payload: object, *path: str) -> object:
    for name in path:
        payload = payload.get(name) if isinstance(payload, Mapping) else None
    return payload


def _text(payload: Payload, *path: str) -> str:
    found = _at(payload, *path)
    return found if isinstance(found, str) else ""


def _matching(pattern: re.Pattern[str], payload: Payload, *path: str) -> str:
    found = _text(payload, *path)
    return found if pattern.fullmatch(found) else ""


def _number(payload: Payload, *path: str) -> int | None:
    found = _at(payload, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found <= _LARGEST else None


def _storable(text: str) -> str:
    """Without what JSON can say and a database cannot keep: NUL and halves of surrogate pairs."""
    return text.encode(errors="replace").decode().replace("\0", "")
