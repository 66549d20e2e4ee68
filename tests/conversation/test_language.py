"""A team whose settings say so is spoken to in its language, wherever somebody reads; commits and commands stay as tools know them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from clops_app.adapters.thinking import ThinksApart
from clops_app.model.job import Said
from clops_app.usecases.slack import note
from tests.conversation.stage import ASKS, COMMITS, PROVIDER, TOLD, Stage, apart, log_group, stages, volume
from tests.conversation.test_commands import DATABASE, Pushing
from tests.github import scene
from tests.slack.shape import mrkdwn_of

KOREAN = {"main.tf": PROVIDER, ".clops.yml": "language: ko\n"}
HEAD = {"main.tf": PROVIDER + volume() + log_group()}
HANGUL = re.compile("[가-힣]")
# Three words in a row that are no names: an English sentence in the midst of a Korean answer.
ENGLISH = re.compile(r"\b[a-z]+(?: [a-z]+){2,}", re.IGNORECASE)


@contextmanager
def korean(head: dict[str, str] | None = None, **options: object) -> Iterator[Stage]:
    options = {"permissions": COMMITS} | options
    with stages(HEAD if head is None else head, KOREAN, **options) as stage:  # type: ignore[arg-type]
        yield stage


def in_korean(text: str) -> bool:
    """Whether every line that has words besides code, addresses and marks is Korean, and no English sentence is left."""
    shown = re.sub(r"`{3,}.*?`{3,}|<!--.*?-->|<sub>.*?</sub>|<[^>]+>|`[^`]*`|\]\([^)]*\)|https?://\S+", " ", text, flags=re.DOTALL)
    return HANGUL.search(shown) is not None and ENGLISH.search(shown) is None


def test_the_whole_review_is_in_the_language_of_the_bases_settings() -> None:
    with korean() as stage:
        handled = stage.reviews()
        (summary,) = stage.summaries
        assert in_korean(summary.body), summary.body
        assert stage.notes
        for one in stage.notes:
            assert in_korean(one.body), one.body
        (run,) = stage.repository.runs.values()
        assert HANGUL.search(run.output["title"])
        assert all(HANGUL.search(each["message"]) for each in run.annotations)
        assert handled.outcome is not None
        assert handled.outcome.digest is not None
        message = note(handled.outcome.pull, handled.outcome.digest, summary.id)
        assert in_korean(mrkdwn_of({"text": message.text, "blocks": list(message.blocks)}).replace("acme/infra", ""))


def test_help_is_korean_and_its_commands_are_not() -> None:
    with stages(HEAD) as plain, korean() as stage:
        english, asked, erred = plain.asks("/clops help"), stage.asks("/clops help"), stage.asks("/clops fxi all")
        assert asked.reply.startswith("| 댓글 | 동작 |\n|---|---|\n")
        assert re.findall(r"`[^`]+`", asked.reply) == re.findall(r"`[^`]+`", english.reply)
        assert in_korean(asked.reply)
        assert erred.reply == f"그런 명령은 없습니다. 혹시 `/clops fix` 명령인가요?\n\n{asked.reply}"


MISTAKES = (
    "fix gp3_volume",
    "review now",
    "explain",
    "ignore",
    "ignore gp2_volume until=2027-01-31",
    "ignore gp2_volume x until=soon",
    "zzz",
)


def test_what_was_not_understood_is_said_in_korean() -> None:
    with korean({"main.tf": PROVIDER}) as stage:
        for said in MISTAKES:
            wrong, _, told = stage.asks(f"/clops {said}").reply.partition("\n\n")
            assert in_korean(wrong), wrong
            assert told.startswith("| 댓글 |")


def test_a_rule_is_explained_in_korean() -> None:
    with korean() as stage:
        reply = stage.asks("/clops explain gp2_volume").reply
        assert "**무엇:** " in reply
        assert "**왜:** " in reply
        assert "**고치기:** " in reply
        assert in_korean(reply.partition("<details")[0]), reply


def test_why_is_answered_in_korean() -> None:
    with korean({"main.tf": PROVIDER + DATABASE}) as stage:
        assert in_korean(stage.asks("/clops why").reply)


def test_a_fix_is_answered_in_korean_and_committed_in_english() -> None:
    with korean() as stage:
        asked = stage.asks("/clops fix gp2_volume")
        url = f"{stage.hub.web}/acme/infra/commit/{stage.pull.head}"
        assert asked.reply.startswith(f"[이 커밋]({url})에 수정 1건을 담았습니다:\n\n- ")
        assert asked.reply.endswith("(`aws_ebs_volume.data`의 `aws/gp2_volume`)")
        assert in_korean(asked.reply)
        assert stage.repository.git.commit(stage.pull.head).message.strip() == (
            f"Fix aws/gp2_volume\n\n- aws/gp2_volume at aws_ebs_volume.data\n\nAsked-in-comment: {asked.comment.id}"
        )
        asked.again()
        assert asked.reply == f"이 요청은 [이 커밋]({url})에서 이미 처리했습니다."


def test_what_is_not_fixed_is_told_in_korean() -> None:
    with korean() as stage:
        reply = stage.asks("/clops fix all").reply
        assert "\n\n적용하지 않은 것:\n\n- `aws_" in reply
        assert in_korean(reply)
        assert in_korean(stage.asks("/clops fix public_database").reply)


def test_an_ignore_is_answered_in_korean_and_written_as_it_is_read() -> None:
    with korean() as stage:
        asked = stage.asks("/clops ignore gp2_volume 임시 디스크입니다 until=2027-01-31")
        assert "# clops:ignore aws/gp2_volume until=2027-01-31 임시 디스크입니다\nresource" in stage.file()
        assert asked.reply.startswith("`aws/gp2_volume` 규칙을 2027-01-31까지 무시합니다. [이 커밋](")
        assert asked.reply.endswith("- `aws_ebs_volume.data`의 `aws/gp2_volume`")
        assert stage.repository.git.commit(stage.pull.head).message.startswith(
            "Ignore aws/gp2_volume\n\n- aws/gp2_volume at aws_ebs_volume.data\n"
        )
        assert in_korean(stage.asks("/clops ignore gp2_volume 다시").reply)
        assert in_korean(stage.asks("/clops ignore log_group_without_retention 이유 until=2026-11-20").reply)


def test_what_is_proposed_has_an_english_title_and_korean_words() -> None:
    with korean() as stage:
        scene.protect(stage.hub, stage.repository, "feature", "ruleset")
        reply = stage.asks("/clops fix gp2_volume").reply
        (proposed,) = (one for one in stage.repository.pulls() if one is not stage.pull)
        assert proposed.title == "Fix aws/gp2_volume"
        assert in_korean(proposed.body or "")
        assert in_korean(reply)
        assert in_korean(stage.asks("/clops ignore gp2_volume 이유").reply)


def test_what_is_handed_over_is_korean_but_for_what_github_said() -> None:
    with korean(permissions=ASKS) as stage:
        reply = stage.asks("/clops fix gp2_volume").reply
        assert reply.startswith("여기에는 커밋할 권한이 없습니다(`")
        assert in_korean(reply)


def test_a_review_that_changes_nothing_and_a_closed_pull_request_are_answered_in_korean() -> None:
    with korean({"main.tf": PROVIDER}) as stage:
        stage.reviews()
        assert stage.asks("/clops review").reply == f"`{stage.pull.head[:7]}` 커밋을 다시 확인했습니다. 기존 리뷰 내용이 그대로 유효합니다."
        scene.set_state(stage.hub, stage.repository, stage.pull, "closed")
        assert stage.asks("/clops review").reply == "이 풀 리퀘스트는 닫혀 있어 더 이상 리뷰하지 않습니다."
        assert stage.asks("/clops fix all").reply == "이 풀 리퀘스트는 닫혀 있어 커밋할 곳이 없습니다."


def test_a_branch_that_never_rests_is_told_so_in_korean() -> None:
    with korean() as stage:
        stage.thinker = Pushing(stage, 9)
        assert in_korean(stage.asks("/clops fix gp2_volume").reply)


def test_a_process_apart_speaks_as_thinking_here_does() -> None:
    answers = []
    for thinker in (None, apart()):
        with korean() as stage:
            stage.thinker = thinker or stage.thinker
            words = ("review", "why", "help", "explain gp2_volume", "fix gp2_volume", "ignore log_group_without_retention 이유")
            asked = [stage.asks(f"/clops {said}") for said in words]
            outcome = asked[0].handled.outcome
            assert outcome is not None
            assert outcome.digest is not None
            assert outcome.digest.language == "ko"
            answers.append([one.reply.partition("](http")[0] for one in asked] + [one.body for one in stage.notes])
    assert answers[0] == answers[1]


def test_a_change_that_brings_a_language_is_not_spoken_to_in_it_yet() -> None:
    with stages({**HEAD, ".clops.yml": "language: ko\n"}) as stage:
        stage.reviews()
        assert HANGUL.search(stage.summaries[0].body) is None
        assert stage.asks("/clops help").reply.startswith("| comment | what happens |")


def test_the_language_is_that_of_the_base_branch_as_it_is_today() -> None:
    with stages(HEAD) as stage:
        stage.push({".clops.yml": "language: ko\n"}, branch="main")
        stage.push({"other.tf": "# GitHub looks where the base is when the head is pushed.\n"})
        assert stage.asks("/clops help").reply.startswith("| 댓글 |")
        stage.reviews()
        assert HANGUL.search(stage.summaries[0].body)


def test_settings_that_cannot_be_read_speak_english() -> None:
    deep = "[" * 5_000
    for settings in ("language: kr\n", "langauge: ko\n", "language: [ko\n", deep):
        with stages(HEAD, {**KOREAN, ".clops.yml": settings}) as stage:
            stage.thinker = apart() if settings == deep else stage.thinker
            assert stage.asks("/clops help").reply.startswith("| comment | what happens |")


def test_where_the_settings_may_not_be_read_help_is_english() -> None:
    with korean(permissions={"metadata": "read", "pull_requests": "write"}) as stage:
        assert stage.asks("/clops help").reply.startswith("| comment | what happens |")


def test_no_process_is_started_for_a_team_without_settings_and_one_that_dies_leaves_english() -> None:
    dying = ThinksApart((sys.executable, "-c", "raise SystemExit(9)"), lambda: TOLD)
    for base in ({"main.tf": PROVIDER}, KOREAN):
        with stages(HEAD, base) as stage:
            stage.thinker = dying
            assert stage.asks("/clops help").reply.startswith("| comment | what happens |")


def test_a_job_that_failed_is_told_in_english() -> None:
    from clops_app.usecases.handle_job import report_failure

    with korean() as stage:
        report_failure(stage.job(Said(1, "ana", "/clops review")), stage.forges, "a1b2c3")
        (run,) = stage.repository.runs.values()
        assert run.output["title"] == "ClOps failed, not you"
