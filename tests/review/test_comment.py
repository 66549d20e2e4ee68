"""The review comment, as the person on the phone gets it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.finding import SEVERITIES, Fix
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Budget
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.links import Links
from tests.review.samples import (
    BASE,
    COMMIT,
    DATABASE_COST,
    DATABASE_DIFF,
    EMPTY,
    GP2,
    NO_BACKUPS,
    NO_PASSWORD,
    ONE_ZONE_DATABASE,
    SERVERS,
    SSH,
    bill,
    finding,
    line,
    patch,
    second_server,
    server,
    servers,
)
from tests.review.written import folds, reviewed, written


def test_the_first_line_is_the_hidden_marker() -> None:
    assert written(second_server()).splitlines()[0] == "<!-- clops:review -->"


def test_the_headline_says_the_verdict_and_what_the_worst_comes_to_for_those_who_use_the_service() -> None:
    assert written(second_server()).splitlines()[1] == "### ClOps: not yet. If one machine fails, your players are out."


def test_the_headline_is_the_title_where_no_phrase_is_known() -> None:
    review = reviewed(finding("aws/x", "aws_x.y", "m", title="Something is wrong"))
    assert written(review).splitlines()[1] == "### ClOps: not yet. Something is wrong."


def test_the_line_under_it_says_money_counts_and_commits() -> None:
    assert written(second_server()).splitlines()[3] == (
        "**$21.57 → $29.16 a month** (+$7.59, 29 % of your $100 budget, 1 resource not priced)"
        " · 🟠 4 high, 🟡 2 medium · for `1a2b3c4` against `9f8e7d6`"
    )


def test_findings_that_are_one_fault_are_one_story_with_a_fold_for_each() -> None:
    story, _, _ = written(second_server()).partition("**`aws_db_instance.main`**")
    assert (
        "**`aws_instance.game[*]`**: nothing spreads players across machines, nothing adds or replaces a machine and all of it stands in"
        " one zone.\n\n<details>"
    ) in story
    assert [fold.partition("</b>")[0].partition("<b>")[2] for fold in folds(story)] == [
        "Servers without a load balancer",
        "Servers outside an Auto Scaling group",
        "All servers stand in one zone",
    ]


def test_what_the_headline_said_is_not_said_again() -> None:
    assert written(second_server()).count("your players are out") == 1


def test_a_story_says_what_then_happens() -> None:
    assert (
        "**`aws_db_instance.main`**: it keeps no backups and there is only one copy of it. A bad deploy or a lost disk takes everything"
        " in the database."
    ) in written(second_server())


def test_an_instance_that_had_the_same_fault_before_is_spoken_of_as_well() -> None:
    old, new = servers("aws/single_az_compute", "m"), servers("aws/compute_without_autoscaling", "m", [1])
    review = reviewed(replace(old[0], status="existing"), old[1], *new)
    assert "**`aws_instance.game[*]`**: nothing adds or replaces a machine and all of it stands in one zone." in written(review)


def test_a_fault_that_stands_alone_is_a_fold_that_names_what_it_is_about() -> None:
    assert folds(written(reviewed(SSH))) == [
        "<details><summary>🟡 <b>SSH is open to the world</b> <code>aws_security_group.game</code>: allow your own address only,"
        " by hand</summary>"
    ]


def test_the_first_thing_to_do_is_the_cheapest_proven_patch_for_the_worst_and_then_the_worst_that_is_left() -> None:
    assert (
        "- **Do this first:** `aws_db_instance.main`: keep 7 days of backups (free, patch below).\n"
        "- **Then:** `aws_instance.game[*]`: put an `aws_lb` before the servers.\n"
    ) in written(second_server())


def test_what_is_less_than_high_can_wait() -> None:
    assert "- **What can wait:** 2 medium." in written(second_server())


def test_instances_of_one_block_are_one_fold() -> None:
    review = reviewed(*servers("aws/single_az_compute", "`ADDRESS` stands alone.", range(50)))
    assert folds(written(review)) == [
        "<details><summary>🟠 <b>All servers stand in one zone</b> <code>aws_instance.game[*]</code> (50×): give the servers subnets in"
        " two zones, by hand</summary>"
    ]


def test_a_fold_has_what_fix_and_price_outside_and_reason_place_rule_and_patch_inside() -> None:
    text = written(reviewed(NO_BACKUPS))
    start = text.index("<details><summary>🟠")
    assert text[start : text.index("</details>", start)] == (
        "<details><summary>🟠 <b>Database keeps no backups</b> <code>aws_db_instance.main</code>: keep 7 days of backups,"
        " <b>free</b></summary>\n\n"
        "`aws_db_instance.main` keeps no backups: a bad deploy or a lost disk takes every account with it.\n\n"
        "High · [`main.tf:17`](https://github.com/acme/game/blob/1a2b3c4/main.tf#L17-L25) · [`aws/database_without_backups`]"
        "(https://github.com/clops-app/clops/blob/main/rules/aws/database_without_backups/rule.md)\n\n"
        f"```diff\n{DATABASE_DIFF}```\n\n"
        "Proven: finding gone, nothing new, $0.00 a month. Or run `clops fix --rule aws/database_without_backups --write`.\n\n"
    )


def test_the_story_of_the_headline_is_told_first_although_part_of_it_is_folded() -> None:
    game = "aws_instance.game[0]"
    unencrypted = [finding("aws/unencrypted_storage", address, "m", severity="medium") for address in (game, NO_BACKUPS.address)]
    disks = [replace(GP2, address=game, start_line=6, fingerprint="disk"), GP2]
    others = [finding(f"aws/y{n}", f"aws_y.y{n}", "m", severity="low") for n in range(5)]
    review = reviewed(NO_BACKUPS, finding("aws/x", NO_BACKUPS.address, "m", severity="medium"), SERVERS[2], *unencrypted, *disks, *others)
    text = written(review)
    assert text.splitlines()[1] == "### ClOps: not yet. A bad deploy or a lost disk takes everything in the database."
    assert re.findall(r"^\*\*`(\w+)", text, re.MULTILINE) == ["aws_db_instance", "aws_instance"]


def test_without_a_place_to_link_to_the_names_stand_alone() -> None:
    assert "](" not in written(second_server(), links=Links())


def test_a_fix_without_a_patch_has_no_price_and_says_so() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=None)))
    assert folds(text)[0].endswith("</code>: set <code>backup_retention_period = 7</code>, by hand</summary>")
    assert "Price not known. `clops explain aws/database_without_backups` tells how to do it." in text


def test_a_patch_that_failed_says_why() -> None:
    failed = replace(NO_BACKUPS, patch=None, fix=Fix("Keep backups", ()), why_no_patch="the block is made by a module that is not here")
    assert "No patch: the block is made by a module that is not here. Price not known." in written(reviewed(failed))


def test_ten_findings_are_shown_and_the_rest_is_folded() -> None:
    review = reviewed(*(finding(f"aws/x{n:02}", f"aws_ebs_volume.v{n}", "m", severity="low") for n in range(13)))
    before, fold, after = written(review).partition("<details><summary>3 more new findings: 3 low</summary>")
    assert (len(folds(before)), bool(fold), len(folds(after))) == (10, True, 3)


def test_of_many_findings_each_rule_is_shown_once_before_any_is_shown_twice() -> None:
    many = [finding("aws/x", f"aws_instance.i{n:02}", "m") for n in range(12)]
    review = reviewed(*many, finding("aws/y", "aws_instance.j", "m", severity="medium"))
    before, _, after = written(review).partition("<details><summary>11 more new findings: 11 high</summary>")
    assert (len(folds(before)), len(folds(after))) == (2, 11)
    assert folds(before)[0].endswith(" · 11 more like it below</summary>")


def test_the_most_severe_come_first() -> None:
    review = reviewed(*(finding("aws/x", f"aws_instance.i{n}", "m", severity=severity) for n, severity in enumerate(reversed(SEVERITIES))))
    assert [fold[len("<details><summary>")] for fold in folds(written(review))] == ["🔴", "🟠", "🟡", "🔵"]


def test_a_patch_that_changes_how_things_run_says_so_before_the_diff() -> None:
    text = written(reviewed(ONE_ZONE_DATABASE))
    assert "keep a second copy in another zone, <b>+$14.98 a month</b></summary>" in text
    assert "**Read it first: it changes how things run.**\n\n```diff\n--- a/main.tf\n" in text


def test_a_patch_that_is_only_a_proposal_is_not_offered_to_be_written() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=patch("Keep backups", safety="show"))))
    assert "**A proposal to adapt, not to take as it stands.**" in text
    assert "--write" not in text


def test_a_patch_whose_price_is_not_known_says_that_and_not_zero() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=patch("Keep backups", delta=None))))
    assert "keep backups, <b>price not known</b></summary>" in text
    assert "Proven: finding gone, nothing new, cost not known" in text
    assert "$0.00" not in text


def test_a_patch_that_replaces_the_resource_warns_before_the_diff() -> None:
    text = written(reviewed(replace(NO_BACKUPS, patch=patch("Encrypt the disk", replaces=True))))
    assert "<b>free</b>, but made anew</summary>" in text
    assert "AWS replaces the resource to do this" in text[text.index("<details>") : text.index("```diff")]


def test_a_patch_that_mends_two_findings_is_shown_once() -> None:
    text = written(reviewed(NO_BACKUPS, replace(ONE_ZONE_DATABASE, patch=NO_BACKUPS.patch)))
    assert (text.count("```diff"), text.count("The patch above mends this too.")) == (1, 1)


def test_the_cost_table_has_only_what_changes_and_the_totals() -> None:
    text = written(second_server())
    assert "| +$7.59 | `aws_instance.game[1]` | – | $7.59 + usage |" in text
    assert "| **+$7.59** | **all resources with a price, 29 % of your $100 budget** | **$21.57** | **$29.16** |" in text
    assert "aws_db_instance.main` |" not in text


def test_the_cost_fold_says_the_day_of_the_prices() -> None:
    assert "<summary>💰 Cost: 2 changes · prices of 2025-12-06</summary>" in written(second_server())


def test_what_depends_on_usage_shows_its_price_and_what_to_set_never_zero() -> None:
    assert "- Data transfer out, $0.09 per GB: set `usage.aws_instance.monthly_data_transfer_out_gb`" in written(second_server())


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
    assert "| a month | resource |" in text
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
    assert "| not known | `aws_db_instance.main` | $13.98 | not seen |" in text
    assert "-$13.98" not in text


def test_with_code_that_could_not_be_read_the_sum_is_the_least_it_costs() -> None:
    assert "**at least $13.98 a month**" in written(reviewed(diagnostics=(UNREADABLE,)))


def test_what_has_no_price_is_in_the_headline_and_is_not_called_free() -> None:
    review = reviewed(bill=bill(unpriced=[Unpriced("aws_x.y", "aws_x", "no price is known")]), base_bill=bill())
    assert written(review).splitlines()[3].startswith("**cost not known** (change not known, 1 resource not priced) · ")


def test_a_change_of_usage_alone_is_not_called_unchanged() -> None:
    function = ResourceCost("aws_lambda_function.a", "aws_lambda_function", (line("Requests", None, "request", "2E-7"),))
    text = written(reviewed(NO_BACKUPS, bill=bill(DATABASE_COST, function)))
    assert "**$13.98 a month** (changes by usage only)" in text
    assert "- Requests, $0.20 per million requests: `aws_lambda_function.a`" in text


def test_a_resource_with_a_price_in_part_shows_it_and_names_what_is_missing() -> None:
    review = reviewed(
        bill=bill(server(0), unpriced=[Unpriced("aws_instance.game[0]", "aws_instance", "no price for its disk")]), base_bill=bill()
    )
    text = written(review)
    assert text.splitlines()[3].startswith("**$0.00 → $7.59 a month** (+$7.59, 1 resource priced in part) · ")
    assert "| +$7.59 + more | `aws_instance.game[0]` | – | $7.59 + usage + more |" in text
    assert "**Not priced, so not in these amounts:**\n\n- part of `aws_instance.game[0]`: no price for its disk" in text


def test_what_was_reviewed_and_why_is_in_a_fold() -> None:
    assert (
        "<details><summary>📁 What was reviewed: 1 root</summary>\n\n- the top of the repository: it has a provider block\n\n</details>"
    ) in written(second_server())


def test_several_roots_are_named_even_when_there_is_nothing_to_say() -> None:
    roots = [RootResult(name, "nobody calls it", EMPTY, bill(), base_graph=EMPTY, base_bill=bill()) for name in ("dev", "prod")]
    text = written(assemble(roots, commit=COMMIT, base=BASE))
    assert "<summary>📁 What was reviewed: 2 roots</summary>\n\n- `dev`: nobody calls it\n- `prod`: nobody calls it" in text


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
