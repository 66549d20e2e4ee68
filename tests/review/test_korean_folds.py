"""What is folded away, said inline and shown in a check, in Korean: whole sentences, as a person would write them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest

from clops_app.language import speaking
from clops_app.model.cost import Unpriced
from clops_app.model.draft import Button
from clops_app.model.finding import Finding, Fix
from clops_app.model.opinion import Remark, Scan, SecondBill, SecondPrice
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.diagram import diagram
from clops_app.review.hunks import Hunk
from clops_app.review.render.check import annotations_of, check_run, check_title
from clops_app.review.render.dot import dot
from clops_app.review.render.json_document import dumps
from clops_app.review.render.links import Links
from clops_app.review.render.markdown.comment import comment
from clops_app.review.render.markdown.cost import cost_section
from clops_app.review.render.markdown.inline import closing_body, inline_body
from clops_app.review.render.mermaid import mermaid
from clops_app.review.render.sarif import sarif_log
from clops_app.review.suggestions import suggestion_of
from clops_app.review.topics import Topic, topics_of
from clops_app.usecases.explain_rule import list_rules
from tests.review.samples import GP2, NO_BACKUPS, PAGES, SERVERS, SSH, bill, game, patch, second_server, server
from tests.stories.tell import COMMIT, HERE, LINKS, reviewed, tree_of

NO_LINKS = Links()


@cache
def story(name: str) -> Review:
    """A story, thought through in Korean."""
    with speaking("ko"):
        return reviewed(name)


def told(review: Review) -> str:
    with speaking("ko"):
        return comment(review, PAGES, version="0.1.0")


def fold(text: str, summary: str) -> list[str]:
    """The lines of the fold with this summary."""
    return text.partition(f"<summary>{summary}</summary>\n\n")[2].partition("\n\n</details>")[0].splitlines()


def topic(review: Review, rule: str) -> Topic:
    return next(each for each in topics_of(found for found in review.findings if found.status == "new") if each.first.rule == rule)


def test_the_cost_fold_says_what_changes_what_it_depends_on_and_what_is_assumed() -> None:
    with speaking("ko"):
        (section,) = cost_section(story("second-server"))
    assert section.variants[0].text.splitlines() == [
        "<details><summary>💰 비용: 변경 2건 · 2025-12-06 가격 기준</summary>",
        "",
        "| 변동 | 리소스 | 변경 전 | 변경 후 |",
        "| ---: | --- | ---: | ---: |",
        "| +US$11.88 | `aws_instance.game[1]` | – | US$11.88 + 사용량 요금 |",
        "| 사용량에 따라 | `aws_db_instance.main` | US$13.98 + 사용량 요금 | US$13.98 + 사용량 요금 |",
        "| **+US$11.88** | **리소스 전체, 예산 US$100의 38%** | **US$25.86** | **US$37.74** |",
        "",
        "**사용량에 따라 달라 이 금액에 넣지 않은 것:**",
        "",
        "- 기준선을 넘는 CPU 크레딧, vCPU-시간당 US$0.075: `usage.aws_db_instance.monthly_cpu_credit_hrs` 값을 설정하세요",
        "- 기준선을 넘는 CPU 크레딧, vCPU-시간당 US$0.05: `usage.aws_instance.monthly_cpu_credit_hrs` 값을 설정하세요",
        "",
        "**이 금액을 계산하며 가정한 것:**",
        "",
        "- 크기와 유형은 이미지에 따라 정해짐: 8 GiB gp3 볼륨으로 가정. (`aws_instance.game[1]`)",
        "",
        "</details>",
    ]


def test_what_has_no_price_is_named_with_the_reason() -> None:
    with speaking("ko"):
        (section,) = cost_section(story("not-everything-known"))
    text = section.variants[0].text
    assert "**가격이 없어 이 금액에 넣지 않은 것:**\n\n- `aws_db_instance.main` 일부: 리전을 알 수 없음: " in text
    assert "- `aws_kendra_index.search`: ClOps에 아직 `aws_kendra_index` 가격이 없음" in text


def test_a_long_bill_counts_what_it_leaves_out() -> None:
    many = second_server().roots[0]
    items = [Unpriced(f"aws_x.x{number}", "aws_x", "why") for number in range(20)]
    servers = [replace(server(0), address=f"aws_instance.i{number:02}") for number in range(20)]
    review = replace(second_server(), roots=(replace(many, bill=bill(*servers, unpriced=items)),))
    with speaking("ko"):
        (section,) = cost_section(review)
    text = section.variants[0].text
    assert re.search(r"\| 더 작은 항목 27개 \| +\| +\|$", text, re.MULTILINE)
    assert "- 외 가격 없는 리소스 12개" in text
    assert [variant.lost for variant in section.variants] == ["", "비용 표 일부", "비용 표 대부분", "비용 표"]


def test_an_inline_comment_says_what_is_wrong_and_has_the_button() -> None:
    review, head = story("second-server"), tree_of(HERE / "second-server" / "head")
    found = topic(review, "aws/ssh_open_to_world")
    assert found.patch is not None
    with speaking("ko"):
        suggestion = suggestion_of(found.patch, head, {path: (Hunk(1, 10_000, frozenset()),) for path in head.files})
        body = inline_body(found, suggestion, LINKS)
    assert body.splitlines()[1:] == [
        "🟠 **[22번 포트가 인터넷 전체에 열려 있음](https://example.com/rules/aws/ssh_open_to_world?lang=ko)** (높음). "
        "`aws_security_group.game` 리소스가 22번 포트(SSH)를 인터넷 전체에 열어 둡니다. 스캐너가 밤낮으로 로그인을 시도합니다.",
        "",
        "SSH를 사설 주소에서만 허용. 검증됨: 이 지적은 사라지고 새 지적은 없음, 월 US$0.00.",
        "",
        "**먼저 읽어 보세요. 동작 방식이 바뀝니다.**",
        "",
        "```suggestion",
        '    cidr_blocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]',
        "```",
    ]


def inline(*findings: Finding, outdated: bool = False) -> list[str]:
    with speaking("ko"):
        return inline_body(topics_of(findings)[0], None, NO_LINKS, outdated=outdated).split("\n\n")


def test_an_inline_comment_without_a_button_says_how_to_get_the_change() -> None:
    assert inline(NO_BACKUPS)[-1] == "이 변경은 `clops fix --rule aws/database_without_backups --write` 명령으로 적용할 수 있습니다."
    assert inline(SSH)[-1] == "고치는 방법은 `clops explain aws/ssh_open_to_world` 명령으로 볼 수 있습니다."
    failed = replace(NO_BACKUPS, patch=None, fix=Fix("Keep backups", ()), why_no_patch="블록을 만드는 모듈이 없음")
    assert (
        inline(failed)[-1]
        == "패치 없음: 블록을 만드는 모듈이 없음. 고치는 방법은 `clops explain aws/database_without_backups` 명령으로 볼 수 있습니다."
    )


def test_a_patch_too_long_to_show_is_named() -> None:
    long = replace(NO_BACKUPS, patch=patch("p", "+x\n" * 40_000, safety="show"))
    assert inline(long)[-1] == "패치는 `clops fix --rule aws/database_without_backups` 명령으로 볼 수 있습니다."


def test_an_inline_comment_speaks_of_the_other_instances_and_of_lines_that_changed() -> None:
    first = replace(NO_BACKUPS, root="dev", address="aws_db_instance.a", message="`aws_db_instance.a` 데이터베이스에 백업이 없습니다.")
    second = replace(first, root="prod", address="aws_db_instance.b", message="m")
    story, changed, *_ = inline(first, second, outdated=True)
    assert story.endswith("백업이 없습니다. 다음도 마찬가지입니다: `prod` 루트의 `aws_db_instance.b`.")
    assert changed == "그 사이 이 줄이 바뀌었지만 문제는 그대로입니다: `main.tf:17`."


def test_a_comment_that_is_over_says_how_it_ended() -> None:
    body = "<!-- clops:finding 1a2b -->\n🟠 **백업 없음** (높음)."
    endings: Mapping[str, str] = {
        "fixed": "✅ `1a2b3c4` 커밋에서 해결됨: 🟠 **백업 없음** (높음).",
        "dismissed": "🔕 무시함: 🟠 **백업 없음** (높음).",
        "duplicate": "같은 내용이 두 번 달려 다른 댓글만 남깁니다: 🟠 **백업 없음** (높음).",
    }
    with speaking("ko"):
        said = {ending: closing_body(body, ending, COMMIT).splitlines()[2] for ending in endings}  # type: ignore[arg-type]
        assert said == endings
        assert closing_body(body, "dismissed", COMMIT, "데모라서").splitlines()[2] == "🔕 무시함 (데모라서): 🟠 **백업 없음** (높음)."


def test_older_findings_are_counted_and_listed() -> None:
    old = tuple(replace(GP2, status="existing", address=f"aws_db_instance.d{number:02}", start_line=number + 1) for number in range(13))
    lines = fold(told(second_server(findings=(NO_BACKUPS, *old))), "🗂 이 변경과 무관한 기존 지적 사항 13건: 낮음 13건")
    assert lines[0] == "- 🔵 Disk of the older kind `aws_db_instance.d00` `main.tf:1`"
    assert lines[10:] == ["- 외 기존 지적 사항 3건"]


def test_what_was_not_evaluated_is_counted_and_what_stopped_a_root_stands_out() -> None:
    fatal = Diagnostic("구문 오류", "main.tf:1", "닫는 괄호가 없습니다", fatal=True)
    others = [Diagnostic(f"var.x{number} 값 없음", "", "기본값이 없습니다") for number in range(21)]
    lines = told(second_server(diagnostics=(fatal, *others))).partition("❔ 평가하지 못한 것 (22)</summary>\n\n")[2].splitlines()
    assert lines[0] == "- **이 루트는 전혀 평가하지 못함:** 구문 오류 `main.tf:1`: 닫는 괄호가 없습니다"
    assert lines[20] == "- 외 2곳"


def test_how_to_ignore_is_explained_with_the_names_of_the_first_finding() -> None:
    review = second_server(findings=(NO_BACKUPS,), ignored=((replace(SSH, status="new"), "데모라서"),))
    assert fold(told(review), "🔕 지적 사항을 무시하는 방법") == [
        "`main.tf` 파일에서 블록 바로 윗줄에 다음과 같이 씁니다.",
        "",
        "```hcl",
        "# clops:ignore aws/database_without_backups 이렇게 둔 이유",
        "```",
        "",
        "또는 기준 브랜치의 `.clops.yml` 파일에 다음과 같이 씁니다.",
        "",
        "```yaml",
        "ignore:",
        "  - {rule: aws/database_without_backups, address: 'aws_db_instance.main', reason: \"이렇게 둔 이유\"}",
        "```",
        "",
        "`until=YYYY-MM-DD` (파일에서는 `until: YYYY-MM-DD`) 항목을 덧붙이면 그 날짜가 지난 뒤 다시 나타납니다.",
        "",
        "이미 무시한 지적 사항 (1):",
        "",
        "- SSH is open to the world `aws_security_group.game`: 데모라서",
    ]


def test_the_roots_and_the_small_print_are_korean() -> None:
    text = told(story("second-server"))
    assert fold(text, "📁 리뷰한 대상: 루트 1개")[0].startswith("- 저장소 최상위: ")
    assert text.rstrip().splitlines()[-1] == "<sub>ClOps 0.1.0 · 규칙 18개 · 2025-12-06 가격 기준 · `1a2b3c4` 커밋</sub>"


def test_the_architecture_is_drawn_with_korean_names() -> None:
    with speaking("ko"):
        drawn = diagram(game(2), game(1))
        text, graph = mermaid(drawn), dot(drawn)
    assert 'n0(("인터넷"))' in text
    assert '"EC2 인스턴스 ×2 · 변경됨<br/>game[*]"' in text or '"EC2 인스턴스 · 추가됨<br/>game[1]"' in text
    assert '"RDS 데이터베이스<br/>main"' in text
    assert "RDS 데이터베이스\\nmain" in graph
    assert "<summary>🗺 이 변경 후의 아키텍처</summary>" in told(second_server())
    assert "<summary>🗺 아키텍처</summary>" in told(story("first-look"))


REMARK = Remark("main.tf", 1, 2, "CKV_AWS_1", "aws_x.y", "Ensure a thing")
SECOND = SecondBill(tuple(SecondPrice("", f"aws_x.x{number:02}", Decimal(100), Decimal(200 + number)) for number in range(12)))


def test_what_other_tools_say_is_introduced_in_korean() -> None:
    remarks = tuple(replace(REMARK, address=f"aws_x.x{number}") for number in range(23))
    text = told(second_server(scan=Scan("3.2", remarks, (REMARK,), 0, compared=True), second_bill=SECOND))
    checkov = fold(text, "🔎 checkov에서도 찾은 것: 새 항목 23건 (기존 1건)")
    assert checkov[20:] == [
        "- 외 3건",
        "",
        "<sub>checkov의 설명 그대로입니다. ClOps는 이 항목을 판단하거나 가격을 매기지 않았고, 판정에도 넣지 않았습니다.</sub>",
    ]
    infracost = fold(text, "⚖️ Infracost의 계산: 월 US$2,466.00, ClOps 계산으로는 월 US$1,200.00; 리소스 12개 중 12개의 금액이 다름")
    assert infracost[0] == "| 리소스 | ClOps, 월 비용 | Infracost, 월 비용 |"
    assert infracost[-3:] == [
        "외 리소스 2개.",
        "",
        "<sub>사용량에 따라 달라지는 요금은 뺐습니다. 합계와 판정은 ClOps 금액 기준입니다.</sub>",
    ]


def test_the_check_says_the_review_in_one_line() -> None:
    with speaking("ko"):
        assert check_title(second_server(findings=(NO_BACKUPS, SSH))) == (
            "아직 안 됩니다: 새 지적 사항 2건 (높음 1건, 보통 1건), 월 US$21.57 → US$29.16"
        )
        assert check_title(second_server(findings=(), verdict="pass")) == "병합해도 됩니다: 새 지적 사항 없음, 월 US$21.57 → US$29.16"


def test_the_button_of_the_check_is_within_githubs_limits() -> None:
    review = second_server(findings=(NO_BACKUPS,))
    with speaking("ko"):
        run = check_run(review, topics_of(review.findings), "요약", COMMIT, failed=False, posted=None, may_commit=True)
    assert run is not None
    assert run.buttons == (Button("안전한 수정 적용", "검증된 안전한 수정을 커밋합니다", "fix_all"),)
    # OpenAPI description of checks/create: characters of a label and of a description.
    assert len(run.buttons[0].label) <= 20
    assert len(run.buttons[0].description) <= 40


def test_an_annotation_counts_the_other_instances() -> None:
    with speaking("ko"):
        (annotation,) = annotations_of(topics_of(SERVERS[:2]))
    assert annotation.message.endswith(" 다른 1건도 마찬가지입니다.")


def test_a_sarif_log_has_korean_messages_and_english_keys() -> None:
    review = story("second-server")
    with speaking("ko"):
        log = json.loads(dumps(sarif_log(review, list_rules(), tree_of(HERE / "second-server" / "head"), version="0.1.0")))
    driver = log["runs"][0]["tool"]["driver"]
    rule = next(one for one in driver["rules"] if one["id"] == "aws/ssh_open_to_world")
    assert re.findall("^## .*$", rule["help"]["markdown"], re.MULTILINE) == ["## 무엇", "## 왜", "## 고치기"]
    assert rule["properties"]["tags"] == ["security", "terraform"]


@pytest.mark.parametrize("name", ["second-server", "first-look"])
def test_a_button_in_korean_is_the_same_button(name: str) -> None:
    head = tree_of(HERE / name / "head")
    every = {path: (Hunk(1, 10_000, frozenset()),) for path in head.files}
    ours = [found.patch for found in reviewed(name).findings if found.patch is not None]
    theirs = [found.patch for found in story(name).findings if found.patch is not None]
    assert len(ours) > 0
    assert [suggestion_of(each, head, every) for each in theirs] == [suggestion_of(each, head, every) for each in ours]
