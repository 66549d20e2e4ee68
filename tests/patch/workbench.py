"""Configurations as texts, planned, patched and thought through as the product does it."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.model.finding import Change, Fix
from clops_app.model.source import SourceTree
from clops_app.patch.follow import NotPatchable, context_of
from clops_app.patch.plan import plan_edits
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
