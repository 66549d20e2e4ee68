"""A pull request and what its review comes to."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from clops_app.model.pull import Digest, PullRequest


def pull_request(**other: Any) -> PullRequest:
    fields = {
        "repository": "acme/infra", "number": 7, "url": "https://github.com/acme/infra/pull/7", "state": "open", "author": "ana",
        "base_branch": "main", "base_sha": "b" * 40, "head_branch": "bigger-database", "head_sha": "a" * 40, "head_repository": "acme/infra",
    }  # fmt: skip
    return PullRequest(**(fields | other))


def digest(**other: Any) -> Digest:
    fields = {
        "verdict": "fail", "title": "Not yet: 3 new findings (1 critical, 2 high), $20.00 → $27.59 a month",
        "new": {"critical": 1, "high": 2}, "before": Decimal("20.00"), "after": Decimal("27.59"), "failed": True, "language": "en",
    }  # fmt: skip
    return Digest(**(fields | other))
