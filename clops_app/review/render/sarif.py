"""The Review as a SARIF 2.1.0 log, for code scanning and every other tool that reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType
from urllib.parse import quote

from clops_app.language import tr
from clops_app.model.finding import Finding, Severity
from clops_app.model.review import Review
from clops_app.model.source import Edit, SourceTree, line_starts
from clops_app.review.render.json_document import Json
from clops_app.review.render.links import Links
from clops_app.review.render.proposed import author
from clops_app.rulebook.page import RulePage

# The schema's own id, given in SARIF 2.1.0 plus errata 01, section 3.13.3.
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "REPOROOT"
_LEVELS: Mapping[Severity, str] = MappingProxyType({"critical": "error", "high": "error", "medium": "warning", "low": "note"})
# GitHub shows over 9.0 as critical, 7.0 to 8.9 as high, 4.0 to 6.9 as medium, 0.1 to 3.9 as low
# (docs.github.com, "SARIF support for code scanning", reportingDescriptor: properties.security-severity).
_SECURITY: Mapping[Severity, str] = MappingProxyType({"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"})
_BASELINE = MappingProxyType({"new": "new", "existing": "unchanged", "fixed": "absent"})
NO_LINKS = Links()


def sarif_log(
    review: Review, pages: Mapping[str, RulePage], tree: SourceTree, *, version: str, links: Links = NO_LINKS, complete: bool = False
) -> Mapping[str, Json]:
    """Write the log. `tree` is the head tree that the findings' places and the patches' edits are in.

    By default it holds what is wrong now: GitHub reads neither `baselineState` nor `suppressions`
    (both are absent from its list of supported properties) and would open an alert for what was fixed or dismissed.
    `complete` adds the fixed ones as "absent" and the dismissed ones with their suppression, for readers that know them.
    """
    findings = [finding for finding in review.findings if complete or finding.status != "fixed"]
    ignored = list(review.ignored) if complete else []
    rules = sorted({finding.rule for finding in (*findings, *(finding for finding, _ in ignored))})
    index = {rule: number for number, rule in enumerate(rules)}
    examples = {finding.rule: finding for finding in (*(finding for finding, _ in ignored), *findings)}
    results = [_result(finding, index, tree, review) for finding in findings]
    results += [_result(finding, index, tree, review) | {"suppressions": [_suppression(reason)]} for finding, reason in ignored]
    run: dict[str, Json] = {
        "tool": {
            "driver": {
                "name": "ClOps",
                "semanticVersion": version,
                "rules": [_rule(examples[rule], pages.get(rule), links) for rule in rules],
            }
        },
        "automationDetails": {"id": "clops/"},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": tr("The root of the repository.")}}},
        "results": results,
        "invocations": [{"executionSuccessful": not any(d.fatal for d in review.diagnostics), **_notifications(review)}],
    }
    if review.base is not None:
        # A run that compares must name what it compared with (SARIF 2.1.0, 3.14.5); the base ref, made a GUID.
        run["baselineGuid"] = _guid(review.base)
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _guid(text: str) -> str:
    """A GUID that is always the same for the same text: version 8 of RFC 9562 is not in SARIF's pattern, so it says 5."""
    digits = sha256(text.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-5{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def _rule(example: Finding, page: RulePage | None, links: Links) -> Json:
    title = (example.title if page is None else page.title).rstrip(".")
    rule: dict[str, Json] = {
        "id": example.rule,
        "name": "".join(part.capitalize() for part in example.rule.rpartition("/")[2].split("_")),
        "shortDescription": {"text": title},
        "fullDescription": {"text": title if page is None else " ".join(page.what.split()) or title},
        "defaultConfiguration": {"level": _LEVELS[example.severity]},
        "help": _help(example, page),
        "properties": {
            "tags": sorted({"terraform", example.category, *(["security"] if example.category == "security" else [])}),
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[_LEVELS[example.severity]],
            **({"security-severity": _SECURITY[example.severity]} if example.category == "security" else {}),
        },
    }
    if links.rule(example.rule):
        rule["helpUri"] = links.rule(example.rule)
    return rule


def _help(example: Finding, page: RulePage | None) -> Json:
    if page is None:
        return {"text": example.message, "markdown": example.message}
    told = [(heading, text.strip()) for heading, text in page.sections if text.strip()]
    markdown = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in told)
    return {"text": "\n\n".join(text for _, text in told) or page.title, "markdown": markdown or page.title}


def _result(finding: Finding, index: Mapping[str, int], tree: SourceTree, review: Review) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": _message(finding),
        "locations": [_location(finding)],
        "partialFingerprints": {"clops/v1": finding.fingerprint},
        **({} if review.base is None else {"baselineState": _BASELINE[finding.status]}),
    }
    fix = _fix(finding, tree)
    return result if fix is None else result | {"fixes": [fix]}


def _message(finding: Finding) -> Json:
    """With the address, which a line number alone does not give: a line may be fifty instances."""
    words = finding.message if f"`{finding.address}`" in finding.message else f"`{finding.address}`: {finding.message}"
    return {"text": words.replace("`", ""), "markdown": words}


def _location(finding: Finding) -> Json:
    return {
        "physicalLocation": {
            "artifactLocation": _artifact(finding.path),
            "region": {"startLine": max(1, finding.start_line), "endLine": max(1, finding.start_line, finding.end_line)},
        },
        "logicalLocations": [{"fullyQualifiedName": finding.address, "kind": "resource"}],
    }


def _artifact(path: str) -> Json:
    return {"uri": quote(path, safe="/"), "uriBaseId": _ROOT}


def _fix(finding: Finding, tree: SourceTree) -> Json:
    """None without a patch, and for a patch whose places cannot be named: in a file that is not UTF-8."""
    if finding.patch is None or finding.status == "fixed":
        return None
    by_path: dict[str, list[Edit]] = {}
    for edit in finding.patch.edits:
        by_path.setdefault(edit.span.path, []).append(edit)
    changes: list[Json] = []
    for path, edits in sorted(by_path.items()):
        replacements = _replacements(edits, tree.files.get(path))
        if replacements is None:
            return None
        changes.append({"artifactLocation": _artifact(path), "replacements": replacements})
    text = author(finding.patch).replace("`", "") or finding.patch.title
    return {"description": {"text": text}, "artifactChanges": changes} if changes else None


def _replacements(edits: Iterable[Edit], content: bytes | None) -> Sequence[Json] | None:
    if content is None:
        return None
    starts = line_starts(content)
    replacements: list[Json] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        start, end = _place(content, starts, edit.span.start), _place(content, starts, edit.span.end)
        if start is None or end is None:
            return None
        region: Json = {"startLine": start[0], "startColumn": start[1], "endLine": end[0], "endColumn": end[1]}
        replacements.append({"deletedRegion": region, "insertedContent": {"text": edit.text}})
    return replacements


def _place(content: bytes, starts: Sequence[int], offset: int) -> tuple[int, int] | None:
    """Line and column of a byte, both from 1, the column in code points as `columnKind` says."""
    line = next(number for number in range(len(starts), 0, -1) if starts[number - 1] <= offset)
    try:
        return line, len(content[starts[line - 1] : offset].decode()) + 1
    except UnicodeDecodeError:
        return None


def _suppression(reason: str) -> Json:
    return {"kind": "inSource" if not reason else "external", "justification": reason} if reason else {"kind": "inSource"}


def _notifications(review: Review) -> dict[str, Json]:
    """What could not be evaluated, where a SARIF reader looks for it."""
    notes: list[Json] = [
        {"level": "error" if item.fatal else "warning", "message": {"text": f"{item.what} ({item.where}): {item.why}"}}
        for item in review.diagnostics
    ]
    return {"toolExecutionNotifications": notes} if notes else {}
