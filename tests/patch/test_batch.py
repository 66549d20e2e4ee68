"""Changes of one kind are proven together, and get what each would get by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest

from clops_app.kit import AddResource, Architecture, Code, Fix, Hit, NewBlock, SetAttribute, at, is_true, read
from clops_app.model.finding import Finding
from clops_app.model.source import Edit, SourceTree, Span
from clops_app.patch import batch
from clops_app.patch.batch import Bench, Change, batches, bench, prove_changes
from clops_app.patch.findings import Workshop, contexts_of, patch_findings, planned
from clops_app.patch.follow import NotPatchable
from clops_app.patch.work import Limits
from clops_app.rulebook.load import Rule, load_rules
from tests.patch.workbench import findings_of, flag_rule, rule, tree_of, turn_on, workshop_of

HOUSE = Path(__file__).parents[2]
ENOUGH = 10**9
ALONE, TOGETHER = Limits(alone=ENOUGH, at_most=ENOUGH), Limits(alone=0, at_most=ENOUGH)

REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'
FIFO = flag_rule("unordered", "aws_sqs_queue", "fifo_queue", turn_on("fifo_queue"))


def queues(count: int, more: str = "") -> dict[str, str]:
    return {"main.tf": REGION + more + "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = "n{n}"\n}}\n' for n in range(count))}


def proven(files: Mapping[str, str], *rules: Rule, limits: Limits = TOGETHER) -> tuple[Mapping[str, str], int]:
    """Why each finding's patch was refused ("": it was not), by address; and how many proofs that took."""
    workshop = workshop_of(tree_of(files), rules)
    wanted: dict[tuple[Edit, ...], list[Finding]] = {}
    for finding in findings_of(workshop):
        edits = planned(finding, workshop.permissions, contexts_of(workshop.tree, workshop.thought, workshop))
        assert not isinstance(edits, NotPatchable)
        wanted.setdefault(edits, []).append(finding)
    at_work = bench(workshop.tree, workshop.thought, workshop.think, workshop.parsed, limits)
    dict(prove_changes(wanted, at_work))
    patched = patch_findings(findings_of(workshop), workshop, limits)
    return {finding.address: finding.why_no_patch for finding in patched}, _proofs(at_work)


def _proofs(done: Bench) -> int:
    return done.work.spent // sum(1 + len(one.configuration.resources) for one in done.base.values())


def both_ways(workshop: Workshop) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    findings = findings_of(workshop)
    return patch_findings(findings, workshop, ALONE), patch_findings(findings, workshop, TOGETHER)


def test_many_alike_are_proven_by_one_thought() -> None:
    refused, proofs = proven(queues(40), FIFO)
    assert set(refused.values()) == {""}
    assert proofs == 1


def test_a_few_are_proven_each_by_itself() -> None:
    refused, proofs = proven(queues(3), FIFO, limits=Limits(alone=12, at_most=ENOUGH))
    assert set(refused.values()) == {""}
    assert proofs == 3


@pytest.mark.parametrize("folder", sorted(path.parent for path in (HOUSE / "rules").glob("*/*/rule.md")), ids=lambda path: path.name)
def test_a_rule_s_patches_are_the_same_together_as_alone(folder: Path) -> None:
    alone, together = both_ways(workshop_of(SourceTree({"main.tf": (folder / "bad.tf").read_bytes()}), load_rules()))
    assert together == alone


MANY = """
resource "aws_db_instance" "d%(n)d" {
  engine            = "postgres"
  instance_class    = "db.t3.%(size)s"
  allocated_storage = %(n)d0
}
resource "aws_db_instance" "replica%(n)d" {
  instance_class      = "db.t3.micro"
  replicate_source_db = aws_db_instance.d%(n)d.identifier
}
resource "aws_ebs_volume" "v%(n)d" {
  count             = %(n)d
  availability_zone = "us-east-1a"
  size              = 100
  type              = "gp2"
}
resource "aws_cloudwatch_log_group" "l%(n)d" {
  name = "/l/%(n)d"
}
resource "aws_dynamodb_table" "t%(n)d" {
  name           = "t%(n)d"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = %(n)d
  attribute {
    name = "id"
    type = "S"
  }
}
resource "aws_ecs_cluster" "c%(n)d" {
  name = "c%(n)d"
}
resource "aws_ecs_task_definition" "t%(n)d" {
  family                   = "t%(n)d"
  requires_compatibilities = ["FARGATE"]
  cpu                      = 256
  memory                   = 512
  container_definitions    = "[]"
}
resource "aws_ecs_service" "s%(n)d" {
  name            = "s%(n)d"
  cluster         = aws_ecs_cluster.c%(n)d.id
  task_definition = aws_ecs_task_definition.t%(n)d.arn
  launch_type     = "FARGATE"
  desired_count   = 1
}
module "db%(n)d" {
  source = "./db"
  size   = "db.t3.%(size)s"
}
"""
MODULE = """
variable "size" {}
variable "deletion_protection" {
  default = false
}
resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = var.size
  allocated_storage   = 20
  deletion_protection = var.deletion_protection
}
"""
SHOP = {"main.tf": REGION + "".join(MANY % {"n": n, "size": ("micro", "small", "large")[n % 3]} for n in range(1, 7)), "db/main.tf": MODULE}


def test_a_large_root_s_patches_and_costs_are_the_same_together_as_alone() -> None:
    alone, together = both_ways(workshop_of(tree_of(SHOP), load_rules()))
    assert together == alone
    assert len({finding.rule for finding in together if finding.patch is not None and finding.patch.monthly_usd_delta}) >= 3
    assert len({finding.patch.monthly_usd_delta for finding in together if finding.patch is not None}) >= 6


def test_what_another_is_launched_from_gets_the_cost_of_what_is_launched() -> None:
    text = """
    resource "aws_launch_template" "t%(n)d" {
      instance_type = "t3.micro"
    }
    resource "aws_autoscaling_group" "g%(n)d" {
      min_size           = %(n)d
      max_size           = %(n)d
      desired_capacity   = %(n)d
      availability_zones = ["us-east-1a"]
      launch_template {
        id = aws_launch_template.t%(n)d.id
      }
    }
    """
    larger = flag_rule("small", "aws_launch_template", "update_default_version", lambda address: (
        SetAttribute(address, "update_default_version", True), SetAttribute(address, "instance_type", "t3.large"),
    ))  # fmt: skip
    files = {"main.tf": REGION + "".join(text % {"n": n} for n in (1, 2, 3))}
    alone, together = both_ways(workshop_of(tree_of(files), [larger]))
    assert together == alone
    each = (Decimal("0.0832") - Decimal("0.0104")) * 730  # t3.large for t3.micro, on demand, Linux, in the embedded price book
    assert [finding.patch.monthly_usd_delta for finding in together if finding.patch is not None] == [each, 2 * each, 3 * each]
    assert proven(files, larger)[1] == 1


def test_what_two_changes_may_have_moved_is_told_apart_by_further_proofs() -> None:
    local = 'resource "aws_sns_topic" "t" {\n  name = "${aws_sqs_queue.q1.fifo_queue}-${aws_sqs_queue.q2.fifo_queue}"\n}\n'
    refused, proofs = proven(queues(8, local), FIFO)
    assert set(refused.values()) == {""}
    # All at once, the six that have nothing to do with the topic, and each of the two that have.
    assert proofs == 4


def forbidden(name: str, where: str = "") -> Rule:
    """A rule that does not want this queue ordered, and says so there or of another resource."""

    def check(architecture: Architecture) -> Iterator[Hit]:
        for queue in architecture.resources("aws_sqs_queue"):
            if queue.name == name and is_true(read(queue, "fifo_queue")):
                other = next((topic for topic in architecture.resources("aws_sns_topic") if topic.name == where), None)
                yield Hit("no", at(other or queue))

    return rule(f"forbidden_{name}", check)


def test_only_the_one_that_brings_a_new_finding_is_refused() -> None:
    refused, proofs = proven(queues(40), FIFO, forbidden("q7"))
    assert {address: why for address, why in refused.items() if why} == {
        "aws_sqs_queue.q7": "it would bring a new finding: forbidden_q7 (aws_sqs_queue.q7)"
    }
    # All at once, the others, and the one to blame by itself.
    assert proofs == 3


def test_one_that_brings_a_finding_elsewhere_is_found_by_halves() -> None:
    topic = 'resource "aws_sns_topic" "t" {\n  name = "t"\n}\n'
    refused, proofs = proven(queues(16, topic), FIFO, forbidden("q5", where="t"))
    assert {address: why for address, why in refused.items() if why} == {
        "aws_sqs_queue.q5": "it would bring a new finding: forbidden_q5 (aws_sns_topic.t)"
    }
    # 16; 8 and 8; of the bad 8: 4 and 4; 2 and 2; 1 and 1.
    assert proofs == 9


def test_one_that_does_not_mend_its_finding_is_refused_and_the_others_are_not() -> None:
    files = queues(12)
    files["main_override.tf"] = 'resource "aws_sqs_queue" "q3" {\n  fifo_queue = false\n}\n'
    blind = flag_rule("unordered", "aws_sqs_queue", "fifo_queue", lambda address: (SetAttribute(address, "delay_seconds", 1),) if "q3" in address else (
        SetAttribute(address, "fifo_queue", True),
    ))  # fmt: skip
    refused, _ = proven(files, blind)
    assert {address: why for address, why in refused.items() if why} == {
        "aws_sqs_queue.q3": "with the change made, the finding is still there"
    }


def test_of_many_that_are_to_blame_not_each_is_heard() -> None:
    def check(architecture: Architecture) -> Iterable[Hit]:
        for queue in architecture.resources("aws_sqs_queue"):
            if is_true(read(queue, "fifo_queue")):
                yield Hit("no", at(queue))

    refused, proofs = proven(queues(40), FIFO, rule("forbidden", check))
    assert refused == {f"aws_sqs_queue.q{n}": f"it would bring a new finding: forbidden (aws_sqs_queue.q{n})" for n in range(40)}
    assert proofs == 1


def test_one_that_cannot_be_evaluated_is_found_by_its_line() -> None:
    keys = ", ".join(f'q{n} = "k"' for n in range(20) if n != 4)
    keyed = flag_rule("unordered", "aws_sqs_queue", "fifo_queue", lambda address: (
        SetAttribute(address, "fifo_queue", True),
        SetAttribute(address, "kms_master_key_id", Code(f"local.keys.{address.rpartition('.')[2]}")),
    ))  # fmt: skip
    refused, proofs = proven(queues(20, f"locals {{\n  keys = {{ {keys} }}\n}}\n"), keyed)
    assert [(address, why.partition(":")[0]) for address, why in refused.items() if why] == [
        ("aws_sqs_queue.q4", "it could not be evaluated")
    ]
    assert proofs == 3


def edit(path: str, start: int, end: int) -> Edit:
    return Edit(Span(path, start, end), "x\n")


def change(edits: tuple[Edit, ...], finding: Finding, *blocks: int) -> Change:
    return Change(edits, (finding,), frozenset(("a.tf", start) for start in blocks))


@pytest.fixture
def alike() -> tuple[Finding, ...]:
    return findings_of(workshop_of(tree_of(queues(3)), [FIFO]))


def test_changes_of_one_block_never_share_a_batch(alike: tuple[Finding, ...]) -> None:
    changes = [change((edit("a.tf", n * 10, n * 10 + 5),), finding, 0) for n, finding in enumerate(alike)]
    assert [len(batch) for batch in batches(changes)] == [1, 1, 1]


def test_edits_that_overlap_or_touch_never_share_a_batch(alike: tuple[Finding, ...]) -> None:
    one, two, three = alike
    first = change((edit("a.tf", 0, 10),), one, 0)
    assert [len(batch) for batch in batches([first, change((edit("a.tf", 5, 15),), two, 20)])] == [1, 1]
    assert [len(batch) for batch in batches([first, change((edit("a.tf", 10, 10),), two, 20)])] == [1, 1]
    apart = [first, change((edit("a.tf", 11, 12),), two, 20), change((edit("b.tf", 0, 10),), three, 40)]
    assert [len(batch) for batch in batches(apart)] == [3]


def test_findings_that_could_be_taken_for_one_another_never_share_a_batch(alike: tuple[Finding, ...]) -> None:
    changes = [change((edit("a.tf", n * 10, n * 10 + 5),), alike[0], n * 10) for n in range(2)]
    assert [len(batch) for batch in batches(changes)] == [1, 1]


def test_a_batch_touches_only_so_many_files_however_much_changes_in_each(
    alike: tuple[Finding, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "FILES", 2)
    one, two, three = alike
    first, second = change((edit("a.tf", 0, 10),), one, 0), change((edit("b.tf", 0, 10),), two, 20)
    assert [len(found) for found in batches([first, second, change((edit("c.tf", 0, 10),), three, 40)])] == [2, 1]
    assert [len(found) for found in batches([first, second, change((edit("b.tf", 30, 40),), three, 40)])] == [3]


def test_what_reaches_further_than_its_block_is_proven_alone() -> None:
    text = 'locals {\n  q%(n)d = false\n}\nresource "aws_sqs_queue" "q%(n)d" {\n  fifo_queue = local.q%(n)d\n}\n'
    refused, proofs = proven({"main.tf": REGION + "".join(text % {"n": n} for n in range(4))}, FIFO)
    assert set(refused.values()) == {""}
    assert proofs == 4


def test_new_blocks_are_the_share_of_the_change_that_adds_them() -> None:
    def check(architecture: Architecture) -> Iterator[Hit]:
        watched = {link.target for alarm in architecture.resources("aws_cloudwatch_metric_alarm") for link in alarm.links}
        for queue in architecture.resources("aws_sqs_queue"):
            if queue.address not in watched:
                alarm: dict[str, str | int | Code] = {
                    "alarm_name": queue.name,
                    "alarm_description": Code(f"{queue.address}.name"),
                    "comparison_operator": "GreaterThanThreshold",
                    "evaluation_periods": 1,
                    "threshold": 1,
                    "metric_name": "m",
                    "namespace": "n",
                    "period": 60,
                    "statistic": "Sum",
                }
                block = NewBlock("resource", ("aws_cloudwatch_metric_alarm", queue.name), alarm)
                yield Hit("not watched", at(queue), Fix("Watch it", (AddResource(queue.address, block),)))

    unwatched = rule("unwatched", check)
    workshop = workshop_of(tree_of(queues(6)), [unwatched])
    alone, together = both_ways(workshop)
    assert together == alone
    assert {finding.patch.monthly_usd_delta for finding in together if finding.patch is not None} == {Decimal("0.10")}
    assert proven(queues(6), unwatched)[1] == 1
