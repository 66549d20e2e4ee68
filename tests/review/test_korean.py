"""A review in Korean is Korean throughout, and reads as somebody who reviews in Korean would write it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from clops_app.language import speaking
from clops_app.model.draft import Posted
from clops_app.model.finding import Finding
from clops_app.model.opinion import Remark, Scan, SecondBill, SecondPrice
from clops_app.model.review import Budget
from clops_app.model.source import SourceTree
from clops_app.model.writing import Spent, Written
from clops_app.review.advice import price
from clops_app.review.converse import converse
from clops_app.review.groups import grouped
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.why import why
from clops_app.review.render.opinion_words import scan_words, second_bill_words
from clops_app.review.render.words import caution, listed, monthly, monthly_notes, people_of, proof, severities, unit_price
from clops_app.review.stories import PHRASES, clauses, consequence, stories
from clops_app.review.words import NotWritten, Words
from clops_app.usecases.explain_rule import list_rules
from tests.review.samples import DATABASE_DIFF, NO_BACKUPS, SERVERS, SSH, finding, patch, second_server
from tests.stories.tell import COMMIT, HERE, LINKS, STORIES, VERSION, config_of, reviewed

# What is called so in Korean too: products, what AWS and Terraform call things, units. What Terraform would say people search for.
PROPER = (
    "ClOps|GitHub|AWS|Terraform|Auto Scaling|Logs Insights|Standard|GET|PUT|COPY|POST|LIST|EC2|RDS|NAT|SSH|CPU|GiB|GB|US|Invalid expression"
)
_FENCE = re.compile(r"^(`{3,})(\w*)$.*?^\1$", re.MULTILINE | re.DOTALL)
_NOT_PROSE = (
    re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)"),
    re.compile(r"<code>.*?</code>|<!--.*?-->|<[^>]*>"),
    re.compile(r"\]\([^)]*\)"),
    re.compile(rf"\b(?:{PROPER})\b"),
)
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z’'-]*(?:[,:;]? +[A-Za-z][A-Za-z’'-]*)+")


def english(markdown: str) -> list[str]:
    """Runs of two or more words that are neither Korean nor names."""
    text = _FENCE.sub(lambda fence: "\n".join(re.findall(r'"([^"]*)"', fence[0])) if fence[2] == "mermaid" else "", markdown)
    for pattern in _NOT_PROSE:
        text = pattern.sub("·", text)
    return [run for line in text.splitlines() for run in _ENGLISH.findall(line)]


@cache
def told(story: str) -> str:
    """The comment on a story, thought and written in Korean."""
    with speaking("ko"):
        people = people_of(config_of(HERE / story).service.kind)
        return comment(reviewed(story), list_rules(), version=VERSION, links=LINKS, people=people)


def first_words(story: str) -> str:
    return told(story).splitlines()[1]


@pytest.mark.parametrize("story", [story for story in STORIES if story != "hostile-names"])
def test_a_comment_in_korean_is_korean_throughout(story: str) -> None:
    assert re.search("[가-힣]", told(story))
    assert english(told(story)) == []


def test_what_is_looked_for_is_found() -> None:
    text = "서버가 `set the thing up` <b>one more thing</b>\n\n```hcl\nthis is no prose\n```\n\n[no](https://a.example) Auto Scaling 그룹"
    assert english(text) == ["one more thing"]
    assert english('```mermaid\n  n1["a large thing<br/>`x`"]\n```') == ["a large thing"]


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("second-server", "### ClOps: 아직 안 됩니다. 서버 한 대만 멈춰도 플레이어들의 접속이 모두 끊깁니다."),
        (
            "nothing-to-say",
            "**ClOps: 병합해도 됩니다.** 월 US$25.86, 변동 없음, 예산 US$100의 26%. 이 변경과 무관한 기존 지적 사항이 4건 있습니다.",
        ),
        ("over-budget", "### ClOps: 아직 안 됩니다. 비용이 예산 US$50보다 월 US$23.00 많습니다."),
        ("mended", "### ClOps: 병합해도 됩니다. 지적 사항 5건을 해결합니다."),
        ("broken-file", "### ClOps: 병합 전에 확인하세요. 코드 1곳을 읽지 못했습니다."),
        (
            "first-look",
            "### ClOps: 아직 안 됩니다. 배포 한 번 잘못하거나 디스크 하나를 잃으면 데이터베이스의 내용이 모두 사라집니다.",
        ),
    ],
)
def test_the_first_words_say_whether_to_merge_and_why(story: str, words: str) -> None:
    assert first_words(story) == words


@pytest.mark.parametrize(
    ("story", "words"),
    [
        ("second-server", "**월 US$25.86 → US$37.74** (+US$11.88, 예산 US$100의 38%) · 🟠 높음 5건 · `9f8e7d6` 대비 `1a2b3c4`"),
        ("second-server", "- **먼저 할 일:** `aws_db_instance.main`: 백업을 7일간 보관(무료, 패치는 아래)"),
        (
            "second-server",
            "**`aws_instance.game[*]`**: 플레이어들을 여러 서버로 분산하지 않음, 서버를 자동으로 늘리거나 교체하지 않음, 모두 한 가용 영역에 있음.",
        ),
        (
            "first-look",
            "**월 US$46.46** · 🟠 높음 5건, 🟡 보통 5건, 🔵 낮음 2건 · `1a2b3c4` 커밋 · 첫 리뷰라서 모두 새 지적 사항으로 셉니다",
        ),
        ("first-look", "- **나중에 해도 되는 것:** 보통 5건, 낮음 2건."),
        (
            "first-look",
            "**AWS가 이 리소스를 새로 만들어 교체합니다. 그동안 리소스가 없고, 미리 옮겨 두지 않으면 저장된 데이터도 함께 사라집니다.**",
        ),
        (
            "broken-file",
            "**비용 알 수 없음** (이전에는 US$27.96, 단 코드 일부를 읽지 못함) · 새 지적 사항 없음 · `9f8e7d6` 대비 `1a2b3c4`",
        ),
        ("not-everything-known", "**비용 알 수 없음** (변동 알 수 없음, 가격 없는 리소스 1개, 일부만 가격 있는 리소스 2개)"),
    ],
)
def test_a_comment_says_in_korean(story: str, words: str) -> None:
    assert words in told(story)


@pytest.mark.parametrize("rule", PHRASES)
def test_every_story_ends_as_a_sentence_whoever_uses_the_service(rule: str) -> None:
    (story,) = stories(grouped([finding(rule, "aws_x.y", "m")]))
    with speaking("ko"):
        for kind in ("game", "ticketing", ""):
            assert consequence(story, people_of(kind)).endswith("니다.")
            assert english("\n".join([consequence(story, people_of(kind)), *clauses(story, people_of(kind))])) == []


def test_those_who_use_the_service_are_called_as_its_kind_calls_them() -> None:
    (story,) = stories(grouped(SERVERS))
    with speaking("ko"):
        said = [consequence(story, people_of(kind)) for kind in ("game", "ticketing", None)]
    assert said == [f"서버 한 대만 멈춰도 {people}들의 접속이 모두 끊깁니다." for people in ("플레이어", "구매자", "사용자")]


def test_counts_stand_behind_what_they_count() -> None:
    with speaking("ko"):
        assert severities(grouped([finding("aws/x", "aws_x.y", "m", severity="critical"), *SERVERS[:3]])) == "치명적 1건, 높음 2건"
        assert [listed(items) for items in ("", "a", "ab", "abc", "abcdefg")] == ["", "a", "a, b", "a, b, c", "a, b, c 외 4개"]


def test_a_month_stands_before_its_amount() -> None:
    with speaking("ko"):
        assert monthly(second_server()) == "월 US$21.57 → US$29.16"
        assert monthly_notes(second_server(budget=Budget(Decimal(10_000)))) == "+US$7.59, 예산 US$10,000의 1% 미만, 가격 없는 리소스 1개"
        assert [price(patch("t", delta=delta)) for delta in ("0", "13.98", "-3.65", None)] == [
            "무료",
            "월 +US$13.98",
            "월 US$3.65 절감",
            "비용 알 수 없음",
        ]


def test_the_price_of_a_unit_stands_behind_it() -> None:
    with speaking("ko"):
        assert unit_price(Decimal("0.045"), "GB-month") == "GB-월당 US$0.045"
        assert unit_price(Decimal("0.00000043"), "request") == "요청 100만당 US$0.43"


def test_what_is_proven_and_what_to_mind_is_said() -> None:
    with speaking("ko"):
        assert proof(patch("t", delta="16.43")) == "검증됨: 이 지적은 사라지고 새 지적은 없음, 월 +US$16.43"
        assert caution(patch("t", safety="review")) == "먼저 읽어 보세요. 동작 방식이 바뀝니다."


def test_what_other_tools_say_is_counted() -> None:
    remark = Remark("main.tf", 1, 2, "CKV_AWS_1", "aws_x.y", "t")
    bill = SecondBill((SecondPrice("", "aws_x.y", Decimal(100), Decimal(120)), SecondPrice("", "aws_x.z", Decimal(5), Decimal(5))))
    with speaking("ko"):
        assert scan_words(Scan("3.2", (remark,), (remark,), 2, compared=True)) == "새 항목 1건 (기존 1건, ClOps에서 이미 지적한 것 2건)"
        assert second_bill_words(bill) == "월 US$125.00, ClOps 계산으로는 월 US$105.00; 리소스 2개 중 1개의 금액이 다름"


@pytest.mark.parametrize("story", ["second-server", "over-budget", "broken-file", "nothing-to-say"])
def test_why_is_answered_in_korean(story: str) -> None:
    with speaking("ko"):
        answer = why(reviewed(story), None, LINKS)
    assert english(answer) == []
    assert answer.startswith(("**아직 안 됩니다.**", "**병합"))


WRITTEN = Written(
    "서버 하나에 모두 걸려 있습니다.",
    ("하나가 멈추면 모두 끊깁니다.",),
    {},
    ("잠시 꺼져도 됩니까?",),
    ("story 1, sentence 2: a bare figure", "headline: too long"),
    spent=(Spent("model-x", 2_345, 321, Decimal("0.0123")),),
)


@pytest.mark.parametrize("words", [WRITTEN, replace(WRITTEN, refused=(), spent=()), NotWritten("모델이 답하지 않았습니다", WRITTEN.spent)])
def test_what_is_said_of_a_models_words_is_korean(words: Words) -> None:
    with speaking("ko"):
        text = comment(second_server(findings=(NO_BACKUPS,)), {}, version=VERSION, words=words)
    small_print = text[text.index("</details>\n\n**작성자에게" if isinstance(words, Written) else "<sub>설명은 템플릿") :]
    assert english(small_print) == []


@pytest.mark.parametrize("limit", [9_000, 3_000])
def test_what_was_left_out_is_said_in_korean(limit: int) -> None:
    findings = [replace(found, patch=patch(f"패치 {number}", DATABASE_DIFF * 3)) for number, found in enumerate(_many(30))]
    with speaking("ko"):
        text = comment(second_server(findings=tuple(findings)), {}, version=VERSION, limit=limit)
    (left_out,) = re.findall("<sub>길이 때문에 여기서 뺀 것: .*</sub>", text)
    assert english(left_out) == []


def _many(count: int) -> Iterable[Finding]:
    return (replace(SSH, address=f"aws_security_group.a{number}", start_line=number) for number in range(1, count))


def test_a_conversation_on_the_lines_is_korean() -> None:
    diff = "diff --git a/main.tf b/main.tf\n--- a/main.tf\n+++ b/main.tf\n@@ -16,0 +17,2 @@\n+a\n+b\n"
    review = second_server(findings=(replace(NO_BACKUPS, title="백업 없음", message="백업이 없습니다."),))
    with speaking("ko"):
        draft = converse(review, "", Posted(), diff, SourceTree({"main.tf": b"\n" * 60}), COMMIT, links=Links())
    assert draft.review is not None
    assert draft.review.body.splitlines()[1] == "ClOps: 바뀐 줄에 의견 1건을 남겼습니다. 전체 리뷰는 별도 댓글에 있습니다."
    assert [run for note in draft.review.comments for run in english(note.body) if "days of backups" not in run] == []
