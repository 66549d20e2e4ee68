"""Text broken by chance raises nothing, in either syntax, as a root or as a module; `python -m tests.bench.fuzz` does it at length."""

from __future__ import annotations

import pytest

from tests.bench.fuzz import HOUSE, judge, made, seeds

TEXTS = seeds([HOUSE / "tests/oracle/roots"])


@pytest.mark.parametrize("number", range(40))
def test_a_configuration_that_is_broken_by_chance_raises_nothing(number: int) -> None:
    judge(made(TEXTS, number))


def test_the_same_number_makes_the_same_input() -> None:
    assert made(TEXTS, 7) == made(TEXTS, 7)
