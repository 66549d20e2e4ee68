"""An inline comment: what is wrong with these lines, and the button, or the patch, that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clops_app.language import tr
from clops_app.model.finding import Finding, Patch
from clops_app.review.groups import Group, grouped, message_of
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import LIMIT
from clops_app.review.render.markdown.safe import code, fenced, prose
from clops_app.review.render.proposed import author, by_hand
from clops_app.review.render.words import ICONS, caution, listed, proof, severity_word, short_commit
from clops_app.review.said import Ending, closed_mark, finding_marks, fingerprint_token, fingerprints_of, first_line
from clops_app.review.suggestions import Suggestion
from clops_app.review.topics import Topic

_MESSAGE = 600  # characters of a message; the JSON has all of it
_MOST_MARKS = 100  # instances of one block; a hundred marks take 6 KB of the body


def inline_body(topic: Topic, suggestion: Suggestion | None, links: Links, *, outdated: bool = False) -> str:
    """The comment, with the suggestion if there is one, else with the patch as a diff, else with how to get it.

    `outdated`: its lines have changed since, so it says where the finding is now.
    """
    blocks = [suggestion.block] if suggestion is not None else []
    if topic.patch is not None:
        blocks += [fenced(topic.patch.diff, "diff"), ""]
    for block in blocks or [""]:
        body = _written(topic, block, suggested=suggestion is not None and block == suggestion.block, links=links, outdated=outdated)
        if len(body.encode()) <= LIMIT:
            break
    return body


def closing_body(body: str, ending: Ending, head_sha: str, reason: str = "") -> str:
    """A comment that is over: its marks, one line, and nothing left to press."""
    return f"{_marks(fingerprints_of(body))}\n{closed_mark(ending)}\n{_ended(ending, head_sha, reason)}: {first_line(body)}"


def _ended(ending: Ending, head_sha: str, reason: str) -> str:
    match ending:
        case "fixed":
            return tr("✅ Fixed in {commit}", commit=code(short_commit(head_sha)))
        case "dismissed" if reason:
            return tr("🔕 Dismissed ({reason})", reason=prose(shortened(reason, _MESSAGE)))
        case "dismissed":
            return tr("🔕 Dismissed")
        case "duplicate":
            return tr("Said twice; the other comment stays")


def shortened(text: str, most: int) -> str:
    """On one line, cut between words."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: max(words.rfind(' ', 0, most - 2), 0) or most - 2]} …"


def _written(topic: Topic, block: str, *, suggested: bool, links: Links, outdated: bool) -> str:
    fingerprints = sorted(fingerprint_token(finding.fingerprint) for finding in topic.findings)
    parts = [_story(topic, links)]
    if outdated:
        place = f"{topic.first.path}:{topic.first.start_line}"
        address = links.file(topic.first.path, topic.first.start_line, topic.first.end_line)
        parts.append(tr("These lines have changed since, and it is still so: {place}.", place=linked(code(place), address)))
    parts += _patch(topic.patch, topic.first, block, suggested=suggested)
    return f"{_marks(fingerprints)}\n" + "\n\n".join(parts)


def _marks(tokens: Sequence[str]) -> str:
    return finding_marks(tokens[:_MOST_MARKS])


def _story(topic: Topic, links: Links) -> str:
    """**Title** (severity). What is wrong, and what else has the same fault on these lines."""
    first, groups = topic.first, grouped(topic.findings)
    message = shortened(message_of(groups[0]), _MESSAGE)
    address = "" if f"`{groups[0].address}`" in message else f"{code(groups[0].address, 120)}: "
    title = prose(first.title.rstrip("."))
    linked_title = f"**{linked(title, links.rule(first.rule))}**"
    also = [_name(group, groups[0]) for group in groups[1:]]
    more = [tr("The same holds for {others}.", others=listed(also))] if also else []
    lead = f"{ICONS[first.severity]} {linked_title} ({severity_word(first.severity)})."
    return " ".join([lead, f"{address}{prose(message)}", *more])


def _name(group: Group, first: Group) -> str:
    address = code(group.address, 120)
    if group.first.root in ("", first.first.root):
        return address
    return tr("{address} in {root}", address=address, root=code(group.first.root))


def _patch(patch: Patch | None, finding: Finding, block: str, *, suggested: bool) -> Iterator[str]:
    if patch is None:
        wanted = finding.fix is not None and finding.why_no_patch
        why = [tr("No patch: {why}.", why=prose(shortened(finding.why_no_patch, _MESSAGE)))] if wanted else []
        yield " ".join([*why, tr("{command} tells what to do.", command=code(f"clops explain {finding.rule}"))])
        return
    yield f"{author(patch) or prose(patch.title.rstrip('.'))}. {proof(patch)}."
    if caution(patch):
        yield f"**{caution(patch)}**"
    if block:
        yield block
    if not suggested:
        yield from _by_command(patch, finding, shown=bool(block))


def _by_command(patch: Patch, finding: Finding, *, shown: bool) -> Iterator[str]:
    """What to run in the place of a button. What is only a proposal is never written by us."""
    command = f"clops fix --rule {finding.rule}"
    if patch.proposed_by:
        yield by_hand(shown=shown)
    elif patch.safety != "show":
        yield tr("{command} makes this change.", command=code(f"{command} --write"))
    elif not shown:
        yield tr("{command} shows the patch.", command=code(command))
