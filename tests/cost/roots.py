"""Terraform text becomes a bill, by the whole engine and the prices that are shipped."""

from __future__ import annotations

from textwrap import dedent

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.cost.usage import no_usage, parse_usage
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.model.cost import Bill, CostLine
from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate


def billed(text: str, region: str = "us-east-1", usage: dict[str, object] | None = None) -> Bill:
    """The bill of one root of one file. `usage` is as in `.clops.yml`; it must be without problems."""
    provider = f'provider "aws" {{\n  region = "{region}"\n}}\n' if region else ""
    tree = SourceTree({"main.tf": (dedent(text) + provider).encode()})
    graph = build_graph(evaluate(tree, ""))
    told, problems = parse_usage(usage) if usage is not None else (no_usage, ())
    assert problems == ()
    return bill(graph, Reading(graph), embedded_book(), told)


def lines(found: Bill, address: str) -> dict[str, CostLine]:
    """The lines of one resource by name; {} when it has none."""
    return {line.name: line for cost in found.resources if cost.address == address for line in cost.lines}


def why(found: Bill, address: str) -> str:
    """Why a resource, or a part of it, has no price; "" when all has."""
    return next((item.why for item in found.unpriced if item.address == address), "")
