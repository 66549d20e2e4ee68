"""Every suggestion that is posted can be pressed, and what it commits is read, is formatted as before, and ends its finding."""

from __future__ import annotations

import pytest

from tests.bench.suggestions import Case, cases, tried

CASES = {case.name: case for case in cases()}
# A change of our own, a rule with several suggestions in one file, and the odd files that once broke something.
FEW = ("rules/gp2_volume", "odd/module_called_twice", "odd/not_utf8", "odd/heredoc_with_fences_beside", "odd/crlf_in_part")


def named(case: Case) -> str:
    return case.name


def assert_all_accepted(case: Case) -> None:
    result = tried(case)
    assert result.faults == []
    assert result.accepted == result.posted


@pytest.mark.parametrize("case", [CASES[name] for name in FEW], ids=named)
def test_every_button_does_what_it_says(case: Case) -> None:
    assert_all_accepted(case)


@pytest.mark.slow
@pytest.mark.parametrize("case", [case for name, case in CASES.items() if name not in FEW], ids=named)
def test_every_button_of_all_cases_does_what_it_says(case: Case) -> None:
    assert_all_accepted(case)


def test_enough_is_offered() -> None:
    """Accepting all of nothing would prove nothing."""
    assert tried(CASES["odd/two_blocks_touching"]).posted == 2
