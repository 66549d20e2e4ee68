"""Why no answer came, in words for people: the kind of the failure, never what the provider's own message quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clops_app.adapters.writer.providers import Label
from clops_app.language import tr

if TYPE_CHECKING:
    from pydantic_ai.exceptions import AgentRunError, UserError

_MOST_PATIENCE_SECONDS = 24 * 3600  # who asks for more says nothing that helps


def late(name: str, seconds: float) -> str:
    """Each of these is a whole sentence; `name` is what people call the model."""
    return tr("{name} did not answer within {seconds:g} s.", name=name, seconds=round(seconds, 1))


def missing(name: str, label: Label) -> str:
    return tr(
        '{name} cannot be asked: its client is not installed. Install it with: pip install "clops[{extra}]"', name=name, extra=label.extra
    )


def unusable(name: str, label: Label) -> str:
    return tr("{name} cannot be asked: there is no working credential. See {credential}.", name=name, credential=label.credential)


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


def explained(error: AgentRunError | UserError, name: str, label: Label) -> str:
    from pydantic_ai import exceptions as known

    match error:
        case known.UserError():
            return tr("{name} cannot be asked: it gives no answers of a given shape. Choose another model.", name=name)
        case known.ModelTimeoutError() | known.ModelRequestTimeout():
            return tr("{name} did not answer in time.", name=name)
        case known.ModelRateLimitError(retry_after=seconds) if seconds is not None and seconds <= _MOST_PATIENCE_SECONDS:
            return tr("{name} has too many requests of this account. It asks for {seconds:g} s of patience.", name=name, seconds=seconds)
        case known.ModelRateLimitError():
            return tr("{name} has too many requests of this account.", name=name)
        case known.ModelQuotaExceededError():
            return tr("{name} says that the account's quota or credit is used up.", name=name)
        case known.ModelUnavailableError():
            return tr("{name} is overloaded.", name=name)
        case known.ModelServerError():
            return tr("{name} failed{status}.", name=name, status=_status(error))
        case known.ModelAuthenticationError():
            if not (status := _status(error)):
                return unusable(name, label)
            return tr("{name} refused the credential{status}: see {credential}.", name=name, status=status, credential=label.credential)
        case known.ModelNotFoundError():
            return tr(
                "{name} is not there{status}: is the model's name right, and is it offered to this account in this region?",
                name=name,
                status=_status(error),
            )
        case known.ModelContextWindowExceededError():
            return tr("{name} cannot read that much at once.", name=name)
        case known.ModelRequestRejectedError():
            return tr(
                "{name} refused the request{status}: is the model's name right, and is it offered to this account in this region?",
                name=name,
                status=_status(error),
            )
        case known.ModelConnectionError(phase="connect"):
            return tr("{name} could not be reached.", name=name)
        case known.ModelConnectionError():
            return tr("{name} broke off in the middle of its answer.", name=name)
        case known.ContentFilterError():
            return tr("{name} refused to answer.", name=name)
        case known.OutputTokenLimitExceeded():
            return tr("{name} answered at too great a length.", name=name)
        case known.ModelHTTPError():
            return tr("{name} failed{status}.", name=name, status=_status(error))
        case known.ModelAPIError():
            return tr("{name} gave an answer that cannot be read.", name=name)
        case _:
            return tr("{name} gave an answer that cannot be used.", name=name)


def _status(error: Exception) -> str:
    status = getattr(error, "status_code", None)
    return f" ({tr('status {code}', code=status)})" if isinstance(status, int) else ""
