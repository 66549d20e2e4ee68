"""Every rule proves itself: what it hits, what it leaves alone, and that its patch mends what it hits."""

from __future__ import annotations

import calendar
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.language import speaking
from clops_app.model.finding import Finding
from clops_app.model.resource import Configuration
from clops_app.model.source import SourceTree
from clops_app.patch.follow import NotPatchable, context_of
from clops_app.patch.plan import plan_edits
from clops_app.review.advice import first_sentence
from clops_app.rulebook.load import Rule, load_rules
from clops_app.rulebook.page import RulePage, in_other_words, parse_page
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate_root
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.schema import resource_schema
from clops_app.terraform.sources import sources_of

if TYPE_CHECKING:
    from tests.oracle.terraform import Terraform

RULES = Path(__file__).parent.parent / "rules"
FOLDERS = sorted({path.parent for path in RULES.glob("*/*/*") if path.is_file() and path.parent.name != "__pycache__"})


def rule_id(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


every_folder = pytest.mark.parametrize("folder", FOLDERS, ids=rule_id)


@cache
def rules_by_id() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rules()}


def rule_in(folder: Path) -> Rule:
    return rules_by_id()[rule_id(folder)]


def tree_of(content: bytes) -> SourceTree:
    return SourceTree({"main.tf": content})


def found_in(folder: Path, tree: SourceTree) -> tuple[Configuration, tuple[Finding, ...]]:
    configuration = evaluate_root(sources_of(tree), "", Inputs())
    findings, diagnostics = run_rules([rule_in(folder)], Reading(build_graph(configuration)), tree, "", RuleSettings())
    assert diagnostics == ()
    return configuration, findings


def patched(folder: Path, tree: SourceTree) -> SourceTree:
    """The tree after the patch of each finding, one after the other, as if every suggestion were accepted."""
    configuration, findings = found_in(folder, tree)
    for _ in range(len(findings)):
        if not findings:
            break
        assert findings[0].fix is not None, f"no fix for {findings[0].address}"
        edits = plan_edits(findings[0].fix, context_of(configuration, sources_of(tree), Inputs()))
        assert not isinstance(edits, NotPatchable), f"{findings[0].address}: {edits}"
        tree = tree.edited(edits)
        configuration, findings = found_in(folder, tree)
    return tree


@every_folder
def test_a_folder_holds_a_rule_and_its_whole_proof(folder: Path) -> None:
    page = parse_page((folder / "rule.md").read_text(), str(folder))
    proof = {"bad.tf", "good.tf", "unknown.tf"} | (set() if page.patch == "none" else {"fixed.tf"})
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == {"rule.md", "rule.ko.md", "check.py"} | proof


def korean_page(folder: Path) -> RulePage:
    page = parse_page((folder / "rule.md").read_text(), str(folder))
    return in_other_words(page, (folder / "rule.ko.md").read_text(), str(folder), "ko")


def sections(page: RulePage) -> tuple[str, str, str]:
    return page.what, page.why, page.fix


_FENCED = re.compile(r"```.*?```", re.DOTALL)
_CODE = re.compile(r"`[^`]+`")
_ENGLISH_DATE = re.compile(rf"(\d+) ({'|'.join(calendar.month_name[1:])}) (\d{{4}})")


def code_in(text: str) -> list[str]:
    return sorted((*_FENCED.findall(text), *_CODE.findall(_FENCED.sub("", text))))


def figures_in(text: str) -> list[str]:
    """The numbers of a text that stand for themselves: not those in code, and not in names like S3 or gp2."""
    dated = _ENGLISH_DATE.sub(lambda date: f"{date[1]} {list(calendar.month_name).index(date[2])} {date[3]}", text)
    return sorted(re.findall(r"(?<![\w.])\d+(?:[.,]\d+)*", _CODE.sub("", _FENCED.sub("", dated)), re.ASCII))


@every_folder
def test_the_korean_page_says_the_same_in_korean(folder: Path) -> None:
    english, korean = rule_in(folder).page, korean_page(folder)
    assert korean.title != english.title
    assert all(re.search("[가-힣]", text) for text in (korean.title, *sections(korean)))
    assert list(map(code_in, sections(korean))) == list(map(code_in, sections(english)))
    assert list(map(figures_in, sections(korean))) == list(map(figures_in, sections(english)))
    assert list(map(count_of_paragraphs, sections(korean))) == list(map(count_of_paragraphs, sections(english)))
    assert [source.url for source in english.sources if source.url in (folder / "rule.ko.md").read_text()] == []


def count_of_paragraphs(text: str) -> int:
    return len(text.split("\n\n"))


@every_folder
def test_the_korean_page_says_in_one_short_phrase_how_to_mend_it(folder: Path) -> None:
    """It stands alone as the next step, after a colon: a phrase that ends in a noun, not a sentence of its own."""
    phrase = first_sentence(korean_page(folder).fix)
    assert len(phrase) <= 60
    assert re.search(r"(다|요|세요|오)\.$", phrase) is None


@every_folder
def test_in_korean_the_same_is_found_and_said_in_korean(folder: Path) -> None:
    tree = tree_of((folder / "bad.tf").read_bytes())
    _, english = found_in(folder, tree)
    with speaking("ko"):
        (rule,) = [rule for rule in load_rules() if rule.id == rule_id(folder)]
        findings, diagnostics = run_rules(
            [rule], Reading(build_graph(evaluate_root(sources_of(tree), "", Inputs()))), tree, "", RuleSettings()
        )
    assert diagnostics == ()
    assert [finding.fingerprint for finding in findings] == [finding.fingerprint for finding in english]
    assert {finding.title for finding in findings} == {korean_page(folder).title}
    for finding, one in zip(findings, english, strict=True):
        assert re.search("[가-힣]", finding.message) is not None
        assert sorted(_CODE.findall(finding.message)) == sorted(_CODE.findall(one.message))
        assert (finding.fix is None) == (one.fix is None)
        if finding.fix is not None and one.fix is not None:
            assert finding.fix.changes == one.fix.changes
            assert re.search("[가-힣]", finding.fix.title) is not None


@every_folder
def test_a_page_names_types_that_the_provider_has(folder: Path) -> None:
    types = rule_in(folder).page.resources
    assert [name for name in types if name.startswith("aws_") and resource_schema("managed", name) is None] == []


@every_folder
def test_bad_code_is_hit_exactly_where_it_says(folder: Path) -> None:
    text = (folder / "bad.tf").read_text()
    expected = [number for number, line in enumerate(text.splitlines(), start=1) if f"# expect: {rule_id(folder)}" in line]
    _, findings = found_in(folder, tree_of(text.encode()))
    assert expected != []
    assert sorted({finding.start_line for finding in findings}) == expected


@every_folder
def test_no_two_findings_share_an_identity(folder: Path) -> None:
    _, findings = found_in(folder, tree_of((folder / "bad.tf").read_bytes()))
    assert len({finding.fingerprint for finding in findings}) == len(findings)


@every_folder
@pytest.mark.parametrize("name", ["good.tf", "unknown.tf", "fixed.tf"])
def test_good_unknown_and_fixed_code_is_left_alone(folder: Path, name: str) -> None:
    if name == "fixed.tf" and rule_in(folder).page.patch == "none":
        return
    _, findings = found_in(folder, tree_of((folder / name).read_bytes()))
    assert [(finding.start_line, finding.address) for finding in findings] == []


@every_folder
def test_a_message_names_what_it_is_about_and_never_says_consider(folder: Path) -> None:
    configuration, findings = found_in(folder, tree_of((folder / "bad.tf").read_bytes()))
    about_the_root = {finding.address for finding in findings} - {resource.address for resource in configuration.resources}
    for finding in findings:
        assert finding.address in about_the_root or re.search(r"`[a-z]\w+\.[^`]+`", finding.message) is not None
        assert re.search(r"\bconsider\b", finding.message, re.IGNORECASE) is None


@every_folder
def test_the_patch_turns_bad_into_fixed_byte_for_byte(folder: Path) -> None:
    if rule_in(folder).page.patch == "none":
        _, findings = found_in(folder, tree_of((folder / "bad.tf").read_bytes()))
        assert [finding.fix for finding in findings] == [None] * len(findings)
        return
    after = patched(folder, tree_of((folder / "bad.tf").read_bytes()))
    assert after.files["main.tf"].decode() == (folder / "fixed.tf").read_text()


@every_folder
@pytest.mark.terraform
def test_its_code_is_formatted_as_terraform_formats(folder: Path) -> None:
    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform binary on this machine")
    done = subprocess.run(["terraform", "fmt", "-check", "-diff", str(folder)], capture_output=True, text=True, check=False)
    assert done.stdout == ""


@every_folder
@pytest.mark.terraform
def test_terraform_accepts_its_code(folder: Path, terraform: Terraform, tmp_path: Path) -> None:
    for path in sorted(folder.glob("*.tf")):
        root = tmp_path / path.stem
        root.mkdir()
        shutil.copy(path, root / "main.tf")
        assert (path.name, terraform.validate(root)) == (path.name, [])
