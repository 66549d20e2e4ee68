"""A model is asked once, without tools or memory, for one answer of a given shape, and asked again only where that may help."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from clops_app.adapters.writer.bounded import bounded
from clops_app.adapters.writer.failures import explained, late, missing, unusable, worth_waiting
from clops_app.adapters.writer.providers import Provider, label_of, opened, unauthorized_of
from clops_app.model.writing import Prompt, Proposal, Rewording, Spent, Writing
from clops_app.ports import WriterError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_ai import AgentRunResult

    from clops_app.adapters.writer.answers import ProposalsAnswer, RewordingsAnswer, WritingAnswer

# The clients write requests and answers at DEBUG, and addresses at INFO; nothing of a prompt or an answer is ours to log.
_TALKATIVE = ("anthropic", "boto3", "botocore", "google", "google_genai", "httpcore2", "httpx2", "pydantic_ai", "urllib3")
_ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.5  # as the clients would by themselves: anthropic._constants.INITIAL_RETRY_DELAY
_LEAST_SECONDS = 1.0  # clients take no timeout of less than nothing, which a slow import may leave
_COMPLAINTS = "Your answer before was refused. Answer anew, the whole of it, without these faults:"

_Answer = TypeVar("_Answer", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Model:
    """What a provider's model can do. `wait` is how the pauses before it is asked again are spent."""

    provider: Provider
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep

    @property
    def name(self) -> str:
        """The provider and the model; of an ARN the part behind the account."""
        return f"{label_of(self.provider).name}: {self.provider.model.rpartition('/')[2]}"

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        answer, spent = _in_time(self, _writing, prompt, (), seconds)
        return answer.plain(), spent

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        answer, spent = _in_time(self, _rewordings, prompt, (), seconds)
        return answer.plain(), spent

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        answer, spent = _in_time(self, _proposals, prompt, complaints, seconds)
        return answer.plain(), spent


@dataclass(frozen=True, slots=True)
class Pair:
    """The Assistant that two models of one provider make, each for what it is good at."""

    strong: Model
    fast: Model

    @property
    def name(self) -> str:
        return self.strong.name

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        return self.strong.write(prompt, seconds)

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        return self.fast.reword(prompt, seconds)

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        return self.strong.propose(prompt, seconds, complaints)


def _writing() -> type[WritingAnswer]:
    from clops_app.adapters.writer.answers import WritingAnswer

    return WritingAnswer


def _rewordings() -> type[RewordingsAnswer]:
    from clops_app.adapters.writer.answers import RewordingsAnswer

    return RewordingsAnswer


def _proposals() -> type[ProposalsAnswer]:
    from clops_app.adapters.writer.answers import ProposalsAnswer

    return ProposalsAnswer


def _in_time(
    model: Model, shape: Callable[[], type[_Answer]], prompt: Prompt, complaints: tuple[str, ...], seconds: float
) -> tuple[_Answer, Spent]:
    deadline = time.monotonic() + seconds
    # Raised anew outside of the handler: what a client raises quotes the answer, and would stand in the chain of ours.
    try:
        outcome = bounded(lambda: _ask(model, shape, prompt, complaints, deadline), seconds)
    except TimeoutError:
        outcome = late(model.name, seconds)
    if isinstance(outcome, str):
        raise WriterError(outcome)
    return outcome


async def _ask(
    model: Model, shape: Callable[[], type[_Answer]], prompt: Prompt, complaints: tuple[str, ...], deadline: float
) -> tuple[_Answer, Spent] | str:
    """The answer, or a sentence that says what the model did instead of giving one."""
    label = label_of(model.provider)
    try:
        from pydantic_ai import Agent
        from pydantic_ai.exceptions import AgentRunError, UserError

        from clops_app.adapters.writer.strict import Strict

        unauthorized = unauthorized_of(model.provider)
        try:
            client, settings = opened(model.provider, max(deadline - time.monotonic(), _LEAST_SECONDS))
        except unauthorized:
            return unusable(model.name, label)
    except ImportError:
        return missing(model.name, label)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    agent = Agent(
        Strict(client, unauthorized), output_type=shape(), instructions=prompt.fixed, model_settings=settings, retries={"output": 1}
    )
    parts = [prompt.facts, *_complaints(complaints)]
    async with agent:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                result = await agent.run(parts)
            except (AgentRunError, UserError) as error:
                pause = worth_waiting(error, _pause(attempt))
                if pause is None or attempt == _ATTEMPTS or time.monotonic() + pause >= deadline:
                    return explained(error, model.name, label)
                await model.wait(pause)
            else:
                return result.output, _spent(model, result)
    raise AssertionError("the last attempt returns")


def _pause(attempt: int) -> float:
    """Seconds, between half and the whole of a pause that doubles."""
    return _FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1) * random.uniform(0.5, 1)  # noqa: S311 (no secret)


def _complaints(complaints: tuple[str, ...]) -> list[str]:
    return ["\n- ".join((_COMPLAINTS, *complaints))] if complaints else []


def _spent(model: Model, result: AgentRunResult[Any]) -> Spent:
    return Spent(model.name, result.usage.input_tokens, result.usage.output_tokens, _usd(result))


def _usd(result: AgentRunResult[Any]) -> Decimal | None:
    from pydantic_ai.messages import ModelResponse

    try:
        return sum((one.cost().total_price for one in result.new_messages() if isinstance(one, ModelResponse)), Decimal(0))
    except (LookupError, ValueError):  # a model without a price; an answer that did not say what it took
        return None
