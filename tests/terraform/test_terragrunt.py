"""What Terragrunt runs is recognised, and never taken for a root with the values it happens to lack."""

from __future__ import annotations

from datetime import date

from clops_app.model.source import SourceTree
from clops_app.ports import Checkout
from clops_app.terraform.roots import find_roots, uncalled_modules
from clops_app.terraform.sources import sources_of
from clops_app.terraform.terragrunt import units
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import scan_folder
from clops_app.usecases.think import mind

FILES = {
    "terragrunt.hcl": 'remote_state {\n  backend = "s3"\n}\n',
    "live/prod/app/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders()\n}\nterraform {\n  source = "../../../modules//app"\n}\ninputs = { size = 3 }\n',
    "live/prod/db/terragrunt.hcl": 'include "root" {\n  path = find_in_parent_folders()\n}\n',
    "live/prod/db/main.tf": 'variable "password" {}\nresource "aws_db_instance" "d" { multi_az = false }\n',
    "modules/app/main.tf": 'variable "size" {}\nresource "aws_instance" "a" { count = var.size }\n',
}


def sources(files: dict[str, str]):  # type: ignore[no-untyped-def]
    return sources_of(SourceTree({path: text.encode() for path, text in files.items()}))


def test_the_units_are_found_and_what_they_include_is_none() -> None:
    assert units(sources(FILES)) == ("live/prod/app", "live/prod/db")


def test_neither_a_unit_nor_the_module_that_it_runs_is_a_root() -> None:
    assert find_roots(sources(FILES)) == ()
    assert uncalled_modules(sources(FILES), "", ()) == ()


def test_a_plain_root_beside_them_is_still_one() -> None:
    both = {**FILES, "plain/main.tf": 'provider "aws" {}\n'}
    assert [root.directory for root in find_roots(sources(both))] == ["plain"]


def test_a_unit_with_code_of_its_own_is_a_root_when_it_is_planned() -> None:
    assert [root.directory for root in find_roots(sources(FILES), "live/prod/db", planned=True)] == ["live/prod/db"]


def test_the_module_that_a_unit_runs_is_reviewed_by_who_names_it() -> None:
    assert [root.directory for root in find_roots(sources(FILES), "modules/app")] == ["modules/app"]


def test_a_review_says_once_that_they_were_not_evaluated() -> None:
    tree = SourceTree({path: text.encode() for path, text in FILES.items()})
    review = scan_folder(mind(Question(date(2026, 11, 21))), Checkout(tree, "", "/nowhere"))
    assert [(each.what, each.where) for each in review.diagnostics] == [
        ("2 directories that Terragrunt runs were not evaluated", "live/prod/app, live/prod/db")
    ]
    assert review.findings == ()
