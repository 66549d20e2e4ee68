"""What the button "Commit suggestion" does: whole lines of the head's file give way to the block's lines, or it says why not."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cmarkgfm

from tests.github import scene
from tests.github.hub import Hub
from tests.github.placement import Anchor
from tests.github.state import Account, Pull, Repository, ReviewComment

# GitHub's own page text (README of the contracts, B.2-5).
NO_CHANGE = "This suggestion is invalid because no changes were made to the code."
CLOSED = "Suggestions cannot be applied while the pull request is closed."
DELETED_LINES = "Applying suggestions on deleted lines is not supported."
OUTDATED = "Outdated suggestions cannot be applied."
DONE = "This suggestion has been applied or marked resolved."
PENDING = "Suggestions cannot be applied from pending reviews."
ONE_A_LINE = "Only one suggestion per line can be applied in a batch."
NONE_HERE = "There is no suggestion in this comment."
NO_RIGHT = "You must have write access to the head branch."
_BLOCK = re.compile(r'<pre lang="suggestion"><code>(.*?)</code></pre>', re.DOTALL)


class NotApplied(Exception):
    """The button's refusal, in GitHub's words."""


@dataclass(frozen=True, slots=True)
class _Replacement:
    comment: ReviewComment
    path: str
    first: int
    last: int
    lines: tuple[bytes, ...]


def blocks(body: str) -> list[str]:
    """The suggestions of a comment as GitHub's own parser reads them; '' for an empty block."""
    page = cmarkgfm.github_flavored_markdown_to_html(body)
    return [html.unescape(text) for text in _BLOCK.findall(page)]


def may_push(pull: Pull, repository: Repository, who: Account) -> bool:
    """Write access to the head branch, or upstream's when the fork's owner allows edits (B.2-7)."""
    writers = ("write", "maintain", "admin")
    head = pull.head_repository
    if head is None:
        return False
    return head.role(who) in writers or (head is not repository and pull.maintainer_can_modify and repository.role(who) in writers)


def apply(hub: Hub, repository: Repository, pull: Pull, comments: Sequence[ReviewComment], who: Account, block: int = 0) -> str:
    """Commit the suggestions of these comments as one commit on the head branch; returns its sha."""
    with hub.lock:
        if pull.state != "open":
            raise NotApplied(CLOSED)
        if not may_push(pull, repository, who) or pull.head_repository is None:
            raise NotApplied(NO_RIGHT)
        wanted = [_replacement(hub, repository, pull, one, block) for one in comments]
        _no_overlap(wanted)
        files = {path: _edited(repository.git.file(pull.head, path) or b"", wanted, path) for path in sorted({one.path for one in wanted})}
        if any(after == repository.git.file(pull.head, path) for path, after in files.items()):
            raise NotApplied(NO_CHANGE)
        sha = scene.push(hub, pull.head_repository, pull.head_ref, files, by=who, message=_message(comments, who))
        for one in comments:
            one.applied = True
            scene.resolve_thread(hub, repository, pull, one, who)
        return sha


def _replacement(hub: Hub, repository: Repository, pull: Pull, one: ReviewComment, block: int) -> _Replacement:
    found = blocks(one.body)
    if block >= len(found):
        raise NotApplied(NONE_HERE)
    if pull.reviews[one.review].state == "PENDING":
        raise NotApplied(PENDING)
    first = pull.comments[one.reply_to] if one.reply_to is not None else one
    if one.applied or first.resolved_by is not None:
        raise NotApplied(DONE)
    if one.anchor.side != "RIGHT" or one.anchor.start_side == "LEFT":
        raise NotApplied(DELETED_LINES)
    now = hub.place_now(repository, pull, one)
    if now is None or now.line is None:
        raise NotApplied(OUTDATED)
    return _Replacement(one, now.path, _first(now), now.line, tuple(found[block].encode().split(b"\n")[:-1]))


def _first(now: Anchor) -> int:
    return now.start_line if now.start_line is not None else now.line or 0


def _no_overlap(wanted: Sequence[_Replacement]) -> None:
    ordered = sorted(wanted, key=lambda one: (one.path, one.first))
    for before, after in pairwise(ordered):
        if before.path == after.path and after.first <= before.last:
            raise NotApplied(ONE_A_LINE)


def _edited(content: bytes, wanted: Sequence[_Replacement], path: str) -> bytes:
    """The parser leaves LF, so a file of CRLF comes out mixed, as is reported (B.2-8); the last line's end stays (B.2-9)."""
    ended = content.endswith(b"\n")
    lines = content.split(b"\n")[: -1 if ended else None]
    for one in sorted(wanted, key=lambda each: -each.first):
        if one.path == path:
            lines[one.first - 1 : one.last] = one.lines
    return b"\n".join(lines) + (b"\n" if ended and lines else b"")


def _message(comments: Sequence[ReviewComment], who: Account) -> str:
    title = f"Update {comments[0].anchor.path}" if len(comments) == 1 else "Apply suggestions from code review"
    suggesters = sorted({one.user.login for one in comments if one.user is not who})
    trailers = [f"Co-authored-by: {login} <{login}@users.noreply.github.test>" for login in suggesters]
    return "\n\n".join([title, *(["\n".join(trailers)] if trailers else [])])
