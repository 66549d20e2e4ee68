"""What one block says many times is said once: instances of a block, and findings that are one fault."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clops_app.model.finding import SEVERITIES, Finding, Patch, Severity

_INDEX = re.compile(r'\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]')


@dataclass(frozen=True, slots=True)
class Group:
    """One rule's findings about one block. `address` is the block's, with `[*]` where the instances differ."""

    address: str
    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        return self.findings[0]

    @property
    def patch(self) -> Patch | None:
        """The patch that all instances share, or the first one's."""
        return next((finding.patch for finding in self.findings if finding.patch is not None), None)


def block_address(address: str) -> str:
    """The address with every index taken off: `module.web.aws_instance.game`."""
    return _INDEX.sub("", address)


def type_of(address: str) -> str:
    """The resource type that an address names."""
    parts = block_address(address).split(".")
    while len(parts) > 2 and parts[0] == "module":
        parts = parts[2:]
    return parts[1] if parts[0] == "data" and len(parts) > 1 else parts[0]


def shared_address(addresses: Sequence[str]) -> str:
    """One address for instances of one block: `aws_instance.game[*]`, the indexes kept that all share."""
    if len(set(addresses)) == 1:
        return addresses[0]
    indexes = [_INDEX.findall(address) for address in addresses]
    if len({len(found) for found in indexes}) != 1:
        return block_address(addresses[0]) + "[*]"
    kept = iter(column[0] if len(set(column)) == 1 else "[*]" for column in zip(*indexes, strict=True))
    return _INDEX.sub(lambda _: next(kept), addresses[0])


def grouped(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """One group for each rule, block and fate, in the order in which their first findings come."""
    groups: dict[tuple[str | int, ...], list[Finding]] = {}
    for finding in findings:
        # The line too: two disks of one machine are two things to mend, fifty machines of one block are one.
        place = (finding.path, finding.start_line, block_address(finding.address))
        key = (finding.root, finding.rule, finding.status, finding.severity, *place)
        groups.setdefault(key, []).append(finding)
    return tuple(Group(shared_address([finding.address for finding in found]), tuple(found)) for found in groups.values())


def message_of(group: Group) -> str:
    """What the first finding says, about all of the group's instances."""
    return group.first.message.replace(f"`{group.first.address}`", f"`{group.address}`")


def count_by_severity(groups: Iterable[Group]) -> dict[Severity, int]:
    """How many groups of each severity there are, most severe first, those with none left out."""
    severities = [group.first.severity for group in groups]
    return {severity: severities.count(severity) for severity in SEVERITIES if severity in severities}
