"""What GitHub's own documents say of requests, answers and webhooks, as checks that name every departure."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from openapi_schema_validator import OAS30Validator, OAS31Validator

FOLDER = Path(__file__).parent / "contracts"
VERSIONS = ("2022-11-28", "2026-03-10")
# Answers every endpoint may give though GitHub's document rarely declares them (README of the contracts, A.1).
EVERYWHERE = {301, 307, 400, 401, 403, 404, 410, 422, 429, 500, 501, 502, 503}
# What the API really sends as null although the document forbids it: github/rest-api-description#1901 and #5568 for
# the places of comments (outdated, or on a whole file); the head repository of a pull request whose fork was deleted.
NULLABLE = {
    "pull-request-review-comment": (
        "position",
        "original_position",
        "line",
        "original_line",
        "start_line",
        "original_start_line",
        "side",
        "start_side",
    ),
    "review-comment": ("line", "original_line", "original_start_line", "side"),
}
NULL = {"nullable": True, "enum": [None]}
# What version 2026-03-10 removed (octokit's document describes 2022-11-28): by githubkit's two sets of models.
REMOVED = {
    "pull-request": {"merge_commit_sha", "assignee"},
    "pull-request-simple": {"merge_commit_sha", "assignee"},
    "issue": {"assignee"},
    "nullable-issue": {"assignee"},
    "rate-limit-overview": {"rate"},
}
REMOVED_FROM_REPOSITORIES = {"has_downloads", "use_squash_pr_title_as_default", "master_branch"}
SLASHED = ("path", "ref", "basehead")  # parameters that may hold a slash


@dataclass(frozen=True, slots=True)
class Operation:
    method: str
    template: str
    pattern: re.Pattern[str]
    spec: dict[str, Any]


class Contract:
    """One trimmed OpenAPI document with the patches above."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.operations = tuple(sorted(_operations(document), key=lambda one: (one.template.count("{"), -len(one.template))))
        self._validators: dict[tuple[object, ...], Any] = {}

    def find(self, method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
        for one in self.operations:
            if one.method == method and (match := one.pattern.fullmatch(path)):
                return one, match.groupdict()
        return None

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            _, *steps = schema["$ref"].split("/")
            schema = self.document
            for step in steps:
                schema = schema[step.replace("~1", "/").replace("~0", "~")]
        return schema

    def validator(self, schema: dict[str, Any], *key: object) -> Any:
        if key not in self._validators:
            self._validators[key] = OAS30Validator({**schema, "components": self.document["components"]})
        return self._validators[key]

    def check_request(self, operation: Operation, query: dict[str, str], body: object) -> list[str]:
        declared = {(one["in"], one["name"]): one for one in map(self.resolve, operation.spec.get("parameters", []))}
        problems = []
        for name, value in query.items():
            if ("query", name) not in declared:
                problems.append(f"{name!r} is not a permitted key.")
                continue
            schema = self.resolve(declared["query", name]["schema"])
            if schema.get("type") == "integer" and not value.isdigit():
                problems.append(f"{name!r}: {value!r} is not an integer.")
            if schema.get("enum") and value not in schema["enum"]:
                problems.append(f"{name!r}: {value!r} is not in {schema['enum']}.")
        wanted = operation.spec.get("requestBody")
        if wanted is None:
            return problems if body is None else [*problems, "No body is expected."]
        if body is None:
            return [*problems, "A body is required."] if wanted.get("required") else problems
        schema = next(iter(wanted["content"].values()))["schema"]
        errors = self.validator(schema, "request", operation.method, operation.template).iter_errors(body)
        problems += [f"For 'properties/{'/'.join(map(str, error.absolute_path))}', {error.message[:200]}." for error in errors]
        return problems + self._unknown(schema, body, "")

    def _unknown(self, schema: dict[str, Any], body: object, where: str) -> list[str]:
        """Names the document does not know: it never sets additionalProperties, so a typo would pass."""
        schema = self.resolve(schema)
        if isinstance(body, list) and "items" in schema:
            return [problem for one in body for problem in self._unknown(schema["items"], one, where)]
        known = schema.get("properties")
        if not isinstance(body, dict) or not known:
            return []
        strange = [f'"{where}{name}" is not a permitted key.' for name in body if name not in known]
        return strange + [
            problem for name in body if name in known for problem in self._unknown(known[name], body[name], f"{where}{name}.")
        ]

    def answer_schema(self, operation: Operation, status: int) -> dict[str, Any] | None:
        answer = self.resolve(operation.spec["responses"].get(str(status), {}))
        content = answer.get("content", {})
        for kind in ("application/json", "application/json; charset=utf-8"):
            if kind in content:
                schema: dict[str, Any] = content[kind]["schema"]
                return schema
        return None

    def check_answer(self, operation: Operation, status: int, body: object) -> list[str]:
        if str(status) not in operation.spec["responses"]:
            return [] if status in EVERYWHERE else [f"status {status} is not declared ({', '.join(operation.spec['responses'])})"]
        schema = self.answer_schema(operation, status)
        if schema is None:
            return []
        errors = self.validator(schema, "answer", operation.method, operation.template, status).iter_errors(body)
        return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]

    def project(self, schema: dict[str, Any], body: Any) -> Any:
        """The body without what this version does not declare, so two versions never answer alike by accident."""
        schema = self.resolve(schema)
        if schema.get("anyOf", ())[1:] == [NULL]:
            return None if body is None else self.project(schema["anyOf"][0], body)
        for several in ("allOf", "anyOf", "oneOf"):
            if several in schema and len(schema[several]) == 1:
                return self.project(schema[several][0], body)
        if isinstance(body, list):
            return [self.project(schema.get("items", {}), one) for one in body]
        known = schema.get("properties")
        if not isinstance(body, dict) or not known or schema.get("additionalProperties") not in (None, False) or "allOf" in schema:
            return body
        return {name: self.project(known[name], value) for name, value in body.items() if name in known}


def _operations(document: dict[str, Any]) -> list[Operation]:
    found = []
    for template, item in document["paths"].items():
        pattern = re.sub(r"{(\w+)}", lambda name: f"(?P<{name[1]}>{'.+' if name[1] in SLASHED else '[^/]+'})", template)
        found += [Operation(method.upper(), template, re.compile(pattern), spec) for method, spec in item.items() if method != "parameters"]
    return found


def _patched(node: Any) -> Any:
    """The document allowing null where it says nullable beside an enum that forgot it, and alternatives that overlap.

    A directory's contents, an error with a status and others match two branches of a oneOf (README of the contracts, A.1).
    """
    if isinstance(node, list):
        return [_patched(one) for one in node]
    if not isinstance(node, dict):
        return node
    renamed = {"anyOf" if name == "oneOf" and isinstance(value, list) else name: value for name, value in node.items()}
    renamed.pop("discriminator", None)  # a list has no `type` to look at
    patched = {name: _patched(value) for name, value in renamed.items()}
    if patched.get("nullable") is True and isinstance(patched.get("enum"), list) and None not in patched["enum"]:
        patched["enum"] = [*patched["enum"], None]
    return patched


def _read(name: str) -> Any:
    return json.loads(gzip.decompress((FOLDER / name).read_bytes()))


def _drop(schema: dict[str, Any], names: set[str]) -> None:
    for name in names & set(schema.get("properties", {})):
        del schema["properties"][name]
    if required := [name for name in schema.get("required", []) if name not in names]:
        schema["required"] = required
    else:
        schema.pop("required", None)


@cache
def rest(host: str, version: str) -> Contract:
    """The contract of a host (api.github.com or ghes-3.19) at one API version."""
    document = _patched(_read(f"{host}-2022-11-28.json.gz"))
    schemas = document["components"]["schemas"]
    for name, fields in NULLABLE.items():
        for field in fields:
            if (schema := schemas[name]["properties"].get(field)) is not None:
                schema["nullable"] = True
    for name in ("pull-request", "pull-request-simple"):
        repository = schemas[name]["properties"]["head"]["properties"]
        repository["repo"] = {"anyOf": [repository["repo"], NULL]}
    if version == "2026-03-10":
        for name, schema in schemas.items():
            _drop(schema, REMOVED.get(name, set()) | (REMOVED_FROM_REPOSITORIES if "repository" in name else set()))
    return Contract(document)


@cache
def _webhooks() -> dict[str, Any]:
    document: dict[str, Any] = _read("webhooks.json.gz")
    return document


@cache
def _webhook_validator(name: str) -> Any:
    document = _webhooks()
    schema = document["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return OAS31Validator({**schema, "components": document["components"]})


def check_webhook(event: str, action: str | None, payload: object) -> list[str]:
    """What is wrong with a payload we are about to send, by the official schema of its event and action."""
    name = f"{event}-{action}".replace("_", "-") if action else event.replace("_", "-")
    if name not in _webhooks()["webhooks"]:
        return [f"there is no webhook {event}.{action}"]
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in _webhook_validator(name).iter_errors(payload)]


@cache
def error_bodies() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / "error-bodies.json").read_text())
    return found


def graphql_sdl() -> str:
    """The GraphQL schema's text."""
    return gzip.decompress((FOLDER / "schema.graphql.gz").read_bytes()).decode()
