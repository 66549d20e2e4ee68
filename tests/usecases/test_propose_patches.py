"""What a model proposes is a patch only where it was proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from clops_app.model.finding import Finding, Patch
from clops_app.model.writing import Prompt, Proposal, Replacement, Spent
from clops_app.patch.work import Limits
from clops_app.ports import WriterError
from clops_app.usecases.propose_patches import Proposed, propose_patches
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
PROMPT = Prompt("Propose.", "{}")


def proposal(old: str = OLD, new: str = NEW, path: str = "main.tf", finding: str = "finding:1") -> Proposal:
    return Proposal(finding, (Replacement(path, old, new),), "It has one zone.")


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


def asked(model: Model, files: dict[str, str] | None = None, seconds: float = 60.0, limits: Limits | None = None) -> Proposed:
    """Each look at the clock finds it ten seconds later."""
    tree = tree_of(files or FILES)
    workshop = workshop_of(tree, RULES)
    named = {f"finding:{number}": finding for number, finding in enumerate(workshop.thought[""].findings, 1)}
    ticks = iter(range(0, 1_000, 10))
    return propose_patches(model, PROMPT, named, workshop, lambda: next(ticks), seconds, limits or Limits(100, 1_000))


def patch_of(found: Proposed, number: int = 0) -> Patch:
    patch = found.findings[number].patch
    assert patch is not None, found.findings[number].why_no_patch
    return patch


def test_a_proven_change_is_a_patch_that_names_its_author_and_is_never_safe() -> None:
    found = asked(Model([[proposal()]]))
    patch = patch_of(found)
    assert (patch.title, patch.safety, patch.replaces) == ("Proposed by Model 1", "review", False)
    assert [line for line in patch.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")] == [f"-  {OLD}", f"+  {NEW}"]
    assert patch.monthly_usd_delta is not None
    assert patch.monthly_usd_delta > 0
    assert (found.failure, len(found.spent)) == ("", 1)


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
        (proposal(new=f"{NEW} \u202e"), "signs that cannot be seen"),
        (proposal(old='engine              = "postgres"'), "does not stand in main.tf exactly once"),
        (proposal(old="multi_az = nowhere"), "does not stand in main.tf exactly once"),
        (proposal(old=""), "does not stand in main.tf exactly once"),
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


def test_three_rounds_are_all_there_are() -> None:
    model = Model([[proposal(new="multi_az = ")]] * 9)
    found = asked(model)
    assert (len(model.heard), len(found.spent), found.findings[0].patch) == (3, 3, None)
    assert found.findings[0].why_no_patch == "what Model 1 proposed could not be proven"


def test_what_is_proven_stays_whatever_comes_after() -> None:
    files = {"main.tf": MAIN.replace("multi_az            = true", OLD.replace("false", "!true"))}
    second = proposal(old="multi_az            = !true", finding="finding:2")
    model = Model([[proposal(), proposal(old="gone", finding="finding:2")], [second, proposal(old="gone")]])
    found = asked(model, files)
    assert model.heard[1] == ("finding:2: the old text does not stand in main.tf exactly once", "finding:1: done, leave it out")
    assert [patch_of(found, number).title for number in (0, 1)] == ["Proposed by Model 1"] * 2


def test_a_change_for_a_finding_that_was_not_asked_about_is_nothing() -> None:
    found = asked(Model([[proposal(finding="finding:9")]]))
    assert (found.findings[0].patch, found.findings[0].why_no_patch) == (None, "Model 1 proposed no change")


def test_a_finding_of_a_root_that_was_not_evaluated_gets_no_patch() -> None:
    workshop = workshop_of(tree_of(FILES), RULES)
    elsewhere = replace(workshop.thought[""].findings[0], root="elsewhere")
    found = propose_patches(Model([[proposal()]] * 3), PROMPT, {"finding:1": elsewhere}, workshop, lambda: 0.0, 60.0)
    assert found.findings[0].patch is None


def test_a_model_that_fails_leaves_what_was_proven_before() -> None:
    assert asked(Model(["Model 1 is overloaded."])) == Proposed(tuple(_unproposed()), (), "Model 1 is overloaded.")
    found = asked(Model([[proposal(), proposal(old="gone", finding="finding:1")], "Model 1 is overloaded."]))
    assert (patch_of(found).title, found.failure) == ("Proposed by Model 1", "")


def _unproposed() -> list[Finding]:
    return list(asked(Model([[]])).findings)


def test_no_round_begins_that_there_is_no_time_for() -> None:
    model = Model([[proposal(old="gone")]] * 9)
    asked(model, seconds=24.0)
    assert model.given == [14.0]


def test_what_is_too_much_to_prove_is_given_up() -> None:
    model = Model([[proposal(new="multi_az = var.nowhere")], [proposal()], [proposal()]])
    assert asked(model, limits=Limits(1, 1)).findings[0].patch is None
    assert "proving it was given up" in model.heard[2][0]
