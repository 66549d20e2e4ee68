"""Why no answer came, in words for people: the kind of the failure, never what the provider's own message quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clops_app.adapters.writer.providers import Label

if TYPE_CHECKING:
    from pydantic_ai.exceptions import AgentRunError, UserError

LATE = "did not answer within {seconds:g} s."


def missing(label: Label) -> str:
    return f'cannot be asked: its client is not installed. Install it with: pip install "clops[{label.extra}]"'


def unusable(label: Label) -> str:
    return f"cannot be asked: there is no working credential. See {label.credential}."


def worth_waiting(error: AgentRunError | UserError, usually: float) -> float | None:
    """Seconds after which the same question may be answered; None where it will not."""
    from pydantic_ai import exceptions as known

    match error:
        case known.ModelTimeoutError():
            return None
        case known.ModelHTTPError(provider_retry_hint=False):
            return None
        case known.ModelRateLimitError() | known.ModelUnavailableError() | known.ModelServerError() | known.ModelConnectionError():
            return usually if error.retry_after is None else error.retry_after + usually
        case known.ModelAPIError() if type(error) is known.ModelAPIError:  # not to be read: a gateway's fault, as a rule
            return usually
        case _:
            return None


def explained(error: AgentRunError | UserError, label: Label) -> str:
    """The rest of a sentence that begins with the model's name."""
    from pydantic_ai import exceptions as known

    match error:
        case known.UserError():
            return "cannot be asked: it gives no answers of a given shape. Choose another model."
        case known.ModelTimeoutError() | known.ModelRequestTimeout():
            return "did not answer in time."
        case known.ModelRateLimitError():
            wait = "" if error.retry_after is None else f" It asks for {error.retry_after:g} s of patience."
            return f"has too many requests of this account.{wait}"
        case known.ModelQuotaExceededError():
            return "says that the account's quota or credit is used up."
        case known.ModelUnavailableError():
            return "is overloaded."
        case known.ModelServerError():
            return f"failed{_status(error)}."
        case known.ModelAuthenticationError():
            status = _status(error)
            return f"refused the credential{status}: see {label.credential}." if status else unusable(label)
        case known.ModelNotFoundError():
            return f"is not there{_status(error)}: is the model's name right, and is it offered to this account in this region?"
        case known.ModelContextWindowExceededError():
            return "cannot read that much at once."
        case known.ModelRequestRejectedError():
            return f"refused the request{_status(error)}: is the model's name right, and is it offered to this account in this region?"
        case known.ModelConnectionError(phase="connect"):
            return "could not be reached."
        case known.ModelConnectionError():
            return "broke off in the middle of its answer."
        case known.ContentFilterError():
            return "refused to answer."
        case known.OutputTokenLimitExceeded():
            return "answered at too great a length."
        case known.ModelHTTPError():
            return f"failed{_status(error)}."
        case known.ModelAPIError():
            return "gave an answer that cannot be read."
        case _:
            return "gave an answer that cannot be used."


def _status(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return f" (status {status})" if isinstance(status, int) else ""
