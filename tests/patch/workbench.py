"""Configurations as texts, planned, patched and thought through as the product does it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.kit import Architecture, Hit, SetAttribute, at, is_false, read
from clops_app.model.finding import Change, Finding, Fix, Safety
from clops_app.model.source import SourceTree
from clops_app.patch.findings import Permission, Workshop
from clops_app.patch.follow import NotPatchable, context_of
from clops_app.patch.plan import plan_edits
from clops_app.patch.thought import RootThought, thinker
from clops_app.rulebook.load import Rule
from clops_app.rulebook.page import PageSource, RulePage
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.sources import Parsed, sources_of


def tree_of(files: Mapping[str, str | bytes]) -> SourceTree:
    return SourceTree({path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()})


def planned(
    files: Mapping[str, str | bytes], *changes: Change, root: str = "", inputs: Inputs | None = None
) -> dict[str, str] | NotPatchable:
    """The files that the fix changes, as they then read; or why it cannot be made."""
    tree, parsed, given = tree_of(files), Parsed(), inputs or Inputs()
    configuration = evaluate(tree, root, given, parsed)
    edits = plan_edits(Fix("mend it", changes), context_of(configuration, sources_of(tree, parsed), given))
    if isinstance(edits, NotPatchable):
        return edits
    after = tree.edited(edits)
    return {path: after.files[path].decode() for path in sorted({edit.span.path for edit in edits})}


def changed(files: Mapping[str, str | bytes], *changes: Change, root: str = "", inputs: Inputs | None = None) -> dict[str, str]:
    found = planned(files, *changes, root=root, inputs=inputs)
    assert not isinstance(found, NotPatchable), found.why
    return found


def refused(files: Mapping[str, str | bytes], *changes: Change, root: str = "", inputs: Inputs | None = None) -> str:
    found = planned(files, *changes, root=root, inputs=inputs)
    assert isinstance(found, NotPatchable), found
    return found.why


Check = Callable[[Architecture], Iterable[Hit]]
Fixing = Callable[[str], tuple[Change, ...]]


def rule(name: str, check: Check) -> Rule:
    source = PageSource("Tests", "https://example.com/", date(2026, 1, 1))
    page = RulePage(name, "high", "reliability", ("*",), "safe", False, "0.1", (source,), "What.", "Why.", "Fix.")
    return Rule(f"test/{name}", page, lambda: check)


def flag_rule(name: str, kind: str, attribute: str, fixing: Fixing) -> Rule:
    """A rule that wants a flag to be on."""

    def check(architecture: Architecture) -> Iterable[Hit]:
        for resource in architecture.resources(kind):
            if is_false(read(resource, attribute), default=False):
                yield Hit(f"{attribute} is off", at(resource, attribute), Fix("Turn it on", fixing(resource.address)))

    return rule(name, check)


def turn_on(attribute: str) -> Fixing:
    return lambda address: (SetAttribute(address, attribute, True),)


def workshop_of(tree: SourceTree, rules: Iterable[Rule], roots: Iterable[str] = ("",), safety: Safety = "safe") -> Workshop:
    parsed, book, rulebook = Parsed(), embedded_book(), tuple(rules)

    def think_root(now: SourceTree, root: str) -> RootThought:
        configuration = evaluate(now, root, Inputs(), parsed)
        graph = build_graph(configuration)
        reading = Reading(graph)
        findings, diagnostics = run_rules(rulebook, reading, now, root, RuleSettings())
        return RootThought(configuration, findings, bill(graph, reading, book), diagnostics)

    base = {root: think_root(tree, root) for root in roots}
    permissions = {one.id: Permission(safety, one.page.replaces) for one in rulebook}
    return Workshop(tree, base, thinker(base, think_root), lambda *_: Inputs(), permissions, parsed)


def findings_of(workshop: Workshop) -> tuple[Finding, ...]:
    return tuple(finding for thought in workshop.thought.values() for finding in thought.findings)
