"""Usage reaches the lines it is told for, the most exact telling first, and what cannot be used is said."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.cost.aws import MODULES
from clops_app.cost.usage import UsageProblem, parse_usage, usage_keys
from tests.cost.roots import billed, lines

TWO_GATEWAYS = """
resource "aws_nat_gateway" "main" {
  count     = 2
  subnet_id = "subnet-1"
}
"""
KEY = "monthly_data_processed_gb"


def processed(address: str, usage: dict[str, object]) -> Decimal | None:
    return lines(billed(TWO_GATEWAYS, usage=usage), address)["Data processed"].quantity


def test_without_usage_the_line_says_what_to_set() -> None:
    line = lines(billed(TWO_GATEWAYS), "aws_nat_gateway.main[0]")["Data processed"]
    assert (line.quantity, line.unit_price_usd) == (None, Decimal("0.045"))
    assert line.assumption == "depends on usage: set usage.aws_nat_gateway.monthly_data_processed_gb"


def test_a_line_that_usage_decides_says_so() -> None:
    line = lines(billed(TWO_GATEWAYS, usage={"aws_nat_gateway": {KEY: 5}}), "aws_nat_gateway.main[0]")["Data processed"]
    assert line.assumption == "as set in usage: monthly_data_processed_gb"


def test_zero_told_is_zero_and_not_unknown() -> None:
    assert processed("aws_nat_gateway.main[0]", {"aws_nat_gateway": {KEY: 0}}) == 0


def test_the_most_exact_telling_wins() -> None:
    told: dict[str, object] = {
        "aws_nat_gateway": {KEY: 1},
        "aws_nat_gateway.main[*]": {KEY: 2},
        "aws_nat_gateway.main": {KEY: 3},
        "aws_nat_gateway.main[1]": {KEY: 4},
    }
    assert processed("aws_nat_gateway.main[1]", told) == 4
    assert processed("aws_nat_gateway.main[0]", told) == 3
    del told["aws_nat_gateway.main"]
    assert processed("aws_nat_gateway.main[0]", told) == 2
    del told["aws_nat_gateway.main[*]"]
    assert processed("aws_nat_gateway.main[0]", told) == 1


def test_a_key_that_the_exact_telling_lacks_comes_from_the_wider_one() -> None:
    text = 'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
    usage: dict[str, object] = {"aws_sqs_queue": {"request_size_kb": 128}, "aws_sqs_queue.q": {"monthly_requests": 10}}
    assert lines(billed(text, usage=usage), "aws_sqs_queue.q")["Requests (first 100 billion)"].quantity == 20


def test_an_infracost_usage_file_is_read() -> None:
    usage: dict[str, object] = {
        "version": "0.1",
        "resource_type_default_usage": {"aws_nat_gateway": {KEY: 1}},
        "resource_usage": {"aws_nat_gateway.main[0]": {KEY: 7.5}},
    }
    assert processed("aws_nat_gateway.main[0]", usage) == Decimal("7.5")
    assert processed("aws_nat_gateway.main[1]", usage) == 1


ADDRESSES = (
    "module.my_net.aws_nat_gateway.main",
    'module.net["a.b"].module.inner[0].aws_nat_gateway.main[1]',
    "module.*.aws_nat_gateway.*",
    "aws_nat_gateway.main[*]",
)


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_type_in_an_address_is_found_behind_its_modules(address: str) -> None:
    usage, problems = parse_usage({address: {KEY: 1}})
    assert problems == ()
    assert usage.by_key == {address: {KEY: Decimal(1)}}


WRONG = (
    (
        {"aws_nat_gateway": {"monthly_data_proccessed_gb": 1}},
        "aws_nat_gateway.monthly_data_proccessed_gb",
        "aws_nat_gateway has no usage monthly_data_proccessed_gb; did you mean monthly_data_processed_gb?",
    ),
    (
        {"aws_nat_gateway": {KEY: "much"}},
        f"aws_nat_gateway.{KEY}",
        "'much' is not a value of monthly_data_processed_gb: expected a number from 0 to 10^15",
    ),
    (
        {"aws_nat_gateway": {KEY: -1}},
        f"aws_nat_gateway.{KEY}",
        "-1 is not a value of monthly_data_processed_gb: expected a number from 0 to 10^15",
    ),
    (
        {"aws_nat_gateway": {KEY: True}},
        f"aws_nat_gateway.{KEY}",
        "True is not a value of monthly_data_processed_gb: expected a number from 0 to 10^15",
    ),
    (
        {"aws_nat_gateway": {KEY: float("nan")}},
        f"aws_nat_gateway.{KEY}",
        "nan is not a value of monthly_data_processed_gb: expected a number from 0 to 10^15",
    ),
    ({"aws_nat_gatway": {KEY: 1}}, "aws_nat_gatway", "no price of aws_nat_gatway depends on usage; did you mean aws_nat_gateway?"),
    ({"aws_vpc.main": {"x": 1}}, "aws_vpc.main", "no price of aws_vpc depends on usage"),
    ({"aws_nat_gateway": 5}, "aws_nat_gateway", "expected quantities by name, as in monthly_data_processed_gb: 100"),
    (
        {"aws_instance": {"operating_system": "beos"}},
        "aws_instance.operating_system",
        "'beos' is not a value of operating_system: expected one of linux, windows, rhel, suse",
    ),
    ({"resource_usage": [1]}, "resource_usage", "expected usage by address or type"),
    (
        {"resource_usage": {"aws_instance.a": {"reserved_instance_term": "1_year"}}},
        "resource_usage.aws_instance.a.reserved_instance_term",
        "ClOps has no prices of reservations: everything is priced on demand",
    ),
    (
        {"aws_s3_bucket": {"standard": {"storage": 1}}},
        "aws_s3_bucket.standard.storage",
        "aws_s3_bucket has no usage standard.storage; did you mean standard.storage_gb?",
    ),
)


@pytest.mark.parametrize(("written", "where", "why"), WRONG, ids=[where for _, where, _ in WRONG])
def test_what_cannot_be_used_is_said_with_the_nearest_name(written: dict[str, object], where: str, why: str) -> None:
    assert parse_usage(written)[1] == (UsageProblem(where, why),)


def test_what_is_wrong_does_not_keep_the_rest_from_being_used() -> None:
    usage, problems = parse_usage({"aws_nat_gateway": {KEY: 9, "nonsense": 1}})
    assert len(problems) == 1
    assert usage.by_key == {"aws_nat_gateway": {KEY: Decimal(9)}}


@pytest.mark.parametrize("type", [name for name in MODULES if usage_keys(name)])
def test_every_usage_key_is_accepted(type: str) -> None:
    for key in usage_keys(type):
        written: object = "aws" if key == "endpoint_type" else "linux" if key == "operating_system" else 1
        for piece in reversed(key.split(".")):
            written = {piece: written}
        assert parse_usage({type: written})[1] == ()
