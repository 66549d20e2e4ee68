"""A secret that AWS keeps is read by its ARN, once, when the server starts."""

from __future__ import annotations

import json

# arn:PARTITION:secretsmanager:REGION:ACCOUNT:secret:NAME, and as ECS writes it with a key of the secret's JSON after it:
# docs.aws.amazon.com, "Pass Secrets Manager secrets through Amazon ECS environment variables".
_PARTS_OF_ARN = 7


class SecretError(Exception):
    """The secret could not be read. The message never holds any of it."""


def is_arn(text: str) -> bool:
    """Whether a text names a secret in AWS Secrets Manager."""
    return text.startswith("arn:") and text.split(":")[2:3] == ["secretsmanager"]


def secret_at(arn: str) -> str:
    """The secret's text, or of a JSON object the value that the ARN's eighth part names. Raises SecretError."""
    try:
        import boto3
        from botocore.exceptions import BotoCoreError, ClientError
    except ImportError as error:
        raise SecretError("boto3 is not installed: pip install 'clops[aws]'") from error
    parts = arn.split(":")
    try:
        client = boto3.client("secretsmanager", region_name=parts[3])
        text = client.get_secret_value(SecretId=":".join(parts[:_PARTS_OF_ARN])).get("SecretString")
    except ClientError as error:
        raise SecretError(f"AWS answered {error.response.get('Error', {}).get('Code', 'an error')}") from error
    except BotoCoreError as error:
        raise SecretError(f"AWS was not reached ({type(error).__name__})") from error
    if not isinstance(text, str):
        raise SecretError("the secret is binary, not text")
    return _value(text, parts[_PARTS_OF_ARN]) if len(parts) > _PARTS_OF_ARN and parts[_PARTS_OF_ARN] else text


def _value(text: str, key: str) -> str:
    try:
        found = json.loads(text)[key]
    except (ValueError, KeyError, TypeError):
        raise SecretError(f"the secret is no JSON object with the key {key}") from None
    return str(found)
