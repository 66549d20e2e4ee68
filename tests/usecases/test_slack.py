"""Texts for Slack, and what is typed after /clops."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clops_app.language import speaking, spoken
from clops_app.review.render.money import usd
from clops_app.usecases.explain_rule import list_rules
from clops_app.usecases.slack import (
    Command,
    ExplainRule,
    Help,
    ListRules,
    Message,
    ReviewPull,
    help_text,
    note,
    parse,
    rule_list,
    rule_page,
    stranger,
)
from tests.slack.samples import digest, pull_request
from tests.slack.shape import complaints, mrkdwn_of

NASTY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("<>&|`*_~@!#:/ \n\u202e\ud800")), max_size=400)
HOSTILE = [
    "<!channel>",
    "@here",
    "<https://evil.example|log in>",
    "&lt;!here&gt;",
    "`*x*`",
    "\u202eabc",
    "a|b>c",
    "\ud800",
    "x" * 5000,
    "&" * 5000,
]


def sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def read(message: Message) -> str:
    return mrkdwn_of(sent(message))


def test_a_note_says_verdict_findings_cost_and_where_to_read_on() -> None:
    message = note(pull_request(), digest(), 99)
    assert read(message) == (
        "🔴 *<https://github.com/acme/infra/pull/7|acme/infra#7>* "
        "Not yet: 3 new findings (1 critical, 2 high), $20.00 → $27.59 a month (+$7.59)\n"
        "`bigger-database` at `aaaaaaa` by ana · the check fails · "
        "<https://github.com/acme/infra/pull/7#issuecomment-99|the whole review>"
    )
    assert message.text == "acme/infra#7: Not yet: 3 new findings (1 critical, 2 high), $20.00 → $27.59 a month (+$7.59)"
    assert complaints(sent(message)) == []


def test_without_a_comment_only_the_pull_request_is_linked() -> None:
    assert "issuecomment" not in read(note(pull_request(), digest()))


def test_a_note_of_a_korean_review_is_korean() -> None:
    with speaking("ko"):
        title = f"아직 안 됩니다: 새 지적 사항 3건, {usd(Decimal(20))} → {usd(Decimal('27.59'))}"
    message = note(pull_request(), digest(title=title, language="ko"), 99)
    assert read(message) == (
        "🔴 *<https://github.com/acme/infra/pull/7|acme/infra#7>* 아직 안 됩니다: 새 지적 사항 3건, US$20.00 → US$27.59 (+US$7.59)\n"
        "ana님의 `bigger-database` (`aaaaaaa`) · 체크 실패 · <https://github.com/acme/infra/pull/7#issuecomment-99|리뷰 전체 보기>"
    )
    assert complaints(sent(message)) == []
    assert spoken() == "en"


def test_help_and_pages_are_said_in_the_language_spoken() -> None:
    with speaking("ko"):
        assert read(help_text()).startswith("`/clops review owner/name#7` 풀 리퀘스트를 리뷰합니다.")
        assert parse("revieww") == Help("`revieww` 명령은 없습니다. 혹시 `/clops review` 명령인가요?")
        pages = list_rules()
        assert rule_list(pages).text == f"ClOps 규칙 {len(pages)}개"
        for rule, page in pages.items():
            assert complaints(sent(rule_page(rule, page))) == []
            assert "*고치기*\n" in read(rule_page(rule, page))


@pytest.mark.parametrize(
    ("title", "before"),
    [
        ("Fine to merge: no new findings, cost not known", Decimal("20.00")),
        ("Fine to merge: no new findings, at least $27.59 a month", Decimal("20.00")),
        ("Fine to merge: no new findings, $27.59 a month", None),
    ],
)
def test_no_difference_is_told_of_costs_that_are_not_known(title: str, before: Decimal | None) -> None:
    assert "(+" not in read(note(pull_request(), digest(title=title, before=before, verdict="pass", new={}, failed=False)))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_stranger_can_mention_link_or_break_out(text: str) -> None:
    pull = pull_request(head_branch=text, author=text, repository=text, url=f"https://github.com/{text}")
    assert complaints(sent(note(pull, digest(title=text), 1))) == []


@given(branch=NASTY, author=NASTY, title=NASTY, url=NASTY)
def test_whatever_strangers_write_slack_takes_it_as_words(branch: str, author: str, title: str, url: str) -> None:
    pull = pull_request(head_branch=branch, author=author, url=f"https://github.com/{url}")
    assert complaints(sent(note(pull, digest(title=title)))) == []


def test_text_is_escaped_by_slacks_three_rules() -> None:
    assert stranger("a & b < c > d") == "a &amp; b &lt; c &gt; d"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("review acme/infra#7", ReviewPull("acme/infra", 7)),
        ("  REVIEW   acme/infra#7 ", ReviewPull("acme/infra", 7)),
        ("review https://github.com/acme/in.fra-2/pull/17", ReviewPull("acme/in.fra-2", 17)),
        ("review https://GitHub.com/acme/infra/pull/7/files?w=1#diff", ReviewPull("acme/infra", 7)),
        ("review <https://github.com/acme/infra/pull/7>", ReviewPull("acme/infra", 7)),
        ("review <https://github.com/acme/infra/pull/7|github.com/acme/infra/pull/7>", ReviewPull("acme/infra", 7)),
        ("explain aws/gp2_volume", ExplainRule("aws/gp2_volume")),
        ("rules", ListRules()),
        ("help", Help()),
        ("", Help()),
    ],
)
def test_a_command_is_understood(text: str, command: Command) -> None:
    assert parse(text) == command


@pytest.mark.parametrize(
    "target",
    [
        "acme/infra", "acme/infra#0", "acme/infra#-1", "acme/..#7", "acme/.#7", "../infra#7", "acme/infra#7/../8", "acme/infra#٧",
        "https://evil.example/acme/infra/pull/7", "https://github.com.evil.example/acme/infra/pull/7", "https://github.com/acme/infra/issues/7",
        "https://github.com/acme/infra/pull/77777777777", "https://github.com/acme/../pull/7", "acme/infra%2f#7", "a b",
    ],
)  # fmt: skip
def test_what_is_no_pull_request_is_not_reviewed(target: str) -> None:
    assert isinstance(parse(f"review {target}"), Help)


def test_an_enterprise_server_has_addresses_of_its_own() -> None:
    web = "https://git.acme.example"
    assert parse("review https://git.acme.example/acme/infra/pull/7", web) == ReviewPull("acme/infra", 7)
    assert isinstance(parse("review https://github.com/acme/infra/pull/7", web), Help)


@pytest.mark.parametrize(("typed", "meant"), [("reviw", "`/clops review`"), ("Explian", "`/clops explain`"), ("rule", "`/clops rules`")])
def test_a_misspelt_command_is_answered_with_the_nearest(typed: str, meant: str) -> None:
    match parse(f"{typed} acme/infra#7"):
        case Help(why):
            assert meant in why
        case other:
            pytest.fail(f"{other}")


def test_a_pull_request_alone_is_answered_with_how_to_review_it() -> None:
    assert parse("acme/infra#7") == Help("There is no command `acme/infra#7`. Did you mean `/clops review` `acme/infra#7`?")


OWNER = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}", fullmatch=True)
NAME = st.from_regex(r"[A-Za-z0-9._-]{1,100}", fullmatch=True).filter(lambda name: name not in {".", ".."})


@given(owner=OWNER, name=NAME, number=st.integers(1, 10**9))
def test_every_pull_request_can_be_named_in_both_ways(owner: str, name: str, number: int) -> None:
    wanted = ReviewPull(f"{owner}/{name}", number)
    assert parse(f"review {owner}/{name}#{number}") == wanted
    assert parse(f"review https://github.com/{owner}/{name}/pull/{number}") == wanted


@given(st.one_of(NASTY, NASTY.map("review {}".format), NASTY.map("explain {}".format)))
def test_nothing_that_is_typed_makes_an_answer_that_slack_refuses(text: str) -> None:
    match parse(text):
        case Help(why):
            assert complaints(sent(help_text(why))) == []
        case ReviewPull(repository, number):
            assert repository.count("/") == 1
            assert number > 0
        case ExplainRule(rule):
            assert 0 < len(rule) <= 100
        case ListRules():
            pass


def test_every_rule_has_a_page_that_slack_takes() -> None:
    for rule, page in list_rules().items():
        message = rule_page(rule, page)
        assert complaints(sent(message)) == []
        assert f"`{rule}`" in read(message)
        assert page.sources[0].url.replace("&", "&amp;") in read(message)


def test_a_long_page_is_cut_between_words_and_keeps_its_code_spans_whole() -> None:
    from dataclasses import replace

    page = replace(next(iter(list_rules().values())), what="`two or more words` & " * 300)
    for block in rule_page("aws/x", page).blocks:
        text = str(block)
        assert text.count("`") % 2 == 0
    assert complaints(sent(rule_page("aws/x", page))) == []


def test_the_list_names_every_rule_and_slack_takes_it() -> None:
    message = rule_list(list_rules())
    assert complaints(sent(message)) == []
    assert all(f"`{rule}`" in read(message) for rule in list_rules())


def test_a_list_too_long_for_one_text_goes_on_in_the_next() -> None:
    page = next(iter(list_rules().values()))
    message = rule_list({f"aws/rule_{number:03}": page for number in range(100)})
    assert len(message.blocks) > 1
    assert complaints(sent(message)) == []
    assert read(message).count("•") == 100
