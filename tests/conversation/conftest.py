"""What the proofs of the conversation share; without the extra they are skipped, and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import stamina


@pytest.fixture(autouse=True)
def _unhurried() -> Iterator[None]:
    """Reads are tried as often as ever, without the waits between."""
    stamina.set_testing(True, attempts=3)
    yield
    stamina.set_testing(False)
