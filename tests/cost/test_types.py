"""Every type that has prices is billed as AWS's price list says, line by line, in two regions."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.cost.aws import MODULES
from tests.cost.case import Case
from tests.cost.cases_databases import CASES as DATABASES
from tests.cost.cases_instances import CASES as INSTANCES
from tests.cost.cases_network import CASES as NETWORK
from tests.cost.cases_others import CASES as OTHERS
from tests.cost.cases_serverless import CASES as SERVERLESS
from tests.cost.roots import billed, lines

CASES = (*INSTANCES, *SERVERLESS, *NETWORK, *DATABASES, *OTHERS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-2"])
def test_its_lines_are(case: Case, region: str) -> None:
    found = lines(billed(case.text, region, dict(case.usage)), case.address)
    told = {name: (line.quantity, line.unit_price_usd) for name, line in found.items()}
    assert told == {
        each.name: (
            None if each.quantity is None else Decimal(each.quantity),
            Decimal(each.us_east_1 if region == "us-east-1" else each.ap_northeast_2),
        )
        for each in case.lines
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_line_without_quantity_says_why_and_every_line_says_where_its_price_is_from(case: Case) -> None:
    for line in lines(billed(case.text, usage=dict(case.usage)), case.address).values():
        assert (line.quantity is None) <= bool(line.assumption)
        assert line.source != ""
        assert line.date != ""


def test_every_type_with_prices_is_among_the_cases() -> None:
    tested = {case.address.partition(".")[0] for case in CASES}
    without_lines = {
        "aws_acm_certificate", "aws_accessanalyzer_analyzer", "aws_ecs_cluster", "aws_ecs_capacity_provider", "aws_eks_fargate_profile",
        "aws_sns_topic_subscription",
    }  # fmt: skip
    same_as_another = {
        "aws_alb", "aws_kms_external_key", "aws_kms_replica_external_key", "aws_kms_replica_key",
        "aws_service_discovery_public_dns_namespace",
    }  # fmt: skip
    assert set(MODULES) - tested == without_lines | same_as_another
