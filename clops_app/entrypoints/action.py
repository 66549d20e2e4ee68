"""One job of GitHub Actions: on a pull request the review is said on it, on any other event it is the job's summary."""

from __future__ import annotations

import gc
import json
import logging
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from clops_app import __version__
from clops_app.adapters.disk import read_file
from clops_app.entrypoints.action_inputs import Inputs, inputs_of
from clops_app.entrypoints.action_report import Report, annotate, escaped, no_command, write_report
from clops_app.entrypoints.cli import GARBAGE_AFTER, RECURSION_LIMIT
from clops_app.entrypoints.links import rules_link
from clops_app.language import use_language
from clops_app.ports import ForgeError, GatherError, NotAllowed, ThinkingFailed, TryLater, Unsure
from clops_app.usecases.errors import ConfigError

if TYPE_CHECKING:
    from clops_app.adapters.github.repository import GitHubRepository
    from clops_app.adapters.thinking import ThinksHere
    from clops_app.usecases.ask_for_patches import Proposing
    from clops_app.usecases.review_pull_request import Outcome
    from clops_app.usecases.think_of_pull import Listening, PullThought, Writing

OK, GATE_FAILED, WRONG, FAILED = 0, 1, 2, 3
Environment = Mapping[str, str]
_MAX_EVENT = 32 * 1024**2  # a webhook's payload has at most 25 MB
_ATTEMPTS = 4
_LONGEST_WAIT = 90.0  # seconds, for each of the attempts: a job's minutes cost money


def run(environment: Environment, sleep: Callable[[float], None] = time.sleep) -> int:
    """Exit codes: 0 fine, 1 the gate failed, 2 wrong inputs, 3 no review could be made or said."""
    gc.set_threshold(GARBAGE_AFTER)
    sys.setrecursionlimit(RECURSION_LIMIT)
    logging.getLogger("stamina").setLevel(logging.ERROR)  # a read that is tried again is nobody's business
    try:
        return _run(environment, sleep)
    except (ConfigError, GatherError) as error:
        print(f"::error title=ClOps cannot start::{escaped(str(error))}")
        return WRONG
    except (ForgeError, ThinkingFailed) as error:
        print(f"::error title=ClOps failed, not you::{escaped(str(error))}")
        return FAILED


def _run(environment: Environment, sleep: Callable[[float], None]) -> int:
    inputs = inputs_of(environment)
    _check_version(inputs)
    number = _pull_request(environment, inputs)
    return _folder(inputs, environment) if number is None else _on_pull_request(number, inputs, environment, sleep)


def _check_version(inputs: Inputs) -> None:
    if inputs.version and inputs.version.removeprefix("v") != __version__:
        raise ConfigError((f"version: {inputs.version} was asked for, and this is ClOps {__version__}. The ref after `uses: …@` decides.",))


def _pull_request(environment: Environment, inputs: Inputs) -> int | None:
    """The pull request that this run is about; None on events of anything else."""
    event = _event(environment)
    match event:
        case {"pull_request": {"number": int(number)}}:
            return number
        case {"workflow_run": {"head_sha": str(head)}}:
            # Nothing of the run that ended is read: its artifacts are what a stranger made of them. The commit is GitHub's word.
            found = _repository(environment, inputs).with_head(head)
            if found is None:
                print("ClOps: the run that ended belongs to no open pull request; nothing to do.", file=sys.stderr)
                sys.exit(OK)
            return found
        case _:
            return None  # a push, a schedule: there is nobody to speak to


def _event(environment: Environment) -> Mapping[str, object]:
    path = environment.get("GITHUB_EVENT_PATH", "")
    if not path or not Path(path).is_file():
        return {}
    read = json.loads(read_file(path, _MAX_EVENT))
    return cast("Mapping[str, object]", read) if isinstance(read, dict) else {}


def _repository(environment: Environment, inputs: Inputs) -> GitHubRepository:
    from clops_app.adapters.github.repository import with_token

    if not inputs.token:
        raise ConfigError(("token: there is none. Leave the input away: its default is the job's own token.",))
    return with_token(
        inputs.token,
        environment.get("GITHUB_REPOSITORY", ""),
        api_url=environment.get("GITHUB_API_URL", "https://api.github.com"),
        graphql_url=environment.get("GITHUB_GRAPHQL_URL") or None,
    )


@dataclass(frozen=True, slots=True)
class _Said:
    outcome: Outcome
    thought: PullThought


def _on_pull_request(number: int, inputs: Inputs, environment: Environment, sleep: Callable[[float], None]) -> int:
    requests = _repository(environment, inputs)
    said = _patiently(lambda: _review(requests, number, inputs, environment), sleep)
    if said is None:
        print("ClOps: this pull request is closed, or a newer push is being reviewed.", file=sys.stderr)
        return OK
    thought, outcome = said.thought, said.outcome
    use_language(thought.language)
    write_report(Report(thought.review, thought.pages, thought.head.tree, thought.body, thought.links), environment)
    for sentence in outcome.unsaid:
        print(f"::notice title=ClOps::{escaped(sentence)}")
    if outcome.unsaid or not inputs.comment:
        annotate(thought.review)
    return GATE_FAILED if thought.failed else OK


def _patiently(work: Callable[[], _Said | None], sleep: Callable[[float], None]) -> _Said | None:
    """Try again after what passes; what was said is looked at anew each time, so that nothing is said twice."""
    for attempt in range(1, _ATTEMPTS):
        try:
            return work()
        except (TryLater, Unsure) as error:
            seconds = min(error.seconds if isinstance(error, TryLater) else 5.0 * attempt, _LONGEST_WAIT)
            _progress(f"{error}; trying again in {seconds:g} seconds")
            sleep(seconds)
    return work()


def _review(requests: GitHubRepository, number: int, inputs: Inputs, environment: Environment) -> _Said | None:
    from clops_app.usecases.review_pull_request import Outcome, speak

    pull = requests.read(number)
    if pull.state == "closed":
        return None
    if inputs.base:
        pull = replace(pull, base_sha=inputs.base)
    with _thinker(inputs, environment).think(pull, requests) as thought:
        if inputs.path and not any(path.startswith(f"{inputs.path}/") for tree in thought.trees for path in tree.files):
            raise ConfigError((f"path: there is no directory {inputs.path!r} in this pull request.",))
        if not inputs.comment:
            return _Said(Outcome("unchanged", pull, thought.digest), thought)
        try:
            outcome = speak(requests, pull, thought)
        except NotAllowed as error:
            outcome = Outcome("unchanged", pull, thought.digest, (str(error),))
    return None if outcome.state == "overtaken" else _Said(outcome, thought)


def _thinker(inputs: Inputs, environment: Environment) -> ThinksHere:
    from clops_app.adapters.thinking import ThinksHere
    from clops_app.usecases.think_of_pull import Told

    told = Told(datetime.now(UTC).date(), inputs.path, inputs.fail_on, inputs.config, rules_link(environment), inputs.language, inputs.ai)
    return ThinksHere(told, _progress, _listening(inputs, environment), _writing(inputs, environment), _proposing(inputs, environment))


def _writing(inputs: Inputs, environment: Environment) -> Writing:
    from clops_app.entrypoints.writing import words_for

    return lambda review, pages, question, trees: words_for(review, pages, question, trees, _with_key(inputs, environment))


def _proposing(inputs: Inputs, environment: Environment) -> Proposing:
    from clops_app.entrypoints.proposing import with_proposals_for

    return lambda reviewed, pages, question, trees: with_proposals_for(reviewed, pages, question, trees, _with_key(inputs, environment))


def _with_key(inputs: Inputs, environment: Environment) -> Environment:
    """An empty input must not hide a key that the workflow gives by its environment."""
    return {**environment, **({"ANTHROPIC_API_KEY": inputs.anthropic_api_key} if inputs.anthropic_api_key else {})}


def _listening(inputs: Inputs, environment: Environment) -> Listening:
    from clops_app.entrypoints.others import asking
    from clops_app.usecases.think_of_pull import alone

    if not (inputs.checkov or inputs.infracost):
        return alone
    return lambda mind, head, base: asking(mind, head, base, environment, checkov=inputs.checkov, infracost=inputs.infracost)


def _progress(words: str) -> None:
    print(f"ClOps: {no_command(words)}", file=sys.stderr, flush=True)


def _folder(inputs: Inputs, environment: Environment) -> int:
    """What is checked out, compared as the command line compares it."""
    from clops_app.entrypoints.gather import Asked, gather
    from clops_app.entrypoints.links import links_of
    from clops_app.review.render.markdown.comment import comment
    from clops_app.review.render.words import people_of
    from clops_app.review.verdict import gate_fails
    from clops_app.usecases.review_change import think_of_change
    from clops_app.usecases.think import mind

    gathered = gather(Asked(inputs.path or ".", inputs.base or None, inputs.config or None, fail_on=inputs.fail_on), environment)
    config = gathered.question.config
    told = replace(config, language=inputs.language or config.language, ai=inputs.ai or config.ai)
    use_language(told.language)
    thinking = mind(replace(gathered.question, config=told), _progress)
    base = gathered.base.checkout if gathered.base else None
    pages = {rule.id: rule.page for rule in thinking.rules}
    trees = (gathered.head.tree, *(() if base is None else (base.tree,)))
    with _listening(inputs, environment)(thinking, gathered.head, base) as heard:
        reviewed = think_of_change(thinking, gathered.head, gathered.base)
        review = heard(_proposing(inputs, environment)(reviewed, pages, thinking.question, trees))
    for line in gathered.notes:
        _progress(line)
    links = links_of(environment, gathered.head.top, review.commit)
    people = people_of(gathered.question.config.service.kind)
    words = _writing(inputs, environment)(review, pages, thinking.question, trees)
    body = comment(review, pages, version=__version__, links=links, people=people, words=words)
    write_report(Report(review, pages, gathered.head.tree, body, links), environment)
    annotate(review)
    return GATE_FAILED if gate_fails(review, gathered.question.config.fail_on) else OK
