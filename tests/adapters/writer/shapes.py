"""What each provider takes for a request, as its public reference gives it; what we have no use for is left out, and so refused.

Anthropic: platform.claude.com/docs/en/api/messages. Bedrock: docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html.
Google: ai.google.dev/api/generate-content and cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {"type": "object", "properties": required | (optional or {}), "required": list(required), "additionalProperties": False}


def _list(items: Schema, least: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": least}


TEXT: Schema = {"type": "string", "minLength": 1}
JSON_SCHEMA: Schema = {"type": "object", "required": ["type", "properties"], "properties": {"type": {"const": "object"}}}
TOKENS: Schema = {"type": "integer", "minimum": 1}
TEMPERATURE: Schema = {"type": "number", "minimum": 0, "maximum": 1}

_ANTHROPIC_CACHE = _object({"type": {"const": "ephemeral"}}, {"ttl": {"enum": ["5m", "1h"]}})
_ANTHROPIC_TEXT = _object({"type": {"const": "text"}, "text": TEXT}, {"cache_control": _ANTHROPIC_CACHE})
_ANTHROPIC_TOOL_USE = _object({"type": {"const": "tool_use"}, "id": TEXT, "name": TEXT, "input": {"type": "object"}})
_ANTHROPIC_TOOL_RESULT = _object(
    {"type": {"const": "tool_result"}, "tool_use_id": TEXT}, {"content": {"type": ["string", "array"]}, "is_error": {"type": "boolean"}}
)
ANTHROPIC = _object(
    {
        "model": TEXT,
        "max_tokens": TOKENS,
        "system": _list(_ANTHROPIC_TEXT),
        "messages": _list(
            _object(
                {
                    "role": {"enum": ["user", "assistant"]},
                    "content": {"anyOf": [TEXT, _list({"anyOf": [_ANTHROPIC_TEXT, _ANTHROPIC_TOOL_USE, _ANTHROPIC_TOOL_RESULT]})]},
                }
            )
        ),
    },
    {
        "stream": {"const": False},
        "temperature": TEMPERATURE,
        "output_config": _object({"format": _object({"type": {"const": "json_schema"}, "schema": JSON_SCHEMA})}),
        "tools": _list(_object({"name": TEXT, "input_schema": JSON_SCHEMA}, {"description": TEXT, "strict": {"type": "boolean"}})),
        "tool_choice": _object({"type": {"enum": ["any", "auto"]}}),
    },
)

_CACHE_POINT = _object({"cachePoint": _object({"type": {"const": "default"}}, {"ttl": {"enum": ["5m", "1h"]}})})
_BEDROCK_TOOL_USE = _object({"toolUse": _object({"toolUseId": TEXT, "name": TEXT, "input": {"type": "object"}})})
_BEDROCK_TOOL_RESULT = _object(
    {"toolResult": _object({"toolUseId": TEXT, "content": {"type": "array"}}, {"status": {"enum": ["success", "error"]}})}
)
BEDROCK = _object(
    {
        "messages": _list(
            _object(
                {
                    "role": {"enum": ["user", "assistant"]},
                    "content": _list({"anyOf": [_object({"text": TEXT}), _BEDROCK_TOOL_USE, _BEDROCK_TOOL_RESULT]}),
                }
            )
        ),
        "system": _list({"anyOf": [_object({"text": TEXT}), _CACHE_POINT]}),
        "inferenceConfig": _object({"maxTokens": TOKENS}, {"temperature": TEMPERATURE}),
    },
    {
        "toolConfig": _object(
            {
                "tools": _list(
                    _object({"toolSpec": _object({"name": TEXT, "inputSchema": _object({"json": JSON_SCHEMA})}, {"description": TEXT})})
                )
            },
            {"toolChoice": _object({"any": _object({})})},
        ),
        "outputConfig": _object(
            {
                "textFormat": _object(
                    {
                        "type": {"const": "json_schema"},
                        "structure": _object({"jsonSchema": _object({"schema": TEXT}, {"name": TEXT, "description": TEXT})}),
                    }
                )
            }
        ),
    },
)

_FUNCTION_CALL = _object({"name": TEXT, "args": {"type": "object"}}, {"id": TEXT})
_FUNCTION_RESPONSE = _object({"name": TEXT, "response": {"type": "object"}}, {"id": TEXT})
_PART = {
    "anyOf": [
        _object({"text": TEXT}),
        _object({"functionCall": _FUNCTION_CALL}, {"thoughtSignature": TEXT}),
        _object({"functionResponse": _FUNCTION_RESPONSE}),
    ]
}
_DECLARATION = _object(
    {"name": TEXT},
    {"description": TEXT, "parameters": JSON_SCHEMA, "parametersJsonSchema": JSON_SCHEMA, "parameters_json_schema": JSON_SCHEMA},
)
GOOGLE = _object(
    {
        "contents": _list(_object({"role": {"enum": ["user", "model"]}, "parts": _list(_PART)})),
        "systemInstruction": _object({"parts": _list(_object({"text": TEXT}))}, {"role": TEXT}),
        "generationConfig": _object({"maxOutputTokens": TOKENS}, {"responseModalities": {"const": ["TEXT"]}}),
    },
    {
        "tools": _list(_object({"functionDeclarations": _list(_DECLARATION)})),
        "toolConfig": _object({"functionCallingConfig": _object({"mode": {"const": "ANY"}})}),
    },
)
