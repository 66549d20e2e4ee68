"""A plan's trees of values, of what is unknown and of what is sensitive are one value each; whatever has another shape is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from clops_app.language import tr
from clops_app.model.values import Datum, Unknown
from clops_app.terraform.numbers import whole
from clops_app.terraform.reasons import after_apply
from clops_app.terraform.values import EvaluationError

MAX_DEPTH = 100  # the deepest provider schema (aws_quicksight_template) nests some twenty deep

HOW = "make it with: terraform plan -out plan.bin && terraform show -json plan.bin > plan.json"

Json: TypeAlias = "None | bool | int | Decimal | str | list[Json] | dict[str, Json]"
_NAME = re.compile(r"[^\W\d][\w-]*")


class PlanError(Exception):
    """A file that is not a plan which can be used. The message says what to do, and quotes nothing of the file."""


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def wrong(where: str) -> PlanError:
    return PlanError(f"{where} is not what it is in a plan of Terraform; {HOW}")


def mapping(value: Json, where: str) -> dict[str, Json]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise wrong(where)
    return value


def sequence(value: Json, where: str) -> list[Json]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong(where)
    return value


def name_of(value: Json, where: str) -> str:
    if not isinstance(value, str) or not is_name(value):
        raise wrong(where)
    return value


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a value stands, while it is gone down into."""

    address: str
    path: str
    sensitive: set[str]
    where: str
    depth: int = 0

    def at(self, step: str | int) -> Leaf:
        if self.depth > MAX_DEPTH:
            raise PlanError("it is nested too deep.")
        named = isinstance(step, str) and is_name(step)
        end = f".{step}" if named else f'["{step}"]' if isinstance(step, str) else f"[{step}]"
        return Leaf(self.address, self.path + end, self.sensitive, self.where, self.depth + 1)


def member(tree: Json, key: str | int) -> Json:
    """What a tree of marks says of a member; `true` for the whole is said of each."""
    match tree:
        case bool():
            return tree
        case dict() if isinstance(key, str):
            return tree.get(key)
        case list() if isinstance(key, int) and key < len(tree):
            return tree[key]
        case _:
            return None


def value_of(known: Json, unknown: Json, hidden: Json, leaf: Leaf) -> Datum:
    """One value of three trees: what is known, `true` where it is not, `true` where it is sensitive."""
    if hidden is True and (known is not None or unknown):
        leaf.sensitive.add(leaf.path)
        return Unknown(tr("{what} is sensitive: its value is not taken from the plan", what=f"{leaf.address}.{leaf.path}"))
    if unknown is True:
        return Unknown(after_apply(f"{leaf.address}.{leaf.path}"))
    if not unknown and not hidden:
        return plainly(known, leaf.where, leaf.depth)
    match known:
        case dict():
            members = dict.fromkeys((*known, *(unknown if isinstance(unknown, dict) else ())))
            return {text(key): value_of(known.get(key), member(unknown, key), member(hidden, key), leaf.at(text(key))) for key in members}
        case list():
            length = max(len(known), len(unknown) if isinstance(unknown, list) else 0)
            return tuple(
                value_of(member(known, number), member(unknown, number), member(hidden, number), leaf.at(number))
                for number in range(length)
            )
        case None if isinstance(unknown, dict) and unknown:
            return value_of({}, unknown, hidden, leaf)
        case None if isinstance(unknown, list) and unknown:
            return value_of([], unknown, hidden, leaf)
        case _:
            return plainly(known, leaf.where, leaf.depth)


def text(value: str) -> str:
    """Without half of a surrogate pair, which JSON can say and nothing can print."""
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def plainly(value: Json, where: str, depth: int = 0) -> Datum:
    """A value of which nothing is unknown or sensitive."""
    match value:
        case str():
            return text(value)
        case None | bool() | int():
            return value
        case Decimal():
            try:
                return whole(value)
            except EvaluationError as error:
                raise wrong(f"a number of {where}") from error
        case _ if depth > MAX_DEPTH:
            raise PlanError("it is nested too deep.")
        case list():
            return tuple(plainly(item, where, depth + 1) for item in value)
        case dict():
            return {text(key): plainly(item, where, depth + 1) for key, item in value.items()}
