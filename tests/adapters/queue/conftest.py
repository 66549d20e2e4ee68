"""Each test of the queue runs on a new SQLite file and on a new database of a true PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster, clusters


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with clusters() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of the test's own."""
    sqlite = request.param == "sqlite"
    cluster: Cluster | None = None if sqlite else request.getfixturevalue("cluster")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))  # where a server's workers keep their lock files
    return str(tmp_path / "queue.sqlite") if cluster is None else cluster.database(f"queue_{uuid.uuid4().hex}")
