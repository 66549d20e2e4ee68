"""The catalogues: every message translated, every place kept, every number as the locale writes it."""

from __future__ import annotations

import importlib.util
import re
import threading
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message
from babel.numbers import format_currency, format_decimal, format_percent

from clops_app.language import later, say, speaking, spoken, tr, trn
from clops_app.review.render.money import percent, usd, usd_delta

_HOME = Path(__file__).parent.parent


def _messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages", _HOME / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MESSAGES = _messages()
KOREAN = MESSAGES.read("ko")


def _sides(message: Message) -> tuple[list[str], list[str]]:
    def texts(side: object) -> list[str]:
        return list(side) if isinstance(side, (list, tuple)) else [str(side)]

    return texts(message.id), texts(message.string)


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)[^{}]*\}", text))


def test_there_is_a_catalogue_with_messages() -> None:
    assert MESSAGES.languages() == ["ko"]
    assert len(KOREAN) > 100


def test_no_message_lacks_its_translation() -> None:
    assert MESSAGES.untranslated(MESSAGES.updated("ko")) == []


def test_the_catalogue_is_in_step_with_the_code_and_compiled() -> None:
    """If not: python scripts/messages.py"""
    home = MESSAGES.LOCALE / "ko" / "LC_MESSAGES"
    assert MESSAGES.as_text(MESSAGES.updated("ko")) == (home / "clops.po").read_bytes()
    assert MESSAGES.compiled(KOREAN) == (home / "clops.mo").read_bytes()


def test_a_translation_keeps_what_is_filled_in_and_what_is_code() -> None:
    wrong = []
    for message in filter(lambda each: each.id, KOREAN):
        ours, theirs = _sides(message)
        wanted = set().union(*map(_places, ours))
        wrong += [text for text in theirs if _places(text) != wanted or _code(text) != _code(ours[-1]) or _ends(text) != _ends(ours[-1])]
    assert wrong == []


def _code(text: str) -> list[str]:
    return sorted(re.findall(r"`[^`]+`", text))


def _ends(text: str) -> tuple[bool, bool]:
    return text.startswith(" "), text.endswith(" ")


# A particle (은/는, 이/가, 을/를, 와/과, (으)로) depends on how the word before it sounds, and nobody knows how a name will.
_PARTICLE = re.compile(r"\}`?(?:은|는|이|가|을|를|와|과|으로|로|이나|나|이며|이고|이다|입니다|라는|이라는)(?![가-힣])")


def test_no_particle_hangs_on_a_value() -> None:
    texts = [text for message in KOREAN if message.id for text in _sides(message)[1]]
    assert [text for text in texts if _PARTICLE.search(text)] == []


@pytest.mark.parametrize("amount", ["0", "0.004", "7.59", "20", "-5", "1234.5", "1234567.891", "-0.001"])
def test_amounts_are_written_as_koreans_write_them(amount: str) -> None:
    number = Decimal(amount)
    with speaking("ko"):
        said = usd(number)
        delta = usd_delta(number)
    rounded = number.quantize(Decimal("0.01")) or Decimal("0.00")
    assert said == format_currency(rounded, "USD", locale="ko")
    assert delta == (f"+{said}" if rounded > 0 else said)


@pytest.mark.parametrize(("part", "whole"), [(28, 100), (1, 3), (1250, 100), (123456, 100)])
def test_shares_are_written_as_koreans_write_them(part: int, whole: int) -> None:
    with speaking("ko"):
        said = percent(Decimal(part), Decimal(whole))
    assert said == format_percent(round(Decimal(part) / whole, 2), locale="ko")


def test_counts_are_written_as_koreans_write_them() -> None:
    with speaking("ko"):
        assert format_decimal(12345, locale="ko") in trn("{count:,} finding", "{count:,} findings", 12345)


def test_english_is_what_the_code_says() -> None:
    assert (tr("{count} of {all}", count=1, all=2), tr("as it {stands}")) == ("1 of 2", "as it {stands}")
    assert (trn("{count} patch", "{count} patches", 1), trn("{count} patch", "{count} patches", 2)) == ("1 patch", "2 patches")


def test_a_language_is_spoken_inside_its_block_and_in_no_other_thread() -> None:
    heard = []
    with speaking("ko"):
        other = threading.Thread(target=lambda: heard.append(spoken()))
        other.start()
        other.join()
        assert spoken() == "ko"
    assert (spoken(), heard) == ("en", ["en"])


def test_a_message_is_found_wherever_it_is_said() -> None:
    source = 'a = f"<b>{tr(\'one\')}</b>" + tr(TABLE[key])\nb = [trn("{count} x", "{count} xs", n), later("two")]'
    assert MESSAGES.said_in(source) == ["one", ("{count} x", "{count} xs"), "two"]


def test_a_message_that_is_put_together_is_refused() -> None:
    with pytest.raises(ValueError, match="written out"):
        MESSAGES.said_in('tr(f"{count} of them")')


def test_what_is_written_down_early_is_english_until_it_is_said() -> None:
    why = later(
        "{why}. This is a shallow clone: git fetch --unshallow, or fetch-depth: 0 for actions/checkout", why=later("not a regular file")
    )
    with speaking("ko"):
        assert why.startswith("not a regular file. This is a shallow clone")
        assert say(why).startswith("일반 파일이 아닙니다. 얕은 복제본입니다.")
        assert say("as it stands") == "as it stands"
    assert say(why) == why
