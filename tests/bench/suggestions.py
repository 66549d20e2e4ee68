"""Whether what every posted suggestion commits is accepted: by GitHub's button, by our parser, by the review of what was committed.

    python -m tests.bench.suggestions [PART…]

A case is a pull request on the strict GitHub: each rule's bad.tf, examples/viral-game, and our own variations of odd files.
Every suggestion that the App posts is pressed, one by one on fresh heads and all at once. Pressing one must end its
finding; where `terraform` is here, what it found well formatted must stay so. PART chooses cases by a part of their name.
Exit code 1 when any suggestion is not accepted.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from clops_app.hcl.parser import parse
from clops_app.review.said import fingerprint_token, fingerprints_of
from tests.conversation.stage import PROVIDER, Stage, log_group, stages, volume
from tests.github import suggestions
from tests.github.state import ReviewComment

HOUSE = Path(__file__).parents[2]
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Case:
    name: str
    base: Files
    head: Files


@dataclass
class Result:
    """`findings` are the new ones; `posted` of them have a button; `faults` say what was not accepted and why."""

    case: str
    notes: int = 0
    posted: int = 0
    accepted: int = 0
    formatted: int = 0
    faults: list[str] = field(default_factory=list)


def cases() -> Iterator[Case]:
    """All there are, in a stable order."""
    nothing = {"README.md": b"Ours.\n"}
    for folder in sorted((HOUSE / "rules" / "aws").iterdir()):
        if (folder / "bad.tf").exists():
            yield Case(f"rules/{folder.name}", nothing, {"main.tf": (folder / "bad.tf").read_bytes()})
    game = HOUSE / "examples" / "viral-game"
    yield Case("examples/viral-game", _folder(game / "base"), _folder(game / "head"))
    for name, head in _odd_files().items():
        yield Case(f"odd/{name}", nothing, head)


def _folder(top: Path) -> Files:
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}


def _odd_files() -> dict[str, Files]:
    """Files that people write, and that a careless suggestion breaks."""
    both = PROVIDER + volume() + log_group()
    heredoc = "  user_data = <<-EOT\n    ```\n    # Title\n    ~~~\n    ```\n  EOT\n"
    machine = f'resource "aws_instance" "a" {{\n  ami           = "ami-1"\n  instance_type = "t3.micro"\n{heredoc}\n  root_block_device {{\n    volume_type = "gp2"\n  }}\n}}\n'
    database = (
        'resource "aws_db_instance" "main" {\n  engine            = "postgres"\n  instance_class    = "db.t4g.micro"\n'
        '  allocated_storage = 20\n  username          = "game"\n  password          = var.password\n}\n\n'
        'variable "password" {\n  type = string\n}\n'
    )
    module = 'module "disk" {\n  source = "./disk"\n  kind   = "gp2"\n}\n'
    inside = 'variable "kind" {\n  type = string\n}\n\n' + volume().replace('"gp2"', "var.kind")
    return {
        "crlf": _one(both.replace("\n", "\r\n")),
        "crlf_in_part": _one(PROVIDER + volume().replace("\n", "\r\n") + log_group()),
        "no_end": _one(both.removesuffix("\n")),
        "no_end_after_finding": _one((PROVIDER + volume()).removesuffix("\n}\n") + "}"),
        "finding_in_last_line": _one('resource "aws_cloudwatch_log_group" "a" { name = "/a" }\n' + 'resource "aws_cloudwatch_log_group" "b" { name = "/b" }\n'),
        "one_line": _one('resource "aws_ebs_volume" "a" { type = "gp2" }\n'),
        "one_line_no_end": _one('resource "aws_cloudwatch_log_group" "a" { name = "/a" }'),
        "one_line_empty_block": _one('resource "aws_cloudwatch_log_group" "a" {}\n'),
        "tabs": _one(both.replace("  ", "\t")),
        "trailing_blanks": _one(both.replace("\n", "  \n")),
        "blank_first_and_last_lines": _one("\n\n" + both + "\n\n"),
        "heredoc_with_fences_beside": _one(machine),
        "heredoc_with_fences_before": _one(f'locals {{\n  text = <<EOT\n```suggestion\nx\n```\nEOT\n}}\n{both}'),
        "backticks_in_comments": _one(both.replace('  type ', '  # ``` and ```` in words\n  type ').replace('"gp2"', '"gp2" # `gp2` ```')),
        "not_ascii": _one(both.replace('"data"', '"data"').replace("  size", '  # größer, 디스크, 💾 \u00a0x\n  size')),
        "hidden_letters": _one(both.replace('"gp2"', '"gp2" # a\u202eb\u200b')),
        "byte_order_mark": _one("\ufeff" + both),
        "not_utf8": {"main.tf": both.replace('"gp2"', '"gp2" # ~').encode().replace(b"~", b"\xe9")},
        "form_feed": _one(both.replace("  size", "  # \f\n  size")),
        "html": _one(both.replace("  size", "  # </code></pre><b>&amp;&lt; @ana\n  size")),
        "several_in_one_block": _one(database),
        "several_in_one_block_no_variable": _one(database.replace("var.password", '"secret"').partition("\nvariable")[0]),
        "two_blocks_touching": _one(volume("a") + volume("b")),
        "module_call": {"main.tf": (PROVIDER + module).encode(), "disk/main.tf": inside.encode()},
        "module_called_twice": {"main.tf": (PROVIDER + module + module.replace('"disk" {', '"other" {')).encode(), "disk/main.tf": inside.encode()},
        "fault_in_module_called_twice": {"main.tf": (PROVIDER + 'module "a" {\n  source = "./disk"\n}\n\nmodule "b" {\n  source = "./disk"\n}\n').encode(), "disk/main.tf": (volume() + log_group()).encode()},
        "fault_in_module_of_two_roots": {"one/main.tf": (PROVIDER + 'module "a" {\n  source = "../disk"\n}\n').encode(), "two/main.tf": (PROVIDER + 'module "a" {\n  source = "../disk"\n}\n').encode(), "disk/main.tf": (volume() + log_group()).encode()},
        "count": _one(volume().replace("{\n", "{\n  count             = 2\n", 1)),
        "value_of_a_variable": _one('variable "kind" {\n  default = "gp2"\n}\n\n' + volume("a").replace('"gp2"', "var.kind") + "\n" + volume("b").replace('"gp2"', "var.kind")),
        "value_of_a_local": _one('locals {\n  kind = "gp2"\n}\n\n' + volume("a").replace('"gp2"', "local.kind") + "\n" + volume("b").replace('"gp2"', "local.kind")),
        "fault_in_module": {"main.tf": (PROVIDER + 'module "disk" {\n  source = "./disk"\n}\n').encode(), "disk/main.tf": (volume() + log_group()).encode()},
        "for_each": _one(volume().replace("{\n", '{\n  for_each          = toset(["a", "b"])\n', 1)),
        "directory_with_odd_name": {"a b/ü/main.tf": both.encode()},
        "json": {"main.tf.json": b'{"resource": {"aws_ebs_volume": {"a": {"type": "gp2", "size": 1}}}}\n'},
    }  # fmt: skip


def _one(text: str) -> Files:
    return {"main.tf": text.encode()}


def tried(case: Case) -> Result:
    """Open it, review it, press everything."""
    result = Result(case.name)
    with stages(case.head, case.base) as stage:
        stage.reviews()
        notes = list(stage.notes)
        buttons = [note for note in notes if suggestions.blocks(note.body)]
        result.notes, result.posted = len(notes), len(buttons)
        for batch in ([note] for note in buttons):
            why = _not_accepted(stage, batch, case.head)
            result.accepted += why is None
            result.formatted += why is None and bool(_well_formatted(case.head))
            result.faults += [f"{_name(batch[0])}: {why}"] if why else []
        if len(buttons) > 1 and (why := _not_accepted(stage, buttons, case.head)):
            result.faults.append(f"all at once: {why}")
        return result


def _not_accepted(stage: Stage, batch: Sequence[ReviewComment], head: Files) -> str | None:
    """Press these on a fresh copy of the head; what is wrong with what was committed, None for nothing."""
    before = stage.pull.head
    try:
        stage.presses(*batch)
    except suggestions.NotApplied as refused:
        return str(refused)
    try:
        return _wrong(stage, batch, head)
    finally:
        _back(stage, before, batch)


def _wrong(stage: Stage, batch: Sequence[ReviewComment], head: Files) -> str | None:
    after = {path: stage.repository.git.file(stage.pull.head, path) or b"" for path in head}
    changed = [path for path in head if after[path] != head[path]]
    faulty = [path for path in changed if path.endswith(".tf") and parse(path, after[path]).problems]
    if faulty:
        return f"{faulty[0]} can no longer be read"
    with stage.thinker.think(stage.forge.read(stage.pull.number), stage.forge) as thought:
        left = {fingerprint_token(one.fingerprint) for one in thought.review.findings if one.status == "new"}  # type: ignore[attr-defined]
    still = [note for note in batch if left.intersection(fingerprints_of(note.body))]
    if still:
        return f"{_name(still[0])} is still found"
    worse = _well_formatted(head) - _well_formatted(after)
    return f"{min(worse)} is not as `terraform fmt` writes it" if worse else None


def _back(stage: Stage, before: str, batch: Sequence[ReviewComment]) -> None:
    """The branch as it was, the suggestions as if nobody had pressed them."""
    stage.repository.git.set_ref(f"refs/heads/{stage.pull.head_ref}", before)
    stage.repository.git.set_ref(f"refs/pull/{stage.pull.number}/head", before)
    stage.pull.head = stage.repository.heads[stage.pull.head_ref] = before
    for note in batch:
        note.applied, note.resolved_by = False, None


def _well_formatted(files: Files) -> frozenset[str]:
    """The .tf files that the real `terraform fmt` would leave as they are; none without it."""
    if shutil.which("terraform") is None:
        return frozenset()
    return frozenset(path for path, content in files.items() if path.endswith(".tf") and _formatted(content))


def _formatted(content: bytes) -> bool:
    known = _FORMATTED.get(content)
    if known is None:
        done = subprocess.run(["terraform", "fmt", "-check", "-"], input=content, capture_output=True, check=False)
        known = _FORMATTED[content] = done.returncode == 0
    return known


_FORMATTED: dict[bytes, bool] = {}


def _name(note: ReviewComment) -> str:
    rule = re.search(r"/(aws/\w+)\)\*\*", note.body)
    return f"{rule[1] if rule else 'a finding'} at {note.anchor.path}:{note.anchor.line}"


def main() -> int:
    chosen = [case for case in cases() if not sys.argv[1:] or any(part in case.name for part in sys.argv[1:])]
    print(f"{'case':48}{'notes':>7}{'posted':>8}{'accepted':>10}{'fmt':>5}")
    results = []
    for case in chosen:
        one = tried(case)
        results.append(one)
        print(f"{one.case:48}{one.notes:7}{one.posted:8}{one.accepted:10}{one.formatted:5}", flush=True)
        for fault in one.faults:
            print(f"    {fault}")
    posted, accepted = sum(one.posted for one in results), sum(one.accepted for one in results)
    faults = sum(len(one.faults) for one in results)
    print(f"{'all':48}{sum(one.notes for one in results):7}{posted:8}{accepted:10}{sum(one.formatted for one in results):5}")
    print(f"{100 * accepted / max(posted, 1):.1f} % of {posted} suggestions accepted, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
