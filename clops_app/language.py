"""What people read is in the language they asked for; English is written in the code, every other one in a catalogue.

The language is a setting of the whole review, not of a sentence: whoever starts one says `with speaking("ko"):` and all that is
said inside, on any floor, is said in it. Catalogues are gettext's (clops_app/locale); scripts/messages.py keeps them in step with the code.
What Terraform, AWS and other tools call things stays as they call it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from sys import intern
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "ko"]

_spoken: ContextVar[Language] = ContextVar("spoken", default="en")


def use_language(language: Language) -> None:
    """From here on, to the end of this context (contextvars): for a program that has one reader."""
    _spoken.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Inside, `tr` and `trn` speak `language`; in this thread alone."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def spoken() -> Language:
    """The language that is spoken now."""
    return _spoken.get()


def tr(message: str, /, **values: object) -> str:
    """`message` in the language spoken, its {places} filled with `values`; without values it is taken as it stands.

    What follows a value must not depend on how it is pronounced: a Korean sentence sets no particle right behind one.
    """
    language = _spoken.get()
    words = message if language == "en" else _catalogue(language).gettext(message)
    return intern(words.format(**values)) if values else words  # what is said of a thousand resources is one string


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """`one` or `many` as the language asks for `count` of them; {count} and `values` are filled in."""
    language = _spoken.get()
    words = (one if count == 1 else many) if language == "en" else _catalogue(language).ngettext(one, many, count)
    return words.format(count=count, **values)


def tr_noop(message: str) -> str:
    """A message for the catalogue that is said later, with `tr`: for what is written down before anybody asks, like a table."""
    return message


class Phrase(str):
    """English text that can be said again in another language: for what is written down before it is known which one is spoken."""

    __slots__ = ("_message", "_values")
    _message: str
    _values: dict[str, object]

    def said(self) -> str:
        """In the language spoken now."""
        values = {name: say(value) if isinstance(value, str) else value for name, value in self._values.items()}
        return tr(self._message, **values)


def later(message: str, /, **values: object) -> Phrase:
    """As `tr`, in English until somebody asks `say`."""
    phrase = Phrase(message.format(**values) if values else message)
    phrase._message, phrase._values = message, values
    return phrase


def say(text: str) -> str:
    """A Phrase in the language spoken, any other text as it is."""
    return text.said() if isinstance(text, Phrase) else text


@cache
def _catalogue(language: Language) -> GNUTranslations:
    with (files("clops_app") / "locale" / language / "LC_MESSAGES" / "clops.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
