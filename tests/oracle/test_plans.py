"""A review with a plan of Terraform's own says what a review without one says, and more where variables and counts are not known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from clops_app.adapters.disk import read_directory
from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.graph import Graph
from clops_app.terraform.plan_json import read_plan
from clops_app.usecases.draw_graph import draw_graph
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import scan_folder
from clops_app.usecases.think import Mind, mind
from tests.oracle.terraform import Plan, Terraform

HOUSE = Path(__file__).parents[2]
PLATFORM, GAME = HOUSE / "tests/oracle/roots/platform", HOUSE / "examples/viral-game/head"
LOBBY = Path(__file__).parent / "unknown" / "lobby"
GIVEN = {"zones": "2", "kind": "m6i.large", "stage": "prod", "ports": '{"ssh":22}', "password": "hunter2"}


def knowing(plan: Plan | None) -> Mind:
    found = None if plan is None else read_plan(json.dumps(plan.plan).encode())
    return mind(Question(date(2026, 11, 21), plan=found, region="us-east-1"))


def graph(root: Path, plan: Plan | None) -> Graph:
    return draw_graph(knowing(plan), read_directory(str(root)))[0][0]


def findings(root: Path, plan: Plan | None) -> tuple[tuple[Finding, ...], Bill]:
    review = scan_folder(knowing(plan), read_directory(str(root)))
    return review.findings, review.roots[0].bill


def managed(graph: Graph) -> set[str]:
    return {address for address, resource in graph.resources.items() if resource.mode == "managed"}


def planned(plan: Plan) -> set[str]:
    assert plan.plan is not None, plan.errors
    return {each["address"] for each in plan.plan["resource_changes"] if each["mode"] == "managed"}


@pytest.mark.terraform
@pytest.mark.parametrize("applied", [False, True], ids=["new", "existing"])
@pytest.mark.parametrize("root", [PLATFORM, GAME], ids=lambda root: f"{root.parent.name}-{root.name}")
def test_what_is_known_without_a_plan_is_the_same_with_one(root: Path, terraform: Terraform, applied: bool) -> None:
    plan = terraform.plan(root, variables={"game_ami": "stub"} if root == GAME else {}, applied=applied)
    alone, together = graph(root, None), graph(root, plan)
    assert managed(together) == planned(plan)
    assert [*together.resources] == [*alone.resources]
    assert [edge for edge in together.edges if edge not in alone.edges] == []
    assert [edge for edge in alone.edges if edge not in together.edges] == []
    assert findings(root, plan) == findings(root, None)


@pytest.mark.terraform
@pytest.mark.parametrize("applied", [False, True], ids=["new", "existing"])
def test_variables_and_counts_that_nobody_wrote_down_are_known_with_a_plan(terraform: Terraform, applied: bool) -> None:
    plan = terraform.plan(LOBBY, variables=GIVEN, applied=applied)
    alone, together = graph(LOBBY, None), graph(LOBBY, plan)
    assert {address for address in alone.resources if "[*]" in address} != set()
    assert managed(together) == planned(plan)
    web = together.resources["aws_instance.web[1]"]
    assert (web.values["instance_type"], web.values["root_block_device"]) == ("m6i.large", ({"volume_type": "gp3"},))
    assert {(edge.target, edge.via) for edge in together.outgoing["aws_instance.web[1]"]} == {
        ("aws_subnet.front[1]", "subnet_id"),
        ("aws_security_group.web", "vpc_security_group_ids"),
    }
    assert "hunter2" not in repr(together)


@pytest.mark.terraform
def test_findings_of_planned_values_stand_on_the_lines_that_bring_them(terraform: Terraform) -> None:
    text = (LOBBY / "main.tf").read_text().splitlines()
    alone, together = (_lines(findings(LOBBY, plan)[0], text) for plan in (None, terraform.plan(LOBBY, variables=GIVEN)))
    assert together["aws/ssh_open_to_world", "aws_security_group.web"] == 'cidr_blocks = ["0.0.0.0/0"]'
    assert ("aws/ssh_open_to_world", "aws_security_group.web") not in alone


def _lines(found: tuple[Finding, ...], text: list[str]) -> Mapping[tuple[str, str], str]:
    return {(finding.rule, finding.address): text[finding.start_line - 1].strip() for finding in found if finding.path == "main.tf"}


@pytest.mark.terraform
def test_a_module_that_is_not_downloaded_is_reviewed_from_the_plan(terraform: Terraform, tmp_path: Path) -> None:
    plan = terraform.plan(LOBBY, variables=GIVEN)
    (tmp_path / "main.tf").write_text((LOBBY / "main.tf").read_text().replace('"./modules/match"', '"acme/match/aws"'))
    here, there = findings(LOBBY, plan)[0], findings(tmp_path, plan)[0]
    assert {(finding.rule, finding.address) for finding in there} == {(finding.rule, finding.address) for finding in here}
    assert managed(graph(tmp_path, plan)) == planned(plan)
    call = (tmp_path / "main.tf").read_text().splitlines().index('module "match" {') + 1
    assert {finding.start_line for finding in there if finding.address.startswith("module.")} == {call}
