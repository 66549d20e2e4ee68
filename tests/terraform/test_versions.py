"""A version constraint says which versions may be chosen."""

from __future__ import annotations

import pytest

from clops_app.terraform.versions import EVERY, Range, allowed


@pytest.mark.parametrize(
    ("constraint", "low", "high"),
    [
        ("5.1.2", (5, 1, 2), (5, 1, 3)),
        ("= 5.1", (5, 1, 0), (5, 1, 1)),
        ("~> 5.1", (5, 1, 0), (6, 0, 0)),
        ("~> 5.1.4", (5, 1, 4), (5, 2, 0)),
        ("~> 5", (5, 0, 0), None),
        (">= 5.0, < 6.2", (5, 0, 0), (6, 2, 0)),
        ("> 5.0.0, <= 6.0.0", (5, 0, 1), (6, 0, 1)),
        (">= 5.0, != 5.3.0", (5, 0, 0), None),
        ("v5.0.1", (5, 0, 1), (5, 0, 2)),
    ],
)
def test_a_constraint_is_an_interval(constraint: str, low: tuple[int, ...], high: tuple[int, ...] | None) -> None:
    assert allowed(constraint) == Range(low, high)


@pytest.mark.parametrize("constraint", ["latest", "> 6, < 5", "1.2.3.4", "~>", "${var.v}"])
def test_what_allows_nothing_or_cannot_be_read_is_none(constraint: str) -> None:
    assert allowed(constraint) is None


def test_no_constraint_allows_every_version() -> None:
    assert allowed("") == EVERY


def test_intervals_that_only_touch_do_not_meet() -> None:
    assert not Range((5, 0, 0), (6, 0, 0)).meets(Range((6, 0, 0), None))
    assert Range((5, 0, 0), (6, 0, 0)).meets(Range((5, 9, 9), None))
