"""What a rule is shown of some Terraform, for tests: the real reading of the real evaluation."""

from __future__ import annotations

from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.kit import Hit
from clops_app.model.source import SourceTree, lines_of
from clops_app.rulebook.load import load_rules
from clops_app.terraform.evaluate import evaluate_root
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import sources_of


def tree_of(**files: str) -> SourceTree:
    """`main="…"` is main.tf; `modules__web__main` is modules/web/main.tf."""
    return SourceTree({f"{name.replace('__', '/')}.tf": text.encode() for name, text in files.items()})


def reading(tree: SourceTree, root: str = "") -> Reading:
    return Reading(build_graph(evaluate_root(sources_of(tree), root, Inputs())))


def hits(rule: str, text: str) -> list[Hit]:
    """What a rule says of a root that is one file."""
    check = next(each for each in load_rules() if each.id == rule).check()
    return list(check(reading(tree_of(main=text))))


def hit_lines(rule: str, text: str) -> list[tuple[str, int]]:
    """The address and first line of each hit."""
    tree = tree_of(main=text)
    return [(hit.at.address, lines_of(tree, hit.at.span)[0]) for hit in hits(rule, text)]
