"""Which directories are roots."""

from __future__ import annotations

from clops_app.model.values import Reference, Unknown
from clops_app.terraform.roots import find_roots
from clops_app.terraform.sources import sources_of
from tests.terraform.configurations import REGION, one, root, tree


def roots(scope: str = "", **files: str) -> list[str]:
    return [found.directory for found in find_roots(sources_of(tree(**files)), scope)]


def test_a_directory_that_another_calls_is_not_a_root() -> None:
    assert roots(app__main='module "m" {\n  source = "../modules/m"\n}\n', modules__m__main="locals {}\n", other__main="locals {}\n") == [
        "app",
        "other",
    ]


def test_examples_that_call_the_top_are_the_roots_of_a_module_repository() -> None:
    assert roots(main="locals {}\n", examples__a__main='module "m" {\n  source = "../../"\n}\n') == ["examples/a"]


PROVIDER = 'provider "aws" {}\n'


def test_a_module_that_nobody_calls_makes_nothing_and_is_no_root() -> None:
    assert roots(app__main=PROVIDER, modules__m__main="locals {}\n", **{"tf-modules/x/main.tf": "locals {}\n"}) == ["app"]


def test_a_directory_that_is_applied_is_a_root_though_it_asks_for_values() -> None:
    asks = 'variable "name" {}\n'
    found = roots(
        a__main=asks + PROVIDER, b__main=asks + 'terraform {\n  backend "s3" {}\n}\n', c__main=asks, **{"c/prod.tfvars": 'name = "x"\n'}
    )
    assert found == ["a", "b", "c"]


def test_a_repository_of_nothing_but_modules_is_reviewed_all_the_same() -> None:
    assert roots(modules__a__main="locals {}\n", modules__b__main='variable "name" {}\n') == ["modules/a", "modules/b"]


def test_only_what_is_below_the_scope_counts() -> None:
    assert roots("modules", modules__m__main="locals {}\n", app__main='module "m" {\n  source = "../modules/m"\n}\n') == ["modules/m"]


def test_a_directory_that_calls_itself_is_still_a_root() -> None:
    assert roots(main='module "m" {\n  source = "./"\n}\n') == [""]


def test_directories_that_call_each_other_are_seen_through_the_first() -> None:
    assert roots(a__main='module "m" {\n  source = "../b"\n}\n', b__main='module "m" {\n  source = "../a"\n}\n') == ["a"]


def test_hidden_directories_hold_no_roots() -> None:
    assert roots(main="locals {}\n", **{".terraform/modules/x/main.tf": "locals {}\n"}) == [""]


def test_one_of_an_unknown_number_of_instances_is_still_one_of_that_resource() -> None:
    found = root(
        'variable "n" {}\nresource "aws_subnet" "s" {\n  count = var.n\n}\n'
        'resource "aws_lb" "l" {\n  subnets = [aws_subnet.s[0].id]\n}\nresource "aws_lb" "m" {\n  subnets = aws_subnet.s[*].id\n}\n'
        + REGION
    )
    one_of = one(found, "aws_lb.l").values["subnets"]
    every = one(found, "aws_lb.m").values["subnets"]
    assert isinstance(one_of, tuple)
    assert [item.ref for item in (*one_of, every) if isinstance(item, Unknown)] == [
        Reference("aws_subnet.s[0]", "id"),
        Reference("aws_subnet.s[*]", "id"),
    ]
