"""What was parsed is kept, as far as there is room."""

from __future__ import annotations

import pytest

from clops_app.terraform import sources
from clops_app.terraform.sources import Parsed


def test_a_file_that_trees_share_is_parsed_once() -> None:
    parsed = Parsed()
    assert parsed.file("main.tf", b"a = 1\n") is parsed.file("main.tf", b"a = 1\n")
    assert parsed.file("main.tf", b"a = 2\n") is not parsed.file("main.tf", b"a = 1\n")


def test_what_was_asked_for_the_longest_ago_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST", 12)
    parsed = Parsed()
    first, second = parsed.file("1.tf", b"a = 1\n"), parsed.file("2.tf", b"a = 2\n")
    assert parsed.file("1.tf", b"a = 1\n") is first
    parsed.file("3.tf", b"a = 3\n")
    assert parsed.file("1.tf", b"a = 1\n") is first
    assert parsed.file("2.tf", b"a = 2\n") is not second


def test_a_file_larger_than_all_room_is_parsed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST", 1)
    parsed = Parsed()
    large = parsed.file("main.tf", b"a = 1\n")
    assert large.body.attributes
    assert parsed.file("main.tf", b"a = 1\n") is large


def test_from_one_root_to_the_next_little_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "KEPT", 6)
    parsed = Parsed()
    first, second = parsed.file("1.tf", b"a = 1\n"), parsed.file("2.tf", b"a = 2\n")
    assert parsed.file("1.tf", b"a = 1\n") is first
    parsed.make_room()
    assert parsed.file("1.tf", b"a = 1\n") is first
    assert parsed.file("2.tf", b"a = 2\n") is not second
