"""The review comment, as the person on the phone gets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.finding import SEVERITIES, Finding
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget, Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.fit import LIMIT
from clops_app.review.render.markdown.headline import MARKER
from tests.review.samples import (
    BASE,
    BUDGET,
    COMMIT,
    DATABASE_COST,
    EMPTY,
    GP2,
    NO_BACKUPS,
    NO_PASSWORD,
    ONE_ZONE_DATABASE,
    PAGES,
    bill,
    finding,
    line,
    patch,
    second_server,
    server,
    servers,
)

READER = MarkdownIt("commonmark").enable("table")
LINKS = Links("https://github.com/acme/game/blob/1a2b3c4", "https://github.com/clops-app/clops/blob/main/rules/{rule}/rule.md")


def written(review: Review, limit: int = LIMIT, links: Links = LINKS) -> str:
    return comment(review, PAGES, version="0.1.0", links=links, people="players", limit=limit)


def reviewed(*findings: Finding, base: str | None = BASE, **changes: object) -> Review:
    """A database that costs the same before and after, with these findings."""
    result = RootResult("", "why", EMPTY, bill(DATABASE_COST), findings, base_graph=EMPTY, base_bill=bill(DATABASE_COST))
    return assemble([replace(result, **changes)], commit=COMMIT, base=base)  # type: ignore[arg-type]


def rows(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("| 🔴", "| 🟠", "| 🟡", "| 🔵"))]


def test_the_first_line_is_the_hidden_marker() -> None:
    assert written(second_server()).splitlines()[0] == "<!-- clops:review -->"


def test_the_headline_says_verdict_and_worst_finding_and_how_many_more() -> None:
    assert written(second_server()).splitlines()[1] == "### ClOps: not yet. All servers stand in one zone, and 5 more findings."


def test_the_line_under_it_says_money_counts_and_commits() -> None:
    assert written(second_server()).splitlines()[3] == (
        "**$21.57 → $29.16 a month** (+$7.59, 29 % of your $100 budget, 1 resource not priced)"
        " · 🟠 4 high, 🟡 2 medium · for `1a2b3c4` against `9f8e7d6`"
    )


def test_the_words_tell_one_story_for_findings_that_are_one_fault() -> None:
    assert (
        "`aws_instance.game[*]`: all of it stands in one zone, nothing spreads players across machines and nothing adds or replaces"
        " a machine. If that zone fails, everyone is out."
    ) in written(second_server())


def test_the_first_thing_to_do_is_the_cheapest_proven_patch_for_the_worst() -> None:
    assert "**Do this first:** `aws_db_instance.main`: Keep 7 days of backups ($0.00 a month); the patch is below." in written(
        second_server()
    )


def test_what_is_less_than_high_can_wait() -> None:
    assert "**What can wait:** 2 medium." in written(second_server())


def test_instances_of_one_block_are_one_row() -> None:
    review = reviewed(*servers("aws/single_az_compute", "`ADDRESS` stands alone.", range(50)))
    assert [row.count("aws_instance.game[*]") for row in rows(written(review))] == [1]
    assert "(50×)" in written(review)


def test_a_row_has_what_why_fix_and_price() -> None:
    assert rows(written(reviewed(NO_BACKUPS))) == [
        "| 🟠 | [**Database keeps no backups**](https://github.com/clops-app/clops/blob/main/rules/aws/database_without_backups/rule.md)"
        " · high · [`main.tf:17`](https://github.com/acme/game/blob/1a2b3c4/main.tf#L17-L25)<br>`aws_db_instance.main` keeps no backups:"
        " a bad deploy or a lost disk takes every account with it.<br>**Fix:** Keep 7 days of backups, patch below: **$0.00 a month** |"
    ]


def test_without_a_place_to_link_to_the_names_stand_alone() -> None:
    assert "](" not in written(second_server(), links=Links())


def test_a_fix_without_a_patch_has_no_price_and_says_so() -> None:
    (row,) = rows(written(reviewed(replace(NO_BACKUPS, patch=None))))
    assert row.endswith("<br>**Fix, by hand:** Set `backup_retention_period = 7`. Price not known. |")


def test_ten_findings_are_shown_and_the_rest_is_folded() -> None:
    review = reviewed(*(finding(f"aws/x{n:02}", f"aws_ebs_volume.v{n}", "m", severity="low") for n in range(13)))
    before, fold, after = written(review).partition("<details><summary>3 more new findings: 3 low</summary>")
    assert (len(rows(before)), bool(fold), len(rows(after))) == (10, True, 3)


def test_of_many_findings_each_rule_is_shown_once_before_any_is_shown_twice() -> None:
    many = [finding("aws/x", f"aws_instance.i{n:02}", "m") for n in range(12)]
    review = reviewed(*many, finding("aws/y", "aws_instance.j", "m", severity="medium"))
    before, _, after = written(review).partition("<details><summary>11 more new findings: 11 high</summary>")
    assert (len(rows(before)), len(rows(after))) == (2, 11)
    assert "<br>Just so, further down: `aws_instance.i01`, `aws_instance.i02` and 9 more.<br>" in before


def test_the_most_severe_come_first() -> None:
    review = reviewed(*(finding("aws/x", f"aws_instance.i{n}", "m", severity=severity) for n, severity in enumerate(reversed(SEVERITIES))))
    assert [row[2] for row in rows(written(review))] == ["🔴", "🟠", "🟡", "🔵"]


def test_a_patch_is_a_folded_diff_that_says_what_was_proven() -> None:
    assert (
        "<details><summary>🟡 Patch: <b>Keep a second copy in another zone</b> · Proven: finding gone, nothing new,"
        " +$14.98 a month</summary>\n\n"
        "Read it before you apply it: it changes how things run.\n\n```diff\n--- a/main.tf\n"
    ) in written(reviewed(ONE_ZONE_DATABASE))


def test_a_patch_whose_price_is_not_known_says_that_and_not_zero() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=patch("Keep backups", delta=None))))
    assert "Proven: finding gone, nothing new, cost not known" in text
    assert "$0.00" not in text


def test_a_patch_that_replaces_the_resource_warns_before_the_diff() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=patch("Encrypt the disk", replaces=True))))
    assert "AWS replaces the resource to do this" in text[text.index("Patch:") : text.index("```diff")]


def test_a_patch_that_mends_two_findings_is_shown_once() -> None:
    two = (NO_BACKUPS, replace(ONE_ZONE_DATABASE, patch=NO_BACKUPS.patch))
    assert written(reviewed(*two)).count("```diff") == 1


def test_the_cost_table_has_only_what_changes_and_the_totals() -> None:
    text = written(second_server())
    assert "| `aws_instance.game[1]` | – | $7.59 + usage | +$7.59 |" in text
    assert "| **all resources with a price, 29 % of your $100 budget** | **$21.57** | **$29.16** | **+$7.59** |" in text
    assert "aws_db_instance.main` |" not in text


def test_the_cost_fold_says_the_day_of_the_prices() -> None:
    assert "<summary>💰 Cost: 2 changes · prices of 2025-12-06</summary>" in written(second_server())


def test_what_depends_on_usage_shows_its_price_and_what_to_set_never_zero() -> None:
    assert (
        "- Data transfer out: $0.09 per GB (`aws_instance.game[1]`). Depends on usage: set"
        " `usage.aws_instance.monthly_data_transfer_out_gb`."
    ) in written(second_server())


def test_what_has_no_price_is_named() -> None:
    assert "- `aws_gamelift_fleet.eu`: no price is known for this type" in written(second_server())


def test_older_findings_are_counted_and_folded() -> None:
    assert "<details><summary>🗂 1 older finding, not from this change: 1 low</summary>" in written(second_server())


def test_what_was_not_evaluated_is_said() -> None:
    assert "- `var.db_password` has no value `main.tf:27`: it has no default and no tfvars file sets it" in written(second_server())


def test_what_the_change_mends_is_praised() -> None:
    text = written(reviewed(replace(NO_BACKUPS, status="fixed"), replace(GP2, status="fixed")))
    assert "✅ **Mended by this change:** Database keeps no backups and Disk of the older kind." in text
    assert text.splitlines()[1] == "### ClOps: fine to merge. It mends 2 findings."


def test_nothing_to_say_is_one_line() -> None:
    assert written(reviewed()) == (
        "<!-- clops:review -->\n**ClOps: fine to merge.** $13.98 a month, unchanged.\n\n"
        "<sub>ClOps 0.1.0 · prices of 2025-12-06 · for `1a2b3c4`</sub>\n"
    )


def test_old_findings_alone_are_still_one_line() -> None:
    text = written(reviewed(replace(GP2, status="existing"), replace(NO_BACKUPS, status="existing")))
    assert text.splitlines()[1] == "**ClOps: fine to merge.** $13.98 a month, unchanged. 2 older findings are not from this change."


def test_one_line_still_says_what_was_not_evaluated() -> None:
    assert "What was not evaluated (1)" in written(reviewed(diagnostics=(NO_PASSWORD,)))


def test_a_first_review_says_that_everything_counts_as_new_and_marks_no_change() -> None:
    text = written(reviewed(NO_BACKUPS, base=None, base_bill=None))
    assert "**$13.98 a month** · 🟠 1 high · for `1a2b3c4` · first review: everything counts as new" in text
    assert "| resource | a month |" in text
    assert "→" not in text


def test_a_base_whose_cost_is_not_known_says_so() -> None:
    assert "**$13.98 a month** (cost before not known)" in written(reviewed(NO_BACKUPS, base_bill=None, base_unreadable=True))


def test_a_base_that_has_a_name_is_called_by_it() -> None:
    review = replace(reviewed(NO_BACKUPS), base="merge base with main")
    assert "for `1a2b3c4` against merge base with main" in written(review)


def test_a_budget_that_is_exceeded_is_the_headline_when_nothing_worse_is_new() -> None:
    review = assemble(
        [RootResult("", "why", EMPTY, bill(server(0), DATABASE_COST), base_bill=bill(DATABASE_COST))],
        base=BASE,
        budget=Budget(Decimal(15), "fail"),
    )
    assert written(review).splitlines()[1] == "### ClOps: not yet. It costs $6.57 a month more than your $15 budget allows."


def test_a_root_that_gave_no_result_is_the_headline_and_lies_open() -> None:
    broken = Diagnostic("infra/prod was not evaluated", "infra/prod/main.tf:3", "module.a calls itself", fatal=True)
    text = written(reviewed(diagnostics=(broken,)))
    assert text.splitlines()[1] == "### ClOps: look before you merge. 1 part of the code could not be read."
    assert (
        "<details open><summary>❔ What was not evaluated (1)</summary>\n\n- **nothing of this root:** infra/prod was not evaluated" in text
    )


UNREADABLE = Diagnostic("syntax error: Invalid expression", "db.tf:4", "column 9: a value was expected here", lost=True)


def test_what_is_missing_from_code_that_could_not_be_read_is_not_called_removed() -> None:
    text = written(reviewed(bill=bill(), diagnostics=(UNREADABLE,)))
    assert text.splitlines()[3].startswith("**cost not known** (before $13.98, but part of the code could not be read) · ")
    assert "| `aws_db_instance.main` | $13.98 | not seen | not known |" in text
    assert "-$13.98" not in text


def test_with_code_that_could_not_be_read_the_sum_is_the_least_it_costs() -> None:
    assert "**at least $13.98 a month**" in written(reviewed(diagnostics=(UNREADABLE,)))


def test_what_has_no_price_is_in_the_headline_and_is_not_called_free() -> None:
    review = reviewed(bill=bill(unpriced=[Unpriced("aws_x.y", "aws_x", "no price is known")]), base_bill=bill())
    assert written(review).splitlines()[3].startswith("**cost not known** (change not known, 1 resource not priced) · ")


def test_a_change_of_usage_alone_is_not_called_unchanged() -> None:
    function = ResourceCost(
        "aws_lambda_function.a", "aws_lambda_function", (line("Requests", None, "request", "2E-7", "depends on usage"),)
    )
    text = written(reviewed(NO_BACKUPS, bill=bill(DATABASE_COST, function)))
    assert "**$13.98 a month** (changes by usage only)" in text
    assert "- Requests: $0.20 per million requests (`aws_lambda_function.a`). Depends on usage." in text


def test_a_resource_with_a_price_in_part_says_that_there_is_more() -> None:
    review = reviewed(
        bill=bill(server(0), unpriced=[Unpriced("aws_instance.game[0]", "aws_instance", "no price for its disk")]), base_bill=bill()
    )
    assert "| `aws_instance.game[0]` | – | $7.59 + more | not known |" in written(review)


def test_what_was_assumed_for_an_amount_is_said() -> None:
    gateway = ResourceCost("aws_nat_gateway.a", "aws_nat_gateway", (line("NAT gateway", "730", "hour", "0.045", "8 GiB assumed"),))
    text = written(reviewed(bill=bill(DATABASE_COST, gateway)))
    assert "**Assumed for these amounts:**\n\n- 8 GiB assumed. (`aws_nat_gateway.a`)" in text


def test_no_terraform_at_all_is_said_in_one_line() -> None:
    assert "**ClOps: nothing to review.** No Terraform was found here." in written(assemble([], commit=COMMIT, base=BASE))


def test_how_to_ignore_uses_the_first_findings_own_names() -> None:
    text = written(reviewed(NO_BACKUPS))
    assert "# clops:ignore aws/database_without_backups why this is meant" in text
    assert "address: 'aws_db_instance.main'" in text


def test_what_was_dismissed_is_listed_with_its_reason() -> None:
    review = reviewed(NO_BACKUPS, ignored=((GP2, "the disk goes in May"),))
    assert "- Disk of the older kind `aws_db_instance.main`: the disk goes in May" in written(review)


def test_a_stranger_cannot_write_markup_through_any_field() -> None:
    evil = "`@octocat` <img src=x> | <!-- clops:review --> [x](https://evil.example) ```\n</details>"
    hostile = finding("aws/x", f'aws_instance.x["{evil}"]', evil, path=f"a/{evil}.tf", title=evil, patch=patch(evil, f"+{evil}\n"))
    review = reviewed(
        hostile,
        replace(hostile, status="existing"),
        replace(hostile, status="fixed"),
        diagnostics=(Diagnostic(evil, evil, evil),),
        ignored=((hostile, evil),),
        bill=bill(DATABASE_COST, unpriced=[Unpriced(f'aws_x.y["{evil}"]', "aws_x", evil)]),
    )
    tokens = list(every_token(READER.parse(written(review))))
    tags = {tag for token in tokens if token.type.startswith("html") for tag in re.findall(r"<[^>]*>", token.content)}
    assert tags <= {MARKER, "<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>", "<br>", "<sub>", "</sub>"}
    targets = {str(token.attrGet("href")) for token in tokens if token.type == "link_open"}
    assert {target for target in targets if not target.startswith("https://github.com/")} == set()
    said = [re.sub(r"<[^>]*>", "", token.content) for token in tokens if token.type == "text" or token.type.startswith("html")]
    assert [words for words in said if re.search(r"@\w|://|<", words)] == []


def every_token(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every_token(token.children or ())


def crowd(count: int) -> Review:
    """So many faults in so many blocks that no comment could hold them."""
    long = "a_very_long_name_" * 6
    findings = [
        finding(
            "aws/database_without_backups",
            f'module.game["{long}"].aws_db_instance.main_{n}',
            f"`aws_db_instance.main_{n}` keeps no backups. " + "It matters. " * 60,
            path=f"modules/{long}/{n}.tf",
            severity=SEVERITIES[n % 4],
            status="new" if n % 3 else "existing",
            patch=patch(f"Keep backups {n}", f"--- a/{n}.tf\n+++ b/{n}.tf\n@@ -1 +1,2 @@\n" + f"+  value_{n} = {'x' * 80}\n" * 40)
            if n % 2
            else None,
        )
        for n in range(count)
    ]
    diagnostics = tuple(Diagnostic(f"thing {n} is not known", f"{n}.tf:1", "because " * 50) for n in range(count))
    costs = [replace(DATABASE_COST, address=f"aws_db_instance.main_{n}") for n in range(count)]
    result = RootResult("", "why", EMPTY, bill(*costs), tuple(findings), diagnostics=diagnostics, base_graph=EMPTY, base_bill=bill())
    return assemble([result], commit=COMMIT, base=BASE, budget=BUDGET)


@pytest.mark.parametrize("count", [10, 40, 400, 2000])
def test_however_much_there_is_to_say_the_comment_fits(count: int) -> None:
    assert len(written(crowd(count)).encode()) <= LIMIT


@pytest.mark.parametrize("limit", [60_000, 30_000, 15_000, 10_000, 8_000])
def test_nothing_is_ever_cut_in_the_middle(limit: int) -> None:
    text = written(crowd(60), limit)
    assert text.count("<details") == text.count("</details>")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    assert {line.replace("\\|", "").count("|") for line in rows(text)} == {3}
    assert len(text.encode()) <= limit


def test_what_was_left_out_is_said_with_where_to_see_it() -> None:
    assert re.search(
        r"<sub>Left out here for length: .*\d+ patches.* `clops review` in a terminal shows everything\.</sub>", written(crowd(400))
    )


def test_the_verdict_is_never_left_out() -> None:
    assert written(crowd(2000), 8_000).splitlines()[1] == "### ClOps: not yet. Database keeps no backups, and 1,332 more findings."


def test_the_same_review_gives_the_same_bytes() -> None:
    assert written(second_server()) == written(second_server())
