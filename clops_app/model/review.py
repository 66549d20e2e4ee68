"""The Review: everything that was found out about a change, before a word of it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.graph import Graph
from clops_app.model.opinion import Scan, SecondBill
from clops_app.model.resource import Diagnostic
from clops_app.model.writing import Proposals

Verdict = Literal["pass", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class RootReview:
    """One root at head, and at base where there was one. `why` says what made the directory a root."""

    root: str
    why: str
    graph: Graph
    bill: Bill
    base_graph: Graph | None = None
    base_bill: Bill | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    monthly_usd: Decimal
    on_exceed: Literal["warn", "fail"] = "warn"


@dataclass(frozen=True, slots=True)
class Review:
    """Pure data: the same input gives the same bytes.

    `findings` are ordered new, existing, fixed, then by severity, path, line. `before` is None where there was
    nothing to compare with. `ignored` are the findings somebody dismissed, with their reason. `scan` and `second_bill` are
    other tools' words, None where they were not asked or gave no answer; nothing else here depends on them. `proposals`: how
    a model was asked for the patches that are `proposed_by` it, None where none was.
    """

    verdict: Verdict
    commit: str | None
    base: str | None
    findings: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]
    roots: tuple[RootReview, ...]
    before: Decimal | None
    after: Decimal
    prices_date: str
    budget: Budget | None
    diagnostics: tuple[Diagnostic, ...]
    rules: Mapping[str, str] = field(default_factory=dict)
    scan: Scan | None = None
    second_bill: SecondBill | None = None
    proposals: Proposals | None = None
