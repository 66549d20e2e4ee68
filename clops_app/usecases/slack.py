"""What Slack shows of us holds no markup that a stranger wrote, and what people type after /clops is one of four commands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from clops_app.language import speaking, tr, tr_noop
from clops_app.model.pull import Digest, PullRequest
from clops_app.model.review import Verdict
from clops_app.review.render.markdown.safe import visible
from clops_app.review.render.money import difference, usd, usd_delta
from clops_app.review.render.words import category_word, severity_word, short_commit
from clops_app.rulebook.page import RulePage

GITHUB = "https://github.com"
LONGEST_TEXT = 3000  # characters of a text object: docs.slack.dev/reference/block-kit/composition-objects/text-object
_LONGEST_PART = 900  # of a rule's page, so that an answer can be read without scrolling
_VERBS = ("review", "explain", "rules", "help")
_ICONS: Mapping[Verdict, str] = MappingProxyType({"pass": "🟢", "warn": "🟡", "fail": "🔴"})
_HELP = (
    tr_noop("`/clops review owner/name#7` reviews a pull request; its address does as well"),
    tr_noop("`/clops explain aws/single_az_database` tells what a rule is about"),
    tr_noop("`/clops rules` lists all rules"),
    tr_noop("`/clops help` shows this"),
)

_OWNER, _NAME, _NUMBER = r"(?P<owner>[A-Za-z0-9][A-Za-z0-9_-]{0,99})", r"(?P<name>[A-Za-z0-9._-]{1,100})", r"(?P<number>[1-9][0-9]{0,9})"
_SHORT = re.compile(rf"{_OWNER}/{_NAME}#{_NUMBER}")
_PATH = re.compile(rf"/{_OWNER}/{_NAME}/pull/{_NUMBER}(?:[/?#].*)?")
_SENT_LINK = re.compile(r"<([^<>|]+)(?:\|[^<>]*)?>")  # how Slack sends an address when told to escape links
_LINE_END = re.compile(r"(?<!\n)\n(?!\n|- )")
_CUT_ENTITY = re.compile(r"&[a-z]{0,4}\Z")


@dataclass(frozen=True, slots=True)
class Message:
    """`text` is what a notification shows, `blocks` (in the form of Block Kit's JSON) what people read."""

    text: str
    blocks: tuple[Mapping[str, object], ...]


@dataclass(frozen=True, slots=True)
class ReviewPull:
    """`repository` is "owner/name"."""

    repository: str
    number: int


@dataclass(frozen=True, slots=True)
class ExplainRule:
    rule: str


@dataclass(frozen=True, slots=True)
class ListRules:
    pass


@dataclass(frozen=True, slots=True)
class Help:
    """`why` is what was wrong with the words, as mrkdwn; "" where help was asked for."""

    why: str = ""


Command = ReviewPull | ExplainRule | ListRules | Help


def parse(text: str, web: str = GITHUB) -> Command:
    """What stands after /clops. `web` is where GitHub's pages are."""
    match text.split():
        case []:
            return Help()
        case [verb, *words]:
            pass
    match verb.lower(), words:
        case "review", [target]:
            return _pull(target, web) or Help(tr("A pull request is written `owner/name#7`, or as its address."))
        case "review", _:
            return Help(tr("`review` takes one pull request: `owner/name#7`, or its address."))
        case "explain", [rule]:
            return ExplainRule(rule[:100])
        case "explain", _:
            return Help(tr("`explain` takes the name of one rule; `/clops rules` lists them."))
        case "rules", _:
            return ListRules()
        case "help", _:
            return Help()
    return Help(_no_command(verb, web))


def note(pull: PullRequest, digest: Digest, comment: int | None = None) -> Message:
    """A review in two lines, in its own language. `comment` is the id of the sticky comment."""
    with speaking(digest.language):
        return _note(pull, digest, comment)


def _note(pull: PullRequest, digest: Digest, comment: int | None) -> Message:
    name = f"{pull.repository}#{pull.number}"
    title = f"{stranger(digest.title, 500)}{_change(digest)}"
    first = f"{_ICONS[digest.verdict]} *{_link(pull.url, name)}* {title}"
    branch, commit = _code(pull.head_branch), _code(short_commit(pull.head_sha))
    facts = [tr("{branch} at {commit} by {author}", branch=branch, commit=commit, author=stranger(pull.author))]
    if digest.failed:
        facts.append(tr("the check fails"))
    if comment is not None:
        facts.append(_link(f"{pull.url}#issuecomment-{comment}", tr("the whole review")))
    return Message(f"{stranger(name)}: {title}", (_section(first), _context(" · ".join(facts))))


def sentence(text: str) -> Message:
    """A message of one sentence, as mrkdwn."""
    return Message(text, (_section(text),))


def help_text(why: str = "") -> Message:
    return sentence("\n".join([why, *map(tr, _HELP)]).strip())


def rule_list(pages: Mapping[str, RulePage]) -> Message:
    """All rules, one a line."""
    lines = (f"• {_code(rule)} {stranger(page.title, 200)} ({severity_word(page.severity)})" for rule, page in sorted(pages.items()))
    return Message(tr("ClOps has {count} rules", count=len(pages)), tuple(_section(text) for text in _packed(lines)))


def rule_page(rule: str, page: RulePage) -> Message:
    """A rule's page, each part of it shortened, and where to read on."""
    heading = f"*{stranger(page.title, 200)}* ({_code(rule)}, {severity_word(page.severity)}, {category_word(page.category)})"
    sections = (_section(f"*{name}*\n{_shortened(text)}") for name, text in page.sections)
    sources = " · ".join(_link(source.url, source.title) for source in page.sources[:3])
    return Message(stranger(page.title, 200), (_section(heading), *sections, _context(sources)))


def stranger(text: str, limit: int = 100) -> str:
    """A stranger's text on one line, cut to about `limit` characters, with nothing in it that Slack acts upon.

    The three characters that Slack reads are written as entities (docs.slack.dev/messaging/formatting-message-text);
    an @ is parted from its word, since old clients look for @channel in plain text too.
    """
    text = visible(text.encode("utf-8", "replace").decode()).strip()
    return _cut(_escaped(text), limit).replace("@", "@\u2060")


def _pull(target: str, web: str) -> ReviewPull | None:
    sent = _SENT_LINK.fullmatch(target)
    target = sent[1] if sent else target
    at_web = target[: len(web)].lower() == web.lower()
    found = _PATH.fullmatch(target[len(web) :]) if at_web else _SHORT.fullmatch(target)
    if found is None or found["name"] in {".", ".."}:
        return None
    return ReviewPull(f"{found['owner']}/{found['name']}", int(found["number"]))


def _no_command(verb: str, web: str) -> str:
    from difflib import get_close_matches

    named = _code(verb, 40)
    if _pull(verb, web):
        return tr("There is no command {name}. Did you mean `/clops review` {pull}?", name=named, pull=_code(verb))
    near = get_close_matches(verb[:20].lower(), _VERBS, n=1, cutoff=0.5)
    if near:
        return tr("There is no command {name}. Did you mean `/clops {near}`?", name=named, near=near[0])
    return tr("There is no command {name}.", name=named)


def _change(digest: Digest) -> str:
    """The difference, where the title says both amounts: it does so only when nothing about them is unknown."""
    if digest.before is None or f"{usd(digest.before)} → {usd(digest.after)}" not in digest.title:
        return ""
    return f" ({usd_delta(difference(digest.before, digest.after))})"


def _shortened(text: str) -> str:
    """A part of a page: lines joined to paragraphs, cut between words."""
    joined = _LINE_END.sub(" ", text).replace("\n- ", "\n• ")
    return _cut(_escaped(joined), _LONGEST_PART)


def _cut(text: str, limit: int) -> str:
    """Escaped text in at most `limit` characters: no half entity, no open code span."""
    if len(text) <= limit:
        return text
    kept = _CUT_ENTITY.sub("", text[: limit - 2])
    space = kept.rfind(" ")
    kept = kept[:space] if space > limit // 2 else kept
    if kept.count("`") % 2:
        kept = kept.rpartition("`")[0]
    return f"{kept.rstrip()} …"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _code(text: str, limit: int = 100) -> str:
    return f"`{stranger(text, limit).replace('`', chr(39)) or ' '}`"


def _link(url: str, label: str) -> str:
    label = stranger(label.replace("|", "/"))
    if not re.fullmatch(r"https?://[!-~]{1,500}", url):
        return label
    address = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return f"<{address}|{label}>"


def _packed(lines: Iterable[str]) -> Iterator[str]:
    """The lines in as few texts as may hold them."""
    text = ""
    for line in lines:
        if text and len(text) + 1 + len(line) > LONGEST_TEXT:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    if text:
        yield text


def _section(text: str) -> Mapping[str, object]:
    return {"type": "section", "text": _mrkdwn(text)}


def _context(text: str) -> Mapping[str, object]:
    return {"type": "context", "elements": [_mrkdwn(text)]}


def _mrkdwn(text: str) -> Mapping[str, object]:
    """Verbatim: Slack makes no links and mentions of its own out of plain text."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
