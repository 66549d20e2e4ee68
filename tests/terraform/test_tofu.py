"""OpenTofu's own files stand in the place of Terraform's of the same name."""

from __future__ import annotations

from tests.terraform.configurations import root


def test_a_tofu_file_stands_in_the_place_of_the_tf_file_of_its_name() -> None:
    found = root(
        'resource "aws_vpc" "terraform" {}\n',
        **{"main.tofu": 'resource "aws_vpc" "tofu" {}\n', "more.tofu": 'resource "aws_vpc" "more" {}\n'},
    )
    assert [each.address for each in found.resources] == ["aws_vpc.more", "aws_vpc.tofu"]


def test_a_tofu_override_is_merged_like_every_override() -> None:
    found = root(
        'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\n',
        **{"a_override.tofu": 'resource "aws_vpc" "v" {\n  cidr_block = "10.1.0.0/16"\n}\n'},
    )
    assert found.resources[0].values["cidr_block"] == "10.1.0.0/16"


def test_json_is_shadowed_by_json_alone() -> None:
    files = {
        "x.tf.json": '{"resource": {"aws_vpc": {"a": {}}}}',
        "x.tofu.json": '{"resource": {"aws_vpc": {"b": {}}}}',
        "x.tofu": 'resource "aws_vpc" "c" {}\n',
    }
    assert [each.address for each in root("", **files).resources] == ["aws_vpc.b", "aws_vpc.c"]


def test_a_directory_that_is_called_like_a_file_changes_nothing() -> None:
    files = {"x.tf.d/main.tf": 'resource "aws_vpc" "a" {}\n'}
    found = root('module "m" {\n  source = "./x.tf.d"\n}\n', **files)
    assert [each.address for each in found.resources] == ["module.m.aws_vpc.a"]
