"""What the proofs of the adapter share; without the extra they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import stamina

if TYPE_CHECKING:
    from tests.github.world import World


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    """Reads are tried as often as ever, without the waits between."""
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)


@pytest.fixture
def world() -> Iterator[World]:
    from tests.github.world import worlds

    with worlds() as made:
        yield made
