"""On a pull request the Action says its review there, with the job's own token, as a runner runs it, to a strict GitHub."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from tests.action.runner import HOUSE, Run, Runner
from tests.github import scene
from tests.github.hub import Hub
from tests.github.server import running
from tests.github.state import Pull, Repository

WORKFLOW = {"contents": "read", "pull_requests": "write", "checks": "write"}
EXAMPLE = HOUSE / "examples" / "viral-game"


def files_of(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Job:
    """A pull request and the machine that its workflow runs on."""

    hub: Hub
    repository: Repository
    pull: Pull
    runner: Runner

    def run(
        self,
        *,
        permissions: dict[str, str] | None = None,
        event: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        **inputs: str,
    ) -> Run:
        token = scene.actions_token(self.hub, self.repository, permissions or WORKFLOW, pull=None if event else self.pull)
        payload = event or {"action": "opened", "pull_request": {"number": self.pull.number}}
        named = {name.replace("_", "-"): value for name, value in inputs.items()}
        where = {"GITHUB_API_URL": self.hub.api, "GITHUB_SERVER_URL": self.hub.web, "GITHUB_REPOSITORY": self.repository.full_name}
        return self.runner.run(payload, token=token, inputs=named, **where, **(environment or {}))

    @property
    def summaries(self) -> list[str]:
        return [one.body for one in self.repository.issue_comments.values()]


@contextmanager
def jobs(tmp_path: Path, *, forked: bool = False) -> Iterator[Job]:
    with running() as hub:
        repository = scene.add_repository(hub, "acme/infra", files_of(EXAMPLE / "base"), roles={"ana": "write"})
        home = scene.fork(hub, repository, "mina") if forked else repository
        scene.push(hub, home, "feature", files_of(EXAMPLE / "head"))
        pull = scene.open_pull(hub, repository, "feature", **({"head_repository": home} if forked else {}))
        yield Job(hub, repository, pull, Runner(tmp_path))


def test_a_review_is_said_with_comments_a_check_outputs_and_documents(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        ended = job.run()
        assert (ended.code, ended.annotations, job.hub.complaints) == (0, [], []), ended.log
        assert [body.startswith("<!-- clops:review -->") for body in job.summaries] == [True]
        assert len(job.pull.comments) == 8
        assert [(run.conclusion, len(run.annotations)) for run in job.repository.runs.values()] == [("neutral", 8)]
        assert {name: ended.outputs[name] for name in ("verdict", "findings", "cost", "delta")} == {
            "verdict": "fail", "findings": "8", "cost": "39.66", "delta": "26.82",
        }  # fmt: skip
        assert json.loads(Path(ended.outputs["json"]).read_text())["schema"] == "clops.review/1"
        assert json.loads(Path(ended.outputs["sarif"]).read_text())["version"] == "2.1.0"
        assert "aws_db_instance.main" in ended.summary
        assert Path(ended.outputs["report"]).read_text().strip() == ended.summary.strip()


def test_a_second_run_of_the_same_commit_adds_nothing(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        job.run()
        said = (job.summaries, len(job.pull.comments), len(job.repository.runs))
        assert job.run().code == 0
        assert (job.summaries, len(job.pull.comments), len(job.repository.runs)) == said


def test_the_gate_fails_the_job_after_everything_was_said(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        ended = job.run(fail_on="high")
        assert (ended.code, len(job.summaries)) == (1, 1)
        assert [run.conclusion for run in job.repository.runs.values()] == ["failure"]
        assert ended.summary


def test_without_comment_nothing_is_written_to_the_pull_request(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        ended = job.run(comment="false")
        assert (ended.code, job.summaries, job.pull.comments, job.repository.runs) == (0, [], {}, {})
        assert sum(line.startswith("::error file=") for line in ended.annotations) == 5
        assert "aws_db_instance.main" in ended.summary


def test_a_fork_gets_its_review_as_summary_and_annotations(tmp_path: Path) -> None:
    with jobs(tmp_path, forked=True) as job:
        ended = job.run()
        assert (ended.code, job.summaries, len(job.pull.comments)) == (0, [], 0), ended.log
        assert any(line.startswith("::error file=database.tf,line=") for line in ended.annotations)
        assert any(line.startswith("::notice title=ClOps::") for line in ended.annotations)
        assert ended.summary


def test_a_team_is_told_in_its_language_by_comments_summary_and_annotations(tmp_path: Path) -> None:
    hangul = re.compile("[가-힣]")
    with jobs(tmp_path) as job:
        ended = job.run(language="ko")
        assert (ended.code, ended.annotations) == (0, []), ended.log
        assert all(hangul.search(body) for body in (ended.summary, *job.summaries, *(one.body for one in job.pull.comments.values())))
    with jobs(tmp_path, forked=True) as job:
        ended = job.run(language="ko")
        assert [line for line in ended.annotations if not hangul.search(line)] == []
        (told,) = (line for line in ended.annotations if line.startswith("::notice title=ClOps::"))
        assert told.startswith("::notice title=ClOps::아무것도 쓰지 못했습니다. 포크에서 온 풀 리퀘스트처럼")


def test_the_second_stage_says_a_forks_review_by_the_commit_alone(tmp_path: Path) -> None:
    with jobs(tmp_path, forked=True) as job:
        # What a fork's own workflow leaves (artifacts, names, numbers) is not looked at: the event's commit is GitHub's word.
        event = {"action": "completed", "workflow_run": {"head_sha": job.pull.head, "pull_requests": [], "event": "pull_request"}}
        ended = job.run(event=event)
        assert (ended.code, len(job.summaries), len(job.pull.comments)) == (0, 1, 8), ended.log
        stranger = {"action": "completed", "workflow_run": {"head_sha": "f" * 40}}
        assert "no open pull request" in job.run(event=stranger).log


def test_a_token_that_may_write_no_checks_says_the_rest(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        ended = job.run(permissions={"contents": "read", "pull_requests": "write"})
        assert (ended.code, len(job.summaries), len(job.pull.comments), job.repository.runs) == (0, 1, 8, {}), ended.log


def test_a_limit_that_passes_is_waited_for(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        job.hub.faults.instead(
            "POST", r"/issues/\d+/comments$", 403, {"message": "You have exceeded a secondary rate limit"}, headers={"retry-after": "1"}
        )
        ended = job.run()
        assert (ended.code, len(job.summaries)) == (0, 1), ended.log
        assert "trying again in 1 seconds" in ended.log


def test_a_write_that_was_stored_and_answered_502_is_not_said_twice(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        job.hub.faults.after_store("POST", r"/pulls/\d+/reviews$")
        assert job.run().code == 0
        assert (len(job.summaries), len(job.pull.comments)) == (1, 8)


def test_only_the_directory_that_is_named_is_reviewed_by_the_settings_that_are_named(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        scene.push(job.hub, job.repository, "feature", {"infra/main.tf": 'resource "aws_cloudwatch_log_group" "x" {}\n'})
        assert job.run(path="infra", comment="false").outputs["findings"] == "2"  # one of the log group, one of the state
        assert "config.yml is not in the base" in job.run(config="config.yml").summary


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"fail_on": "hgih"}, "fail-on: 'hgih' is none of critical, high, medium, low."),
        ({"comment": "perhaps"}, "comment: 'perhaps' is neither true nor false."),
        ({"path": "../.."}, "path: '../..' leads out of the repository."),
        ({"version": "99"}, "version: 99 was asked for"),
        ({"language": "de"}, "language: 'de' is none of en, ko."),
        ({"model_provider": "openai"}, "model-provider: 'openai' is none of auto, anthropic, bedrock, vertex, none."),
        ({"model": "some"}, "model: of which model-provider?"),
        ({"path": "elsewhere"}, "path: there is no directory 'elsewhere' in this pull request."),
    ],
)
def test_wrong_inputs_are_told_and_end_the_job(tmp_path: Path, inputs: dict[str, str], said: str) -> None:
    with jobs(tmp_path) as job:
        ended = job.run(**inputs)
        assert (ended.code, [said in line for line in ended.annotations]) == (2, [True])


def test_what_github_refuses_is_told_without_the_token(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        job.hub.faults.instead("GET", r"/pulls/1$", 401, {"message": "Bad credentials"}, times=99)
        ended = job.run()
        assert (ended.code, [line.startswith("::error title=ClOps failed, not you::") for line in ended.annotations]) == (3, [True])
        assert "ghs_" not in ended.log + "".join(ended.annotations)


def test_hostile_words_cannot_command_the_runner(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        evil = 'resource "aws_cloudwatch_log_group" "w" {\n  name = "a\\n::set-output name=x::y"\n}\n'
        scene.push(job.hub, job.repository, "feature", {"a,b:c%.tf": evil})
        ended = job.run(comment="false")
        assert ended.code == 0
        assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in ended.annotations)
        assert any("file=a%2Cb%3Ac%25.tf,line=1" in line for line in ended.annotations)


def test_a_model_that_cannot_be_asked_costs_a_line_and_nothing_else(tmp_path: Path) -> None:
    with jobs(tmp_path) as job:
        ended = job.run(model_provider="anthropic")
        assert (ended.code, ended.outputs["findings"], len(job.pull.comments)) == (0, "8", 8), ended.log
        assert "`ANTHROPIC_API_KEY` is not set.</sub>" in job.summaries[0]


def test_what_a_model_writes_stands_in_the_comment_with_our_figures(tmp_path: Path) -> None:
    pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
    from tests.adapters.writer.dialects import ANTHROPIC
    from tests.adapters.writer.world import Answer, world_of

    words = {"headline": "The database loses everything in a bad night.", "story": ["It adds {{cost.delta}}."], "explanations": []}
    said = Answer({**words, "priorities": [], "questions": []})
    with jobs(tmp_path) as job, world_of(ANTHROPIC) as provider:
        provider.says = [Answer({"proposals": []}), said]
        ended = job.run(model_provider="anthropic", anthropic_api_key="sk-ant-s3cr3t", environment={"ANTHROPIC_BASE_URL": provider.url})
        assert ended.code == 0, ended.log
        (body,) = job.summaries
        assert ("The database loses everything in a bad night." in body, "It adds +$26.82 a month." in body) == (True, True)
        assert "s3cr3t" not in ended.log + body


def test_a_patch_that_a_model_proposed_is_said_under_its_name_and_written_to_the_documents(tmp_path: Path) -> None:
    pytest.importorskip("pydantic_ai", reason="NOT PROVEN: pydantic-ai-slim is not installed")
    from tests.adapters.writer.dialects import ANTHROPIC
    from tests.adapters.writer.world import world_of
    from tests.words.proposed import MAIN, MENDED, NAME, WORDS, proposal

    with jobs(tmp_path) as job, world_of(ANTHROPIC) as provider:
        scene.push(job.hub, job.repository, "feature", {"network/main.tf": MAIN})
        provider.says = [proposal(MENDED, path="network/main.tf"), WORDS]
        key = {"ANTHROPIC_BASE_URL": provider.url}
        ended = job.run(model_provider="anthropic", anthropic_api_key="sk-ant-s3cr3t", path="network", environment=key)
        assert ended.code == 0, ended.log
        (body,) = job.summaries
        (note,) = [one.body for one in job.pull.comments.values()]
        for text in (body, note):
            assert f"Proposed by `{NAME}`, proven by ClOps" in text
            assert 'resource "aws_nat_gateway" "b" {' in text
        assert json.loads(Path(ended.outputs["json"]).read_text())["findings"][0]["patch"]["proposed_by"] == NAME
        assert "s3cr3t" not in ended.log + body
