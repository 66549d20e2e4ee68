"""Roots that a change does not touch are not evaluated, and nothing that the change brings is missed for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.usecases.config import BudgetLimit, Config, TerraformInputs
from clops_app.usecases.price import Prices, price
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import review_change
from clops_app.usecases.think import mind

PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'
DISK = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 10\n  type = "gp2"\n}\n'
KIND = 'variable "kind" {\n  type    = string\n  default = "gp3"\n}\n'
CALL = 'module "m" {\n  source = "../modules/m"\n}\n'


def checkout(files: Mapping[str, str], *, named: bool = False) -> Checkout:
    """`named`: git knows the names of the contents."""
    names = {path: str(hash(text)) for path, text in files.items()} if named else {}
    return Checkout(SourceTree({path: text.encode() for path, text in files.items()}, {}, names), "", "/nowhere")


def reviewed(
    head: Mapping[str, str], base: Mapping[str, str], config: Config | None = None, read: list[str] | None = None, *, named: bool = False
) -> Review:
    """`read` is told which roots are looked at."""
    told = [] if read is None else read
    thinking = mind(Question(date(2026, 11, 21), config or Config(), ".clops.yml"), told.append)
    return review_change(thinking, checkout(head, named=named), Compared(checkout(base, named=named), "main"))


def priced(head: Mapping[str, str], base: Mapping[str, str], read: list[str] | None = None) -> Prices:
    told = [] if read is None else read
    return price(mind(Question(date(2026, 11, 21)), told.append, judging=False), checkout(head), checkout(base))


def said(review: Review) -> set[tuple[str, str, str, str, bool]]:
    """What the change brings and mends."""
    new_or_fixed = (one for one in review.findings if one.status != "existing")
    return {(one.root, one.address, one.rule, one.status, one.patch is not None) for one in new_or_fixed}


MANY = {
    "a/main.tf": PROVIDER + DISK,
    "b/main.tf": PROVIDER + CALL,
    "c/main.tf": PROVIDER + CALL,
    "modules/m/main.tf": DISK,
    "x/main.tf": PROVIDER,
}


def test_only_the_roots_that_a_change_touches_are_evaluated() -> None:
    read: list[str] = []
    review = reviewed(MANY | {"x/disk.tf": DISK}, MANY, read=read)
    assert {what for what in read if what.startswith("Reading")} == {"Reading x"}
    assert [root.root for root in review.roots] == ["x"]
    assert {finding.root for finding in review.findings} == {"x"}


def test_a_change_of_a_shared_module_touches_all_who_call_it() -> None:
    review = reviewed(MANY | {"modules/m/main.tf": DISK.replace("gp2", "gp3")}, MANY)
    assert {(finding.root, finding.status) for finding in review.findings if finding.rule == "aws/gp2_volume"} == {
        ("b", "fixed"),
        ("c", "fixed"),
    }


def test_the_roots_that_were_not_evaluated_are_told() -> None:
    review = reviewed(MANY | {"x/disk.tf": DISK}, MANY)
    told = [diagnostic for diagnostic in review.diagnostics if diagnostic.what == "3 roots were not evaluated"]
    assert [diagnostic.where for diagnostic in told] == ["a, b and c"]
    assert (review.before, review.after) == (Decimal(0), Decimal(1))


def test_a_change_that_touches_no_root_passes_and_names_no_amount() -> None:
    from clops_app.review.render.check import check_title

    review = reviewed(MANY | {"README.md": "New.\n"}, MANY)
    assert (review.roots, review.verdict) == ((), "pass")
    assert "$" not in check_title(review)


def test_a_lone_root_is_evaluated_whatever_the_change_is() -> None:
    review = reviewed({"main.tf": PROVIDER + DISK, "README.md": "New.\n"}, {"main.tf": PROVIDER + DISK})
    assert {finding.status for finding in review.findings} == {"existing"}


def test_a_budget_counts_the_roots_that_are_not_touched_and_nothing_else_is_said_of_them() -> None:
    config = Config(budget=BudgetLimit(Decimal("3.5"), "fail"))
    review = reviewed(MANY | {"x/disk.tf": DISK}, MANY, config)
    assert (review.before, review.after, review.verdict) == (Decimal(3), Decimal(4), "fail")
    assert {finding.root for finding in review.findings} == {"x"}
    assert [root.root for root in review.roots] == ["a", "b", "c", "x"]


def test_a_root_that_is_not_touched_and_has_no_result_leaves_a_budget_unsure() -> None:
    broken = MANY | {"a/main.tf": "}}}} = ["}
    review = reviewed(broken | {"x/disk.tf": DISK}, broken, Config(budget=BudgetLimit(Decimal(100))))
    assert (review.before, any(diagnostic.fatal for diagnostic in review.diagnostics)) == (None, True)


def test_a_variable_file_of_the_settings_touches_the_root_that_is_given_it() -> None:
    config = Config(terraform=TerraformInputs(var_files=("prod.vars",)))
    base = MANY | {"a/main.tf": PROVIDER + KIND + DISK.replace('"gp2"', "var.kind")}
    review = reviewed(base | {"a/prod.vars": 'kind = "gp2"\n'}, base, config)
    assert ("a", "aws_ebs_volume.a", "aws/gp2_volume", "new", True) in said(review)


def test_a_patch_that_reaches_roots_that_were_not_evaluated_is_proven_in_them_too() -> None:
    inner = KIND + 'variable "size" {\n  type    = number\n  default = 10\n}\n' + DISK.replace("= 10", "= var.size")
    base = {"a/main.tf": PROVIDER, "b/main.tf": PROVIDER + CALL, "c/main.tf": PROVIDER, "modules/m/main.tf": inner}
    read: list[str] = []
    review = reviewed(base | {"c/main.tf": PROVIDER + CALL}, base, read=read)
    patched = [finding.patch for finding in review.findings if finding.rule == "aws/gp2_volume" and finding.patch is not None]
    assert [{edit.span.path for edit in one.edits} for one in patched] == [{"modules/m/main.tf"}]
    assert "Reading b" in read
    assert [root.root for root in review.roots] == ["c"]


def test_what_a_root_costs_that_is_the_same_at_the_base_is_told_once() -> None:
    read: list[str] = []
    prices = priced(MANY | {"x/disk.tf": DISK}, MANY, read)
    assert (sum(bill.monthly_usd for _, bill in prices.bills), prices.before) == (Decimal(4), Decimal(3))
    assert sorted(read) == ["Pricing a", "Pricing b", "Pricing c", "Pricing x", "Pricing x"]


def test_a_root_that_cannot_be_read_leaves_the_cost_of_before_unsure_though_nothing_touched_it() -> None:
    broken = MANY | {"a/main.tf": "}}}} = ["}
    assert priced(broken | {"x/disk.tf": DISK}, broken).before is None


FILES = {
    "{root}/main.tf": (PROVIDER, PROVIDER + DISK, PROVIDER + CALL, PROVIDER + CALL + DISK, "}}} = [", PROVIDER + CALL.replace("/m\"", "/n\"")),
    "{root}/more.tf": (KIND + DISK.replace('"gp2"', "var.kind").replace('"a"', '"b"'), 'locals {\n  a = 1\n}\n'),
    "{root}/read.tf": tuple(
        DISK.replace('"a"', '"c"').replace('"gp2"', text)
        for text in ('file("${path.module}/kind.txt")', 'file("kind.txt")', 'length(fileset(path.module, "*.txt")) > 0 ? "gp2" : "gp3"',
                     'fileexists("../modules/kind.txt") ? "gp2" : "gp3"', 'file("${path.module}/${"kind"}.txt")',
                     'templatefile("../modules/t.tpl", {})')
    ),
    "{root}/kind.txt": ("gp2", "gp3"),
    "{root}/terraform.tfvars": ('kind = "gp2"\n', 'kind = "gp3"\n'),
    "{root}/main_override.tf": (DISK.replace("gp2", "gp3"),),
    "modules/m/main.tf": (DISK, DISK.replace("gp2", "gp3"), CALL.replace("../modules/m", "../n")),
    "modules/n/main.tf": (DISK, 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size = 1\n  type = file("../modules/kind.txt")\n}\n'),
    "modules/kind.txt": ("gp2", "gp3"),
    "modules/t.tpl": ("gp2", "gp3", '${file("../b/kind.txt")}'),
    "README.md": ("a", "b"),
}  # fmt: skip
PATHS = {path.format(root=root): texts for path, texts in FILES.items() for root in ("a", "b", "c")}


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, str], dict[str, str]]:
    """A repository, and what a change makes of it."""
    base = {path: draw(st.sampled_from(texts)) for path, texts in PATHS.items() if draw(st.booleans())}
    head = dict(base)
    for path in draw(st.lists(st.sampled_from(sorted(PATHS)), min_size=1, max_size=3)):
        text = draw(st.sampled_from((None, *PATHS[path])))
        head.pop(path, None)
        if text is not None:
            head[path] = text
    return head, base


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_the_review_says_of_a_change_what_a_review_of_all_roots_says(change: tuple[dict[str, str], dict[str, str]]) -> None:
    head, base = change
    review = reviewed(head, base)
    assert reviewed(head, base, named=True) == review
    with patch("clops_app.usecases.review_change.left_alone", return_value={}):
        whole = reviewed(head, base)
    evaluated = {root.root for root in review.roots}
    assert said(review) == said(whole)
    assert {one for one in review.findings if one.root in evaluated} == {one for one in whole.findings if one.root in evaluated}
    if review.before is not None and whole.before is not None:
        assert review.after - review.before == whole.after - whole.before


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_the_cost_is_what_pricing_all_roots_says(change: tuple[dict[str, str], dict[str, str]]) -> None:
    prices = priced(*change)
    with patch("clops_app.usecases.price.left_alone", return_value={}):
        assert priced(*change) == prices
