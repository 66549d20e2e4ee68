"""A process without network has a model asked for it, over its pipe: so often, so long and so much as one review may, however it asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from clops_app.adapters.wire import Json, load, plain
from clops_app.language import speaking, spoken
from clops_app.model.writing import ALLOWANCE, Allowance, Prompt, Proposal, Rewording, Spent, Writing
from clops_app.ports import Assistant, ThinkingFailed, WriterError
from clops_app.review.fact_sheet import tokens
from clops_app.usecases.ask_for_patches import MOST_FINDINGS
from clops_app.usecases.propose_patches import ROUNDS
from clops_app.usecases.write_words import SECONDS, not_asked

_CALLS = ROUNDS + 2  # to propose; to write, and to word anew
_MOST_PROMPT = 128 * 1024  # characters; the 30,000 tokens that are left for the largest round of proposals are some 105,000 bytes


@dataclass(frozen=True, slots=True)
class Dictated:
    """The Assistant of the process without network. `ask` brings a question to the other end of the pipe, and the answer back."""

    name: str
    ask: Callable[[Json], Json]

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        said, spent = self._said("write", prompt, seconds)
        return load(Writing, said), spent

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        said, spent = self._said("reword", prompt, seconds)
        return load(tuple[Rewording, ...], said), spent

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        said, spent = self._said("propose", prompt, seconds, complaints)
        return load(tuple[Proposal, ...], said), spent

    def _said(self, what: str, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[Json, Spent]:
        told = {"prompt": plain(prompt), "complaints": plain(complaints)}
        match self.ask({"words": what, **told, "seconds": seconds, "language": spoken()}):
            case {"said": said, "spent": spent}:
                return said, load(Spent, spent)
            case {"unsaid": str(why)}:
                raise WriterError(why)
            case _:
                raise ThinkingFailed("an answer is no words")


@dataclass(slots=True)
class Scribe:
    """The other end, which has the credentials: asks `assistant` for one process, in what is left of what a model may take of a review."""

    assistant: Assistant
    calls: int = _CALLS
    seconds: float = SECONDS
    allowance: Allowance = ALLOWANCE

    def answer(self, asked: Json) -> Json:
        """What the process is told. Raises ThinkingFailed where it asks for more than a review has."""
        match asked:
            case {
                "words": "write" | "reword" | "propose" as what,
                "prompt": prompt,
                "complaints": complaints,
                "seconds": int() | float() as seconds,
                "language": "en" | "ko" as language,
            }:
                with speaking(language):  # a failure is told to the readers of the review
                    return self._said(what, load(Prompt, prompt), load(tuple[str, ...], complaints), seconds)
            case _:
                raise ThinkingFailed("it asked for no words")

    def _said(self, what: str, prompt: Prompt, complaints: tuple[str, ...], seconds: float) -> Json:
        texts = (prompt.fixed, prompt.facts, *complaints)
        if not self.calls or len(complaints) > MOST_FINDINGS or sum(map(len, texts)) > _MOST_PROMPT:
            raise ThinkingFailed("it asked for more words than a review has")
        self.calls -= 1
        size = sum(map(tokens, texts))
        if self.seconds <= 0 or not self.allowance.left((), size):
            return {"unsaid": not_asked(self.assistant.name, size, self.allowance)}
        began = time.monotonic()
        try:
            said, spent = self._asked(what, prompt, complaints, min(self.seconds, seconds))
        except WriterError as error:
            return {"unsaid": str(error)}
        finally:
            self.seconds -= time.monotonic() - began
        self.allowance = self.allowance.after((spent,))
        return {"said": plain(said), "spent": plain(spent)}

    def _asked(self, what: str, prompt: Prompt, complaints: tuple[str, ...], seconds: float) -> tuple[object, Spent]:
        match what:
            case "write":
                return self.assistant.write(prompt, seconds)
            case "reword":
                return self.assistant.reword(prompt, seconds)
            case _:
                return self.assistant.propose(prompt, seconds, complaints)
