"""What a name that leads nowhere should have been, in Terraform's own summaries, with the nearest name that there is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from clops_app.terraform.values import StaticError

# What other languages, or a slip, write for it.
_HEADS = {
    "vars": "var", "variable": "var", "variables": "var", "locals": "local", "modules": "module", "resources": "resource", "datas": "data",
}  # fmt: skip
_WORDS = {"True": "true", "False": "false", "None": "null", "nil": "null", "NULL": "null", "TRUE": "true", "FALSE": "false"}
_ATTRIBUTES = {"path": ("module", "root", "cwd"), "terraform": ("workspace", "applying"), "each": ("key", "value"), "count": ("index",)}
_ONLY_IN = {
    "each": ('Reference to "each" in context without for_each', "`each` stands for the element of `for_each`; this block has none"),
    "count": ('Reference to "count" in non-counted context', "`count.index` is the number of the instance; this block has no `count`"),
    "self": ('Invalid "self" reference', "only provisioners, connections and postconditions know `self`; write the resource's address"),
}


def nearest(name: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """A question whether the nearest of the known names was meant; empty when none is near. `closeness` as difflib counts it, up to 1."""
    from difflib import get_close_matches  # 8 ms that only a mistake pays for

    near = get_close_matches(name, [*known], n=1, cutoff=closeness)
    return f" Did you mean `{near[0]}`?" if near else ""


@cache
def no_function(name: str) -> str:
    """The detail for a function that there is not."""
    from clops_app.terraform.functions import FUNCTIONS

    return f'There is no function named "{name}".{nearest(name, [*FUNCTIONS, "try", "can"])}'


def out_of_place(names: tuple[str, ...]) -> StaticError | None:
    """The error for a reference that begins with a word of Terraform's own, used where or how it has no meaning; None for any other."""
    head = names[0]
    if head in _ONLY_IN and (head == "self" or len(names) > 1):
        return StaticError(*_ONLY_IN[head])
    if len(names) > 1 and head in _ATTRIBUTES:
        return no_attribute(head, names[1])
    if head in _HEADS and len(names) > 1:
        meant = ".".join((_HEADS[head], *names[1:]))
        return StaticError("Reference to undeclared resource", f"`{head}` is no resource type. Did you mean `{meant}`?")
    if len(names) > 1:
        return None
    if head in _WORDS:
        return StaticError("Invalid reference", f"`{head}` is written `{_WORDS[head]}` in Terraform.")
    detail = f'`{head}` alone names nothing: text stands in quotes, "{head}", and a reference has two parts, as var.{head} or local.{head}.'
    return StaticError("Invalid reference", detail)


def no_attribute(head: str, name: str) -> StaticError:
    """The error for `each.val` and its like."""
    known = _ATTRIBUTES[head]
    all_known = ", ".join(f"`{head}.{one}`" for one in known)
    return StaticError(f'Invalid "{head}" attribute', f"There is no `{head}.{name}`, only {all_known}.{nearest(name, known)}")
