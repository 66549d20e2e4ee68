"""A pull request is thought through as a folder is, and then answers: what to say of it, what mends it, why it is judged so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from clops_app import __version__
from clops_app.cost.usage import parse_usage
from clops_app.model.draft import Draft, Posted
from clops_app.model.finding import Finding, Patch, Safety, Severity
from clops_app.model.pull import Digest, Mending, PullRequest
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
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
from clops_app.usecases.apply_fixes import find_fixes
from clops_app.usecases.config import Config, LanguageModel
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.ignore_in_code import ignore_in_code
from clops_app.usecases.question import Compared, Progress, Question
from clops_app.usecases.review_change import review_change
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
    language: Literal["en", "ko"] | None = None
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
    def digest(self) -> Digest:
        new = grouped(finding for finding in self.review.findings if finding.status == "new")
        counts = {str(severity): count for severity, count in count_by_severity(new).items()}
        return Digest(self.review.verdict, check_title(self.review), counts, self.review.before, self.review.after, self.failed)

    def draft(self, posted: Posted) -> Draft:
        return converse(
            self.review, self.body, posted, self.diff, self.head.tree, self.pull.head_sha, failed=self.failed, links=self.links
        )  # fmt: skip

    def mending(self, rule: str | None) -> Mending:
        """Of one rule what its patch is sure to mend, whatever else it changes; without a rule what is safe."""
        accepted: frozenset[Safety] = frozenset({"safe"}) if rule is None else frozenset({"safe", "review"})
        new = self._new(rule)
        fixes = find_fixes(self.mind, self.head, rule, accepted, among=frozenset(finding.fingerprint for finding in new))
        return Mending(
            files={path: rewrite.after for path, rewrite in fixes.rewrites.items()},
            made=tuple(_made(finding) for finding in fixes.made),
            not_made=tuple(
                f"`{finding.rule}` at `{finding.address}`: {_not_made(finding, why_not, rule)}" for finding, why_not in fixes.not_made
            ),
            diff=fixes.diff,
        )

    def ignoring(self, rule: str, reason: str, until: date | None) -> Mending:
        return ignore_in_code(self.mind, self.head, self._new(rule), reason, until)

    def why(self) -> str:
        return why(self.review, self.mind.question.config.fail_on, self.links)

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
    *,
    settings: SourceTree | None = None,
) -> PullThought:
    """Review what the pull request brings. Never raises for what stands in it: what could not be read is said in the review.

    `settings` is where the settings that count are looked for, None for the base.
    """
    head, base = (replace(checkout, scope=told.scope) for checkout in (head, base))
    path, config, said = _settings(base.tree if settings is None else settings, told)
    said += () if told.settings else _change_of_settings(head, base)
    usage = parse_usage(config.usage)[0]
    thinking = mind(Question(today=told.today, config=config, config_path=path, usage=usage), progress)
    head = replace(head, diagnostics=(*said, *head.diagnostics))
    with listening(thinking, head, base) as heard:
        review = heard(review_change(thinking, head, Compared(base, f"merge base with {pull.base_branch}")))
    pages = {rule.id: rule.page for rule in thinking.rules}
    links = Links(f"{pull.url.rpartition('/pull/')[0]}/blob/{pull.head_sha}", told.rules)
    words = writing(review, pages, thinking.question, (head.tree, base.tree))
    body = comment(review, pages, version=__version__, links=links, people=people_of(config.service.kind), words=words)
    return PullThought(thinking, pull, head, base, review, body, diff, links)


def _settings(tree: SourceTree, told: Told) -> tuple[str, Config, tuple[Diagnostic, ...]]:
    """The settings that count, and what is to be said of them."""
    path, config, said = "", Config(), tuple[Diagnostic, ...]()
    try:
        if told.settings:
            path = told.settings
            config = settings_from(path, _named(tree, path))
        else:
            path, config = settings_in(tree, told.scope) or (path, config)
    except ConfigError as error:
        why_not = f"{' '.join(error.faults)} The defaults were used in their place."
        said = (Diagnostic("the settings were not read", path or SETTINGS, why_not, lost=True),)
    told_so: dict[str, Any] = {"fail_on": told.fail_on, "language": told.language, "ai": told.ai}
    return path, replace(config, **{name: value for name, value in told_so.items() if value is not None}), said


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
        return (Diagnostic("the settings that this change brings are not valid", SETTINGS, " ".join(error.faults)),)
    if ours is None or ours == theirs:
        return ()
    return (Diagnostic("this change brings other settings", ours[0], "they count once it is merged; this review keeps those of the base"),)


def _made(finding: Finding) -> str:
    title = finding.patch.title if finding.patch is not None else finding.title
    return f"{title} (`{finding.rule}` at `{finding.address}`)"


def _not_made(finding: Finding, why_not: str, rule: str | None) -> str:
    """Where the words for the command line would mislead, those for a comment."""
    match finding.patch:
        case Patch(safety="review") if rule is None:
            return f"it changes how things run; read its patch in the review, then `/clops fix {finding.rule}` commits it"
        case Patch(safety="show"):
            return "part of it is for you to decide; the review shows how it would look"
        case _:
            return why_not
