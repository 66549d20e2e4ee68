"""From the event to the review: `clops serve` as a process of its own, between a strict GitHub and a pull request."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="NOT PROVEN: the server needs the extra `app`")
pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from tests.entrypoints.test_serving import started
from tests.github.world import worlds

VOLUME = (
    'resource "aws_ebs_volume" "data" {\n  availability_zone = "us-east-1a"\n  size              = 100\n  type              = "gp2"\n}\n'
)


@pytest.mark.slow
def test_an_opened_pull_request_is_reviewed_once_however_often_it_is_told(tmp_path: Path) -> None:
    with worlds() as world:
        given = {
            "CLOPS_GITHUB_APP_ID": str(world.app.id),
            "CLOPS_GITHUB_PRIVATE_KEY": world.app.private_key,
            "CLOPS_GITHUB_WEBHOOK_SECRET": "s3cret",
            "CLOPS_GITHUB_API_URL": world.hub.api,
        }
        with started("serve", tmp_path / "state", **given) as (_, _, address):
            world.app.hook_url = f"{address}/webhooks/github"
            world.push({"main.tf": VOLUME})
            world.hub.outbox.settle()
            deadline = time.monotonic() + 60
            while not world.repository.issue_comments and time.monotonic() < deadline:
                time.sleep(0.1)
            for one in [one for one in world.hub.deliveries if one.event == "pull_request" and one.status == "OK"]:
                world.hub.outbox.redeliver(one.id)
            world.hub.outbox.settle()
            again = [one.response_body for one in world.hub.deliveries if one.redelivery]
            bodies = [comment.body for comment in world.repository.issue_comments.values()]
    assert again
    assert set(again) == {'{"accepted":false,"why":"kept before"}'}
    assert len(bodies) == 1
    assert "aws_ebs_volume.data" in bodies[0]
