"""ClOps and Terraform make the same of the same root: the same addresses, no value different, nothing known that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from clops_app.adapters.disk import read_directory
from clops_app.terraform.evaluate import evaluate
from tests.oracle.compare import compare, inputs_of
from tests.oracle.terraform import Terraform

HOUSE = Path(__file__).parents[2]
ROOTS = [*sorted((HOUSE / "tests/oracle/roots").iterdir()), *sorted((HOUSE / "examples/viral-game").iterdir())]


@pytest.mark.terraform
@pytest.mark.parametrize("root", ROOTS, ids=lambda root: root.name)
def test_a_root_is_what_terraform_plans(root: Path, terraform: Terraform) -> None:
    plan = terraform.plan(root)
    assert plan.plan is not None, plan.errors
    ours = evaluate(read_directory(str(root)).tree, "", inputs_of(plan, "us-east-1"))
    result = compare(ours, plan.plan)
    assert (result.missing, result.surplus, result.different, result.too_sure) == ([], [], [], [])
    assert result.leaves["equal"] > 10
