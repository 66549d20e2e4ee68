"""Answers to commands, in Markdown: what was done, what was not and why, and what to do next."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from clops_app.language import tr, tr_noop, trn
from clops_app.model.pull import Mending
from clops_app.review.render.links import Links, linked
from clops_app.review.render.markdown.fit import details
from clops_app.review.render.markdown.inline import shortened
from clops_app.review.render.markdown.safe import code, fenced, prose, visible
from clops_app.review.render.words import ICONS, category_word, severity_word, short_commit
from clops_app.review.said import asked_by
from clops_app.rulebook.page import RulePage

# A comment holds 65,536 characters (telia-oss/github-pr-resource#259); the words around the diff need a few thousand.
_MOST_DIFF = 50_000
_MOST_LINES = 20
_MOST_WORDS, _MOST_SENTENCE = 600, 300  # characters of a sentence in an answer, and in a commit's message
# A paragraph that is a list, a table, a quotation or code.
_KEPT = re.compile(r"^(?:[-*+] |\d+\. |\||>|`{3}| {4})", re.MULTILINE)

_COMMANDS = (
    ("/clops review", tr_noop("reviews the newest commit again")),
    ("/clops why", tr_noop("says what the verdict rests on")),
    ("/clops explain RULE", tr_noop("says what a rule finds, why that matters, how to mend it")),
    ("/clops fix RULE", tr_noop("commits the proven fix of a rule to this branch, or opens a pull request with it")),
    ("/clops fix all", tr_noop("the same for every fix that is safe without a second look")),
    (
        "/clops ignore RULE reason… until=2027-01-31",
        tr_noop("writes into the code that you live with it, and why; `until` may be left out"),
    ),
)


def help_answer(because: str) -> str:
    """What may be asked; before it `because`, what was not understood, if anything."""
    head = tr("| comment | what happens |")
    rows = [f"| `{command}` | {tr(meaning)} |" for command, meaning in _COMMANDS]
    end = tr("For people who may write to this repository. A rule's name may be written with or without `aws/`.")
    told = "\n".join([head, "|---|---|", *rows, "", end])
    if not because:
        return told
    stop = "" if because.endswith(("?", ".")) else "."
    return f"{because[:1].upper()}{because[1:]}{stop}\n\n{told}"


def reviewed_answer(state: Literal["unchanged", "overtaken", "closed"], head_sha: str) -> str:
    """Why a review that was asked for changed nothing that can be seen."""
    match state:
        case "closed":
            return tr("This pull request is closed: it is reviewed no more.")
        case "overtaken":
            return tr("A newer commit came while I was at it; it gets a review of its own.")
        case "unchanged":
            commit = code(short_commit(head_sha))
            return tr("I looked at {commit} again: what the review says of it still holds.", commit=commit)


def page_answer(rule: str, page: RulePage, links: Links) -> str:
    """A rule's page."""
    name = linked(code(rule), links.rule(rule))
    severity, category = severity_word(page.severity), category_word(page.category)
    sources = "\n".join(f"- [{source.title}]({source.url}), {source.date.isoformat()}" for source in page.sources)
    parts = [f"{ICONS[page.severity]} **{prose(page.title)}** · {name} · {severity} · {category}"]
    parts += [tr("**{heading}.** {text}", heading=heading, text=_flowing(text)) for heading, text in page.sections]
    return "\n\n".join([*parts, details(tr("Sources"), sources)])


def committed_answer(mending: Mending, url: str, *, proposed: bool) -> str:
    """The fixes are in a commit on the branch, or in a pull request into it (`proposed`)."""
    count = len(mending.made)
    if proposed:
        said = trn(
            "{count:,} fix in a [pull request into this branch]({url}), because committing to it is not allowed:",
            "{count:,} fixes in a [pull request into this branch]({url}), because committing to it is not allowed:",
            count,
            url=url,
        )
    else:
        said = trn("{count:,} fix in [this commit]({url}):", "{count:,} fixes in [this commit]({url}):", count, url=url)
    return "\n\n".join([said, _lines(mending.made), *_rest(mending)])


def ignored_answer(rule: str, until: date | None, mending: Mending, url: str, *, proposed: bool) -> str:
    return "\n\n".join([_ignored(code(rule), until, url, proposed=proposed), _lines(mending.made), *_rest(mending)])


def _ignored(rule: str, until: date | None, url: str, *, proposed: bool) -> str:
    if until is None:
        if proposed:
            return tr("{rule} is ignored, as the code says after a [pull request into this branch]({url}):", rule=rule, url=url)
        return tr("{rule} is ignored, as the code says after [this commit]({url}):", rule=rule, url=url)
    day = until.isoformat()
    if proposed:
        return tr(
            "{rule} is ignored until {day}, as the code says after a [pull request into this branch]({url}):", rule=rule, day=day, url=url
        )
    return tr("{rule} is ignored until {day}, as the code says after [this commit]({url}):", rule=rule, day=day, url=url)


def done_answer(url: str) -> str:
    """A job that was cut short after its commit, and is done again."""
    return tr("This was done in [this commit]({url}).", url=url)


def handed_over_answer(mending: Mending, because: str) -> str:
    """We may not commit: the change as a diff to be applied by hand. `because`: what GitHub, or our adapter, said."""
    said = tr("I may not commit here ({why}). This is the change, proven; save it and run `git apply`:", why=code(because))
    parts = [said, _lines(mending.made)]
    if len(mending.diff) <= _MOST_DIFF:
        parts.append(details(tr("The change"), fenced(mending.diff, "diff")))
    else:
        parts.append(tr("It is too long for a comment: `clops fix --write` makes it in a checkout of this branch."))
    return "\n\n".join([*parts, *_rest(mending)])


def nothing_answer(what: str, mending: Mending) -> str:
    return "\n\n".join([what, *_rest(mending)])


def commit_message(title: str, mending: Mending, comment: int) -> str:
    """What was made, in words that command nobody, and the comment that asked for it (0: none), by which the commit is known again.

    In English whatever the team speaks, for tools read it, and the history outlives the setting.
    """
    made = [f"- {_inert(sentence)}" for sentence in mending.recorded[:_MOST_LINES]]
    return "\n".join([title, "", *made, *(["", asked_by(comment)] if comment else [])])


def proposal(mending: Mending) -> str:
    """The text of a pull request with a change."""
    return _lines(mending.made)


def _inert(sentence: str) -> str:
    """A commit's message is no Markdown: `closes #1`, `@name` and `[skip ci]` do what they say even in backticks: no such signs."""
    shown = re.sub(r"[^\w\s.,:;/()'%$+*=-]|://|\bGH-(?=\d)", " ", visible(sentence), flags=re.IGNORECASE)
    return " ".join(shown.split())[:_MOST_SENTENCE]


def _flowing(text: str) -> str:
    """Without the line ends inside paragraphs, which a comment shows, other than a file does."""
    paragraphs = text.strip().split("\n\n")
    return "\n\n".join(one if _KEPT.search(one) else " ".join(one.split()) for one in paragraphs)


def _rest(mending: Mending) -> list[str]:
    return [tr("Not made:"), _lines(mending.not_made)] if mending.not_made else []


def _lines(sentences: tuple[str, ...]) -> str:
    shown = [f"- {prose(shortened(sentence, _MOST_WORDS))}" for sentence in sentences[:_MOST_LINES]]
    more = len(sentences) - _MOST_LINES
    return "\n".join([*shown, *([tr("- and {count} more", count=more)] if more > 0 else [])])
