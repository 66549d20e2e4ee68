"""How each provider says the same thing: a good answer, prose, a refusal, an answer cut short, an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.adapters.writer import shapes

Body = Mapping[str, Any]
INPUT_TOKENS, CACHED_TOKENS, OUTPUT_TOKENS = 1_100, 1_000, 200


@dataclass(frozen=True)
class Dialect:
    """`path` and `headers` are regular expressions of what a request must have. `said(content, why)`: an answer, and why it ended."""

    name: str
    shape: shapes.Schema
    path: str
    headers: Mapping[str, str]
    content: Callable[[Body, object], object]
    prose: Callable[[str], object]
    said: Callable[[object, str], Body]
    ends: Mapping[str, str]
    error: Callable[[int, str], Body]
    error_headers: Callable[[int], Mapping[str, str]] = lambda _: {}


def _anthropic_content(asked: Body, words: object) -> object:
    if "tools" in asked:
        return [{"type": "tool_use", "id": "toolu_1", "name": asked["tools"][0]["name"], "input": words}]
    return [{"type": "text", "text": json.dumps(words)}]


def _anthropic_said(content: object, why: str) -> Body:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": content,
        "stop_reason": why,
        "stop_sequence": None,
        "usage": {
            "input_tokens": INPUT_TOKENS - CACHED_TOKENS,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": CACHED_TOKENS,
            "output_tokens": OUTPUT_TOKENS,
        },
    }


# platform.claude.com/docs/en/api/errors
_ANTHROPIC_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
    529: "overloaded_error",
}

ANTHROPIC = Dialect(
    name="anthropic",
    shape=shapes.ANTHROPIC,
    path=r"/v1/messages",
    headers={"anthropic-version": r"\d{4}-\d\d-\d\d", "authorization": r"Bearer sk-ant-s3cr3t", "content-type": r"application/json"},
    content=_anthropic_content,
    prose=lambda text: [{"type": "text", "text": text}],
    said=_anthropic_said,
    ends={"good": "end_turn", "refusal": "refusal", "long": "max_tokens"},
    error=lambda status, text: {"type": "error", "error": {"type": _ANTHROPIC_KINDS[status], "message": text}},
)


def _bedrock_content(asked: Body, words: object) -> object:
    if "toolConfig" in asked:
        return [{"toolUse": {"toolUseId": "tool_1", "name": asked["toolConfig"]["tools"][0]["toolSpec"]["name"], "input": words}}]
    return [{"text": json.dumps(words)}]


def _bedrock_said(content: object, why: str) -> Body:
    return {
        "output": {"message": {"role": "assistant", "content": content}},
        "stopReason": why,
        "usage": {
            "inputTokens": INPUT_TOKENS - CACHED_TOKENS,
            "cacheReadInputTokens": CACHED_TOKENS,
            "cacheWriteInputTokens": 0,
            "outputTokens": OUTPUT_TOKENS,
            "totalTokens": INPUT_TOKENS + OUTPUT_TOKENS,
        },
        "metrics": {"latencyMs": 1},
    }


# The errors of Converse; 529 is not among them, its overload is a 503.
_BEDROCK_KINDS = {
    400: "ValidationException",
    401: "UnrecognizedClientException",
    403: "AccessDeniedException",
    404: "ResourceNotFoundException",
    429: "ThrottlingException",
    500: "InternalServerException",
    503: "ServiceUnavailableException",
    529: "ServiceUnavailableException",
}

BEDROCK = Dialect(
    name="bedrock",
    shape=shapes.BEDROCK,
    path=r"/model/global\.anthropic\.claude-sonnet-5-5/converse",
    headers={
        "authorization": r"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/\d{8}/eu-west-1/bedrock/aws4_request, "
        r"SignedHeaders=[a-z0-9;-]*host[a-z0-9;-]*x-amz-date[a-z0-9;-]*x-amz-security-token, Signature=[0-9a-f]{64}",
        "x-amz-date": r"\d{8}T\d{6}Z",
        "x-amz-security-token": r"t0k3n-s3cr3t",
        "content-type": r"application/json",
    },
    content=_bedrock_content,
    prose=lambda text: [{"text": text}],
    said=_bedrock_said,
    ends={"good": "end_turn", "refusal": "guardrail_intervened", "long": "max_tokens"},
    error=lambda _status, text: {"message": text},
    error_headers=lambda status: {"x-amzn-errortype": _BEDROCK_KINDS[status]},
)


def _google_content(asked: Body, words: object) -> object:
    name = asked["tools"][0]["functionDeclarations"][0]["name"]
    return [{"functionCall": {"name": name, "args": words}, "thoughtSignature": "c2ln"}]


def _google_said(content: object, why: str) -> Body:
    return {
        "candidates": [{"content": {"role": "model", "parts": content}, "finishReason": why, "index": 0}],
        "usageMetadata": {
            "promptTokenCount": INPUT_TOKENS,
            "cachedContentTokenCount": CACHED_TOKENS,
            "candidatesTokenCount": OUTPUT_TOKENS,
            "totalTokenCount": INPUT_TOKENS + OUTPUT_TOKENS,
        },
        "modelVersion": "gemini-4-argon",
        "responseId": "r1",
    }


# cloud.google.com/apis/design/errors
_GOOGLE_KINDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    529: "UNAVAILABLE",
}


def _google(name: str, path: str, headers: Mapping[str, str]) -> Dialect:
    return Dialect(
        name=name,
        shape=shapes.GOOGLE,
        path=path,
        headers={**headers, "content-type": r"application/json"},
        content=_google_content,
        prose=lambda text: [{"text": text}],
        said=_google_said,
        ends={"good": "STOP", "refusal": "SAFETY", "long": "MAX_TOKENS"},
        error=lambda status, text: {"error": {"code": status, "message": text, "status": _GOOGLE_KINDS[status]}},
    )


GEMINI = _google("gemini", r"/v1beta/models/gemini-4-argon:generateContent", {"x-goog-api-key": r"AIza-s3cr3t"})
VERTEX = _google(
    "vertex",
    r"/v1beta1/projects/my-project/locations/europe-west4/publishers/google/models/gemini-4-argon:generateContent",
    {"authorization": r"Bearer ya29\.s3cr3t"},
)
DIALECTS = (ANTHROPIC, BEDROCK, VERTEX, GEMINI)


def matches(pattern: str, text: str | None) -> bool:
    return text is not None and re.fullmatch(pattern, text) is not None
