"""What a job leaves behind: its summary, its outputs, the documents, and annotations where nothing else may be written."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from clops_app import __version__
from clops_app.model.review import Review
from clops_app.model.source import SourceTree
from clops_app.review.converse import JOB_SUMMARY_LIMIT, whole
from clops_app.review.groups import grouped
from clops_app.review.render.check import annotations_of
from clops_app.review.render.json_document import dumps, review_document
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.headline import MARKER
from clops_app.review.render.money import cents
from clops_app.review.render.sarif import sarif_log
from clops_app.review.topics import topics_of
from clops_app.rulebook.page import RulePage

# docs.github.com, "Workflow commands": ten warnings, ten errors and ten notices a step are shown, no more.
_MOST_OF_A_LEVEL = 10
_COMMANDS = {"failure": "error", "warning": "warning", "notice": "notice"}


@dataclass(frozen=True, slots=True)
class Report:
    """A review and what it is written with; `body` is the comment."""

    review: Review
    pages: Mapping[str, RulePage]
    tree: SourceTree
    body: str
    links: Links


def write_report(report: Report, environment: Mapping[str, str]) -> None:
    """The documents to RUNNER_TEMP, the outputs to GITHUB_OUTPUT, the comment to GITHUB_STEP_SUMMARY."""
    folder = Path(environment.get("RUNNER_TEMP") or ".") / "clops"
    folder.mkdir(parents=True, exist_ok=True)
    shown = report.body.removeprefix(MARKER).lstrip()
    documents = {
        "report": ("review.md", shown),
        "json": ("review.json", dumps(review_document(report.review))),
        "sarif": ("review.sarif", dumps(sarif_log(report.review, report.pages, report.tree, version=__version__, links=report.links))),
    }
    outputs = _figures(report.review)
    for name, (file, text) in documents.items():
        (folder / file).write_text(text, encoding="utf-8")
        outputs[name] = str(folder / file)
    _append(environment, "GITHUB_OUTPUT", "".join(_output(name, value) for name, value in outputs.items()))
    _append(environment, "GITHUB_STEP_SUMMARY", whole(shown, JOB_SUMMARY_LIMIT) + "\n")


def _figures(review: Review) -> dict[str, str]:
    new = grouped(finding for finding in review.findings if finding.status == "new")
    delta = "" if review.before is None else _usd(review.after - review.before)
    return {
        "verdict": review.verdict,
        "findings": str(len(new)),
        "cost": _usd(review.after),
        "delta": delta,
        "version": __version__,
    }


def _usd(amount: Decimal) -> str:
    return str(cents(amount))


def _output(name: str, value: str) -> str:
    """As the runner reads it, with an end that nobody can guess."""
    end = f"clops-{uuid4()}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def _append(environment: Mapping[str, str], name: str, text: str) -> None:
    if environment.get(name):
        with Path(environment[name]).open("a", encoding="utf-8") as file:
            file.write(text)


def annotate(review: Review) -> None:
    """Print the new findings as annotations of the job, for who may not write a check."""
    sys.stdout.writelines(_annotations(review))


def _annotations(review: Review) -> Iterator[str]:
    left = dict.fromkeys(_COMMANDS, _MOST_OF_A_LEVEL)
    for one in annotations_of(topics_of(finding for finding in review.findings if finding.status == "new")):
        left[one.level] -= 1
        if left[one.level] >= 0:
            place = f"file={_property(one.path)},line={one.start_line},endLine={one.end_line},title={_property(one.title)}"
            yield f"::{_COMMANDS[one.level]} {place}::{escaped(one.message)}\n"


def escaped(text: str) -> str:
    """Text that cannot become another command of the runner (actions/toolkit, packages/core/src/command.ts)."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def no_command(text: str) -> str:
    """Text for the middle of a line, where the runner obeys its older commands still (actions/runner, ActionCommand.TryParse)."""
    return escaped(text).replace("##[", "##%5B")


def _property(text: str) -> str:
    return escaped(text).replace(":", "%3A").replace(",", "%2C")
