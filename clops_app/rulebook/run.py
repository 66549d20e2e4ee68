"""Hits become findings: with severity, lines and an identity that outlives moving the code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from clops_app.kit import Architecture, Hit
from clops_app.language import tr
from clops_app.model.finding import Category, Finding, Place, Severity
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree, lines_of
from clops_app.rulebook.load import Rule


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """What a team changed: severities by rule id, rules switched off, whole categories that do not matter here (a dev environment)."""

    severity: Mapping[str, Severity] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    relaxed: frozenset[Category] = frozenset()


def run_rules(
    rules: Iterable[Rule], architecture: Architecture, tree: SourceTree, root: str, settings: RuleSettings
) -> tuple[tuple[Finding, ...], tuple[Diagnostic, ...]]:
    """Run the rules that have something to look at. Findings come in the order of the code, one for each instance address."""
    findings: list[Finding] = []
    diagnostics: list[Diagnostic] = []
    for rule in rules:
        if rule.id in settings.disabled or rule.page.category in settings.relaxed or not _concerned(rule, architecture):
            continue
        try:
            hits = tuple(rule.check()(architecture))
        except Exception as error:  # noqa: BLE001 - a rule that crashes must not take the review with it; one of the house's two
            diagnostics.append(_failed(rule, root, error))
            continue
        seen = (_where_it_is_seen(hit, architecture, tree) for hit in hits)
        findings += _findings(
            rule, (hit for hit in seen if hit is not None), tree, root, settings.severity.get(rule.id, rule.page.severity)
        )
    findings.sort(key=lambda f: (f.path, f.span.start, f.rule, f.address, f.fingerprint))
    return tuple(findings), tuple(diagnostics)


def fingerprint(rule: str, root: str, address: str, key: str) -> str:
    """The identity of a finding: 32 hex digits of rule, root, address and the hit's key; no line, no wording."""
    return sha256("\0".join((rule, root, address, key)).encode()).hexdigest()[:32]


def _concerned(rule: Rule, architecture: Architecture) -> bool:
    # Asked before check.py is imported: most roots hold a handful of types, and there are many rules.
    return rule.page.resources == ("*",) or bool(architecture.resources(*rule.page.resources))


def _failed(rule: Rule, root: str, error: Exception) -> Diagnostic:
    why = tr("{error}. This is a bug in the rule, not in your code; the other rules ran", error=f"{type(error).__name__}: {error}")
    return Diagnostic(tr("rule {rule} failed", rule=rule.id), root or ".", why)


def _findings(rule: Rule, hits: Iterable[Hit], tree: SourceTree, root: str, severity: Severity) -> list[Finding]:
    seen: Counter[tuple[str, str]] = Counter()
    found = []
    for hit in sorted(hits, key=lambda hit: hit.at.span):
        seen[hit.at.address, hit.key] += 1
        times = seen[hit.at.address, hit.key]
        key = hit.key if times == 1 else f"{hit.key}#{times}"
        found.append(_finding(rule, hit, tree, root, severity=severity, key=key))
    return found


def _where_it_is_seen(hit: Hit, architecture: Architecture, tree: SourceTree) -> Hit | None:
    """The hit where an author of this repository can do something about it; None where there is no such place.

    A downloaded module is nobody's code here, but what it makes was asked for by the call: that is where it stands.
    """
    if _in_repository(hit.at.span.path, tree):
        return hit
    calls = [
        call for call in architecture.modules if hit.at.address.startswith(f"{call.address}.") and _in_repository(call.source.path, tree)
    ]
    if not calls:
        return None
    return replace(hit, at=Place(hit.at.address, max(calls, key=lambda call: len(call.address)).source))


def _in_repository(path: str, tree: SourceTree) -> bool:
    return path in tree.files and ".terraform" not in path.split("/")


def _finding(rule: Rule, hit: Hit, tree: SourceTree, root: str, *, severity: Severity, key: str) -> Finding:
    start_line, end_line = lines_of(tree, hit.at.span)
    return Finding(
        rule=rule.id,
        title=rule.page.title,
        severity=severity,
        category=rule.page.category,
        address=hit.at.address,
        root=root,
        path=hit.at.span.path,
        start_line=start_line,
        end_line=end_line,
        message=hit.message,
        fingerprint=fingerprint(rule.id, root, hit.at.address, key),
        span=hit.at.span,
        fix=hit.fix,
    )
