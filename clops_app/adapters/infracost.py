"""Infracost prices a copy of the Terraform files; it is told its key and nothing else of where it runs.

Written for the command line of Infracost 0.10: `breakdown --format json`, whose schema is schema/infracost.schema.json of its
repository (commit 95ba4f49a). Version 2 has no such command.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from clops_app.adapters.bounded_process import LIMITS, BoundedProcess, Limits, ToolFailed, found
from clops_app.adapters.untrusted_json import items, mapping, parsed, text
from clops_app.language import tr
from clops_app.model.opinion import Estimated
from clops_app.model.resource import Diagnostic
from clops_app.ports import Estimating

KEY = "INFRACOST_API_KEY"
# Nothing is sent to a dashboard, whatever the key's organisation has switched on.
_SETTINGS = {
    "INFRACOST_ENABLE_CLOUD": "false",
    "INFRACOST_ENABLE_CLOUD_UPLOAD": "false",
    "INFRACOST_ENABLE_DASHBOARD": "false",
    "INFRACOST_SKIP_UPDATE_CHECK": "true",
    "INFRACOST_NO_COLOR": "true",
    "INFRACOST_CURRENCY": "USD",
}


@dataclass(frozen=True, slots=True)
class Infracost:
    """Answers the Estimator port. Of `environment` only PATH and INFRACOST_API_KEY are used."""

    environment: Mapping[str, str]
    limits: Limits = LIMITS

    @contextmanager
    def start(self, files: Mapping[str, bytes], roots: Sequence[str]) -> Iterator[Estimating]:
        """Begin with these roots. A settings file of the repository is not among what it sees: the roots are named in ours."""
        with ExitStack() as stack:
            yield _Estimate(self._begun(files, roots, stack), tuple(roots))

    def _begun(self, files: Mapping[str, bytes], roots: Sequence[str], stack: ExitStack) -> BoundedProcess | Diagnostic:
        program, key = found("infracost", self.environment), self.environment.get(KEY)
        if program is None:
            return _silent(tr("it is not installed: its command line, version 0.10, has to be on PATH"))
        if not key:
            return _silent(tr("it needs a key of its own in {variable}", variable=KEY))
        try:
            process = stack.enter_context(BoundedProcess(self.limits))
            process.copy(files)
            settings = os.path.join(process.home, "infracost.yml")
            with open(settings, "x", encoding="utf-8") as file:
                json.dump(_projects(process.code, roots), file)  # JSON is YAML too
            command = (program, "breakdown", "--config-file", settings, "--format", "json", "--log-level", "error")
            process.start(command, {"PATH": self.environment.get("PATH", os.defpath), KEY: key, **_SETTINGS})
        except OSError as error:
            return _silent(tr("it could not be started ({reason})", reason=(error.strerror or type(error).__name__).lower()))
        return process


def _projects(code: str, roots: Sequence[str]) -> Mapping[str, object]:
    """Its own settings file: each root a project by its number, so that no name of the repository need be found again."""
    return {
        "version": "0.1",
        "projects": [
            {"path": os.path.join(code, *root.split("/")), "name": _name(number), "skip_autodetect": True}
            for number, root in enumerate(roots)
        ],
    }


def _name(number: int) -> str:
    return f"root-{number}"


@dataclass(frozen=True, slots=True)
class _Estimate:
    begun: BoundedProcess | Diagnostic
    roots: tuple[str, ...]

    def result(self) -> Estimated | Diagnostic:
        if isinstance(self.begun, Diagnostic):
            return self.begun
        try:
            return estimated(parsed(self.begun.answer()), self.roots)
        except ToolFailed as failure:
            return _silent(str(failure))
        except ValueError:
            return _silent(tr("what it printed is not JSON"))


def _silent(why: str) -> Diagnostic:
    return Diagnostic(tr("Infracost gave no second opinion"), "", why)


def estimated(document: object, roots: Sequence[str]) -> Estimated | Diagnostic:
    """What is well formed in Infracost's document and about one of these roots."""
    root_of = {_name(number): root for number, root in enumerate(roots)}
    if not items(mapping(document).get("projects")) or not text(mapping(document).get("version")).startswith("0."):
        return _silent(tr("what it printed is not the breakdown of Infracost 0.10"))
    if text(mapping(document).get("currency")) != "USD":
        return _silent(tr("it counts in another currency than US dollars"))
    amounts: dict[tuple[str, str], Decimal | None] = {}
    seen = set()
    for project in map(mapping, items(mapping(document).get("projects"))):
        root = root_of.get(text(project.get("name")))
        if root is None:
            continue
        if not items(mapping(project.get("metadata")).get("errors")):
            seen.add(root)
        for resource in map(mapping, items(mapping(project.get("breakdown")).get("resources"))):
            address = text(resource.get("name"))
            if address:
                amounts[root, address] = _fixed(resource)
    return Estimated(dict(sorted(amounts.items())), tuple(root for root in roots if root not in seen))


def _fixed(resource: Mapping[str, object]) -> Decimal | None:
    """The amount a month that does not depend on usage. None where it has none: all of it is usage, or a price is missing."""
    whole, usage = _amount(resource.get("monthlyCost")), _amount(resource.get("monthlyUsageCost"))
    if whole is None or (usage is not None and whole == usage):
        return None
    return whole - (usage or Decimal(0))


def _amount(value: object) -> Decimal | None:
    if not isinstance(value, str) or len(value) > 60:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**12 else None
