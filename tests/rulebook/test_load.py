"""Adding a rule is adding a folder; nothing of a rule runs before it is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from clops_app.language import speaking
from clops_app.rulebook.load import load_rules, read_rules, translated
from clops_app.rulebook.page import PageError
from tests.rulebook.test_page import KOREAN, PAGE


def folder(rules: Path, name: str, check: str = "def check(architecture):\n    return ()\n") -> None:
    (rules / name).mkdir(parents=True)
    (rules / name / "rule.md").write_text(PAGE)
    (rules / name / "check.py").write_text(check)


def test_the_rules_of_the_checkout_are_found_by_their_paths() -> None:
    on_disk = sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in (Path(__file__).parents[2] / "rules").glob("*/*/check.py"))
    assert [rule.id for rule in load_rules()] == on_disk


def test_a_folder_is_a_rule_and_its_path_is_its_id(tmp_path: Path) -> None:
    folder(tmp_path, "kubernetes/one_replica")
    folder(tmp_path, "aws/public_thing")
    assert [rule.id for rule in read_rules(tmp_path)] == ["aws/public_thing", "kubernetes/one_replica"]


def test_a_check_is_imported_when_it_is_asked_for_and_once(tmp_path: Path) -> None:
    folder(tmp_path, "aws/noisy", f"open({str(tmp_path / 'ran')!r}, 'a').write('x')\ndef check(architecture):\n    return ()\n")
    rule = read_rules(tmp_path)[0]
    assert not (tmp_path / "ran").exists()
    assert rule.check() is rule.check()
    assert (tmp_path / "ran").read_text() == "x"


def test_a_broken_page_is_named(tmp_path: Path) -> None:
    folder(tmp_path, "aws/wrong")
    (tmp_path / "aws/wrong/rule.md").write_text("no page")
    with pytest.raises(PageError, match=r"^rules/aws/wrong/rule\.md: "):
        read_rules(tmp_path)


def test_caches_beside_the_rules_are_no_rules(tmp_path: Path) -> None:
    folder(tmp_path, "aws/real")
    (tmp_path / "aws/__pycache__").mkdir()
    (tmp_path / "__pycache__/x").mkdir(parents=True)
    assert [rule.id for rule in read_rules(tmp_path)] == ["aws/real"]


def test_the_rules_speak_the_language_that_is_spoken() -> None:
    english = load_rules()
    with speaking("ko"):
        korean = load_rules()
    assert [rule.id for rule in korean] == [rule.id for rule in english]
    assert [rule.id for rule, same in zip(korean, english, strict=True) if rule.page.title == same.page.title] == []
    assert [rule.check() is same.check() for rule, same in zip(korean, english, strict=True)] == [True] * len(english)
    assert load_rules() == english


def test_a_rule_without_a_page_in_a_language_keeps_its_own(tmp_path: Path) -> None:
    folder(tmp_path, "aws/ours")
    folder(tmp_path, "aws/theirs")
    (tmp_path / "aws/ours/rule.ko.md").write_text(KOREAN)
    rules = translated(read_rules(tmp_path), tmp_path, "ko")
    assert [rule.page.title for rule in rules] == ["영구 보관되는 로그", "Logs are kept for ever"]


def test_a_broken_translation_is_named_and_english_never_reads_it(tmp_path: Path) -> None:
    folder(tmp_path, "aws/wrong")
    (tmp_path / "aws/wrong/rule.ko.md").write_text("no page")
    rules = read_rules(tmp_path)
    with pytest.raises(PageError, match=r"^rules/aws/wrong/rule\.ko\.md: "):
        translated(rules, tmp_path, "ko")
