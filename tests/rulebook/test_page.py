"""A page that is wrong says where and what belongs there; one that is right is read whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from clops_app.rulebook.page import PageError, PageSource, RulePage, in_other_words, parse_page

PAGE = """---
title: Logs are kept for ever
severity: low
category: cost
resources: [aws_cloudwatch_log_group]
patch: review
replaces: false
since: "0.1"
sources:
  - {title: PutRetentionPolicy, url: "https://docs.aws.amazon.com/logs", date: 2026-11-21}
---
## What

A log group.

## Why

It costs.

## Fix

Set a number.
"""


KOREAN = """---
title: 영구 보관되는 로그
---
## 무엇

로그 그룹입니다.

## 왜

비용이 듭니다.

## 고치기

기간을 설정.
"""


def test_a_page_is_read_whole() -> None:
    assert parse_page(PAGE, "rule.md") == RulePage(
        title="Logs are kept for ever",
        severity="low",
        category="cost",
        resources=("aws_cloudwatch_log_group",),
        patch="review",
        replaces=False,
        since="0.1",
        sources=(PageSource("PutRetentionPolicy", "https://docs.aws.amazon.com/logs", date(2026, 11, 21)),),
        what="A log group.",
        why="It costs.",
        fix="Set a number.",
    )


def test_a_star_means_that_the_rule_always_runs() -> None:
    assert parse_page(PAGE.replace("[aws_cloudwatch_log_group]", '"*"'), "rule.md").resources == ("*",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\ntitle", "title", "rules/aws/x/rule.md: must begin with YAML front matter between two lines of ---"),
        ("severity: low", "severity: minor", "rules/aws/x/rule.md: severity must be one of critical, high, medium, low, not 'minor'"),
        (
            "category: cost",
            "category: money",
            "rules/aws/x/rule.md: category must be one of scalability, reliability, cost, security, operations, not 'money'",
        ),
        ("patch: review", "patch: yes", "rules/aws/x/rule.md: patch must be one of safe, review, show, none, not True"),
        ("replaces: false", "replaces: maybe", "rules/aws/x/rule.md: replaces must be true or false, not 'maybe'"),
        ('since: "0.1"', "since: 0.1", "rules/aws/x/rule.md: since must be text, not 0.1 (quote a version)"),
        ("[aws_cloudwatch_log_group]", "[]", 'rules/aws/x/rule.md: resources must be a list of resource types or "*", not []'),
        ("title: Logs", "titel: x\ntitle: Logs", "rules/aws/x/rule.md: unknown key 'titel'; the keys are "),
        ("date: 2026-11-21", "date: soon", "rules/aws/x/rule.md: a source needs title, url (https://…) and date (YYYY-MM-DD), not "),
        ("https://docs", "http://docs", "rules/aws/x/rule.md: a source needs title, url (https://…) and date (YYYY-MM-DD), not "),
        ("## Why", "## Because", "rules/aws/x/rule.md: the headings must be ## What, ## Why, ## Fix, in this order, with text below each"),
        ("It costs.", "", "rules/aws/x/rule.md: the headings must be ## What, ## Why, ## Fix, in this order, with text below each"),
        ("title: Logs", "title: [", "rules/aws/x/rule.md: the front matter is not YAML: "),
    ],
)
def test_a_wrong_page_says_what_belongs_there(old: str, new: str, message: str) -> None:
    assert PAGE.replace(old, new) != PAGE
    with pytest.raises(PageError) as raised:
        parse_page(PAGE.replace(old, new), "rules/aws/x/rule.md")
    assert str(raised.value).startswith(message)


def test_a_translated_page_brings_its_words_and_nothing_else() -> None:
    page = parse_page(PAGE, "rule.md")
    words = {"title": "영구 보관되는 로그", "what": "로그 그룹입니다.", "why": "비용이 듭니다.", "fix": "기간을 설정."}
    assert in_other_words(page, KOREAN, "rule.ko.md", "ko") == replace(page, **words)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("---\ntitle", "title", "rules/aws/x/rule.ko.md: must begin with YAML front matter between two lines of ---"),
        ("---\n##", "severity: high\n---\n##", "rules/aws/x/rule.ko.md: unknown key 'severity'; the keys are title"),
        ("title: 영구 보관되는 로그", "title: ''", "rules/aws/x/rule.ko.md: title must be text, not '' (quote a version)"),
        ("## 왜", "## Why", "rules/aws/x/rule.ko.md: the headings must be ## 무엇, ## 왜, ## 고치기, in this order, with text below each"),
    ],
)
def test_a_wrong_translation_says_what_belongs_there(old: str, new: str, message: str) -> None:
    assert KOREAN.replace(old, new) != KOREAN
    with pytest.raises(PageError) as raised:
        in_other_words(parse_page(PAGE, "rule.md"), KOREAN.replace(old, new), "rules/aws/x/rule.ko.md", "ko")
    assert str(raised.value) == message
