"""Values can be walked leaf by leaf, each leaf with the path that rules and spans know it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from clops_app.model.resource import Resource
from clops_app.model.values import Datum, Unknown

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def leaves(datum: Datum, path: str = "") -> Iterator[tuple[str, Datum]]:
    """Every leaf below `datum`, in source order, with its path (`network_configuration[0].subnets[1]`)."""
    match datum:
        case tuple():
            for number, item in enumerate(datum):
                yield from leaves(item, f"{path}[{number}]")
        case Mapping():
            for name, item in datum.items():
                yield from leaves(item, f"{path}.{name}" if path else name)
        case _:
            yield path, datum


def leaves_at(values: Mapping[str, Datum], pattern: str) -> Iterator[tuple[str, Datum]]:
    """Every leaf at or below `pattern`. Where it has no index (`subnet_mapping.subnet_id`) all blocks are meant.

    A leaf above the pattern that is not known is given too: nobody can say what is below it. Null is no leaf.
    """
    yield from ((path, leaf) for path, leaf in _descend(values, "", tuple(_STEP.findall(pattern))) if leaf is not None)


def _descend(datum: Datum, path: str, steps: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, Datum]]:
    if not steps:
        yield from leaves(datum, path)
        return
    (name, number), rest = steps[0], steps[1:]
    match datum:
        case tuple() if number:
            if int(number) < len(datum):
                yield from _descend(datum[int(number)], f"{path}[{number}]", rest)
        case tuple():
            for position, item in enumerate(datum):
                yield from _descend(item, f"{path}[{position}]", steps)
        case Mapping():
            yield from _descend(datum.get(name), f"{path}.{name}" if path else name, rest)
        case None | bool() | int() | str():
            return
        case _:
            yield path, datum


def unseen_block(resource: Resource, name: str) -> Unknown | None:
    """Why there may be more blocks of this name than are seen (a dynamic block over something unknown), or None."""
    written = resource.values.get(name)
    if isinstance(written, tuple):
        return next((item for item in written if isinstance(item, Unknown)), None)
    return written if isinstance(written, Unknown) else None


def concerns(pattern: str, path: str) -> bool:
    """Whether `path` lies at, above or below `pattern`; an index that the pattern leaves out may be any."""
    wanted, found = _STEP.findall(pattern), _STEP.findall(path)
    while wanted and found:
        if found[0][1] and not wanted[0][1]:
            found = found[1:]
        elif found[0] != wanted[0]:
            return False
        else:
            wanted, found = wanted[1:], found[1:]
    return True
