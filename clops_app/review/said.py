"""What we said is known by hidden marks at the very top of our own comments, where no stranger's text can come to stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal
from urllib.parse import quote

from clops_app.model.draft import PostedComment
from clops_app.review.render.markdown.headline import MARKER

Ending = Literal["fixed", "dismissed", "duplicate"]
State = Literal["open", "closed", "dismissed"]

_MARK = re.compile(r"<!-- clops:(\w+)(?: (\S+))? -->\Z")
_SUGGESTION = re.compile(r"^`{3,}suggestion$", re.MULTILINE)


def finding_marks(tokens: Iterable[str]) -> str:
    """One line for each fingerprint, already as `fingerprint_token` writes it: `<!-- clops:finding 1a2b… -->`."""
    return "\n".join(f"<!-- clops:finding {token} -->" for token in tokens)


def closed_mark(ending: Ending) -> str:
    """What is under the finding marks of a comment that we closed ourselves."""
    return f"<!-- clops:closed {ending} -->"


def marked_summary(body: str, head_sha: str) -> str:
    """The sticky comment with the mark it is found by and, under it, the commit that it is for."""
    return f"{MARKER}\n<!-- clops:head {_token(head_sha)} -->\n{body.removeprefix(MARKER).lstrip()}"


def is_summary(body: str) -> bool:
    """Whether a comment, if it is our own, is the sticky one."""
    return plain(body).startswith(MARKER)


def fingerprints_of(body: str) -> tuple[str, ...]:
    """The findings that an inline comment is about, as `fingerprint_token` writes them; none: it is not about a finding."""
    return tuple(value for name, value in _marks(body) if name == "finding")


def ending_of(body: str) -> Ending | None:
    """How a comment that we closed ourselves ended."""
    for name, value in _marks(body):
        match name, value:
            case "closed", "fixed" | "dismissed" | "duplicate":
                return value
    return None


def review_mark(head_sha: str) -> str:
    """The first line of the text that goes with a batch of inline comments."""
    return f"<!-- clops:inline {_token(head_sha)} -->"


def asked_by(comment: int) -> str:
    """The last line of the message of a commit that a comment asked for."""
    return f"Asked-in-comment: {comment}"


def fingerprint_token(fingerprint: str) -> str:
    """A fingerprint as it stands in a mark."""
    return _token(fingerprint)


def state_of(comment: PostedComment) -> State:
    """Who ended it: we, because it was mended, or a person, who wants to hear no more of it."""
    if comment.resolved == "by_us" or ending_of(comment.body) is not None:
        return "closed"
    return "dismissed" if comment.hidden or comment.resolved == "by_person" else "open"


def has_suggestion(body: str) -> bool:
    return _SUGGESTION.search(plain(body)) is not None


def first_line(body: str) -> str:
    """The first line that people see."""
    lines = plain(body).split("\n")
    return next((line for line in lines if line and not _MARK.match(line)), "")


def plain(body: str) -> str:
    """A body as it was sent, whatever became of its line ends on the way."""
    return body.replace("\r\n", "\n").strip()


def _marks(body: str) -> Iterator[tuple[str, str]]:
    for line in plain(body).split("\n"):
        mark = _MARK.match(line.rstrip())
        if mark is None:
            return
        yield mark[1], mark[2] or ""


def _token(text: str) -> str:
    """Without spaces and angle brackets, which would end the mark; hex digits stay as they are."""
    return quote(text, safe="/:|")
