"""A strict GitHub for a laptop: one repository, one pull request, one app, until interrupted."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from tests.github import scene
from tests.github.hub import Hub
from tests.github.server import running

BEFORE = 'resource "aws_s3_bucket" "logs" {\n  bucket = "logs"\n}\n'
AFTER = (
    BEFORE
    + """
resource "aws_db_instance" "main" {
  identifier        = "main"
  engine            = "postgres"
  instance_class    = "db.m6g.large"
  allocated_storage = 100
  multi_az          = false
}
"""
)


def main() -> None:
    """Start, say where everything is, announce what is pushed with git, stop at Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.github", description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--hook", help="where the app's webhooks go, e.g. http://127.0.0.1:8000/webhooks/github")
    parser.add_argument("--secret", default="development", help="the webhook secret")
    parser.add_argument("--folder", type=Path, help="keep repositories and the app's key here (a new folder)")
    parser.add_argument("--ghes", action="store_true", help="be a GitHub Enterprise Server: /api/v3, 2022-11-28, no rate limits")
    asked = parser.parse_args()
    with running(folder=asked.folder, port=asked.port, strict=False, ghes=asked.ghes) as hub:
        repository = scene.add_repository(hub, "acme/infra", {"main.tf": BEFORE}, roles={"ana": "write"})
        app = scene.add_app(hub, "clops", hook_url=asked.hook, hook_secret=asked.secret)
        installation = scene.install(hub, app, "acme")
        scene.push(hub, repository, "database", {"main.tf": AFTER})
        pull = scene.open_pull(hub, repository, "database", title="Add a database")
        key = hub.folder / "app.pem"
        key.write_text(app.private_key)
        print(f"API            {hub.api}")
        print(f"pull request   {hub.web}/acme/infra/pull/{pull.number}")
        print(f"repository     {repository.git.folder}  (git push to it; what arrives is announced)")
        print(f"app            id {app.id}, installation {installation.id}, key {key}, webhook secret {asked.secret}")
        print(f"a person       token {scene.personal_token(hub, 'ana')} (ana, who may write)")
        _until_interrupted(hub)


def _until_interrupted(hub: Hub) -> None:
    told = 0
    try:
        while True:
            time.sleep(1)
            scene.notice(hub)
            for complaint in hub.complaints[told:]:
                print(f"CONTRACT BROKEN: {complaint}", flush=True)
            told = len(hub.complaints)
    except KeyboardInterrupt:
        print("stopped")


if __name__ == "__main__":
    main()
