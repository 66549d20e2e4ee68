"""A pull request is thought through as a folder is, and then answers: what to say of it, what mends it, why it is judged so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from clops_app import __version__
from clops_app.cost.usage import parse_usage
from clops_app.language import Language, speaking, spoken, tr
from clops_app.model.draft import Draft, Posted
from clops_app.model.finding import Finding, Patch, Safety, Severity
from clops_app.model.pull import Digest, Mending, PullRequest
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.patch.findings import Workshop
from clops_app.ports import Checkout
from clops_app.review.converse import converse
from clops_app.review.groups import count_by_severity, grouped
from clops_app.review.render.check import check_title
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.why import why
from clops_app.review.render.words import people_of
from clops_app.review.verdict import gate_fails
from clops_app.review.words import Words
from clops_app.rulebook.page import RulePage
from clops_app.usecases.apply_fixes import fixes_of
from clops_app.usecases.ask_for_patches import Proposing, as_it_is
from clops_app.usecases.config import Config, LanguageModel
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.ignore_in_code import ignore_in_code
from clops_app.usecases.question import Compared, Progress, Question
from clops_app.usecases.review_change import think_of_change
from clops_app.usecases.settings import SETTINGS, places_of_settings, settings_from, settings_in
from clops_app.usecases.think import Mind, mind


@dataclass(frozen=True, slots=True)
class Told:
    """What those who run ClOps say; the rest is the reviewed team's, in `.clops.yml` of the base.

    `scope` is the directory to be reviewed. `settings` is a file of the base, in the place of `.clops.yml`.
    `rules` is the address of a rule's page with `{rule}` in it. `language` and `ai` go before what the team's settings say.
    """

    today: date
    scope: str = ""
    fail_on: Severity | None = None
    settings: str = ""
    rules: str = ""
    language: Language | None = None
    ai: LanguageModel | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The paths at which settings may stand."""
        return (self.settings,) if self.settings else places_of_settings(self.scope)


# What other tools are asked while we think: a context that gives what puts their words into a Review.
Listening = Callable[[Mind, Checkout, Checkout | None], AbstractContextManager[Callable[[Review], Review]]]


@dataclass(frozen=True, slots=True)
class PullThought:
    """Answers the Thought port, from values alone."""

    mind: Mind
    pull: PullRequest
    head: Checkout
    base: Checkout
    review: Review
    workshop: Workshop
    body: str
    diff: str
    links: Links

    @property
    def trees(self) -> tuple[SourceTree, SourceTree]:
        return self.head.tree, self.base.tree

    @property
    def pages(self) -> Mapping[str, RulePage]:
        return {rule.id: rule.page for rule in self.mind.rules}

    @property
    def failed(self) -> bool:
        return gate_fails(self.review, self.mind.question.config.fail_on)

    @property
    def language(self) -> Language:
        return self.mind.question.config.language

    @property
    def digest(self) -> Digest:
        new = grouped(finding for finding in self.review.findings if finding.status == "new")
        counts = {str(severity): count for severity, count in count_by_severity(new).items()}
        with self._speaking():
            title = check_title(self.review)
        return Digest(self.review.verdict, title, counts, self.review.before, self.review.after, self.failed, self.language)

    def draft(self, posted: Posted) -> Draft:
        with self._speaking():
            return converse(
                self.review, self.body, posted, self.diff, self.head.tree, self.pull.head_sha, failed=self.failed, links=self.links
            )

    def mending(self, rule: str | None) -> Mending:
        """Of one rule what its patch is sure to mend, whatever else it changes; without a rule what is safe."""
        accepted: frozenset[Safety] = frozenset({"safe"}) if rule is None else frozenset({"safe", "review"})
        # What a model proposed is for people to take.
        new = [replace(finding, patch=None, why_no_patch="") for finding in self._new(rule)]
        with self._speaking():
            fixes = fixes_of(new, self.workshop, accepted)
            return Mending(
                files={path: rewrite.after for path, rewrite in fixes.rewrites.items()},
                made=tuple(_made(finding) for finding in fixes.made),
                not_made=tuple(_left(finding, _not_made(finding, why_not, rule)) for finding, why_not in fixes.not_made),
                diff=fixes.diff,
                recorded=tuple(_recorded(finding) for finding in fixes.made),
            )

    def ignoring(self, rule: str, reason: str, until: date | None) -> Mending:
        with self._speaking():
            return ignore_in_code(self.mind, self.head, self._new(rule), reason, until)

    def why(self) -> str:
        with self._speaking():
            return why(self.review, self.mind.question.config.fail_on, self.links)

    def _speaking(self) -> AbstractContextManager[None]:
        return speaking(self.language)

    def _new(self, rule: str | None) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.review.findings if finding.status == "new" and rule in (None, finding.rule))


# Who puts a review into words: a model, if there is one. The trees are searched for what must not leave.
Writing = Callable[[Review, Mapping[str, RulePage], Question, tuple[SourceTree, ...]], Words | None]


def templates(*_: object) -> Words | None:
    """No model is asked."""
    return None


@contextmanager
def alone(*_: object) -> Iterator[Callable[[Review], Review]]:
    """Nobody else is asked."""
    yield lambda review: review


def think_of_pull(
    pull: PullRequest,
    head: Checkout,
    base: Checkout,
    diff: str,
    told: Told,
    progress: Progress = lambda _: None,
    listening: Listening = alone,
    writing: Writing = templates,
    proposing: Proposing = as_it_is,
    *,
    settings: SourceTree | None = None,
) -> PullThought:
    """Review what the pull request brings. Never raises for what stands in it: what could not be read is said in the review.

    `settings` is where the settings that count are looked for, None for the base.
    """
    head, base = (replace(checkout, scope=told.scope) for checkout in (head, base))
    path, config, fault = settings_that_count(base.tree if settings is None else settings, told)
    with speaking(config.language):
        said = (*_unread(path, fault), *(() if told.settings else _change_of_settings(head, base)))
        usage = parse_usage(config.usage)[0]
        thinking = mind(Question(today=told.today, config=config, config_path=path, usage=usage), progress)
        head = replace(head, diagnostics=(*said, *head.diagnostics))
        pages = {rule.id: rule.page for rule in thinking.rules}
        with listening(thinking, head, base) as heard:
            reviewed = think_of_change(thinking, head, Compared(base, tr("merge base with {branch}", branch=pull.base_branch)))
            review = heard(proposing(reviewed, pages, thinking.question, (head.tree, base.tree)))
        links = Links(f"{pull.url.rpartition('/pull/')[0]}/blob/{pull.head_sha}", told.rules)
        words = writing(review, pages, thinking.question, (head.tree, base.tree))
        body = comment(review, pages, version=__version__, links=links, people=people_of(config.service.kind), words=words)
    return PullThought(thinking, pull, head, base, review, reviewed.workshop, body, diff, links)


def settings_that_count(tree: SourceTree, told: Told) -> tuple[str, Config, ConfigError | None]:
    """The settings, where they were found, and what is wrong with those; then they are the defaults."""
    path, config, fault = "", Config(), None
    try:
        if told.settings:
            path = told.settings
            config = settings_from(path, _named(tree, path))
        else:
            path, config = settings_in(tree, told.scope) or (path, config)
    except ConfigError as error:
        fault = error
    told_so: dict[str, Any] = {"fail_on": told.fail_on, "language": told.language, "ai": told.ai}
    return path, replace(config, **{name: value for name, value in told_so.items() if value is not None}), fault


def _unread(path: str, fault: ConfigError | None) -> tuple[Diagnostic, ...]:
    if fault is None:
        return ()
    why_not = tr("{faults} The defaults were used in their place.", faults=" ".join(fault.faults))
    return (Diagnostic(tr("the settings were not read"), path or SETTINGS, why_not, lost=True),)


def _named(tree: SourceTree, path: str) -> bytes:
    try:
        return tree.files[path]
    except KeyError:
        raise ConfigError((f"{path} is not in the base of this pull request.",)) from None


def _change_of_settings(head: Checkout, base: Checkout) -> tuple[Diagnostic, ...]:
    """A change cannot switch off its own review; what it changes of the settings is checked, and counts after the merge."""
    try:
        ours = settings_in(head.tree, head.scope)
        theirs = settings_in(base.tree, base.scope)
    except ConfigError as error:
        return (Diagnostic(tr("the settings that this change brings are not valid"), SETTINGS, " ".join(error.faults)),)
    if ours is None or ours == theirs:
        return ()
    why_not = tr("they count once it is merged; this review keeps those of the base")
    return (Diagnostic(tr("this change brings other settings"), ours[0], why_not),)


def _made(finding: Finding) -> str:
    title = finding.patch.title if finding.patch is not None else finding.title
    return tr("{title} (`{rule}` at `{address}`)", title=title, rule=finding.rule, address=finding.address)


def _recorded(finding: Finding) -> str:
    """As `_made`; in another language without the title, which is said in that."""
    return _made(finding) if spoken() == "en" else f"`{finding.rule}` at `{finding.address}`"


def _left(finding: Finding, why: str) -> str:
    return tr("`{rule}` at `{address}`: {why}", rule=finding.rule, address=finding.address, why=why)


def _not_made(finding: Finding, why_not: str, rule: str | None) -> str:
    """Where the words for the command line would mislead, those for a comment."""
    match finding.patch:
        case Patch(safety="review") if rule is None:
            return tr("it changes how things run; read its patch in the review, then `/clops fix {rule}` commits it", rule=finding.rule)
        case Patch(safety="show"):
            return tr("part of it is for you to decide; the review shows how it would look")
        case _:
            return why_not
