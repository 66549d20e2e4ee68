"""What ClOps makes of a root beside what Terraform itself plans, leaf by leaf.

    python -m tests.oracle.compare ROOT [--repository DIRECTORY] ...

prints a row a root: addresses, leaves equal, different, known to both, unknown to one; then the sum over all roots. A leaf is
an attribute that the configuration writes; what AWS fills in is nobody's answer.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from clops_app.adapters.disk import read_directory
from clops_app.model.resource import Configuration, Resource
from clops_app.model.values import Datum, Unknown, first_unknown
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.schema import resource_schema
from tests.oracle.terraform import Plan, serving

# Data sources whose answers are modelled by both sides, in their own words (ENGINE.md §2.3).
MOCKED = ("123456789012", "AIDASTUB", "stub", '{"Version":"2012-10-17","Statement":[]}')


@dataclass(slots=True)
class Comparison:
    missing: list[str] = field(default_factory=list)
    surplus: list[str] = field(default_factory=list)
    leaves: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    too_sure: list[str] = field(default_factory=list)

    @property
    def same_addresses(self) -> bool:
        return not self.missing and not self.surplus


def compare(ours: Configuration, plan: Mapping[str, Any]) -> Comparison:
    found = Comparison()
    theirs = {change["address"]: change["change"] for change in plan.get("resource_changes", []) if change["mode"] == "managed"}
    mine = {resource.address: resource for resource in ours.resources if resource.mode == "managed"}
    found.missing, found.surplus = sorted(theirs.keys() - mine.keys()), sorted(mine.keys() - theirs.keys())
    for address in sorted(theirs.keys() & mine.keys()):
        _compare_resource(mine[address], theirs[address], found)
    return found


def _compare_resource(resource: Resource, change: Mapping[str, Any], found: Comparison) -> None:
    schema = resource_schema(resource.mode, resource.type)
    known, unknown = change["after"] or {}, change["after_unknown"] if isinstance(change["after_unknown"], dict) else {}
    for name, value in resource.values.items():
        unordered = schema is None or name not in schema.attributes or "Set" in type(schema.attributes[name].type).__name__
        for kind, path in _leaves(value, known.get(name), unknown.get(name, False), name, unordered):
            found.leaves[kind] += 1
            if kind == "different":
                found.different.append(f"{resource.address}.{path}")
            elif kind == "we know, Terraform does not":
                found.too_sure.append(f"{resource.address}.{path}")


def _leaves(ours: Datum, theirs: Any, unknown: Any, path: str, unordered: bool) -> Iterator[tuple[str, str]]:
    if isinstance(ours, Unknown):
        yield (
            (
                "unknown to both"
                if _is_unknown(unknown)
                else "null"
                if theirs is None
                else "mocked"
                if _mocked(theirs)
                else "we do not know"
            ),
            path,
        )
    elif unknown is True:
        sure = first_unknown(ours) is None
        yield ("unknown to both" if not sure else "empty" if ours in (None, (), {}) else "we know, Terraform does not"), path
    elif isinstance(ours, tuple) and len(ours) == 1 and isinstance(theirs, Mapping):  # a block that there can be only one of
        yield from _leaves(ours[0], theirs, unknown, path, unordered)
    elif isinstance(ours, Mapping) and isinstance(theirs, Mapping):
        for key, value in ours.items():
            inner = unknown.get(key, False) if isinstance(unknown, Mapping) else False
            yield from _leaves(value, theirs.get(key), inner, f"{path}.{key}", unordered)
    elif isinstance(ours, tuple) and isinstance(theirs, list):
        yield from _items(ours, theirs, unknown, path, unordered)
    else:
        yield ("equal" if _text(ours) == _text(theirs) else "mocked" if _mocked(theirs) else "different"), path


def _items(ours: tuple[Datum, ...], theirs: list[Any], unknown: Any, path: str, unordered: bool) -> Iterator[tuple[str, str]]:
    flags = unknown if isinstance(unknown, list) else []
    flags = [*flags, *[False] * (len(theirs) - len(flags))]
    if len(ours) != len(theirs):
        if len(flags) == len(ours) and not theirs:
            theirs = [None] * len(ours)
        else:
            yield "different", f"{path} ({len(ours)} items, Terraform has {len(theirs)})"
            return
    left = list(range(len(theirs)))
    for number, item in enumerate(ours):
        results = {
            at: list(_leaves(item, theirs[at], flags[at], f"{path}[{number}]", unordered)) for at in (left if unordered else [number])
        }
        best = min(
            results, key=lambda at: sum(kind in ("different", "we know, Terraform does not", "we do not know") for kind, _ in results[at])
        )
        left = [at for at in left if at != best]
        yield from results[best]


def _is_unknown(flag: Any) -> bool:
    return flag is True or (isinstance(flag, (list, dict)) and any(map(_is_unknown, flag.values() if isinstance(flag, dict) else flag)))


def _mocked(theirs: Any) -> bool:
    return isinstance(theirs, str) and any(word in theirs for word in MOCKED)


def _text(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    return str(Decimal(str(value)).normalize()) if isinstance(value, (int, float, Decimal)) else value


def inputs_of(plan: Plan, region: str) -> Inputs:
    """The same values for ClOps that Terraform was given."""
    text = "".join(f"{name} = {value}\n" for name, value in plan.supplied.items())
    return Inputs(var_files=(("oracle.tfvars", text.encode()),) if text else (), region=region)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--repository", type=Path)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    planned = same = 0
    leaves: Counter[str] = Counter()
    with serving() as terraform:
        for root in given.roots:
            repository = given.repository or root
            plan = terraform.plan(root, repository)
            if plan.plan is None:
                print(f"{root}: Terraform does not plan it ({plan.stage}): {'; '.join(plan.errors)[:200]}")
                continue
            relative = root.resolve().relative_to(repository.resolve()).as_posix()
            ours = evaluate(
                read_directory(str(repository.resolve())).tree, "" if relative == "." else relative, inputs_of(plan, "us-east-1")
            )
            result = compare(ours, plan.plan)
            planned += 1
            same += result.same_addresses
            leaves += result.leaves
            print(
                f"{root}: {'same addresses' if result.same_addresses else f'MISSING {result.missing[:5]} SURPLUS {result.surplus[:5]}'}; {dict(result.leaves)}"
            )
            if given.verbose:
                for line in [*result.different, *(f"too sure: {path}" for path in result.too_sure)]:
                    print(f"    {line}")
    print(f"{planned} roots that Terraform plans, {same} of them with the same addresses; {dict(leaves)}")


if __name__ == "__main__":
    main()
