"""What the proofs of the strict GitHub share; without the extra they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.github.world import World

REASON = "NOT PROVEN: the strict GitHub needs the extra `github-test`"


@pytest.fixture
def world() -> Iterator[World]:
    pytest.importorskip("openapi_schema_validator", reason=REASON)
    from tests.github.world import worlds

    with worlds() as made:
        yield made
