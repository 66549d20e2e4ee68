"""The check run on a commit: a title for the list of checks, the review under it, and every new finding at its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

from clops_app.language import tr, trn
from clops_app.model.draft import Annotation, Button, CheckRun, Conclusion, Level, PostedCheck
from clops_app.model.finding import Severity
from clops_app.model.review import Review
from clops_app.review.groups import grouped
from clops_app.review.render.markdown.inline import shortened
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.words import monthly, severities, verdict_words
from clops_app.review.topics import Topic

# OpenAPI description of checks/create: 50 annotations a request, 255 characters of title, 64 KB of message,
# 65,535 characters of summary.
_BATCH, _TITLE, _MESSAGE = 50, 255, 60_000
SUMMARY_LIMIT = 65_535
_MOST = 10 * _BATCH  # ours: ten requests, a second apart; the summary has the rest
_LEVELS: Mapping[Severity, Level] = MappingProxyType({"critical": "failure", "high": "failure", "medium": "warning", "low": "notice"})


def check_run(
    review: Review,
    topics: Sequence[Topic],
    summary: str,
    head_sha: str,
    *,
    failed: bool,
    posted: PostedCheck | None,
    may_commit: bool = False,
) -> CheckRun | None:
    """The check run, or what is missing of it; None when all of it is there. `failed`: the gate that the team set is shut.

    With `may_commit` it has a button for what is safe to commit.

    Annotations can be added but not taken back, so other words on the same commit are a new run, which replaces the
    old one in GitHub's list.
    """
    every = tuple(annotations_of(topics))[:_MOST]
    conclusion: Conclusion = "failure" if failed else "success" if review.verdict == "pass" else "neutral"
    title = check_title(review)
    safe = any(topic.patch is not None and topic.patch.safety == "safe" for topic in topics)
    buttons = (_fix_button(),) if may_commit and safe else ()
    key = sha256(repr((head_sha, conclusion, title, summary, every, buttons)).encode()).hexdigest()[:32]
    same = posted is not None and posted.external_id == key
    there = posted.annotations if posted is not None and same else 0
    if posted is not None and same and posted.completed and there >= len(every):
        return None
    begun = posted is not None and (same or not (posted.completed or posted.annotations))
    batches = tuple(every[at : at + _BATCH] for at in range(there, len(every), _BATCH))
    return CheckRun(posted.id if posted is not None and begun else None, key, conclusion, title, summary, batches, buttons)


def _fix_button() -> Button:
    # At most 20 characters of label and identifier, 40 of description (the same); usecases/webhooks.py knows the identifier.
    return Button(tr("Fix what is safe"), tr("Commits the proven, safe fixes"), "fix_all")


def check_title(review: Review) -> str:
    """The review in one line of plain text."""
    new = grouped(finding for finding in review.findings if finding.status == "new")
    found = tr("no new findings")
    if new:
        found = trn("{count:,} new finding ({severities})", "{count:,} new findings ({severities})", len(new), severities=severities(new))
    return shortened(f"{verdict_words(review.verdict).capitalize()}: {found}, {monthly(review)}", _TITLE)


def annotations_of(topics: Iterable[Topic]) -> Iterator[Annotation]:
    """One for each topic that has a place."""
    for topic in topics:
        first = topic.first
        if first.start_line < 1:
            continue
        others = len(topic.findings) - 1
        more = [trn("The same holds for {count:,} other.", "The same holds for {count:,} others.", others)] if others else []
        told = "" if f"`{first.address}`" in first.message else f"{first.address}: "
        message = shortened(visible(f"{told}{first.message}").replace("`", ""), _MESSAGE // 4)  # 4: bytes of a character at most
        yield Annotation(
            first.path,
            first.start_line,
            max(first.start_line, first.end_line),
            _LEVELS[first.severity],
            shortened(visible(f"{first.title.rstrip('.')} ({first.rule})"), _TITLE),
            " ".join([message, *more]),
        )
