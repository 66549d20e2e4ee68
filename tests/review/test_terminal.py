"""The terminal, as wide as a person's: what is said, in which order, and that no line runs over."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from clops_app.model.cost import Unpriced
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.terminal.cost import print_bills
from clops_app.review.render.terminal.review import print_review
from clops_app.review.render.terminal.rules import print_page, print_rules
from tests.review.samples import BASE, DATABASE_COST, EMPTY, GP2, NO_BACKUPS, PAGES, bill, finding, patch, second_server, server, servers


def console(width: int = 80, *, colour: bool = False) -> Console:
    return Console(file=StringIO(), width=width, force_terminal=colour, color_system="truecolor" if colour else None, legacy_windows=False)


def said(to: Console) -> str:
    assert isinstance(to.file, StringIO)
    return to.file.getvalue()


def printed(review: Review, width: int = 80, *, colour: bool = False) -> str:
    to = console(width, colour=colour)
    print_review(to, review, PAGES)
    return said(to)


def reviewed(*findings: object, **changes: object) -> Review:
    result = RootResult("", "why", EMPTY, bill(DATABASE_COST), findings, base_bill=bill(DATABASE_COST))  # type: ignore[arg-type]
    return assemble([replace(result, **changes)], base=BASE)  # type: ignore[arg-type]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    long = finding(
        "aws/x", "aws_instance." + "long_name_" * 20, "word " * 50, path="d/" * 60 + "main.tf", patch=patch("p", "+" + "x" * 300)
    )
    review = reviewed(long, replace(long, status="existing"), *servers("aws/single_az_compute", "m"), bill=bill(server(0), DATABASE_COST))
    assert [line for line in printed(review, width).splitlines() if cell_len(line.rstrip()) > width] == []


def test_the_verdict_is_the_last_thing_said() -> None:
    last = flat(printed(second_server(), 200).splitlines()[-1])
    assert (
        last == "✗ Not yet: 4 high, 2 medium new · $21.57 → $29.16 a month"
        " (+$7.59, 29 % of your $100 budget, 1 resource not priced) · for 1a2b3c4"
    )


def test_a_finding_has_place_reason_fix_proof_and_the_lines_that_change() -> None:
    lines = [line.rstrip() for line in printed(reviewed(NO_BACKUPS)).splitlines()]
    assert lines[1:12] == [
        "1 new finding: 1 high ──────────────────────────────────────────────────────────",
        "",
        " HIGH      Database keeps no backups",
        "           aws_db_instance.main",
        "           main.tf:17  aws/database_without_backups",
        "           aws_db_instance.main keeps no backups: a bad deploy or a lost disk",
        "           takes every account with it.",
        "           why  Without backups there is no way back.",
        "           fix  Keep 7 days of backups",
        "                Proven: finding gone, nothing new, $0.00 a month.",
        "                +   backup_retention_period = 7",
    ]


def test_instances_of_one_block_are_said_once() -> None:
    text = printed(reviewed(*servers("aws/single_az_compute", "`ADDRESS` stands alone.", range(50))))
    assert "aws_instance.game[*] (50 instances)" in text
    assert text.count("stands alone") == 1


def test_a_long_patch_ends_with_where_to_see_all_of_it() -> None:
    long = replace(NO_BACKUPS, patch=patch("p", "".join(f"+line {n}\n" for n in range(30))))
    assert "… 16 more lines: clops fix --rule aws/database_without_backups --diff" in flat(printed(reviewed(long)))


def test_old_findings_are_a_list_and_mended_ones_are_praised() -> None:
    text = printed(reviewed(replace(GP2, status="existing"), replace(NO_BACKUPS, status="fixed")))
    assert "low      Disk of the older kind  main.tf:17" in text
    assert "✓ Database keeps no backups  aws_db_instance.main" in text


def test_what_was_not_evaluated_is_said() -> None:
    text = flat(printed(reviewed(diagnostics=(Diagnostic("module.a is not here", "main.tf:3", "its source is private"),))))
    assert "Not evaluated: 1" in text
    assert "module.a is not here main.tf:3 its source is private" in text


def test_the_bill_says_what_is_not_in_it() -> None:
    text = flat(printed(second_server(), 120))
    assert "by usage Data transfer out, $0.09 per GB: aws_instance.game[1]" in text
    assert "not priced aws_gamelift_fleet.eu no price is known for this type" in text


def test_nothing_to_say_is_short() -> None:
    assert printed(reviewed()).strip().splitlines()[-1] == "✓ Fine to merge: nothing new · $13.98 a month (unchanged)"


def test_without_colour_there_is_no_escape_sequence() -> None:
    assert "\x1b" not in printed(second_server())


def test_with_colour_severities_differ_by_more_than_their_names() -> None:
    assert "\x1b[1;31m HIGH" in printed(second_server(), colour=True)


@pytest.mark.parametrize("colour", [False, True])
def test_a_stranger_can_neither_move_the_cursor_nor_write_markup(colour: bool) -> None:
    evil = "\x1b[2J\x1b]0;title\x07[bold red]x[/] \u202e"
    hostile = finding("aws/x", f'aws_x.y["{evil}"]', evil, path=evil, title=evil, patch=patch(evil, f"+{evil}"))
    review = reviewed(
        hostile,
        replace(hostile, status="existing"),
        replace(hostile, status="fixed"),
        ignored=((hostile, evil),),
        diagnostics=(Diagnostic(evil, evil, evil),),
        bill=bill(replace(DATABASE_COST, address=evil), unpriced=[Unpriced(evil, "aws_x", evil)]),
    )
    text = printed(review, colour=colour)
    assert [sign for sign in ("\x1b[2J", "\x1b]0", "\x07", "\u202e") if sign in text] == []
    assert "[bold red]" in text


def test_a_bill_has_every_line_and_the_total() -> None:
    to = console(100)
    print_bills(to, [("", bill(server(0), DATABASE_COST))])
    lines = [flat(line) for line in said(to).splitlines()]
    assert "aws_db_instance.main $13.98" in lines
    assert "t3.micro, Linux, on demand 730 hour $0.0104 $7.59" in lines
    assert "Data transfer out by usage, GB $0.09 –" in lines
    assert lines[-1] == "$21.57 a month prices of 2025-12-06"


def test_the_rules_are_listed_by_category_most_severe_first() -> None:
    to = console()
    print_rules(to, PAGES)
    names = [line.split()[-2] for line in said(to).splitlines() if " *" in line and "/" in line]
    assert names == [
        "aws/gp2_volume",
        "aws/database_without_backups",
        "aws/single_az_compute",
        "aws/single_az_database",
        "aws/compute_without_autoscaling",
        "aws/compute_without_load_balancer",
        "aws/ssh_open_to_world",
    ]


def test_a_page_says_what_why_fix_and_where_from() -> None:
    to = console()
    print_page(to, "aws/database_without_backups", PAGES["aws/database_without_backups"])
    text = flat(said(to))
    assert "HIGH Database keeps no backups aws/database_without_backups · reliability · patch: review · since 0.1 What" in text
    assert "Sources Amazon RDS user guide (2026-11-21) https://docs.aws.amazon.com" in text
