"""A comment that fits, whatever is in it."""

from __future__ import annotations

from clops_app.review.render.markdown.fit import Variant, fitted, section


def test_what_fits_is_not_touched() -> None:
    assert fitted([section(1, "one", Variant("o", "half of one")), section(2, "two")]) == "one\n\ntwo\n"


def test_the_least_important_section_gives_way_first_and_it_is_said() -> None:
    text = fitted([section(2, "a" * 200, Variant("a", "some a")), section(1, "b" * 200, Variant("b", "some b"))], 380)
    assert text == ("a" * 200 + "\n\nb\n\n<sub>Left out here for length: some b. `clops review --format json` has all of it.</sub>\n")


def test_a_section_is_shortened_by_its_own_variants_in_turn() -> None:
    text = fitted([section(1, "b" * 300, "b" * 200, "b" * 100)], 250)
    assert text == "b" * 200 + "\n"


def test_a_section_that_goes_altogether_leaves_no_gap() -> None:
    text = fitted([section(9, "head"), section(1, "b" * 300, Variant("", "the b")), section(9, "foot")], 130)
    assert text == "head\n\nfoot\n\n<sub>Left out here for length: the b. `clops review --format json` has all of it.</sub>\n"


def test_length_is_counted_in_bytes_so_that_korean_fits_too() -> None:
    assert fitted([section(1, "가" * 100, "나" * 50)], 200) == "나" * 50 + "\n"
