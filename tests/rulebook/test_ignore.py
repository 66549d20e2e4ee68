"""An ignore quiets what it names, as long as it says; one that cannot work is said."""

from __future__ import annotations

from datetime import date

import pytest

from clops_app.language import speaking
from clops_app.model.finding import Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree, Span, lines_of
from clops_app.rulebook.ignore import Ignored, IgnoreEntry, apply_ignores

TODAY = date(2026, 11, 21)
KNOWN = frozenset({"aws/public_database", "aws/single_az_database", "aws/ssh_open_to_world"})

DATABASE = """resource "aws_db_instance" "main" {
  engine              = "postgres"
  publicly_accessible = true
}

resource "aws_db_instance" "other" {
  publicly_accessible = true
}
"""


def tree_of(text: str, path: str = "main.tf") -> SourceTree:
    return SourceTree({path: text.encode()})


def finding(tree: SourceTree, at: str, rule: str = "aws/public_database", address: str = "aws_db_instance.main") -> Finding:
    """A finding whose span is the first place where the text `at` stands."""
    path, content = next(iter(tree.files.items()))
    start = content.index(at.encode())
    span = Span(path, start, start + len(at.encode()))
    first, last = lines_of(tree, span)
    return Finding(
        rule=rule,
        title="",
        severity="high",
        category="security",
        address=address,
        root="",
        path=path,
        start_line=first,
        end_line=last,
        message="",
        fingerprint="",
        span=span,
    )


def ignored_with(text: str, at: str = "publicly_accessible = true", rule: str = "aws/public_database", today: date = TODAY) -> Ignored:
    tree = tree_of(text)
    return apply_ignores([finding(tree, at, rule)], tree, ["main.tf"], (), known_rules=KNOWN, today=today)


def reasons(result: Ignored) -> list[str]:
    return [reason for _, reason in result.ignored]


@pytest.mark.parametrize("comment", ["# {}", "// {}", "/* {} */", "#{}"])
def test_a_comment_above_an_attribute_quiets_it(comment: str) -> None:
    said = comment.format("clops:ignore aws/public_database our office VPN needs it")
    result = ignored_with(DATABASE.replace("  publicly", f"  {said}\n  publicly", 1))
    assert reasons(result) == ["our office VPN needs it"]
    assert result.diagnostics == ()


def test_a_comment_on_the_same_line_quiets_it_too() -> None:
    result = ignored_with(DATABASE.replace("= true", "= true # clops:ignore aws/public_database for now", 1))
    assert reasons(result) == ["for now"]


def test_a_comment_above_a_block_quiets_everything_in_it_and_nothing_beside_it() -> None:
    tree = tree_of("# clops:ignore aws/public_database a toy\n" + DATABASE)
    inside = finding(tree, "publicly_accessible = true")
    beside = finding(tree, 'resource "aws_db_instance" "other" {\n  publicly_accessible = true\n}', address="aws_db_instance.other")
    result = apply_ignores([inside, beside], tree, ["main.tf"], (), known_rules=KNOWN, today=TODAY)
    assert (reasons(result), result.kept) == (["a toy"], (beside,))


def test_a_comment_on_an_attribute_does_not_quiet_the_whole_block() -> None:
    text = DATABASE.replace("  engine", "  # clops:ignore aws/single_az_database\n  engine", 1)
    block = text[: text.index("\n}") + 2]
    assert reasons(ignored_with(text, at=block, rule="aws/single_az_database")) == []


def test_one_comment_names_several_rules() -> None:
    result = ignored_with("# clops:ignore aws/single_az_database, aws/public_database a toy\n" + DATABASE)
    assert reasons(result) == ["a toy"]


def test_comments_stack() -> None:
    text = "# clops:ignore aws/public_database first\n# clops:ignore aws/single_az_database second\n# The game's data.\n" + DATABASE
    assert reasons(ignored_with(text)) == ["first"]


def test_another_rule_is_not_quieted() -> None:
    assert reasons(ignored_with("# clops:ignore aws/single_az_database\n" + DATABASE)) == []


def test_windows_line_ends_change_nothing() -> None:
    text = ("# clops:ignore aws/public_database a toy\n" + DATABASE).replace("\n", "\r\n")
    assert reasons(ignored_with(text)) == ["a toy"]


def test_an_ignore_counts_through_its_last_day() -> None:
    text = "# clops:ignore aws/public_database until=2026-11-21 launch week\n" + DATABASE
    assert reasons(ignored_with(text)) == ["launch week"]


def test_after_its_last_day_an_ignore_is_over_and_that_is_said() -> None:
    text = "# clops:ignore aws/public_database until=2026-11-21 launch week\n" + DATABASE
    result = ignored_with(text, today=date(2026, 11, 22))
    assert len(result.kept) == 1
    assert result.diagnostics == (
        Diagnostic(
            "ignore of aws/public_database has expired",
            "main.tf:1",
            "it counted until 2026-11-21: mend what it hid, remove it, or give it a later date",
        ),
    )


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("# clops:ignore aws/public_databse", "there is no rule 'aws/public_databse'; did you mean 'aws/public_database'?"),
        ("# clops:ignore zzz/qqq", "there is no rule 'zzz/qqq'; `clops rules` lists them"),
        ("# clops:ignore", "it names no rule; write `clops:ignore aws/rule_name until=2027-01-31 reason`"),
        ("# clops:ignore public_database", "it names no rule; write `clops:ignore aws/rule_name until=2027-01-31 reason`"),
        ("# clops:ignore aws/public_database until=tomorrow", "'tomorrow' is not a date; write until=2027-01-31"),
        ("# clops:ignore aws/public_database until=2027-02-30", "'2027-02-30' is not a date; write until=2027-01-31"),
    ],
)
def test_a_comment_that_cannot_work_says_why(comment: str, why: str) -> None:
    result = ignored_with(f"{comment}\n{DATABASE}")
    assert len(result.kept) == 1
    assert result.diagnostics == (Diagnostic("ignore has no effect", "main.tf:1", why),)


def test_what_is_wrong_with_an_ignore_is_said_in_the_language_spoken() -> None:
    with speaking("ko"):
        result = ignored_with(f"# clops:ignore aws/public_databse\n{DATABASE}")
    why = "'aws/public_databse' 규칙은 없습니다. 혹시 'aws/public_database' 규칙인가요?"
    assert result.diagnostics == (Diagnostic("무시 설정이 효과가 없습니다", "main.tf:1", why),)


def test_a_comment_with_nothing_below_says_so() -> None:
    result = ignored_with(f"{DATABASE}\n# clops:ignore aws/public_database\n")
    why = "no block or attribute starts on this line or the next; put it right above the one that it is about"
    assert result.diagnostics == (Diagnostic("ignore has no effect", "main.tf:10", why),)


def test_words_in_a_string_are_no_comment() -> None:
    text = DATABASE.replace('"postgres"', '"# clops:ignore aws/public_database"')
    assert ignored_with(text).diagnostics == ()


def test_a_scanner_rule_may_be_named() -> None:
    assert ignored_with("# clops:ignore checkov/CKV_AWS_16\n" + DATABASE).diagnostics == ()


def test_a_comment_on_a_module_call_quiets_what_the_module_makes() -> None:
    text = '# clops:ignore aws/public_database a toy\nmodule "db" {\n  source = "./db"\n}\n'
    tree = SourceTree({"db/main.tf": DATABASE.encode(), "main.tf": text.encode()})
    mine = finding(tree, "publicly_accessible = true", address='module.db["eu"].aws_db_instance.main')
    other = finding(tree, "publicly_accessible = true", address="module.db2.aws_db_instance.main")
    result = apply_ignores([mine, other], tree, ["main.tf", "db/main.tf"], (), known_rules=KNOWN, today=TODAY)
    assert (reasons(result), result.kept) == (["a toy"], (other,))


@pytest.mark.parametrize(
    ("pattern", "address", "matched"),
    [
        ("*", "aws_db_instance.main", True),
        ("aws_db_instance.main", "aws_db_instance.main", True),
        ("aws_db_instance.main", "aws_db_instance.main[0]", True),
        ("aws_db_instance.main", "aws_db_instance.main2", False),
        ("aws_db_instance.main[0]", "aws_db_instance.main[0]", True),
        ("aws_db_instance.main[0]", "aws_db_instance.main[1]", False),
        ('aws_db_instance.main["eu"]', 'aws_db_instance.main["eu"]', True),
        ("aws_db_instance.*", "aws_db_instance.main[0]", True),
        ("*.main", "aws_db_instance.main", True),
        ("module.db", "module.db.aws_db_instance.main", True),
        ("module.db", "module.db2.aws_db_instance.main", False),
        ("aws_db_instance.m?in", "aws_db_instance.main", True),
        ("aws.db.instance.main", "aws_db_instance.main", False),
    ],
)
def test_an_entry_matches_addresses_as_people_read_them(pattern: str, address: str, matched: bool) -> None:
    tree = tree_of(DATABASE)
    entry = IgnoreEntry("aws/public_database", pattern, "why not")
    found = finding(tree, "publicly_accessible = true", address=address)
    result = apply_ignores([found], tree, ["main.tf"], [entry], known_rules=KNOWN, today=TODAY)
    assert reasons(result) == (["why not"] if matched else [])


def test_an_entry_that_is_over_or_unknown_is_said_where_it_is_written() -> None:
    tree = tree_of(DATABASE)
    entries = [
        IgnoreEntry("aws/public_database", until=date(2026, 1, 31), where=".clops.yml:4"),
        IgnoreEntry("aws/ssh_open", where=".clops.yml:5"),
    ]
    result = apply_ignores([finding(tree, "publicly_accessible = true")], tree, [], entries, known_rules=KNOWN, today=TODAY)
    assert len(result.kept) == 1
    assert [(said.what, said.where, said.why) for said in result.diagnostics] == [
        (
            "ignore of aws/public_database has expired",
            ".clops.yml:4",
            "it counted until 2026-01-31: mend what it hid, remove it, or give it a later date",
        ),
        ("ignore has no effect", ".clops.yml:5", "there is no rule 'aws/ssh_open'; did you mean 'aws/ssh_open_to_world'?"),
    ]
