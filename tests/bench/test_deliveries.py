"""The small form of `python -m tests.bench.deliveries`, without its promise of speed."""

from __future__ import annotations

import pytest

from tests.bench.deliveries import SMALL, broken, run


@pytest.mark.slow
def test_with_a_worker_killed_and_the_database_restarted_every_pull_request_ends_with_one_review_of_its_newest_head() -> None:
    ended = run(SMALL)
    assert list(broken(ended)) == []
    assert (ended.done.kills, len(ended.done.away), len(ended.seen.pulls)) == (1, 1, 12)
