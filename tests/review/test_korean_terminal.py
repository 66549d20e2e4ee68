"""The terminal in Korean: Hangul is two cells wide, so what stands in columns is measured in cells, not in letters."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from io import StringIO

import pytest
from rich.cells import cell_len
from rich.console import Console

from clops_app.language import speaking
from clops_app.model.cost import Unpriced
from clops_app.model.finding import Finding, Severity
from clops_app.model.opinion import Remark, Scan, SecondBill
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.model.writing import Spent, Written
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.terminal.cost import print_bills
from clops_app.review.render.terminal.review import print_review
from clops_app.review.render.terminal.rules import print_page, print_rules
from clops_app.review.words import NotWritten, Words
from clops_app.usecases.explain_rule import list_rules
from tests.review.samples import BASE, DATABASE_COST, EMPTY, GP2, NO_BACKUPS, PAGES, SERVERS, SSH, bill, finding, second_server, server
from tests.stories.tell import STORIES, reviewed


@cache
def story(name: str) -> Review:
    with speaking("ko"):
        return reviewed(name)


def printed(review: Review, width: int = 80, *, scope: str = "", words: Words | None = None) -> list[str]:
    to = Console(file=StringIO(), width=width)
    with speaking("ko"):
        print_review(to, review, list_rules(), people="players", scope=scope, words=words)
    return lines_of(to)


def lines_of(to: Console) -> list[str]:
    assert isinstance(to.file, StringIO)
    return [line.rstrip() for line in to.file.getvalue().splitlines()]


def flat(lines: list[str]) -> str:
    return " ".join(" ".join(lines).split())


def of_findings(*findings: Finding, **changes: object) -> Review:
    result = RootResult("", "why", EMPTY, bill(DATABASE_COST), findings, base_bill=bill(DATABASE_COST))
    return assemble([replace(result, **changes)], base=BASE)  # type: ignore[arg-type]


def column_ends(table: list[str], columns: int) -> list[set[int]]:
    """At which cells the last columns of a table end, in each of its rows that has words."""
    rows = [line for line in table if line and not line.startswith("─")]
    # Three spaces part two columns, and no cell has so many.
    ends = [[cell_len(line[: cell.end()]) for cell in re.finditer(r"\S+(?: {1,2}\S+)*", line)] for line in rows]
    return [set(column) for column in zip(*(found[-columns:] for found in ends), strict=True)]


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_terminal(name: str, width: int) -> None:
    assert [line for line in printed(story(name), width) if cell_len(line) > width] == []


def test_a_finding_has_place_reason_fix_price_and_the_lines_that_change() -> None:
    lines = printed(story("second-server"), 100)
    start = lines.index("aws_db_instance.main  main.tf:39")
    assert lines[start : start + 7] == [
        "aws_db_instance.main  main.tf:39",
        " 높음      백업을 보관하지 않는 데이터베이스  aws/database_without_backups",
        "           aws_db_instance.main 데이터베이스는 백업을 보관하지 않습니다. 잘못된 배포나 스크립트,",
        "           디스크 손실 한 번으로 모든 데이터를 영영 잃습니다.",
        "           수정  백업을 7일간 보관",
        "           비용  무료. 먼저 읽어 보세요. 동작 방식이 바뀝니다.",
        "                 +   backup_retention_period = 7",
    ]


def test_the_columns_of_the_cost_table_end_where_those_above_end() -> None:
    lines = printed(story("second-server"), 120)
    start = next(number for number, line in enumerate(lines) if line.startswith("리소스 "))
    table = lines[start : start + 6]
    assert table[0].split() == ["리소스", "변경", "전", "변경", "후", "변동"]
    assert table[-1].startswith("리소스 전체, 예산 US$100의 38%   ")
    assert [len(ends) for ends in column_ends(table, 3)] == [1, 1, 1]


def test_the_columns_of_a_bill_end_where_those_above_end() -> None:
    to = Console(file=StringIO(), width=100)
    with speaking("ko"):
        print_bills(to, [(root.root, root.bill) for root in story("autoscaled-shop").roots])
    lines = lines_of(to)
    assert lines[0].split() == ["리소스", "수량", "단가", "월", "비용"]
    table = lines[: next(number for number, line in enumerate(lines) if line.startswith("합계")) + 1]
    assert len(column_ends(table, 1)[0]) == 1
    detailed = [line for line in table if line.startswith("  ")]
    assert [len(ends) for ends in column_ends(detailed, 3)] == [1, 1, 1]
    assert "  인스턴스, m6i.large                                   2920 시간          US$0.096       US$280.32" in table
    assert lines[-2:] == ["리소스 13개는 그 자체로 비용이 들지 않습니다.", "월 US$413.19  2025-12-06 가격 기준"]


def test_a_bill_compared_says_both_months() -> None:
    to = Console(file=StringIO(), width=100)
    with speaking("ko"):
        print_bills(to, [("a", bill(server(0))), ("b", bill())], before=DATABASE_COST.monthly_usd)
    assert "a: 월 US$7.59 ─" in flat(lines_of(to))
    assert lines_of(to)[-1] == "월 US$13.98 → US$7.59 (-US$6.39)  2025-12-06 가격 기준"


def test_no_label_is_cut() -> None:
    lines = printed(story("not-everything-known"), 100)
    assert [line.split("  ")[0] for line in lines if line.startswith(("사용량에 따라 aws", "가격 없음  "))][1:] == ["가격 없음"] * 3
    text = flat(lines)
    assert "사용량에 따라 aws_instance.worker[*]: 기준선을 넘는 CPU 크레딧: vCPU-시간당 US$0.05 (몇 개인지 알 수 없음 (" in text
    assert "…" not in text


def test_what_to_set_is_told_by_the_bill_and_not_by_the_review() -> None:
    text = flat(printed(story("second-server"), 120))
    assert "값을 설정하세요" not in text
    assert "사용량을 반영하려면 무엇을 설정해야 하는지 clops cost 명령으로 볼 수 있습니다." in text
    assert "가정 크기와 유형은 이미지에 따라 정해짐: 8 GiB gp3 볼륨으로 가정 aws_instance.game[1]" in text


def test_titles_of_older_findings_begin_in_one_column() -> None:
    severities: tuple[Severity, ...] = ("critical", "high", "medium", "low")
    old = [
        finding("aws/x", f"aws_x.{name}", "m", title="제목", severity=name, status="existing", start_line=number)
        for number, name in enumerate(severities, 1)
    ]
    lines = printed(of_findings(*old, *(replace(GP2, status="existing", start_line=number) for number in range(20, 29))), 100)
    assert "이 변경과 무관한 기존 지적 사항 13건: 치명적 1건, 높음 1건, 보통 1건, 낮음 10건" in flat(lines)
    assert {cell_len(line[: line.index("제목")]) for line in lines if "제목" in line} == {9}
    assert "외 기존 지적 사항 3건: clops review --base none" in lines


def test_the_verdict_and_what_to_do_are_the_last_things_said() -> None:
    assert printed(story("second-server"), 200)[-5:] == [
        "판정 " + "─" * 195,
        "✗ 아직 안 됩니다. 서버 한 대만 멈춰도 플레이어들의 접속이 모두 끊깁니다.",
        "새 지적 사항 높음 5건 · 월 US$25.86 → US$37.74 (+US$11.88, 예산 US$100의 38%) · 1a2b3c4 커밋",
        "먼저  aws_db_instance.main: 백업을 7일간 보관 (무료): clops fix --rule aws/database_without_backups",
        "다음  aws_instance.game[1]: 두 가용 영역에 걸친 로드 밸런서를 앞에 배치",
    ]


def test_the_hints_below_the_findings_are_whole_sentences() -> None:
    text = flat(printed(of_findings(NO_BACKUPS), 160))
    assert (
        "모든 패치는 사본에 적용해 보았습니다. 해당 지적 사항은 사라졌고 새로 생긴 것은 없습니다."
        " clops fix --write 명령은 안전한 패치를 적용하고, --rule RULE 옵션을 붙이면 그 규칙의 패치를 적용합니다."
        " clops explain RULE 명령이 규칙을 자세히 설명합니다(한국어는 --language ko)."
    ) in text
    none_safe = replace(NO_BACKUPS, patch=replace(NO_BACKUPS.patch, safety="review"))  # type: ignore[type-var]
    assert "clops fix --write 명령만으로는 아무 패치도 적용하지 않으며," in flat(printed(of_findings(none_safe), 160))


def test_very_much_of_anything_is_counted() -> None:
    many = [finding("aws/x", f"aws_x.x{number:04}", f"`aws_x.x{number:04}` m") for number in range(1250)]
    old = [replace(one, status="fixed") for one in many[:60]]
    review = of_findings(
        *many,
        *old,
        bill=bill(
            *(replace(server(0), address=f"aws_instance.i{number:04}") for number in range(70)),
            unpriced=[Unpriced(f"aws_x.u{number}", "aws_x", "w") for number in range(52)],
        ),
        ignored=tuple((one, "") for one in old),
        diagnostics=tuple(Diagnostic(f"thing {number}", "main.tf", "because") for number in range(55)),
    )
    lines = printed(review, 120)
    assert "그 밖의 지적 사항 1,200건은 clops review --format json 출력에 모두 있습니다." in lines
    assert [line.partition(":")[0] for line in lines if line.startswith("외 ")] == [
        "외 지적 사항 10건",
        "외 변경 73건",
        "외 리소스 2개",
        "외 지적 사항 10건",
        "외 5곳",
    ]
    assert "aws/x  aws_x.x0000: 이유 없음" in lines


def test_instances_lines_and_work_by_hand_are_named() -> None:
    elsewhere = replace(SERVERS[0], address="aws_instance.game[7]", rule="aws/x", title="다른 문제", message="문제입니다.", start_line=9)
    text = flat(printed(of_findings(*SERVERS[:2], elsewhere), 120))
    assert "aws_instance.game[*] (인스턴스 3개) main.tf:6" in text
    assert "다른 문제 9행 aws/x" in text
    assert "허용 (직접 수정)" in flat(printed(of_findings(replace(SSH, patch=None)), 120))


def test_a_models_words_are_introduced_in_korean() -> None:
    written = Written("h", ("이야기입니다.",), {}, ("끊겨도 됩니까?",), ("story 1: too long",), spent=())
    written = replace(written, spent=(Spent("model-x", 1_000, 200, None),))
    text = flat(printed(of_findings(NO_BACKUPS), 160, words=written))
    assert "설명 ─" in text
    assert "질문 끊겨도 됩니까?" in text
    assert "걸러 낸 문장 1개). 여기에 나오는 모든 수치와 이름은 ClOps가 계산한 것입니다." in text
    assert "템플릿으로 썼습니다: 답이 없습니다." in flat(printed(of_findings(NO_BACKUPS), words=NotWritten("답이 없습니다.")))


def test_other_tools_and_roots_are_introduced_in_korean() -> None:
    remark = Remark("main.tf", 1, 2, "CKV_AWS_1", "aws_x.y", "Ensure a thing")
    review = replace(second_server(), scan=Scan("3", (remark,), (), 0, compared=True), second_bill=SecondBill(()))
    assert "checkov에서도 찾은 것: 새 항목 1건" in flat(printed(review))
    assert "리뷰한 대상: 루트 1개 ─" in flat(printed(second_server(), scope="elsewhere"))


def test_the_rules_are_listed_in_two_columns() -> None:
    to = Console(file=StringIO(), width=80)
    with speaking("ko"):
        print_rules(to, list_rules())
    lines = lines_of(to)
    assert {line.strip() for line in lines if line.startswith("    ") and "/" not in line} >= {"보안", "안정성", "비용"}
    named = [line for line in lines if " *" in line or line.split()[-1:] == ["aws/single_az_compute"]]
    assert {cell_len(line[: line.index("aws/")]) for line in named if "aws/" in line} == {11}
    assert flat(lines[-2:]) == (
        f"규칙 {len(list_rules())}개. * 표시가 있으면 패치도 있습니다. clops explain RULE 명령이 규칙의 설명을 보여 줍니다(한국어는 --language ko)."
    )


def test_a_page_says_what_why_fix_and_where_from() -> None:
    to = Console(file=StringIO(), width=100)
    with speaking("ko"):
        print_page(to, "aws/x", replace(PAGES["aws/database_without_backups"], replaces=True))
    text = flat(lines_of(to))
    assert "높음 Database keeps no backups aws/x · 안정성 · 패치: 확인 후 적용, 리소스를 교체함 · 0.1부터 무엇" in text
    assert "출처 Amazon RDS user guide (2026-11-21)" in text
