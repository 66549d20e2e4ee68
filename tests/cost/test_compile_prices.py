"""The script that makes the book keeps what it is sure of, and says where others disagree."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from clops_app.cost.book import opened
from tests.cost.price_list import compiled, run


def test_the_same_lists_give_the_same_bytes(tmp_path: Path) -> None:
    assert compiled(tmp_path) == compiled(tmp_path)


def test_of_two_sources_the_one_with_all_regions_is_believed(tmp_path: Path) -> None:
    found = opened(compiled(tmp_path)).price("ec2", "us-east-1", "c6g.metal")
    assert found is not None
    assert (found.usd, found.date) == (Decimal("2.176"), "2025-12-06")


def test_a_newer_source_fills_what_the_main_one_lacks(tmp_path: Path) -> None:
    found = opened(compiled(tmp_path)).price("ec2", "us-east-1", "m9g.large")
    assert found is not None
    assert (found.usd, found.date) == (Decimal("0.09"), "2026-07-20")


def test_unverified_rows_and_reservations_stay_out(tmp_path: Path) -> None:
    book = opened(compiled(tmp_path))
    assert book.items("ec2", "us-east-1") == ("c6g.metal", "m9g.large")
    assert book.items("opensearch", "us-east-1") == ("t3.small.search",)
    assert book.items("elasticache", "us-east-1") == ("Serverless Redis per ElastiCacheProcessingUnit", "redis cache.t4g.micro")


def test_a_list_of_labels_is_not_a_label(tmp_path: Path) -> None:
    assert opened(compiled(tmp_path)).items("datatransfer", "us-east-1") == ()


def test_two_prices_under_one_name_are_numbered_and_neither_is_taken_by_chance(tmp_path: Path) -> None:
    book = opened(compiled(tmp_path))
    assert book.items("docdb", "us-east-1") == ("Instances Instance Type=db.r5.large [1]", "Instances Instance Type=db.r5.large [2]")
    assert book.price("docdb", "us-east-1", "Instances Instance Type=db.r5.large") is None


def test_a_clusters_price_and_auroras_storage_are_told_apart(tmp_path: Path) -> None:
    names = opened(compiled(tmp_path)).items("rds", "us-east-1")
    assert names == ("aurora-mysql db.r7g.large io-optimized", "postgres db.m6gd.large multi-az-cluster")


def test_disagreements_are_printed(tmp_path: Path) -> None:
    assert run(tmp_path)[1].splitlines() == [
        "quote differs: vpc nat_gateway_hour  in us-east-1: 0.05 on 2026-10-01, the book has 0.045",
        "2 quotes compared",
        "golden differs: aws_instance Instance usage (Linux/UNIX, on-demand, c6g.metal) us-east-1: 2.3066, the book has 2.176",
        "2 golden rows compared",
    ]
