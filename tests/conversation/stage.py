"""A team, its pull request on the strict GitHub, and the App as it is in production but for its pace: what people do, and what can be seen after."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from clops_app.adapters.github.app import GitHubApp
from clops_app.adapters.github.pace import Pace
from clops_app.adapters.thinking import ThinksApart, ThinksHere
from clops_app.model.job import Job, Said
from clops_app.ports import Forge, Forges, Thinker
from clops_app.review.said import ending_of, fingerprints_of, is_summary, plain
from clops_app.usecases.handle_job import Handled, handle_job
from clops_app.usecases.think_of_pull import Told
from tests.github import scene, suggestions
from tests.github.git import Content
from tests.github.hub import Hub
from tests.github.server import running
from tests.github.state import App, IssueComment, Pull, Repository, ReviewComment

TOLD = Told(date(2026, 11, 21), rules="https://example.com/{rule}")
THINK = (sys.executable, "-I", "-m", "clops_app.entrypoints.think")
ASKS = {"metadata": "read", "contents": "read", "pull_requests": "write", "checks": "write"}
COMMITS = {**ASKS, "contents": "write"}
ROLES = {"ana": "write", "max": "read", "ada": "admin"}

PROVIDER = 'provider "aws" {\n  region = "us-east-1"\n}\n'


def volume(name: str = "data", kind: str = "gp2", note: str = "") -> str:
    """A volume; of type gp2 it has a finding with a safe fix."""
    above = f"# {note}\n" if note else ""
    return (
        f'{above}resource "aws_ebs_volume" "{name}" {{\n  availability_zone = "us-east-1a"\n  size              = 100\n'
        f'  type              = "{kind}"\n  encrypted         = true\n}}\n'
    )


def log_group(name: str = "web", days: int | None = None) -> str:
    """A log group; without days it has a finding whose fix is for a second look."""
    kept = f"\n  retention_in_days = {days}" if days else ""
    return f'resource "aws_cloudwatch_log_group" "{name}" {{\n  name              = "/game/{name}"{kept}\n}}\n'


@dataclass
class Stage:
    hub: Hub
    repository: Repository
    pull: Pull
    app: App
    installation: int
    forges: Forges
    thinker: Thinker = field(default_factory=lambda: ThinksHere(TOLD))
    deliveries: Iterator[int] = field(default_factory=count)

    # What people do

    def push(self, files: Mapping[str, Content], branch: str = "feature", **more: str) -> str:
        home = self.pull.head_repository if branch == self.pull.head_ref and self.pull.head_repository else self.repository
        return scene.push(self.hub, home, branch, files, **more)

    def says(self, text: str, by: str = "ana") -> IssueComment:
        return scene.comment(self.hub, self.repository, self.pull.number, text, by=by)

    def presses(self, *comments: ReviewComment, by: str = "ana") -> str:
        return suggestions.apply(self.hub, self.repository, self.pull, comments, self.hub.account(by))

    def resolves(self, comment: ReviewComment, by: str | None = "ana") -> None:
        scene.resolve_thread(self.hub, self.repository, self.pull, comment, self.hub.account(by) if by else None)

    def answers(self, comment: ReviewComment, text: str = "We know.", by: str = "ana") -> None:
        import httpx

        token = scene.personal_token(self.hub, by)
        with httpx.Client(base_url=self.hub.api, headers={"Authorization": f"Bearer {token}"}, trust_env=False) as client:
            place = f"/repos/{self.repository.full_name}/pulls/{self.pull.number}/comments/{comment.id}/replies"
            assert client.post(place, json={"body": text}).status_code == 201

    # What the App does

    @property
    def forge(self) -> Forge:
        return self.forges.repository(self.installation, self.repository.full_name)

    def job(self, said: Said | None = None) -> Job:
        kind, delivery = ("command" if said else "review"), f"delivery-{next(self.deliveries)}"
        return Job(delivery, kind, self.installation, self.repository.full_name, self.pull.number, self.pull.head, said)  # type: ignore[arg-type]

    def does(self, job: Job) -> Handled:
        return handle_job(job, self.forges, self.thinker, TOLD.rules)

    def reviews(self) -> Handled:
        return self.does(self.job())

    def asks(self, text: str, by: str = "ana") -> Asked:
        """Somebody writes a comment, and the App handles it."""
        comment = self.says(text, by)
        job = self.job(Said(comment.id, by, text))
        return Asked(self, comment, job, self.does(job))

    # What can be seen

    @property
    def ours(self) -> list[IssueComment]:
        return [one for one in self.repository.issue_comments.values() if one.user is self.app.bot]

    @property
    def summaries(self) -> list[IssueComment]:
        return [one for one in self.ours if is_summary(one.body) and one.minimized is None]

    @property
    def notes(self) -> list[ReviewComment]:
        return [one for one in self.pull.comments.values() if one.user is self.app.bot and one.reply_to is None]

    @property
    def open_notes(self) -> list[ReviewComment]:
        """Those that somebody who reads the pull request takes for open."""
        return [one for one in self.notes if not one.resolved_by and not one.minimized and ending_of(one.body) is None]

    def note(self, part: str) -> ReviewComment:
        """The one note, open or not, that has this part."""
        (found,) = (one for one in self.notes if part in one.body)
        return found

    def replies(self, to: int) -> list[str]:
        mark = f"<!-- clops:reply {to} -->"
        return [plain(one.body).partition("\n")[2] for one in self.ours if plain(one.body).startswith(mark)]

    def file(self, path: str = "main.tf") -> str:
        home = self.pull.head_repository or self.repository
        return (home.git.file(self.pull.head, path) or b"").decode()

    @property
    def commits(self) -> int:
        return len(self.hub.commits(self.repository, self.pull))

    def seen(self) -> object:
        """All that a reader can see of ours; a run that says nothing leaves it equal."""
        return (
            [(one.id, one.body, one.minimized) for one in self.ours],
            [(one.id, one.body, one.minimized, one.resolved_by and one.resolved_by.login) for one in self.notes],
            [(one.id, one.external_id, one.conclusion, one.output, len(one.annotations)) for one in self.repository.runs.values()],
            len(self.pull.reviews),
        )

    def assert_finite(self) -> None:
        """One visible summary, for the newest head; no finding open twice."""
        assert [f"<!-- clops:head {self.pull.head} -->" in one.body for one in self.summaries] == [True]
        open_findings = [token for one in self.open_notes for token in fingerprints_of(one.body)]
        assert len(open_findings) == len(set(open_findings))


@dataclass
class Asked:
    stage: Stage
    comment: IssueComment
    job: Job
    handled: Handled

    @property
    def reply(self) -> str:
        """The one reply; "" for none."""
        found = self.stage.replies(self.comment.id)
        assert len(found) <= 1
        return found[0] if found else ""

    @property
    def reactions(self) -> list[str]:
        return [one.content for one in self.comment.reactions]

    def again(self) -> Handled:
        self.handled = self.stage.does(self.job)
        return self.handled


def at_once() -> Pace:
    """Writes that need not wait, as nobody is harmed."""
    return Pace(sleep=lambda _: None)


def apart() -> Thinker:
    return ThinksApart(THINK, lambda: TOLD)


@contextmanager
def stages(
    head: Mapping[str, Content],
    base: Mapping[str, Content] | None = None,
    *,
    permissions: Mapping[str, str] = ASKS,
    forked: bool = False,
    **options: bool,
) -> Iterator[Stage]:
    """acme/infra, a pull request from `base` to `head`, and the App installed with these permissions."""
    with running(**options) as hub:
        hub.limits.off()
        repository = scene.add_repository(hub, "acme/infra", {"main.tf": PROVIDER} if base is None else base, roles=ROLES)
        app = scene.add_app(hub, "clops", permissions=permissions)
        installation = scene.install(hub, app, "acme")
        home = scene.fork(hub, repository, "mina") if forked else repository
        scene.push(hub, home, "feature", head, by="mina" if forked else "ana")
        pull = scene.open_pull(hub, repository, "feature", head_repository=home, by="mina" if forked else "ana")
        forges = GitHubApp(app.id, app.private_key, api_url=hub.api, pace=at_once)
        yield Stage(hub, repository, pull, app, installation.id, forges)
