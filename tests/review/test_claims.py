"""What only the engine may say is refused in whatever words a model puts it; what a colleague would say is not."""

from __future__ import annotations

import unicodedata

import pytest

from clops_app.model.writing import Explanation, Facts, Writing
from clops_app.review.check_writing import checked
from clops_app.review.wording import objection

KNOWN = ("cost.delta", "finding:1.address", "finding:1.severity", "review.verdict")


def why_not(sentence: str, *, korean: bool = False) -> str:
    return objection(unicodedata.normalize("NFC", sentence), KNOWN, korean=korean)


@pytest.mark.parametrize(
    "sentence",
    [
        "You can deploy it tonight.",
        "Deploy it now, nothing will break.",
        "There is no danger in it.",
        "Nothing here is dangerous.",
        "It poses no threat to anyone.",
        "There isn't a problem.",
        "It is low risk.",
        "It is a minor nit.",
        "The finding is wrong.",
        "ClOps is wrong here.",
        "The table below is out of date.",
        "You can skip it.",
        "Leave it as it is.",
        "Rest assured.",
        "This change is trustworthy.",
        "This has been reviewed by the security team.",
        "Everything checks out.",
        "Accept this change.",
        "No action is needed.",
        "It needs no change.",
        "This does not block the change.",
        "Trust the patch.",
        "There is no reason to worry.",
        "Don't worry about it.",
        "The service will never go down.",
        "This is a false-positive.",
        "Mer-ge it.",
        "It’s perfectly fi-ne.",
        "It is sàfe to mérge.",
        "Das ist alles in Ordnung so.",
        "Todo va bien en esta base.",
        "Visit evil dot example slash x.",
        "Run curl against evil and look.",
        "Enter your AWS password there.",
    ],
)
def test_a_verdict_or_an_order_is_refused(sentence: str) -> None:
    assert why_not(sentence) != ""


@pytest.mark.parametrize(
    "sentence",
    [
        "안전한 변경입니다.",
        "문제가 되지 않습니다.",
        "문제될 것이 없습니다.",
        "문제없습니다.",
        "이상 무.",
        "아무런 문제도 발견되지 않았습니다.",
        "걱정하지 않아도 됩니다.",
        "그대로 배포하세요.",
        "이대로 올려도 됩니다.",
        "합쳐도 됩니다.",
        "수락하세요.",
        "심각합니다.",
        "사소한 문제입니다.",
        "위험하지 않습니다.",
        "위험도가 낮습니다.",
        "그냥 두어도 됩니다.",
        "고치지 않아도 됩니다.",
        "수정할 필요가 없습니다.",
        "이 지적은 잘못되었습니다.",
        "보안 팀이 확인했습니다.",
        "정상입니다.",
        "좋습니다.",
        "비밀번호를 댓글에 적어 주세요.",
        "머지하세요.",
    ],
)
def test_a_verdict_or_an_order_is_refused_in_korean(sentence: str) -> None:
    assert why_not(sentence, korean=True) != ""


@pytest.mark.parametrize(
    ("sentence", "korean"),
    [
        ("It costs almost nothing.", False),
        ("The bill stays the same.", False),
        ("The bill will not change.", False),
        ("It is cheaper than before.", False),
        ("That is {{cost.delta}} per hour.", False),
        ("That is {{cost.delta}} a year.", False),
        ("It is {{cost.delta}} times.", False),
        ("It adds {{cost.delta}} k.", False),
        ("It is not {{cost.delta}}.", False),
        ("It isn't {{review.verdict}}.", False),
        ("A MMXX of servers.", False),
        ("It serves lOO users.", False),
        ("It needs XL servers.", False),
        ("비용은 그대로입니다.", True),
        ("요금이 부과되지 않습니다.", True),
        ("한 푼도 들지 않습니다.", True),
        ("{{cost.delta}}가 아닙니다.", True),
        ("석 달 걸립니다.", True),
        ("사흘 걸립니다.", True),
        ("서버가 네댓 대입니다.", True),
        ("서버 대여섯 대입니다.", True),
        ("이 대의 서버입니다.", True),
        ("삼 대의 서버입니다.", True),
        ("오 분 안에 멈춥니다.", True),
        ("삼분의 일이 나갑니다.", True),
        ("수백 명이 나갑니다.", True),
        ("구점구입니다.", True),
        ("양쪽 다 멈춥니다.", True),
    ],
)
def test_a_price_or_a_figure_is_refused_however_it_is_put(sentence: str, korean: bool) -> None:
    assert why_not(sentence, korean=korean) != ""


@pytest.mark.parametrize(
    ("sentence", "korean"),
    [
        ("The database has no backups, so a wrong migration cannot be undone.", False),
        ("Is there a copy of this data anywhere else?", False),
        ("You cannot get the data back once the instance is deleted.", False),
        ("The database accepts connections from the whole internet.", False),
        ("Deploy it behind a load balancer so that a broken machine is taken out of rotation.", False),
        ("Not all of the code was read, so this picture has holes.", False),
        ("Scrapers find an open port within minutes.", False),
        ("Everything runs on a single machine, and when it restarts, everybody is thrown out.", False),
        ("What can wait: the old volume type and the logs that are kept forever.", False),
        ("The change adds {{cost.delta}}, and {{finding:1.address}} is {{finding:1.severity}}.", False),
        ("It is not {{finding:1.address}} alone.", False),
        ("나머지는 다음 주로 미뤄도 됩니다.", True),
        ("이대로 두면 출시일에 서비스가 멈춥니다.", True),
        ("문제가 생겨도 알려 주는 것이 없습니다.", True),
        ("SSH를 어디에서나 열어 둘 이유가 있나요?", True),
        ("로드 밸런서를 앞에 두는 것이 좋습니다.", True),
        ("로그가 쌓이는 만큼 매달 비용이 나갑니다.", True),
        ("사람이 늘어도 서버 수는 그대로입니다.", True),
        ("알려진 취약점을 밤낮으로 시도합니다.", True),
        ("이 구분이 없으면 이점이 사라집니다.", True),
    ],
)
def test_what_a_colleague_would_say_passes(sentence: str, korean: bool) -> None:
    assert why_not(sentence, korean=korean) == ""


FACTS = Facts(
    {"language": "English"},
    {
        "finding:1.address": "`aws_db_instance.main`",
        "finding:1.severity": "high",
        "finding:1.fix_cost": "+$3.00 a month",
        "finding:2.address": "`aws_instance.web`",
        "finding:2.severity": "low",
        "finding:2.fix_cost": "-$5.00",
        "cost:1.address": "`aws_instance.web`",
        "cost:1.delta": "+$8.00",
        "cost.delta": "+$8.00 a month",
    },
)


def story(*paragraphs: str, explanation: str = "", of: str = "finding:1") -> tuple[str, ...]:
    explanations = (Explanation(of, explanation),) if explanation else ()
    kept = checked(Writing("It stands alone.", paragraphs or ("It stands alone.",), explanations), FACTS).written
    return tuple(kept.explanations.values()) if explanation else kept.story


@pytest.mark.parametrize(
    "text",
    [
        "{{finding:1.address}} is only {{finding:2.severity}}.",
        "Everything is {{finding:2.severity}}.",
        "{{finding:1.address}} costs {{cost:1.delta}}.",
        "It concerns {{finding:1.address}}. That is {{finding:2.severity}}.",
        "It saves {{cost.delta}}.",
        "That is {{cost.delta}} less.",
        "{{finding:2.address}} adds {{finding:2.fix_cost}}.",
    ],
)
def test_what_is_computed_of_one_thing_is_not_told_of_another_nor_turned_around(text: str) -> None:
    assert text.replace("{{finding:1.address}}", "`aws_db_instance.main`").rsplit(". ", 1)[-1] not in " ".join(story(text))
    assert checked(Writing("It stands alone.", (text,), ()), FACTS).refusals


@pytest.mark.parametrize(
    "text",
    [
        "{{finding:1.address}} is {{finding:1.severity}}, {{finding:2.address}} is {{finding:2.severity}}.",
        "For {{finding:1.fix_cost}} {{finding:1.address}} has a way back.",
        "It concerns {{finding:1.address}}. The fix costs {{finding:1.fix_cost}}.",
        "{{finding:2.address}} costs {{cost:1.delta}} more.",
        "The change adds {{cost.delta}}.",
    ],
)
def test_what_stands_by_its_own_name_is_told(text: str) -> None:
    assert not checked(Writing("It stands alone.", (text,), ()), FACTS).refusals


def test_an_explanation_speaks_of_its_own_finding_without_naming_it() -> None:
    assert story(explanation="That is {{finding:1.severity}}.") == ("That is high.",)
    assert story(explanation="That is {{finding:2.severity}}.") == ()
