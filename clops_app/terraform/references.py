"""What a name that leads nowhere should have been, in Terraform's own summaries, with the nearest name that there is."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from heapq import nlargest
from itertools import islice
from posixpath import commonprefix

from clops_app.language import tr, tr_noop
from clops_app.terraform.values import StaticError

# What other languages, or a slip, write for it.
_HEADS = {
    "vars": "var", "variable": "var", "variables": "var", "locals": "local", "modules": "module", "resources": "resource", "datas": "data",
}  # fmt: skip
_WORDS = {"True": "true", "False": "false", "None": "null", "nil": "null", "NULL": "null", "TRUE": "true", "FALSE": "false"}
_ATTRIBUTES = {"path": ("module", "root", "cwd"), "terraform": ("workspace", "applying"), "each": ("key", "value"), "count": ("index",)}
_ONLY_IN = {
    "each": (
        'Reference to "each" in context without for_each',
        tr_noop("`each` stands for the element of `for_each`; this block has none"),
    ),
    "count": (
        'Reference to "count" in non-counted context',
        tr_noop("`count.index` is the number of the instance; this block has no `count`"),
    ),
    "self": (
        'Invalid "self" reference',
        tr_noop("only provisioners, connections and postconditions know `self`; write the resource's address"),
    ),
}


_LONGEST, _LOOKED_AT, _COMPARED = 64, 2_000, 20  # characters, names, names


def nearest(name: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """The nearest of the known names; empty when none is near. `closeness` as difflib counts it, up to 1.

    To compare two names takes the square of their length, so that only a few of those that begin or end alike are.
    """
    from difflib import get_close_matches  # 8 ms that only a mistake pays for

    if not name or len(name) > _LONGEST:
        return ""
    alike = (one for one in known if one and len(one) <= _LONGEST and (one[0] == name[0] or one[-1] == name[-1]))
    few = nlargest(_COMPARED, islice(alike, _LOOKED_AT), key=lambda one: len(commonprefix((one, name))) - abs(len(one) - len(name)))
    return next(iter(get_close_matches(name, few, n=1, cutoff=closeness)), "")


def did_you_mean(name: str, known: Iterable[str], closeness: float = 0.6) -> str:
    """A question, behind a sentence, whether the nearest of the known names was meant; empty when none is near."""
    return meant(nearest(name, known, closeness))


def meant(near: str) -> str:
    """The same of a name that was found to be near already."""
    return tr(" Did you mean `{name}`?", name=near) if near else ""


def no_function(name: str) -> str:
    """The detail for a function that there is not."""
    return f'There is no function named "{name}".' + meant(_nearest_function(name))


@lru_cache(1_000)
def _nearest_function(name: str) -> str:
    from clops_app.terraform.functions import FUNCTIONS

    return nearest(name, [*FUNCTIONS, "try", "can"])


def out_of_place(names: tuple[str, ...]) -> StaticError | None:
    """The error for a reference that begins with a word of Terraform's own, used where or how it has no meaning; None for any other."""
    head = names[0]
    if head in _ONLY_IN and (head == "self" or len(names) > 1):
        summary, detail = _ONLY_IN[head]
        return StaticError(summary, tr(detail))
    if len(names) > 1 and head in _ATTRIBUTES:
        return no_attribute(head, names[1])
    if head in _HEADS and len(names) > 1:
        wanted = ".".join((_HEADS[head], *names[1:]))
        return StaticError("Reference to undeclared resource", tr("`{name}` is no resource type.", name=head) + meant(wanted))
    if len(names) > 1:
        return None
    if head in _WORDS:
        return StaticError("Invalid reference", tr("`{name}` is written `{word}` in Terraform.", name=head, word=_WORDS[head]))
    detail = tr(
        '`{name}` alone names nothing: text stands in quotes, "{name}", and a reference has two parts, as var.{name} or local.{name}.',
        name=head,
    )
    return StaticError("Invalid reference", detail)


def no_attribute(head: str, name: str) -> StaticError:
    """The error for `each.val` and its like."""
    known = _ATTRIBUTES[head]
    every = ", ".join(f"`{head}.{one}`" for one in known)
    detail = tr("There is no `{name}`, only {known}.", name=f"{head}.{name}", known=every)
    return StaticError(f'Invalid "{head}" attribute', detail + did_you_mean(name, known))
