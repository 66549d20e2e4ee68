"""What a model proposes is a patch only where it was proven."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from clops_app.model.finding import Patch
from clops_app.model.writing import ALLOWANCE, Allowance, Prompt, Proposal, Proposals, Replacement, Spent
from clops_app.patch.work import Limits
from clops_app.ports import WriterError
from clops_app.review.redact import REDACTED
from clops_app.usecases.propose_patches import Proposed, Request, propose_patches
from tests.patch.workbench import flag_rule, tree_of, workshop_of

OTHER = """\
resource "aws_db_instance" "other" {
  engine              = "postgres"
  instance_class      = "db.t4g.small"
  allocated_storage   = 20
  multi_az            = true
  deletion_protection = true
}
"""
MAIN = f"""\
resource "aws_db_instance" "main" {{
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  multi_az            = false
  deletion_protection = true
}}

{OTHER}
terraform {{
  required_providers {{
    aws = {{
      source = "hashicorp/aws"
    }}
  }}
}}
# the end
"""
OLD, NEW = "multi_az            = false", "multi_az            = true"
FILES = {"main.tf": MAIN, ".clops.yml": "language: en\n", "lib/other.tf": MAIN}
RULES = (
    flag_rule("single_zone", "aws_db_instance", "multi_az", lambda _: ()),
    flag_rule("unprotected", "aws_db_instance", "deletion_protection", lambda _: ()),
)
LIMITS = Limits(100, 1_000)
PROMPT = Prompt("Propose.", "{}")


def proposal(old: str = OLD, new: str = NEW, path: str = "main.tf", finding: str = "finding:1") -> Proposal:
    return Proposal(finding, (Replacement(path, old, new),), "It has one zone.")


DOOR = """\
resource "aws_vpc_security_group_ingress_rule" "x" {
  security_group_id = "sg-1"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = PORT
  to_port           = PORT
}"""


def added(block: str) -> Proposal:
    """The mended database, and a block behind the other one."""
    return Proposal("finding:1", (Replacement("main.tf", OLD, NEW), Replacement("main.tf", f"{OTHER}\n", f"{OTHER}\n{block}\n\n")), "")


@dataclass
class Model:
    """Says what it is told to, one answer a round; a sentence is a failure."""

    answers: list[Sequence[Proposal] | str]
    heard: list[tuple[str, ...]] = field(default_factory=list)
    given: list[float] = field(default_factory=list)
    name: str = "Model 1"

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        assert prompt is PROMPT
        self.heard.append(complaints)
        self.given.append(seconds)
        answer = self.answers.pop(0)
        if isinstance(answer, str):
            raise WriterError(answer)
        return tuple(answer), Spent(self.name, 10, 5, None)


def asked(
    model: Model,
    files: Mapping[str, str | bytes] = FILES,
    seconds: float = 1_000.0,
    limits: Limits = LIMITS,
    allowance: Allowance = ALLOWANCE,
    *,
    together: bool = False,
) -> Proposed:
    """Each look at the clock finds it ten seconds later. `together`: all findings are one, as the instances of a block are."""
    workshop = workshop_of(tree_of(files), RULES)
    findings = workshop.thought[""].findings
    named = {"finding:1": findings} if together else {f"finding:{number}": (one,) for number, one in enumerate(findings, 1)}
    ticks = iter(range(0, 10_000, 10))
    request = Request(PROMPT, named, lambda text: text.replace("tulip", "…"))
    return propose_patches(model, request, workshop, lambda: next(ticks), seconds, allowance, limits)


def patch_of(found: Proposed, number: int = 0) -> Patch:
    patch = found.mended[number].patch
    assert patch is not None
    return patch


def test_a_proven_change_is_a_patch_that_names_its_author_and_is_never_safe() -> None:
    found = asked(Model([[proposal()]]))
    patch = patch_of(found)
    assert (patch.title, patch.proposed_by) == ("Proposed by Model 1", "Model 1")
    assert (patch.safety, patch.replaces) == ("review", False)
    assert [line for line in patch.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [f"-  {OLD}", f"+  {NEW}"]
    assert patch.monthly_usd_delta is not None
    assert patch.monthly_usd_delta > 0
    assert found.record == Proposals("Model 1", 1, 1, 0, (Spent("Model 1", 10, 5, None),), found.record.seconds)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (proposal(new="multi_az = "), "main.tf would not parse"),
        (proposal(new="multi_az = true\n  mutli_az = 1"), "the provider would refuse it"),
        (proposal(new=f"{OLD}\n  apply_immediately = true"), "the finding is still there"),
        (proposal(old=f"{OLD}\n  deletion_protection = true", new=f"{NEW}\n  deletion_protection = false"), "it would bring a new finding"),
        (proposal(new="multi_az = var.nowhere"), "it could not be evaluated"),
        (proposal(old=MAIN[: MAIN.index("\n\n")], new=""), "it would remove aws_db_instance.main"),
        (proposal(new=f"{OLD} # clops:ignore test/single_zone for now"), "a change may not bring #"),
        (proposal(new=f'{NEW}\n  provisioner "local-exec" {{\n    command = "id"\n  }}'), "a change may not bring provisioner"),
        (proposal(new=f'{NEW}\n  identifier = "https://evil.example"'), "a change may not bring //"),
        (proposal(new=f'{NEW}\n  identifier = file("/etc/hostname")'), "a change may not bring file("),
        (proposal(new=f"{NEW}\n  identifier = <<-EOT\n    x\n  EOT"), "a change may not bring <<-"),
        (proposal(new=f'{NEW}\n  parameter_group_name = "this is safe to merge"'), "a change may not bring a verdict"),
        (
            added('resource "aws_iam_role" "x" {\n  name               = "x"\n  assume_role_policy = "{}"\n}'),
            "who may do what (aws_iam_role.x)",
        ),
        (added('resource "aws_sqs_queue" "x" {\n  policy = "{}"\n}'), "who may do what (aws_sqs_queue.x)"),
        (added('resource "aws_s3_bucket_policy" "x" {\n  bucket = "b"\n  policy = "{}"\n}'), "who may do what (aws_s3_bucket_policy.x)"),
        (added(DOOR.replace("PORT", "5432")), "no port but 80 and 443 to everybody (aws_vpc_security_group_ingress_rule.x)"),
        (added(DOOR.replace("PORT", "443").replace('"tcp"', '"-1"')), "no port but 80 and 443"),
        (added(DOOR.replace("PORT", "443").replace("to_port           = 443", "to_port           = 9000")), "no port but 80 and 443"),
        (added(DOOR.replace("PORT", "22").replace("0.0.0.0/0", "128.0.0.0/1")), "no port but 80 and 443"),
        (proposal(new=f'{NEW}\n  tags = {{ Name = "replica" }}'), "other names, tags and descriptions mend nothing"),
        (proposal(new=f"{NEW}\n  lifecycle {{\n    ignore_changes = [multi_az]\n  }}"), "a change may not bring ignore_changes"),
        (proposal(new=f'{NEW}\n  password = "{REDACTED}"'), "something was taken out there"),
        (proposal(old=f"{OLD}\n  password = {REDACTED}"), "something was taken out there"),
        (proposal(old=f"{OTHER}\n", new=f'{OTHER}\nvariable "az" {{\n  type = bool\n}}\n\n'), "a new variable needs a default"),
        (proposal(new='multi_az            = timestamp() == "x"'), "nobody would know multi_az of aws_db_instance.main any more"),
        (
            Proposal(
                "finding:1", (Replacement("main.tf", OLD, NEW), Replacement("main.tf", MAIN[MAIN.index("terraform {") : -10], "")), ""
            ),
            "it would remove terraform",
        ),
        (proposal(new=f"{NEW} \u202e"), "signs that cannot be seen"),
        (proposal(old='engine              = "postgres"'), "does not stand in main.tf exactly once"),
        (proposal(old="multi_az = nowhere"), "does not stand in main.tf exactly once"),
        (proposal(old=""), "does not stand in main.tf exactly once"),
        (proposal(old="multi_az\ud800"), "does not stand in main.tf exactly once"),
        (proposal(new='multi_az = "\ud800"'), "signs that cannot be seen"),
        (
            Proposal(
                "finding:1",
                (Replacement("main.tf", OLD, NEW), Replacement("main.tf", 'source = "hashicorp/aws"', 'source = "evil/aws"')),
                "",
            ),
            "may only touch resources of AWS",
        ),
        (
            Proposal(
                "finding:1",
                (Replacement("main.tf", OLD, NEW), Replacement("main.tf", "# the end", 'data "external" "x" {\n  program = ["id"]\n}')),
                "",
            ),
            "no schema of external is at hand",
        ),
        (
            Proposal("finding:1", (Replacement("main.tf", OLD, NEW), Replacement("main.tf", OTHER, "")), ""),
            "it would remove aws_db_instance.other",
        ),
        (proposal(path=".clops.yml", old="language", new="l"), "a file that this finding's root does not read"),
        (proposal(path="lib/other.tf"), "a file that this finding's root does not read"),
        (proposal(path="../main.tf"), "a file that this finding's root does not read"),
        (
            Proposal("finding:1", (Replacement("main.tf", OLD, NEW), Replacement("main.tf", "multi_az            = f", "x")), ""),
            "cannot be applied",
        ),
    ],
)
def test_what_is_not_proven_is_not_shown_and_the_model_hears_why(bad: Proposal, why: str) -> None:
    model = Model([[bad], [proposal()]])
    found = asked(model)
    (complaint,) = model.heard[1]
    assert complaint.startswith("finding:1: ")
    assert why in complaint
    assert patch_of(found).safety == "review"


@pytest.mark.parametrize("port", ["80", "443"])
def test_a_door_that_a_load_balancer_needs_may_be_opened(port: str) -> None:
    found = asked(Model([[added(DOOR.replace("PORT", port))]]))
    assert "aws_vpc_security_group_ingress_rule" in patch_of(found).diff


def test_three_rounds_are_all_there_are() -> None:
    model = Model([[proposal(new="multi_az = ")]] * 9)
    found = asked(model)
    assert (len(model.heard), len(found.record.spent), found.mended) == (3, 3, ())
    assert (found.record.asked, found.record.proven, found.record.refused) == (1, 0, 1)


def test_what_is_proven_stays_whatever_comes_after() -> None:
    files = {"main.tf": MAIN.replace("multi_az            = true", OLD.replace("false", "!true"))}
    second = proposal(old="multi_az            = !true", finding="finding:2")
    model = Model([[proposal(), proposal(old="gone", finding="finding:2")], [second, proposal(old="gone")]])
    found = asked(model, files)
    assert model.heard[1] == ("finding:2: the old text does not stand in main.tf exactly once", "finding:1: done, leave it out")
    assert [patch_of(found, number).title for number in (0, 1)] == ["Proposed by Model 1"] * 2


def test_a_change_for_a_finding_that_was_not_asked_about_is_nothing() -> None:
    found = asked(Model([[proposal(finding="finding:9")]]))
    assert (found.mended, found.record.proven, found.record.refused) == ((), 0, 0)


def test_a_finding_of_a_root_that_was_not_evaluated_gets_no_patch() -> None:
    workshop = workshop_of(tree_of(FILES), RULES)
    elsewhere = replace(workshop.thought[""].findings[0], root="elsewhere")
    request = Request(PROMPT, {"finding:1": (elsewhere,)}, str)
    assert propose_patches(Model([[proposal()]] * 3), request, workshop, lambda: 0.0, 60.0, ALLOWANCE).mended == ()


def test_a_model_that_fails_leaves_what_was_proven_before() -> None:
    found = asked(Model(["Model 1 is overloaded."]))
    assert (found.mended, found.record.spent, found.record.failure) == ((), (), "Model 1 is overloaded.")
    files = {"main.tf": MAIN.replace("multi_az            = true", OLD.replace("false", "!true"))}
    found = asked(Model([[proposal(), proposal(old="gone", finding="finding:2")], "Model 1 is overloaded."]), files)
    assert (patch_of(found).title, len(found.mended), found.record.failure) == ("Proposed by Model 1", 1, "Model 1 is overloaded.")


def test_no_round_begins_that_there_is_no_time_for() -> None:
    model = Model([[proposal(old="gone")]] * 9)
    asked(model, seconds=24.0)
    assert model.given == [14.0]


def test_no_proof_begins_when_the_time_is_over() -> None:
    model = Model([[proposal()]] * 9)
    found = asked(model, seconds=15.0)
    assert (found.mended, found.record.refused, len(model.given)) == ((), 1, 1)


def test_what_is_too_much_to_prove_is_given_up() -> None:
    model = Model([[proposal(new="multi_az = var.nowhere")], [proposal()], [proposal()]])
    assert asked(model, limits=Limits(1, 1)).mended == ()
    assert "proving it was given up" in model.heard[2][0]


@pytest.mark.parametrize(("tokens", "rounds"), [(2, 0), (20, 1), (45, 2), (1_000, 3)])
def test_no_round_begins_that_the_budget_would_not_last_for(tokens: int, rounds: int) -> None:
    model = Model([[proposal(old="x")]] * 9)
    found = asked(model, allowance=Allowance(tokens))
    assert (len(model.heard), found.record.failure.startswith("Model 1 was not asked: about 4 tokens")) == (rounds, not rounds)


def test_what_the_proof_says_leaves_without_secrets() -> None:
    model = Model([[proposal(new="multi_az = tulip")], [], []])
    asked(model)
    assert "tulip" not in model.heard[1][0]
    assert "…" in model.heard[1][0]


def test_all_instances_of_a_block_are_mended_by_one_change_or_none_is() -> None:
    counted = {"main.tf": MAIN.replace("{\n", "{\n  count = 2\n", 1)}
    found = asked(Model([[proposal()]]), counted, together=True)
    assert [finding.address for finding in found.mended] == ["aws_db_instance.main[0]", "aws_db_instance.main[1]"]
    assert found.mended[0].patch == found.mended[1].patch
    half = Model([[proposal(new="multi_az            = count.index == 0")], [], []])
    assert asked(half, counted, together=True).mended == ()
    assert "the finding is still there" in half.heard[1][0]


def test_a_file_with_carriage_returns_keeps_them() -> None:
    found = asked(Model([[proposal(new=f"{NEW}\n  apply_immediately   = true")]]), {"main.tf": MAIN.replace("\n", "\r\n")})
    (edit,) = patch_of(found).edits
    assert edit.text == f"{NEW}\r\n  apply_immediately   = true"
