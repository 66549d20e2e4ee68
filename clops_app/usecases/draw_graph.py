"""What every root creates and what leads where, without a word of judgement."""

from __future__ import annotations

from clops_app.graph.build import build_graph
from clops_app.model.graph import Graph
from clops_app.model.resource import Diagnostic
from clops_app.ports import Checkout
from clops_app.usecases.think import Mind, configuration_of, head_place, not_read, roots_of, run_by_terragrunt, said_of, unused_settings


def draw_graph(mind: Mind, head: Checkout) -> tuple[tuple[Graph, ...], tuple[Diagnostic, ...]]:
    """The graph of each root, in path order, and what belongs to no root."""
    now = head_place(mind, head)
    roots = roots_of(mind, now)
    graphs = tuple(build_graph(configuration_of(mind, now, root.directory)) for root in roots)
    return graphs, (*said_of(head), *not_read(now), *run_by_terragrunt(mind, now, roots), *unused_settings(mind, now, roots))
