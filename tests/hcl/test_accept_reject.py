"""What Terraform takes we take, what it refuses we refuse, and on the same line."""

from __future__ import annotations

from pathlib import Path

from clops_app.hcl.parser import parse
from tests.hcl.fmt import errors, needs_terraform
from tests.hcl.samples import SAMPLES, mutants
from tests.hcl.trees import told

pytestmark = needs_terraform


def test_whole_samples_are_taken_by_both(tmp_path: Path) -> None:
    assert errors(tmp_path, [sample.encode() for sample in SAMPLES]) == [[] for _ in SAMPLES]
    assert [parse("main.tf", sample.encode()).problems for sample in SAMPLES] == [() for _ in SAMPLES]


def test_four_hundred_mutants_are_judged_alike(tmp_path: Path) -> None:
    texts = mutants(seed=20, count=400)
    true = errors(tmp_path, [text.encode() for text in texts])
    ours = [told(text) for text in texts]
    differing = [text for text, theirs, mine in zip(texts, true, ours, strict=True) if bool(theirs) != bool(mine)]
    assert differing == []
    refused = [(theirs[0][0], mine[0][0]) for theirs, mine in zip(true, ours, strict=True) if theirs]
    assert len(refused) > 200
    same = sum(theirs == mine for theirs, mine in refused)
    assert same >= 0.95 * len(refused)
