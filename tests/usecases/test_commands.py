"""A comment that speaks to us is read strictly: what is asked is done, what is not understood is answered with help."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.usecases.commands import Command, Explain, Fix, Help, IgnoreRule, ReviewAgain, Why, is_command, read_command

RULES = frozenset({"aws/gp2_volume", "aws/single_az_database"})


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/clops review", ReviewAgain()),
        ("  /clops   review  \nplease", ReviewAgain()),
        ("/clops", Help()),
        ("/clops help", Help()),
        ("/clops why", Why()),
        ("/clops fix", Fix(None)),
        ("/clops fix all", Fix(None)),
        ("/clops fix gp2_volume", Fix("aws/gp2_volume")),
        ("/clops fix aws/gp2_volume", Fix("aws/gp2_volume")),
        ("/clops explain single_az_database", Explain("aws/single_az_database")),
        ("/clops ignore gp2_volume it is a test", IgnoreRule("aws/gp2_volume", "it is a test", None)),
        ("/clops ignore gp2_volume until=2027-01-31 it is", IgnoreRule("aws/gp2_volume", "it is", date(2027, 1, 31))),
        ("/clops ignore gp2_volume it is until=2027-01-31", IgnoreRule("aws/gp2_volume", "it is", date(2027, 1, 31))),
    ],
)
def test_what_is_asked_is_understood(text: str, command: Command) -> None:
    assert read_command(text, RULES) == command


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("/clops revew", "did you mean `/clops review`?"),
        ("/clops rm -rf", "no such command"),
        ("/clops review now", "takes fewer words"),
        ("/clops fix gp3_volume", "did you mean `aws/gp2_volume`?"),
        ("/clops fix @everyone", "there is no rule `…`"),
        ("/clops ignore gp2_volume", "needs a rule and a reason"),
        ("/clops ignore", "needs a rule and a reason"),
        ("/clops ignore gp2_volume until=2027-01-31", "needs a reason"),
        ("/clops ignore gp2_volume because until=tomorrow", "takes a date"),
        ("/clops explain", "needs a rule"),
    ],
)
def test_what_is_not_understood_is_answered_with_what_is_missing(text: str, because: str) -> None:
    command = read_command(text, RULES)
    assert isinstance(command, Help)
    assert because in command.because


@pytest.mark.parametrize("text", ["/clopsfoo", "see /clops fix", "> /clops fix", "", "`/clops fix`"])
def test_talk_about_us_is_not_to_us(text: str) -> None:
    assert not is_command(text)


@given(st.text())
def test_whatever_is_written_something_is_understood_and_no_stranger_is_quoted(text: str) -> None:
    command = read_command(f"/clops {text}", RULES)
    if isinstance(command, Help):
        assert "@" not in command.because
        assert "\n" not in command.because
