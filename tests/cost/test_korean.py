"""A bill in Korean: the same figures, and not one line, reason or note that is English still."""

from __future__ import annotations

import re

import pytest

from clops_app.cost.pricing import only_sets_usage, usage_hint
from clops_app.cost.usage import parse_usage
from clops_app.language import speaking
from clops_app.model.cost import Bill
from clops_app.review.render.units import unit_words
from tests.cost.case import Case
from tests.cost.roots import billed, lines, why
from tests.cost.test_types import CASES

# Names that hold a dot, an underscore or a digit are Terraform's or AWS's, as is the volume type: usage.aws_lb.new_connections, gp3, standard.
_ENGLISH = re.compile(r"(?<![\w.=/-])(?!standard\b)[a-z]{3,}(?![\w.=/-])")


def in_korean(text: str, usage: dict[str, object] | None = None) -> Bill:
    with speaking("ko"):
        return billed(text, usage=usage)


def figures(bill: Bill) -> list[tuple[object, ...]]:
    return [(cost.address, line.quantity, line.unit, line.unit_price_usd, line.source) for cost in bill.resources for line in cost.lines]


def said(bill: Bill) -> list[str]:
    every = [part for cost in bill.resources for line in cost.lines for part in (line.name, line.assumption)]
    return [part for part in (*every, *(item.why for item in bill.unpriced)) if part]


def english(texts: list[str]) -> list[str]:
    return [text for text in texts if _ENGLISH.search(text)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_a_bill_has_the_same_figures_in_other_words(case: Case) -> None:
    ours, theirs = billed(case.text, usage=dict(case.usage)), in_korean(case.text, dict(case.usage))
    assert figures(theirs) == figures(ours)
    assert english(said(theirs)) == []
    with speaking("ko"):
        assert english([unit_words(line.unit) for cost in theirs.resources for line in cost.lines]) == []


def test_english_is_found_where_it_is() -> None:
    assert english(["Instance, on demand", "gp3 스토리지: usage.aws_lb.new_connections", "GB-월", "Root volume"]) == [
        "Instance, on demand",
        "Root volume",
    ]


DATABASE = """
resource "aws_db_instance" "main" {
  instance_class          = "db.t4g.micro"
  engine                  = "postgres"
  allocated_storage       = 20
  storage_type            = "gp3"
  backup_retention_period = 7
}
"""


def test_the_lines_of_a_database_read_as_aws_writes_them_in_korean() -> None:
    assert list(lines(in_korean(DATABASE), "aws_db_instance.main")) == [
        "데이터베이스 인스턴스, db.t4g.micro",
        "기준선을 넘는 CPU 크레딧",
        "스토리지, gp3",
        "무료 용량을 넘는 백업",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('resource "aws_kendra_index" "x" {}\n', "ClOps에 아직 aws_kendra_index 가격이 없음"),
        ('resource "google_compute_instance" "x" {}\n', "ClOps에는 AWS 가격만 있음"),
        ('resource "aws_instance" "x" {\n  instance_type = "zz9.large"\n}\n', "인스턴스, zz9.large: us-east-1 리전의 가격 없음"),
        (
            'resource "aws_ebs_volume" "x" {\n  availability_zone = "us-east-1a"\n}\n',
            "볼륨: 크기가 스냅샷에 따라 정해짐",
        ),
        ('resource "aws_ecs_service" "x" {\n  launch_type = "FARGATE"\n}\n', "태스크 정의가 이 루트에 없음"),
    ],
)
def test_a_reason_why_there_is_no_price_is_a_korean_phrase(text: str, reason: str) -> None:
    bill = in_korean(text)
    assert why(bill, bill.unpriced[0].address) == reason


def test_what_to_set_is_asked_for_and_taken_out_of_its_sentence_in_both_languages() -> None:
    for language, whole, hint in (
        (
            "en",
            "depends on usage: set usage.aws_lambda_function.monthly_requests and usage.aws_lambda_function.request_duration_ms",
            "set usage.aws_lambda_function.monthly_requests and usage.aws_lambda_function.request_duration_ms",
        ),
        (
            "ko",
            "사용량에 따라 다름: usage.aws_lambda_function.monthly_requests, usage.aws_lambda_function.request_duration_ms 값을 설정하세요",
            "usage.aws_lambda_function.monthly_requests, usage.aws_lambda_function.request_duration_ms 값을 설정하세요",
        ),
    ):
        with speaking(language):  # type: ignore[arg-type]
            found = billed('resource "aws_lambda_function" "f" {\n  function_name = "f"\n}\n')
            (duration,) = (line for line in found.resources[0].lines if line.unit == "GB-second")
            assert duration.assumption == whole
            assert usage_hint(whole) == hint
            assert only_sets_usage(whole)
            assert [usage_hint(other) for other in ("", "else", f"note; {whole}")] == ["", "else", f"note; {whole}"]
            assert not any(only_sets_usage(other) for other in ("", "else", f"note; {whole}", hint))


def test_a_note_on_how_many_there_are_goes_before_what_to_set() -> None:
    text = 'variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = var.n\n}\n'
    (line,) = in_korean(text).resources[0].lines
    assert line.assumption is not None
    counted, _, to_set = line.assumption.partition("; ")
    assert counted.startswith("몇 개인지 알 수 없음 (")
    assert counted.endswith("): 1개로 계산")
    assert to_set == "사용량에 따라 다름: usage.aws_sqs_queue.monthly_requests 값을 설정하세요"


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({"aws_lb": {"new_conections": 1}}, "aws_lb 유형에는 사용량 항목 new_conections 대신 new_connections 항목이 있습니다"),
        ({"aws_vpc": {"x": 1}}, "aws_vpc 가격은 사용량에 따라 달라지지 않습니다"),
        (
            {"aws_instance": {"operating_system": "beos"}},
            "operating_system 값으로 'beos' 대신 다음 중 하나를 쓰세요: linux, windows, rhel, suse",
        ),
        ({"aws_sqs_queue": 5}, "이름별 수량이 있어야 합니다. 예: monthly_requests: 100"),
    ],
)
def test_usage_that_cannot_be_used_is_told_in_korean(written: dict[str, object], problem: str) -> None:
    with speaking("ko"):
        assert [found.why for found in parse_usage(written)[1]] == [problem]
