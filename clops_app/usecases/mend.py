"""Patches are planned and tried with the very thoughts that the review has: same rules, same inputs, same prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from clops_app.language import tr
from clops_app.model.source import SourceTree
from clops_app.patch.findings import Permission, Workshop
from clops_app.patch.thought import RootThought, Thought, thinker
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.roots import Root
from clops_app.terraform.sources import Sources
from clops_app.terraform.touched import Reach
from clops_app.usecases.think import Mind, Place, RootOpinion, configuration_of, form_opinion, inputs_of, opinion_on

_NONE: Mapping[Root, Reach] = MappingProxyType({})


def workshop(mind: Mind, where: Place, opinions: Mapping[str, RootOpinion], others: Mapping[Root, Reach] = _NONE) -> Workshop:
    """All that patching needs, for the roots that gave a result.

    `others` are roots that were not evaluated, and what they read: they are once a patch changes a file that they read too.
    """
    formed = dict(opinions)
    thought = {name: opinion.thought for name, opinion in opinions.items() if not opinion.fatal}

    def as_edited(tree: SourceTree) -> Sources:
        # Edits add no file, so the directories are as they were.
        return where.sources.edited(tree)

    def think_root(tree: SourceTree, root: str) -> RootThought:
        mind.progress(tr("Proving suggestions"))
        edited = replace(where, tree=tree, sources=as_edited(tree))
        return opinion_on(mind, tree, formed[root].root, configuration_of(mind, edited, root)).thought

    again = thinker(thought, think_root)

    def think(tree: SourceTree, paths: tuple[str, ...]) -> Thought:
        for root, reach in others.items():
            if root.directory not in formed and any(map(reach.code, paths)):
                opinion = formed[root.directory] = form_opinion(mind, where, root)
                if not opinion.fatal:
                    thought[root.directory] = opinion.thought
        return again(tree, paths)

    def inputs(root: str, tree: SourceTree) -> Inputs:
        return inputs_of(mind, replace(where, tree=tree, sources=as_edited(tree)), root)

    permissions = {rule.id: Permission(rule.page.patch, rule.page.replaces) for rule in mind.rules if rule.page.patch != "none"}
    return Workshop(where.tree, thought, think, inputs, permissions, mind.parsed)
