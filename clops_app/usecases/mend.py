"""Patches are planned and tried with the very thoughts that the review has: same rules, same inputs, same prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from clops_app.model.source import SourceTree
from clops_app.patch.findings import Permission, Workshop
from clops_app.patch.thought import RootThought, thinker
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import Sources
from clops_app.usecases.think import Mind, Place, RootOpinion, configuration_of, inputs_of, opinion_on


def workshop(mind: Mind, where: Place, opinions: Mapping[str, RootOpinion]) -> Workshop:
    """All that patching needs, for the roots that gave a result."""
    thought = {name: opinion.thought for name, opinion in opinions.items() if not opinion.fatal}

    def as_edited(tree: SourceTree) -> Sources:
        # Edits add no file, so the directories are as they were.
        return Sources(tree, where.sources.directories, mind.parsed)

    def think_root(tree: SourceTree, root: str) -> RootThought:
        mind.progress("Proving suggestions")
        edited = replace(where, tree=tree, sources=as_edited(tree))
        return opinion_on(mind, tree, opinions[root].root, configuration_of(mind, edited, root)).thought

    def inputs(root: str, tree: SourceTree) -> Inputs:
        return inputs_of(mind, replace(where, tree=tree, sources=as_edited(tree)), root)

    permissions = {rule.id: Permission(rule.page.patch, rule.page.replaces) for rule in mind.rules if rule.page.patch != "none"}
    return Workshop(where.tree, thought, thinker(thought, think_root), inputs, permissions, mind.parsed)
