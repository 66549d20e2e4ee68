"""Values of the model as plain JSON and back, checked on arrival."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, TypeAlias, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from clops_app.ports import ThinkingFailed

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
T = TypeVar("T")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def plain(value: object) -> Json:
    """A dataclass of the model as JSON; bytes are base64, decimals and dates text."""
    return cast("Json", _adapter(cast("Any", type(value))).dump_python(value, mode="json"))


def load(kind: type[T], message: Json) -> T:
    """The value that `plain` was made of. Raises ThinkingFailed when it is none."""
    try:
        return cast("T", _adapter(cast("Any", kind)).validate_json(json.dumps(message)))
    except ValidationError:
        raise ThinkingFailed(f"an answer is no {kind.__name__}") from None
