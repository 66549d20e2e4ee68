"""What other tools say beside what we say: told apart, not said twice, shown as theirs."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from clops_app.model.cost import ResourceCost, Unpriced
from clops_app.model.opinion import Estimated, Remark, Scan, Scanned, SecondBill, SecondPrice
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.review.render.json_document import cost_document, dumps, review_document
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.fit import LIMIT
from clops_app.review.render.sarif import sarif_log
from clops_app.review.render.terminal.cost import print_bills
from clops_app.review.render.terminal.review import print_review
from clops_app.review.schema import schema
from clops_app.review.second_opinion import SAME_AS, differs, scan_of, second_bill
from clops_app.rulebook.load import load_rules
from tests.review.samples import NO_BACKUPS, PAGES, bill, line, second_server, server


def remark(
    check: str = "CKV_AWS_23", address: str = "aws_security_group.game", path: str = "main.tf", start: int = 3, **more: str
) -> Remark:
    return Remark(path, start, start + 2, check, address, more.get("title", f"Ensure what {check} asks"), more.get("link", ""))


def scanned(*remarks: Remark) -> Scanned:
    return Scanned("3.3.30", remarks)


def test_a_remark_that_the_base_has_is_old_wherever_its_line_moved() -> None:
    scan = scan_of(scanned(remark(start=30), remark("CKV_AWS_382")), scanned(remark(path="sg.tf")), ())
    assert ([one.check for one in scan.new], [one.check for one in scan.old]) == (["CKV_AWS_382"], ["CKV_AWS_23"])


def test_the_same_address_in_another_root_is_another_resource() -> None:
    scan = scan_of(scanned(remark(path="dev/main.tf")), scanned(remark(path="prod/main.tf")), ())
    assert (len(scan.new), len(scan.old)) == (1, 0)


def test_a_root_that_is_called_otherwise_at_the_base_is_compared_all_the_same() -> None:
    head, base = scanned(remark(path="after/main.tf")), scanned(remark(path="before/main.tf"))
    assert len(scan_of(head, base, (), home=lambda _: "after").old) == 1


def test_without_a_base_everything_is_found_and_nothing_compared() -> None:
    scan = scan_of(scanned(remark()), None, ())
    assert (len(scan.new), scan.compared) == (1, False)


BACKUPS = remark("CKV_AWS_133", "aws_db_instance.main")


@pytest.mark.parametrize("status", ["new", "existing"])
def test_what_a_finding_of_ours_says_is_not_said_again(status: str) -> None:
    scan = scan_of(scanned(BACKUPS), None, [replace(NO_BACKUPS, status=status)])  # type: ignore[arg-type]
    assert (scan.new, scan.said) == ((), 1)


def test_a_check_like_one_of_our_rules_is_shown_where_our_rule_said_nothing() -> None:
    elsewhere = replace(NO_BACKUPS, address="aws_db_instance.other")
    assert scan_of(scanned(BACKUPS), None, [elsewhere, replace(NO_BACKUPS, status="fixed")]).new == (BACKUPS,)


def test_a_rule_that_the_team_switched_off_does_not_come_back_as_a_check() -> None:
    assert scan_of(scanned(BACKUPS), None, (), disabled=["aws/database_without_backups"]).new == ()
    assert len(scan_of(scanned(remark()), None, (), disabled=["aws/database_without_backups"]).new) == 1


def test_every_rule_that_a_check_is_the_same_as_exists() -> None:
    assert set(SAME_AS.values()) <= {rule.id for rule in load_rules()}


def test_prices_are_compared_by_root_and_address() -> None:
    ours = bill(server(0), unpriced=[Unpriced("aws_gamelift_fleet.eu", "aws_gamelift_fleet", "no price is known for this type")])
    theirs = Estimated(
        {("", "aws_instance.game[0]"): Decimal("7.592"), ("", "aws_gamelift_fleet.eu"): Decimal(90), ("", "aws_sqs_queue.q"): None}
    )
    assert second_bill([("", ours)], theirs) == SecondBill(
        (
            SecondPrice("", "aws_gamelift_fleet.eu", None, Decimal(90)),
            SecondPrice("", "aws_instance.game[0]", Decimal("7.592"), Decimal("7.592")),
        )
    )


def test_a_resource_that_costs_by_usage_alone_is_not_compared() -> None:
    usage = ResourceCost("aws_sqs_queue.q", "aws_sqs_queue", (line("Requests", None, "1M", "0.4"),))
    assert second_bill([("", bill(usage))], Estimated({("", "aws_sqs_queue.q"): None})) == SecondBill(())


def test_a_root_that_infracost_could_not_price_is_not_compared() -> None:
    assert second_bill([("a", bill(server(0)))], Estimated({}, ("a",))) == SecondBill(())


@pytest.mark.parametrize(
    ("ours", "theirs", "far"),
    [
        ("10", "10", False),
        ("10", "10.99", False),  # below a dollar
        ("100", "104.99", False),  # below five percent
        ("100", "106", True),
        (None, "0.5", True),
        ("0.5", None, True),
        (None, "0", False),
        ("0", None, False),
    ],
)
def test_amounts_differ_when_they_are_further_apart_than_prices_of_two_days(ours: str | None, theirs: str | None, far: bool) -> None:
    price = SecondPrice("", "a.b", None if ours is None else Decimal(ours), None if theirs is None else Decimal(theirs))
    assert differs(price) is far


SCAN = Scan(
    "3.3.30", (remark(link="https://docs.example.com/a"), remark("CKV_AWS_382", start=4)), (remark("CKV2_AWS_5"),), 2, compared=True
)
BILL = SecondBill(
    (
        SecondPrice("", "aws_gamelift_fleet.eu", None, Decimal(90)),
        SecondPrice("", "aws_instance.game[0]", Decimal("7.592"), Decimal("7.592")),
    )
)


def with_opinions(scan: Scan | None = SCAN, second: SecondBill | None = BILL, review: Review | None = None) -> Review:
    return replace(review or second_server(), scan=scan, second_bill=second)


def markdown(review: Review, limit: int = LIMIT) -> str:
    return comment(review, PAGES, version="1", links=Links("https://github.com/acme/game/blob/1a2b3c4"), limit=limit)


def terminal(review: Review) -> str:
    text = StringIO()
    print_review(Console(file=text, width=160, markup=False, emoji=False, highlight=False), review, PAGES)
    return text.getvalue()


def test_the_comment_says_what_checkov_found_in_a_fold_of_its_own() -> None:
    text = markdown(with_opinions())
    assert "<summary>🔎 Also found by checkov: 2 new (1 old, 2 said by ClOps already)</summary>" in text
    assert "[`CKV_AWS_23`](https://docs.example.com/a)" in text
    assert "[`main.tf:3`](https://github.com/acme/game/blob/1a2b3c4/main.tf#L3-L5)" in text
    assert "CKV2_AWS_5" not in text


def test_the_comment_says_where_infracost_counts_otherwise() -> None:
    text = markdown(with_opinions())
    assert "Infracost's second opinion: $97.59 a month where ClOps counts $7.59; 1 of 2 resources differs" in text
    assert "| `aws_gamelift_fleet.eu` | no amount | $90.00 |" in text


def test_when_nothing_is_new_the_comment_says_so_in_a_line() -> None:
    text = markdown(with_opinions(replace(SCAN, new=()), replace(BILL, prices=BILL.prices[1:])))
    assert "<sub>🔎 Also found by checkov: 0 new (1 old, 2 said by ClOps already).</sub>" in text
    assert "$7.59 a month where ClOps counts $7.59; no resource differs.</sub>" in text


def test_a_comment_without_findings_of_ours_shows_checkovs_too() -> None:
    loud = second_server()
    roots = tuple(replace(root, base_bill=root.bill, base_graph=root.graph) for root in loud.roots)
    quiet = replace(loud, findings=(), verdict="pass", diagnostics=(), roots=roots, before=loud.after)
    assert "Also found by checkov" in markdown(with_opinions(review=quiet))


def test_instances_of_a_block_are_one_line() -> None:
    many = tuple(remark(address=f"aws_subnet.a[{number}]") for number in range(50))
    text = markdown(with_opinions(replace(SCAN, new=many)))
    assert "checkov: 1 new" in text
    assert "`aws_subnet.a[*]`" in text


def test_a_long_list_is_cut_with_a_count_and_gives_way_before_findings() -> None:
    many = tuple(remark(address=f"aws_subnet.a{number}") for number in range(300))
    whole = markdown(with_opinions(replace(SCAN, new=many)))
    assert "- and 280 more" in whole
    short = markdown(with_opinions(replace(SCAN, new=many)), limit=len(whole.encode()) - 500)
    assert "part of checkov's list" in short.partition("Left out here for length: ")[2]
    assert short.count("```diff") == whole.count("```diff") > 0


def test_what_checkov_writes_becomes_no_markup() -> None:
    evil = remark(title="<img src=x> @everyone [a](https://evil.example) `x", address="a.b|c\n# heading")
    text = markdown(with_opinions(Scan("", (evil,), (), 0, compared=True)))
    fold = text.partition("Also found by checkov")[2].partition("</details>")[0]
    assert "`<img`" in fold
    assert "`@everyone`" in fold
    assert "\n# heading" not in fold
    assert "`[a](https://evil.example`)" in fold


def test_the_terminal_says_the_same() -> None:
    text = terminal(with_opinions())
    assert "Also found by checkov: 2 new (1 old, 2 said by ClOps already)" in text
    assert "CKV_AWS_23  Ensure what CKV_AWS_23 asks  aws_security_group.game  main.tf:3" in text
    assert "aws_gamelift_fleet.eu  ClOps no amount, Infracost $90.00" in text


def test_a_bill_in_a_terminal_has_the_second_one_below() -> None:
    text = StringIO()
    print_bills(Console(file=text, width=160), [("", bill(server(0)))], second=BILL)
    assert text.getvalue().index("a month  prices of") < text.getvalue().index("Infracost's second opinion")


def test_the_documents_are_what_their_schemas_say() -> None:
    document = json.loads(dumps(review_document(with_opinions())))
    assert [error.message for error in Draft202012Validator(schema("review")).iter_errors(document)] == []
    assert [(one["check"], one["status"]) for one in document["scanners"]["checkov"]["findings"]] == [
        ("CKV_AWS_23", "new"),
        ("CKV_AWS_382", "new"),
        ("CKV2_AWS_5", "existing"),
    ]
    cost = json.loads(dumps(cost_document([("", bill(server(0)))], before=None, second=BILL)))
    assert [error.message for error in Draft202012Validator(schema("cost")).iter_errors(cost)] == []
    assert cost["second_opinion"]["resources"][0] == {
        "root": "",
        "address": "aws_gamelift_fleet.eu",
        "clops_monthly_usd": None,
        "infracost_monthly_usd": "90.00",
        "differs": True,
    }


def test_who_did_not_ask_sees_nothing_of_it() -> None:
    review = second_server()
    assert not {"scanners", "second_opinion"} & {*review_document(review), *json.loads(dumps(review_document(review)))["cost"]}
    assert "checkov" not in markdown(review) + terminal(review)


def test_nothing_else_changes_for_what_others_say() -> None:
    plain, more = review_document(second_server()), review_document(with_opinions(second=None))
    assert {key: value for key, value in more.items() if key != "scanners"} == plain
    tree = SourceTree({"main.tf": b"x" * 100, "sg.tf": b"x" * 100})
    assert sarif_log(with_opinions(), PAGES, tree, version="1") == sarif_log(second_server(), PAGES, tree, version="1")
