"""Expressions made by chance, answered by the real `terraform` and by ClOps: how many agree, and those that do not.

    python -m tests.oracle.expressions --seed N --count 1500 [--keep FILE]

prints the agreement of every function and construct that is not whole, then each disagreement with its class:
"sooner" is a value or an error that we know before Terraform does, and rightly (asked again with what becomes known in its
place); "later" one that we call unknown; "newer" what Terraform 1.12 says, too; "breakdown" where Terraform computes an
infinity that it cannot store, or breaks down itself, and we refuse in words; "summary" two different reasons to refuse; "different" is everything else. `--keep` writes
the expressions with Terraform's answers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast
from unittest.mock import patch

from clops_app.model.values import Unknown
from clops_app.terraform import expressions, operators
from clops_app.terraform.functions import FUNCTIONS
from clops_app.terraform.functions.signature import Function
from clops_app.terraform.values import T
from tests.oracle.invent import Inventor
from tests.terraform.truth import FILES, PRELUDE, Answer, Json, agrees, ask, recorded

BATCH = 250
_ROUNDS = 40
_OFFLINE = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
_OUTPUT = re.compile(r'output value "(\w+?)(?:__s)?"|local\.(c\d+)')
# Ids as they may turn out, to ask again what depends on one: the first is that of a resource alone, all three those of several.
_IDS = (
    ("3c6a0d2e-8a34-4f6b-9f3d-0c5e7b1a2d4f", "7d1b5a90-2c4e-4f38-a6b1-93d0e8f7c265", "b82f6e14-5d07-49ac-8e3b-1f9c4a6d7035"),
    ("f0e1d2c3-b4a5-4697-8897-a6b5c4d3e2f1", "05c7e9a1-6f3d-4b28-9d84-e2a1b0c3f576", "9a4d3e2c-1b0f-4867-8c59-7f6e5d4c3b2a"),
)
_ID = re.compile(r"terraform_data\.(?:\w+(?:\[\d\])?|c(\[\*\]))\.id")
_TYPED = {"tonumber(local.unk)": "7", "tobool(local.unkd)": "true"}


@dataclass(frozen=True, slots=True)
class Told:
    """Terraform's answer; `others` are the summaries of further errors it gave of the same expression."""

    answer: Answer
    detail: str = ""
    others: frozenset[str] = frozenset()


def terraform_answers(texts: Mapping[str, str], prelude: str = PRELUDE) -> dict[str, Told]:
    """What Terraform makes of each expression, by its name, which begins with c and a digit."""
    names = list(texts)
    found: dict[str, Told] = {}
    batches = [{name: texts[name] for name in names[first : first + BATCH]} for first in range(0, len(names), BATCH)]
    with ThreadPoolExecutor(2) as pool:
        for answers in pool.map(lambda batch: _batch(batch, prelude), batches):
            found.update(answers)
    return found


def _run(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["terraform", *arguments], cwd=directory, env={**os.environ, **_OFFLINE}, capture_output=True, text=True, check=False
    )


def _batch(cases: Mapping[str, str], prelude: str) -> dict[str, Told]:
    with tempfile.TemporaryDirectory(prefix="clops-expressions-") as temporary:
        directory = Path(temporary)
        for path, text in {**FILES, "prelude.tf": prelude}.items():
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")
        for name, text in cases.items():
            body = f"locals {{\n  {name} = {text}\n}}\n"
            body += f'output "{name}" {{\n  sensitive = true\n  value = [local.{name}]\n}}\noutput "{name}__s" {{\n  value = issensitive(local.{name})\n}}\n'
            (directory / f"{name}.tf").write_text(body, encoding="utf-8", newline="")
        _run(directory, "init", "-input=false", "-backend=false")
        return _planned(directory, dict(cases))


def _planned(directory: Path, left: dict[str, str]) -> dict[str, Told]:
    """Plan, drop what is refused, and plan again, until a plan holds all that is left."""
    found: dict[str, Told] = {}
    for _ in range(_ROUNDS):
        ended = _run(directory, "plan", "-json", "-out=plan.bin", "-input=false", "-lock=false", "-refresh=false")
        lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
        errors = [line["diagnostic"] for line in lines if line.get("type") == "diagnostic" and line["diagnostic"]["severity"] == "error"]
        if not errors and ended.returncode == 0:
            shown = json.loads(_run(directory, "show", "-json", "plan.bin").stdout)
            return {**found, **{name: Told(_shown(shown, name)) for name in left}}
        refused: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for error in errors:
            stem = Path((error.get("range") or {}).get("filename", "")).stem
            for name in [stem] if stem in left else [one or two for one, two in _OUTPUT.findall(error["detail"]) if (one or two) in left]:
                refused[name].append((error["summary"], error["detail"]))
        if not refused:
            raise RuntimeError(f"whose error is this? {errors or ended.stderr[-2000:]}")
        for name, told in refused.items():
            found[name] = Told(Answer(error=told[0][0]), told[0][1], frozenset(summary for summary, _ in told))
            del left[name]
            (directory / f"{name}.tf").unlink()
    raise RuntimeError("Terraform finds new errors in every round")


def _shown(shown: dict[str, Any], name: str) -> Answer:
    """The answer out of the tuple that it stands in: of an output that is null a plan keeps no type, of an element it does."""
    change, value = shown["output_changes"].get(name, {}), shown["planned_values"].get("outputs", {}).get(name, {})
    probe = shown["planned_values"].get("outputs", {}).get(f"{name}__s", {}).get("value")
    (after,), unknown, kind = change["after"], change.get("after_unknown", False), value.get("type")
    case: dict[str, Json] = {"value": after, "type": kind[1][0] if kind else None, "unknown": unknown[0] if unknown else False}
    return recorded({**case, "sensitive": probe})


def classified(text: str, ours: Answer, theirs: Told) -> str:
    """How the two differ; empty when they agree."""
    if agrees(ours, theirs.answer) or ours.error in theirs.others:
        return ""
    if any(word in text for word in ("&&", "||", "format")) and agrees(_ask_as_1_11(text), theirs.answer):
        return "newer"
    if "infinity" in theirs.detail or "panic in function" in theirs.detail:
        return "breakdown"
    if ours.error is not None and theirs.answer.error is not None:
        return "summary"
    if ours.error is not None and theirs.answer.unknown is not False:
        return "perhaps sooner"
    if ours.error is not None or theirs.answer.error is not None or ours.sensitive is not theirs.answer.sensitive is not None:
        return "different"
    if theirs.answer.unknown is False:
        return "different" if ours.unknown is False else "later"
    return "perhaps sooner"


def _ask_as_1_11(text: str) -> Answer:
    """Our answer without what Terraform 1.12 brought: && and || that one operand decides, format() of a null without a type."""
    formats = {name: replace(FUNCTIONS[name], run=_format_of_1_11(FUNCTIONS[name].run)) for name in ("format", "formatlist")}
    with (
        patch.object(expressions, "decided", lambda *_: False),
        patch.object(operators, "decides", lambda *_: False),
        patch.dict(cast("dict[str, Function]", FUNCTIONS), formats),
    ):
        return ask(text)


def _format_of_1_11(run: Callable[..., T]) -> Callable[..., T]:
    """go-cty 1.16.0, which Terraform 1.11.4 has, does not look at an argument without a type; 1.16.1 does."""
    return lambda *given: Unknown("a null without a type") if None in given else run(*given)


def _confirmed(texts: Mapping[str, str], ours: Mapping[str, Answer]) -> set[str]:
    """Which of our answers hold whatever the id becomes: Terraform is asked again with two ids in its place."""
    good = set(texts)
    for ids in _IDS:
        known = PRELUDE
        for unknown, value in {"terraform_data.unk.id": f'"{ids[0]}"', "terraform_data.unk.output": '"x"', **_TYPED}.items():
            known = known.replace(unknown, value)
        answers = terraform_answers({name: _ID.sub(partial(_id, ids), text) for name, text in texts.items()}, known)
        good &= {name for name, told in answers.items() if _within(ours[name], told)}
    return good


def _id(ids: tuple[str, ...], found: re.Match[str]) -> str:
    return json.dumps(ids if found[1] else ids[0])


def _within(ours: Answer, theirs: Told) -> bool:
    """Whether what we know is what is known in the end."""
    if ours.error is not None:
        return ours.error in {theirs.answer.error, *theirs.others}
    return theirs.answer.error is None and _known(ours.value, ours.unknown, theirs.answer.value)


def _known(ours: Json, unknown: Json, theirs: Json) -> bool:
    if unknown is True:
        return True
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        shapes = unknown if isinstance(unknown, list) else [False] * len(ours)
        return all(map(_known, ours, shapes, theirs))
    if isinstance(ours, dict) and isinstance(theirs, dict):
        shapes_by_name = unknown if isinstance(unknown, dict) else {}
        return {*ours, *shapes_by_name} == set(theirs) and all(
            _known(ours.get(key), shapes_by_name.get(key, False), theirs[key]) for key in theirs
        )
    return type(ours) is type(theirs) and ours == theirs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    drawn = [*Inventor(given.seed).expressions(given.count)]
    names = {f"c{number}": text for number, (_, text) in enumerate(drawn)}
    theirs = terraform_answers(names)
    ours = {name: ask(text) for name, text in names.items()}
    classes = {name: found for name, text in names.items() if (found := classified(text, ours[name], theirs[name]))}
    perhaps = {name: names[name] for name, found in classes.items() if found == "perhaps sooner"}
    for name in perhaps.keys() & _confirmed(perhaps, ours) if perhaps else ():
        classes[name] = "sooner"
    _print(drawn, classes, ours, theirs)
    if given.keep:
        given.keep.write_text(
            json.dumps({"terraform": "1.11.4", "cases": [_kept(names[name], theirs[name]) for name in names]}, ensure_ascii=False, indent=0)
        )


def _kept(text: str, told: Told) -> dict[str, Json]:
    answer = told.answer
    if answer.error is not None:
        return {"expression": text, "error": answer.error, "detail": told.detail}
    case: dict[str, Json] = {"expression": text, "value": answer.value, "type": answer.type, "sensitive": answer.sensitive}
    return case if answer.unknown is False else {**case, "unknown": answer.unknown}


def _print(drawn: list[tuple[str, str]], classes: Mapping[str, str], ours: Mapping[str, Answer], theirs: Mapping[str, Told]) -> None:
    asked, wrong = Counter(label for label, _ in drawn), Counter(drawn[int(name[1:])][0] for name in classes)
    for label, count in sorted(wrong.items(), key=lambda row: (-row[1], row[0])):
        print(f"  {label:24}{asked[label] - count:5} of {asked[label]:4} agree")
    for name, found in sorted(classes.items(), key=lambda row: (row[1], int(row[0][1:]))):
        print(
            f"{found}: {drawn[int(name[1:])][1]}\n    ours:   {_line(ours[name])}\n    theirs: {_line(theirs[name].answer)} {theirs[name].detail[:300]!r}"
        )
    kinds = Counter(classes.values())
    refused = sum(told.answer.error is not None for told in theirs.values())
    print(f"{len(drawn)} expressions over {len(asked)} functions and constructs, {refused} of them refused by Terraform")
    same = len(drawn) - len(classes)
    newer = same + kinds["newer"]
    better = newer + kinds["sooner"] + kinds["breakdown"]
    print(
        f"{same} agree ({same / len(drawn):.2%}), {newer} with those that Terraform 1.12 answers so ({newer / len(drawn):.2%}), "
        f"{better} with those where we say no less ({better / len(drawn):.2%}); {dict(kinds)}"
    )


def _line(answer: Answer) -> str:
    if answer.error is not None:
        return f"error {answer.error}"
    return f"{json.dumps(answer.value, ensure_ascii=False)[:300]} {json.dumps(answer.type)[:120]} unknown={json.dumps(answer.unknown)[:150]} sensitive={answer.sensitive}"


if __name__ == "__main__":
    main()
