"""What comes from a client is a whole answer or one known error. Imported in the call only."""

from __future__ import annotations

from typing import Any

from httpx2 import HTTPError
from pydantic_ai.exceptions import ContentFilterError, ModelAPIError, ModelAuthenticationError, OutputTokenLimitExceeded
from pydantic_ai.messages import ModelMessagesTypeAdapter, ModelResponse
from pydantic_ai.models import Model
from pydantic_ai.models.wrapper import WrapperModel


class Strict(WrapperModel):
    """A refusal, or an answer cut off for its length, stays what it is, whatever text came with it; the agent would ask again."""

    def __init__(self, wrapped: Model, unauthorized: tuple[type[Exception], ...]) -> None:
        """`unauthorized`: what the client raises of its own where a credential cannot be had."""
        super().__init__(wrapped)
        self._unauthorized = unauthorized

    async def request(self, *args: Any, **kwargs: Any) -> ModelResponse:
        """Raises what the client raises, and ModelAPIError where it stumbles over an answer that is not of its provider's shape."""
        try:
            response = await super().request(*args, **kwargs)
            ModelMessagesTypeAdapter.dump_json([response])  # half a character is none: the agent would stumble over it later
        except self._unauthorized as error:
            raise ModelAuthenticationError(self.model_name, "no credential") from error
        except (AttributeError, HTTPError, LookupError, RecursionError, TypeError, ValueError) as error:
            # As the SDKs do on a status 200 with "null", "7", half of an object, brackets without end or what is not compressed as it
            # says: tests/adapters/writer has them all.
            raise ModelAPIError(self.model_name, f"not read: {type(error).__name__}") from error
        match response.finish_reason:
            case "content_filter":
                raise ContentFilterError("refused")
            case "length":
                raise OutputTokenLimitExceeded("cut off")
            case _:
                return response
