"""A job becomes a review, or an answer to somebody who may ask; whatever is done twice comes out as if done once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from clops_app.language import speaking, tr
from clops_app.model.job import Job, Said
from clops_app.model.pull import Mending, PullRequest
from clops_app.ports import Forge, Forges, NotAllowed, NotThere, Reaction, Thinker, Thought
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.answers import (
    commit_message,
    committed_answer,
    done_answer,
    handed_over_answer,
    help_answer,
    ignored_answer,
    nothing_answer,
    page_answer,
    proposal,
    reviewed_answer,
)
from clops_app.rulebook.page import RulePage
from clops_app.usecases.commands import Command, Explain, Fix, Help, IgnoreRule, ReviewAgain, read_command
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.review_pull_request import Outcome, failure_of, review_pull_request

_MOST_TRIES = 3  # a branch that is pushed to while we think is thought of anew


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a job, for the log and the figures: never a word that a stranger wrote."""

    what: Literal["review", "command", "nothing"]
    state: str
    outcome: Outcome | None = None


def handle_job(job: Job, forges: Forges, thinker: Thinker, rules_link: str = "") -> Handled:
    """Do what a job asks. Raises ForgeError and ThinkingFailed."""
    forge = forges.repository(job.installation, job.repository)
    number = job.number if job.number is not None else forge.with_head(job.head_sha)
    if number is None:
        return Handled("nothing", "no open pull request has this head")
    if job.said is None:
        outcome = review_pull_request(forge, thinker, number)
        return Handled("review", outcome.state, outcome)
    return _command(job.said, _Desk(forge, thinker, number, Links(rules=rules_link)))


def report_failure(job: Job, forges: Forges, log_id: str) -> None:
    """Leave a sign on the pull request that we failed. Raises ForgeError."""
    forge = forges.repository(job.installation, job.repository)
    number = job.number if job.number is not None else forge.with_head(job.head_sha)
    if number is not None:
        pull = forge.read(number)
        forge.publish(pull, failure_of(pull, log_id))


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where commands on one pull request are answered."""

    forge: Forge
    thinker: Thinker
    number: int
    links: Links


def _command(said: Said, desk: _Desk) -> Handled:
    if not desk.forge.may_write(said.author):
        _react(said, desk, "confused")
        return Handled("command", "not allowed")
    _react(said, desk, "eyes")
    pull = desk.forge.read(desk.number)
    with speaking(desk.thinker.language(pull, desk.forge)):
        return _obeyed(said, pull, desk)


def _obeyed(said: Said, pull: PullRequest, desk: _Desk) -> Handled:
    pages = list_rules()
    command = read_command(said.text, frozenset(pages))
    if isinstance(command, ReviewAgain):
        outcome = review_pull_request(desk.forge, desk.thinker, desk.number)
        if outcome.state != "published":
            desk.forge.reply(outcome.pull, said.comment, reviewed_answer(outcome.state, outcome.pull.head_sha))
        _react(said, desk, "+1")
        return Handled("command", f"review: {outcome.state}", outcome)
    desk.forge.reply(pull, said.comment, _answer(command, said, pull, desk, pages))
    _react(said, desk, "confused" if isinstance(command, Help) and command.because else "+1")
    return Handled("command", type(command).__name__.lower())


def _answer(command: Command, said: Said, pull: PullRequest, desk: _Desk, pages: Mapping[str, RulePage]) -> str:
    match command:
        case Help(because):
            return help_answer(because)
        case Explain(rule):
            return page_answer(rule, pages[rule], desk.links)
        case Fix() | IgnoreRule():
            return _mended(command, said.comment, pull, desk)
        case _:
            with desk.thinker.think(pull, desk.forge, silent=True) as thought:
                return thought.why()


def _mended(command: Fix | IgnoreRule, comment: int, pull: PullRequest, desk: _Desk) -> str:
    """The answer to what ends in a commit, made once however often it is asked for by the same comment."""
    for _ in range(_MOST_TRIES):
        done = desk.forge.committed(pull, comment) if comment else None
        if done is not None:
            return done_answer(done)
        if pull.state == "closed":
            return tr("This pull request is closed: there is nothing to commit to.")
        try:
            with desk.thinker.think(pull, desk.forge, silent=True) as thought:
                if isinstance(command, Fix):
                    return _fix(command.rule, pull, desk, thought, comment)
                return _ignore(command, pull, desk, thought, comment)
        except _Moved:
            pull = desk.forge.read(desk.number)
    return tr("The branch was pushed to again and again while I was at it, so nothing was committed. Ask once more when it rests.")


def _fix(rule: str | None, pull: PullRequest, desk: _Desk, thought: Thought, comment: int) -> str:
    mending = thought.mending(rule)
    if not mending.files:
        if rule is None:
            return nothing_answer(tr("No new finding has a fix that is safe without a second look."), mending)
        return nothing_answer(tr("No new finding of `{rule}` has a fix to commit.", rule=rule), mending)
    title = f"Fix {rule}" if rule else "Apply the safe fixes of ClOps"  # English in every language, as all of a commit's message
    page = _deliver(mending, pull, desk, title, comment)
    return (
        handed_over_answer(mending, page.why)
        if isinstance(page, _NotDelivered)
        else committed_answer(mending, page.url, proposed=page.proposed)
    )


def _ignore(asked: IgnoreRule, pull: PullRequest, desk: _Desk, thought: Thought, comment: int) -> str:
    mending = thought.ignoring(asked.rule, asked.reason, asked.until)
    if not mending.files:
        return nothing_answer(tr("There is no new finding of `{rule}` here that a comment could silence.", rule=asked.rule), mending)
    page = _deliver(mending, pull, desk, f"Ignore {asked.rule}", comment)
    if isinstance(page, _NotDelivered):
        return handed_over_answer(mending, page.why)
    return ignored_answer(asked.rule, asked.until, mending, page.url, proposed=page.proposed)


class _Moved(Exception):
    """The branch is not any more where it was when we thought."""


@dataclass(frozen=True, slots=True)
class _Delivered:
    url: str
    proposed: bool


@dataclass(frozen=True, slots=True)
class _NotDelivered:
    why: str


def _deliver(mending: Mending, pull: PullRequest, desk: _Desk, title: str, comment: int) -> _Delivered | _NotDelivered:
    """Commit to the branch, else open a pull request into it."""
    try:
        return _Delivered(desk.forge.commit(pull, mending, commit_message(title, mending, comment)), proposed=False)
    except NotThere as error:
        raise _Moved from error
    except NotAllowed as error:
        refused = str(error)
    try:
        return _Delivered(desk.forge.propose(pull, mending, title, proposal(mending)), proposed=True)
    except NotAllowed:
        return _NotDelivered(refused)


def _react(said: Said, desk: _Desk, content: Reaction) -> None:
    """A courtesy, for which we may lack the permission; the button of a check has no comment to react to."""
    if said.comment:
        try:
            desk.forge.react(said.comment, content)
        except NotAllowed:
            return
