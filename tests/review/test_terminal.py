"""The terminal, as wide as a person's: what is said, in which order, and that no line runs over."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from clops_app.model.cost import Unpriced
from clops_app.model.finding import Fix
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.terminal.cost import print_bills
from clops_app.review.render.terminal.review import print_review
from clops_app.review.render.terminal.rules import print_page, print_rules
from tests.review.samples import (
    BASE,
    DATABASE_COST,
    EMPTY,
    GP2,
    NO_BACKUPS,
    ONE_ZONE_DATABASE,
    PAGES,
    SERVERS,
    SSH,
    bill,
    finding,
    patch,
    second_server,
    server,
    servers,
)


def console(width: int = 80, *, colour: bool = False) -> Console:
    return Console(file=StringIO(), width=width, force_terminal=colour, color_system="truecolor" if colour else None, legacy_windows=False)


def said(to: Console) -> str:
    assert isinstance(to.file, StringIO)
    return to.file.getvalue()


def printed(review: Review, width: int = 80, *, colour: bool = False) -> str:
    to = console(width, colour=colour)
    print_review(to, review, PAGES, people="players")
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


def test_the_verdict_and_what_to_do_are_the_last_things_said() -> None:
    assert [flat(line) for line in printed(second_server(), 200).splitlines()[-5:]] == [
        "Verdict " + "─" * 192,
        "✗ Not yet. If one machine fails, your players are out.",
        "4 high, 2 medium new · $21.57 → $29.16 a month (+$7.59, 29 % of your $100 budget, 1 resource not priced) · for 1a2b3c4",
        "first aws_db_instance.main: keep 7 days of backups (free): clops fix --rule aws/database_without_backups",
        "then aws_instance.game[*]: put an aws_lb before the servers",
    ]


def test_a_finding_has_place_reason_fix_price_and_the_lines_that_change() -> None:
    lines = [line.rstrip() for line in printed(reviewed(NO_BACKUPS)).splitlines()]
    assert lines[1:14] == [
        "1 new finding: 1 high ──────────────────────────────────────────────────────────",
        "",
        "aws_db_instance.main  main.tf:17",
        " HIGH      Database keeps no backups  aws/database_without_backups",
        "           aws_db_instance.main keeps no backups: a bad deploy or a lost disk",
        "           takes every account with it.",
        "           fix   keep 7 days of backups",
        "           cost  free",
        "                 +   backup_retention_period = 7",
        "",
        "Every patch was tried on a copy: its finding is gone, nothing new came.",
        "clops fix --write makes the safe ones, with --rule RULE those of one rule.",
        "clops explain RULE tells more about a rule.",
    ]


def test_what_is_said_of_one_block_stands_under_one_heading() -> None:
    lines = [line.rstrip() for line in printed(reviewed(NO_BACKUPS, ONE_ZONE_DATABASE, SSH)).splitlines()]
    assert [line for line in lines if line.startswith((" HIGH", " MEDIUM", "aws_"))][:5] == [
        "aws_db_instance.main  main.tf:17",
        " HIGH      Database keeps no backups  aws/database_without_backups",
        " MEDIUM    Database runs in one zone only  aws/single_az_database",
        "aws_security_group.game  sg.tf:8",
        " MEDIUM    SSH is open to the world  aws/ssh_open_to_world",
    ]


def test_a_finding_on_another_line_or_instance_than_its_block_says_so() -> None:
    elsewhere = replace(servers("aws/x", "It is wrong: it stops.", [1])[0], start_line=9)
    lines = [flat(line) for line in printed(reviewed(*SERVERS[:2], elsewhere), 100).splitlines()]
    assert "aws_instance.game[*] (2 instances) main.tf:6" in lines
    assert lines[lines.index("HIGH aws/x line 9 aws/x") + 1] == "aws_instance.game[1]"


def test_the_page_says_why_only_where_the_message_does_not() -> None:
    short = replace(NO_BACKUPS, message="`aws_db_instance.main` keeps no backups.")
    assert "why   Without backups there is no way back." in printed(reviewed(short))
    assert "why" not in printed(reviewed(NO_BACKUPS))


def test_what_is_mended_by_hand_says_so() -> None:
    assert "fix   allow your own address only, by hand" in printed(reviewed(SSH))


def test_a_patch_that_failed_says_why() -> None:
    failed = replace(NO_BACKUPS, patch=None, fix=Fix("Keep backups", ()), why_no_patch="a module that is not here makes the block")
    assert "No patch: a module that is not here makes the block" in printed(reviewed(failed))


def test_of_very_many_findings_fifty_are_printed_and_the_others_counted() -> None:
    many = [finding("aws/x", f"aws_x.x{n:04}", f"`aws_x.x{n:04}` is wrong: it stops.") for n in range(1250)]
    text = printed(reviewed(*many))
    assert text.count("it stops.") == 50
    assert "And 1,200 more findings: clops review --format json has all of them." in text


def test_of_very_much_else_the_first_is_printed_and_the_rest_counted() -> None:
    old = [finding("aws/x", f"aws_x.x{n:04}", "m", status="fixed") for n in range(60)]
    review = reviewed(
        *old,
        bill=bill(*(replace(server(0), address=f"aws_instance.i{n:04}") for n in range(70))),
        ignored=tuple((one, "meant") for one in old),
        diagnostics=tuple(Diagnostic(f"thing {n}", "main.tf", "because") for n in range(55)),
    )
    text = printed(review)
    assert [line for line in text.splitlines() if line.startswith("and ")] == [
        "and 10 more findings: clops review --format json",
        "and 21 more changes: clops review --format json",
        "and 10 more findings: clops review --format json",
        "and 5 more places: clops review --format json",
    ]


def test_the_roots_are_named_when_there_are_several_or_another_than_was_asked_for() -> None:
    roots = [RootResult(name, "nobody calls it", EMPTY, bill(), base_bill=bill()) for name in ("dev", "prod")]
    to = console()
    print_review(to, assemble(roots, base=BASE), PAGES)
    assert flat(said(to)).startswith("Reviewed: 2 roots ─")
    assert "dev nobody calls it prod nobody calls it" in flat(said(to))
    for scope, expected in (("", True), ("dev", False)):
        to = console()
        print_review(to, assemble(roots[:1], base=BASE), PAGES, scope=scope)
        assert ("Reviewed: 1 root" in said(to)) is expected


def test_instances_of_one_block_are_said_once() -> None:
    text = printed(reviewed(*servers("aws/single_az_compute", "`ADDRESS` stands alone.", range(50))))
    assert "aws_instance.game[*] (50 instances)" in text
    assert text.count("stands alone") == 1


def test_a_long_patch_ends_with_where_to_see_all_of_it() -> None:
    long = replace(NO_BACKUPS, patch=patch("p", "".join(f"+line {n}\n" for n in range(30))))
    assert "… 16 more lines: clops fix --rule aws/database_without_backups --diff" in flat(printed(reviewed(long)))


def test_old_findings_are_a_list_and_mended_ones_are_praised() -> None:
    text = printed(reviewed(replace(GP2, status="existing"), replace(NO_BACKUPS, status="fixed")))
    assert "low      Disk of the older kind  aws_db_instance.main" in text
    assert "✓ Database keeps no backups  aws_db_instance.main" in text


def test_what_was_not_evaluated_is_said() -> None:
    text = flat(printed(reviewed(diagnostics=(Diagnostic("module.a is not here", "main.tf:3", "its source is private"),))))
    assert "Not evaluated: 1" in text
    assert "module.a is not here main.tf:3 its source is private" in text


def test_the_bill_says_what_is_not_in_it() -> None:
    text = flat(printed(second_server(), 120))
    assert "by usage aws_instance.game[1]: Data transfer out $0.09 per GB clops cost tells what to set" in text
    assert "not priced aws_gamelift_fleet.eu no price is known for this type" in text


def test_nothing_to_say_is_short() -> None:
    assert printed(reviewed()).strip().splitlines()[-2:] == ["✓ Fine to merge.", "nothing new · $13.98 a month (unchanged)"]


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


def test_a_bill_shows_the_priced_part_of_a_resource_and_names_the_other() -> None:
    to = console(100)
    print_bills(to, [("", bill(server(0), unpriced=[Unpriced("aws_instance.game[0]", "aws_instance", "no price for its disk")]))])
    lines = [flat(line) for line in said(to).splitlines()]
    assert "aws_instance.game[0] $7.59 + more" in lines
    assert lines[-3:] == ["not priced part of aws_instance.game[0]", "no price for its disk", "$7.59 a month prices of 2025-12-06"]


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
