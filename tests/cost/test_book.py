"""The prices that are shipped are AWS's, each with its source and day, and a price that is not listed is not invented."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from clops_app.cost.book import GLOBAL, Price, embedded_book, opened
from tests.cost.price_list import compiled
from tests.cost.roots import billed, lines

BOOK = embedded_book()

# Prices that others read from AWS's price list or a bill, with the day on which they did: not the sources of the book.
QUOTES = (
    # AWS Price List, ap-northeast-2, quoted on 2026-10-01
    ("ec2", "ap-northeast-2", "t3.micro", "0.013"),
    ("ec2", "ap-northeast-2", "t3.medium", "0.052"),
    ("ec2", "ap-northeast-2", "t4g.medium", "0.0416"),
    ("ec2", "ap-northeast-2", "m7g.large", "0.1003"),
    ("ec2", "ap-northeast-2", "m7i.large", "0.1239"),
    ("eks", "ap-northeast-2", "Compute per Hours", "0.10"),
    ("eks", "ap-northeast-2", "Compute ExtendedSupport per Hours", "0.50"),
    ("natgateway", "ap-northeast-2", "Hourly charge for NAT Gateways", "0.059"),
    ("natgateway", "ap-northeast-2", "Charge for per GB data processed by NatGateways", "0.059"),
    ("vpc", "ap-northeast-2", "Hourly charge for In use Public IPv4 Addresses per Hrs", "0.005"),
    ("vpc", "ap-northeast-2", "Hourly charge for VPC Endpoints per Hrs", "0.013"),
    ("elb", "ap-northeast-2", "Application Load Balancer Hours", "0.0225"),
    ("elb", "ap-northeast-2", "Application Load Balancer LCU Hours", "0.008"),
    ("elb", "ap-northeast-2", "Network Load Balancer LCU Hours", "0.006"),
    ("elb", "ap-northeast-2", "Classic Load Balancer Hours", "0.025"),
    ("ecs", "ap-northeast-2", "perCPU per hour", "0.04656"),
    ("ecs", "ap-northeast-2", "ARM perCPU per hour", "0.03725"),
    ("ebs", "ap-northeast-2", "Storage General Purpose gp2 GB Mo", "0.114"),
    ("ebs", "ap-northeast-2", "Storage General Purpose gp3 GB Mo", "0.0912"),
    ("rds", "ap-northeast-2", "postgres db.t4g.micro single-az", "0.025"),
    ("rds", "ap-northeast-2", "postgres db.m7g.large single-az", "0.2344"),
    ("rds-storage", "ap-northeast-2", "Database Storage Single AZ General Purpose-GP3", "0.131"),
    ("rds-storage", "ap-northeast-2", "Provisioned IOPS Multi AZ", "0.24"),
    ("rds-aurora-storage", "ap-northeast-2", "Aurora PostgreSQL ServerlessV2", "0.20"),
    ("elasticache", "ap-northeast-2", "redis cache.t4g.micro", "0.024"),
    ("elasticache", "ap-northeast-2", "valkey cache.t4g.micro", "0.0192"),
    ("elasticache", "ap-northeast-2", "Serverless Valkey per GB-Hours", "0.101"),
    ("lambda", "ap-northeast-2", "Lambda Duration", "0.0000166667"),
    ("s3", "ap-northeast-2", "Standard Storage First 50 TB per GB Mo", "0.025"),
    ("ecr", "ap-northeast-2", "EC2 Container Registry", "0.10"),
    ("secretsmanager", "ap-northeast-2", "Secret", "0.40"),
    ("kms", "ap-northeast-2", "Encryption Key", "1.00"),
    ("cloudwatch", "ap-northeast-2", "Logs Collected Data Ingestion", "0.76"),
    ("cloudwatch", "ap-northeast-2", "Stored Data", "0.0314"),
    # AWS Price List, ap-northeast-1, quoted on 2026-09-11
    ("ec2", "ap-northeast-1", "t4g.small", "0.0216"),
    ("rds", "ap-northeast-1", "mysql db.t4g.micro single-az", "0.025"),
    ("ebs", "ap-northeast-1", "Storage General Purpose gp3 GB Mo", "0.096"),
    # a bill of May 2025, ap-southeast-1
    ("ec2", "ap-southeast-1", "t2.medium", "0.0584"),
    ("ec2", "ap-southeast-1", "c5.xlarge", "0.196"),
    ("rds", "ap-southeast-1", "postgres db.t3.small multi-az", "0.112"),
    ("elb", "ap-southeast-1", "Application Load Balancer Hours", "0.0252"),
    ("cloudwatch", "ap-southeast-1", "Logs Collected Data Ingestion", "0.70"),
)


@pytest.mark.parametrize(("service", "region", "item", "usd"), QUOTES)
def test_it_agrees_with_what_others_were_quoted(service: str, region: str, item: str, usd: str) -> None:
    found = BOOK.price(service, region, item)
    assert found is not None
    assert found.usd == Decimal(usd)


# t3.micro in every region of the EC2 list (ec2_ondemand_linux.csv, rows of 2025-12-06).
T3_MICRO = {
    "af-south-1": "0.0136",
    "ap-east-1": "0.0146",
    "ap-east-2": "0.0122",
    "ap-northeast-1": "0.0136",
    "ap-northeast-2": "0.013",
    "ap-northeast-3": "0.0136",
    "ap-south-1": "0.0112",
    "ap-south-2": "0.0112",
    "ap-southeast-1": "0.0132",
    "ap-southeast-2": "0.0132",
    "ap-southeast-3": "0.0132",
    "ap-southeast-4": "0.0132",
    "ap-southeast-5": "0.0119",
    "ap-southeast-6": "0.0139",
    "ap-southeast-7": "0.0119",
    "ca-central-1": "0.0116",
    "ca-west-1": "0.0116",
    "eu-central-1": "0.012",
    "eu-central-2": "0.0132",
    "eu-north-1": "0.0108",
    "eu-south-1": "0.012",
    "eu-south-2": "0.0114",
    "eu-west-1": "0.0114",
    "eu-west-2": "0.0118",
    "eu-west-3": "0.0118",
    "il-central-1": "0.012",
    "me-central-1": "0.0125",
    "me-south-1": "0.0125",
    "mx-central-1": "0.0109",
    "sa-east-1": "0.0168",
    "us-east-1": "0.0104",
    "us-east-2": "0.0104",
    "us-gov-east-1": "0.0122",
    "us-gov-west-1": "0.0122",
    "us-west-1": "0.0124",
    "us-west-2": "0.0104",
}


def test_every_region_of_the_list_has_the_price_of_a_small_instance() -> None:
    assert {region: str(price.usd) for region in BOOK.regions("ec2") if (price := BOOK.price("ec2", region, "t3.micro"))} == T3_MICRO


def test_the_book_is_small_enough_to_be_shipped() -> None:
    assert len(BOOK.content) < 6_000_000


def test_an_instance_is_billed_in_every_region_of_the_list() -> None:
    text = 'resource "aws_instance" "x" {\n  ami = "ami-1"\n  instance_type = "t3.micro"\n}\n'
    billed_at = {region: str(lines(billed(text, region), "aws_instance.x")["Instance, t3.micro"].unit_price_usd) for region in T3_MICRO}
    assert billed_at == T3_MICRO


def test_every_price_has_a_source_and_a_day() -> None:
    prices = [
        price
        for service in ("ec2", "rds", "elasticache", "opensearch", "ebs", "s3", "cloudwatch")
        for region in BOOK.regions(service)
        for item in BOOK.items(service, region)
        if (price := BOOK.price(service, region, item)) is not None
    ]
    assert len(prices) > 60_000
    assert [price for price in prices if not price.source or not re.fullmatch(r"20\d\d-\d\d-\d\d", price.date)] == []


def test_the_day_of_the_book_is_that_of_its_main_source() -> None:
    assert BOOK.date == "2025-12-06"


def test_a_price_keeps_the_day_of_its_own_source() -> None:
    assert BOOK.price("ebs", "us-east-1", "Storage General Purpose gp3 GB Mo", "GiB-month") == Price(
        Decimal("0.08"), "GiB-month", "AWS price pages, copied by ec2.shop @74c9fd8", "2024-07-18"
    )


def test_what_is_not_listed_has_no_price_and_not_that_of_another_region() -> None:
    assert BOOK.price("ec2", "us-east-1", "t9.micro") is None
    assert BOOK.price("ec2", "mars-north-1", "t3.micro") is None
    assert BOOK.price("no-such-service", "us-east-1", "t3.micro") is None
    assert BOOK.price("ebs", "ap-southeast-5", "Storage General Purpose gp3 GB Mo") is None


def test_what_is_sold_without_a_region_stands_under_global() -> None:
    zone = BOOK.price("route53", GLOBAL, "Any: DNS Zone first 25")
    assert zone is not None
    assert zone.usd == Decimal("0.5")
    assert BOOK.price("route53", "us-east-1", "Any: DNS Zone first 25") is None


def test_looking_up_one_region_reads_only_that_region(tmp_path: Path) -> None:
    content = compiled(tmp_path)
    place = opened(content).places["natgateway", "eu-west-1"]
    broken = opened(content[: place[0]] + b"\xff" * (place[1] - place[0]) + content[place[1] :])
    found = broken.price("natgateway", "us-east-1", "Hourly charge for NAT Gateways")
    assert found is not None
    assert found.usd == Decimal("0.045")
