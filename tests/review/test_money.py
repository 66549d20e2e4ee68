"""Amounts as people and programs read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.review.render.money import cents, decimal_text, difference, percent, plain, usd, usd_delta, usd_short, usd_unit

AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=9)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", "$0.00"),
        ("1234.555", "$1,234.56"),
        ("-5", "-$5.00"),
        ("-0.001", "$0.00"),
        ("1E+3", "$1,000.00"),
        ("0.005", "$0.01"),
        ("2.675", "$2.68"),
    ],
)
def test_dollars_are_rounded_half_up_and_never_minus_zero(amount: str, expected: str) -> None:
    assert usd(Decimal(amount)) == expected


@pytest.mark.parametrize(("amount", "expected"), [("7.592", "+$7.59"), ("-7.592", "-$7.59"), ("0.004", "$0.00"), ("-0.004", "$0.00")])
def test_a_change_carries_its_sign_unless_it_is_none(amount: str, expected: str) -> None:
    assert usd_delta(Decimal(amount)) == expected


@pytest.mark.parametrize(("amount", "expected"), [("100", "$100"), ("99.5", "$99.50")])
def test_a_budget_is_said_as_somebody_would_write_it(amount: str, expected: str) -> None:
    assert usd_short(Decimal(amount)) == expected


@pytest.mark.parametrize(
    ("price", "expected"), [("0.045", "$0.045"), ("0.1", "$0.10"), ("2E-7", "$0.0000002"), ("1250", "$1,250.00"), ("0.0104", "$0.0104")]
)
def test_a_unit_price_keeps_all_its_digits(price: str, expected: str) -> None:
    assert usd_unit(Decimal(price)) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("730", "730"), ("7.3E+2", "730"), ("0.0450", "0.045"), ("2E-7", "0.0000002"), ("-0.0", "0"), ("100", "100")]
)
def test_a_quantity_is_written_plainly(number: str, expected: str) -> None:
    assert plain(Decimal(number)) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [("27.59", "100", "28 %"), ("0.2", "100", "<1 %"), ("0", "100", "0 %"), ("12345", "10", "123,450 %"), ("1", "0", None)],
)
def test_a_share_is_a_whole_percentage(part: str, whole: str, expected: str | None) -> None:
    assert percent(Decimal(part), Decimal(whole)) == expected


@given(AMOUNTS, AMOUNTS)
def test_before_and_difference_add_up_to_after_as_shown(before: Decimal, after: Decimal) -> None:
    assert cents(before) + difference(before, after) == cents(after)


@given(AMOUNTS)
def test_a_number_in_plain_notation_is_the_same_number(amount: Decimal) -> None:
    assert Decimal(plain(amount)) == amount


@given(AMOUNTS)
def test_a_document_has_exactly_two_places(amount: Decimal) -> None:
    assert Decimal(decimal_text(amount)).as_tuple().exponent == -2
