"""Values of the settings reach Terraform as they were written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs
from clops_app.usecases.question import hcl

HARD = 'quotes " and \\ and ${not.evaluated} and %{ if true } and $${ and a\nnew line and 한글'


@pytest.mark.parametrize("value", ["plain", HARD, True, None, 3, Decimal("0.1"), (1, "a"), {"key with space": {"b": (1, 2)}}, (), {}])
def test_a_value_is_read_back_as_it_was_given(value: object) -> None:
    tree = SourceTree({"main.tf": b'variable "x" {}\noutput "x" {\n  value = var.x\n}\n'})
    inputs = Inputs(var_files=((".clops.yml", f"x = {hcl(value)}\n".encode()),))
    assert evaluate(tree, "", inputs).outputs["x"] == value
