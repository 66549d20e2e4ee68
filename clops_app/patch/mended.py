"""A finding is mended when its resource is still there and it is not found any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from clops_app.language import tr
from clops_app.model.finding import Finding
from clops_app.patch.thought import RootThought, Thought

Words = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What is in one root: its resources, its findings by identity, and how often the same is said of the same address."""

    addresses: frozenset[str]
    fingerprints: frozenset[str]
    said: Mapping[Words, int]


Look = Callable[[str], Seen]  # at a root


def look_at(thought: Thought) -> Look:
    """Each root is gone through once, when it is first asked for."""

    @cache
    def seen(root: str) -> Seen:
        one = thought.get(root)
        return _NOTHING if one is None else _seen(one)

    return seen


_NOTHING = Seen(frozenset(), frozenset(), {})


def _seen(one: RootThought) -> Seen:
    return Seen(
        frozenset(resource.address for resource in one.configuration.resources),
        frozenset(finding.fingerprint for finding in one.findings),
        Counter(words_of(finding) for finding in one.findings),
    )


def words_of(finding: Finding) -> Words:
    """What tells apart findings that are not numbered: those of the same words at one address are, in their order."""
    return finding.rule, finding.address, finding.message


def not_mended(finding: Finding, before: Look, after: Look) -> str | None:
    """Why the finding is not mended, or None when it is.

    Of several findings of one rule at one address the fingerprints are numbered, so mending the first renames the
    second; then one fewer of the same words at that address is the proof.
    """
    was, now = before(finding.root), after(finding.root)
    if finding.address in was.addresses and finding.address not in now.addresses:
        return tr("with the change made, {address} is not there any more", address=finding.address)
    if finding.fingerprint in was.fingerprints and finding.fingerprint not in now.fingerprints:
        return None
    words = words_of(finding)
    fewer = now.said.get(words, 0) < was.said.get(words, 0)
    return None if fewer else tr("with the change made, the finding is still there")


def is_gone(finding: Finding, now: Seen) -> bool:
    """Whether it is not found any more. Its number may have gone to one of the same words that is still there."""
    return finding.fingerprint not in now.fingerprints and not now.said.get(words_of(finding), 0)
