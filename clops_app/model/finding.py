"""What a rule says of the code, and what becomes of it: hit, fix, finding, patch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from clops_app.model.source import Edit, Span
from clops_app.model.values import Plain

Severity = Literal["critical", "high", "medium", "low"]
Category = Literal["scalability", "reliability", "cost", "security", "operations"]
Safety = Literal["safe", "review", "show"]
Status = Literal["new", "existing", "fixed"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Code:
    """An HCL expression to be written as it stands: `aws_kms_key.main.arn`. Never built from a stranger's text."""

    text: str


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block to be written: type, labels, attributes in the order they shall stand, nested blocks after them."""

    type: str
    labels: tuple[str, ...] = ()
    attributes: Mapping[str, Plain | Code] = field(default_factory=dict)
    blocks: tuple[NewBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Give the attribute at `path` ("multi_az", "root_block_device[0].volume_type") this value; write it if it is not there."""

    address: str
    path: str
    value: Plain | Code


@dataclass(frozen=True, slots=True)
class RemoveAttribute:
    address: str
    path: str


@dataclass(frozen=True, slots=True)
class AddBlock:
    """Add `block` inside the resource, or inside its nested block at `path`."""

    address: str
    path: str
    block: NewBlock


@dataclass(frozen=True, slots=True)
class AddResource:
    """Add a top-level block after the resource at `address`, in its file."""

    address: str
    block: NewBlock


Change: TypeAlias = SetAttribute | RemoveAttribute | AddBlock | AddResource


@dataclass(frozen=True, slots=True)
class Fix:
    """What would mend a hit, in terms of resources; the patch floor turns it into edits and proves them."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a hit stands: the address it is about and the bytes to show."""

    address: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hit:
    """What a rule says. `message` is for the author of the code, about this very resource, one or two sentences.

    `key` tells apart the hits of one rule on one address ("/dev/sdf", "tcp 22-22 0.0.0.0/0"): it is part of the
    finding's identity, so it holds no line and no wording. Empty where a rule can hit an address only once.
    """

    message: str
    at: Place
    fix: Fix | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """Edits that were proven to mend their finding. `diff` is a unified diff; `monthly_usd_delta` None means unknown.

    `proposed_by` is the model that wrote them, as people call it; empty for a rule's own fix.
    """

    title: str
    edits: tuple[Edit, ...]
    safety: Safety
    replaces: bool
    diff: str
    monthly_usd_delta: Decimal | None
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A hit with its rule, place and fate. Lines are 1-based and inclusive; `root` is the root it was found in."""

    rule: str
    title: str
    severity: Severity
    category: Category
    address: str
    root: str
    path: str
    start_line: int
    end_line: int
    message: str
    fingerprint: str
    span: Span
    status: Status = "new"
    fix: Fix | None = None
    patch: Patch | None = None
    why_no_patch: str = ""
