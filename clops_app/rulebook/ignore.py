"""What a team decided to live with stays quiet, with its reason, until the day it named; a wrong or stale ignore is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from clops_app.language import tr
from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree
from clops_app.rulebook.comments import IgnoreComment, read_comments

# Rules that are not ours but may be ignored all the same: the scanner adapters' findings.
_FOREIGN = ("checkov/",)


@dataclass(frozen=True, slots=True)
class IgnoreEntry:
    """One `ignore:` entry of .clops.yml. `address` may hold * and ?; `until` is the last day it counts; `where` is for messages."""

    rule: str
    address: str = "*"
    reason: str = ""
    until: date | None = None
    where: str = ".clops.yml"


class Ignored(NamedTuple):
    """`ignored` pairs a finding with the reason somebody gave ("" when none)."""

    kept: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]
    diagnostics: tuple[Diagnostic, ...]


def apply_ignores(
    findings: Iterable[Finding],
    tree: SourceTree,
    files: Iterable[str],
    entries: Sequence[IgnoreEntry],
    *,
    known_rules: frozenset[str],
    today: date,
) -> Ignored:
    """Part findings from those that an entry or a comment in `files` (paths of the tree) ignores, as of `today`."""
    comments, diagnostics = read_comments(tree, files)
    said = [*diagnostics]
    said += [problem for entry in entries for problem in _problems((entry.rule,), entry.until, entry.where, known_rules, today)]
    said += [problem for item in comments for problem in _problems(item.rules, item.until, item.where, known_rules, today)]
    valid_entries = tuple(entry for entry in entries if not _expired(entry.until, today))
    valid_comments = tuple(item for item in comments if not _expired(item.until, today))
    kept, ignored = [], []
    for finding in findings:
        reason = _reason(finding, valid_entries, valid_comments)
        if reason is None:
            kept.append(finding)
        else:
            ignored.append((finding, reason))
    return Ignored(tuple(kept), tuple(ignored), tuple(said))


def unknown_rule(name: str, known_rules: Iterable[str]) -> str:
    """Say that there is no such rule, and which one was probably meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(known_rules), n=1, cutoff=0.5)
    if near:
        return tr("there is no rule {name!r}; did you mean {near!r}?", name=name, near=near[0])
    return tr("there is no rule {name!r}; `clops rules` lists them", name=name)


def _problems(rules: Iterable[str], until: date | None, where: str, known_rules: frozenset[str], today: date) -> list[Diagnostic]:
    unknown = [name for name in rules if name not in known_rules and not name.startswith(_FOREIGN)]
    found = [Diagnostic(tr("ignore has no effect"), where, unknown_rule(name, known_rules)) for name in unknown]
    if until is not None and _expired(until, today):
        why = tr("it counted until {until}: mend what it hid, remove it, or give it a later date", until=until.isoformat())
        found.append(Diagnostic(tr("ignore of {rules} has expired", rules=", ".join(rules)), where, why))
    return found


def _expired(until: date | None, today: date) -> bool:
    return until is not None and today > until


def _reason(finding: Finding, entries: Iterable[IgnoreEntry], comments: Iterable[IgnoreComment]) -> str | None:
    for entry in entries:
        if entry.rule == finding.rule and _matches(entry.address, finding.address):
            return entry.reason
    for comment in comments:
        if finding.rule in comment.rules and _covers(comment, finding):
            return comment.reason
    return None


def _matches(pattern: str, address: str) -> bool:
    # Not fnmatch: its [0] is a set of characters, ours is an index. A resource without index means all its instances,
    # a module all that is in it.
    written = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(rf"{written}([.\[].*)?", address, re.DOTALL) is not None


def _covers(comment: IgnoreComment, finding: Finding) -> bool:
    inside = comment.span.path == finding.path and comment.span.start <= finding.span.start and finding.span.end <= comment.span.end
    called = comment.module != "" and comment.directory == finding.root and _matches(comment.module, finding.address)
    return inside or called
