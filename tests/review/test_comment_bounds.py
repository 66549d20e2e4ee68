"""However much there is to say, and whoever wrote it: the comment fits, is whole, and holds no markup of strangers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clops_app.model.cost import Unpriced
from clops_app.model.finding import SEVERITIES
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.assemble import RootResult, assemble
from clops_app.review.render.markdown.fit import LIMIT
from clops_app.review.render.markdown.headline import MARKER
from tests.review.samples import (
    BASE,
    BUDGET,
    COMMIT,
    DATABASE_COST,
    EMPTY,
    bill,
    finding,
    patch,
    second_server,
)
from tests.review.written import folds, reviewed, written

READER = MarkdownIt("commonmark").enable("table")


def test_a_stranger_cannot_write_markup_through_any_field() -> None:
    evil = "`@octocat` <img src=x> | <!-- clops:review --> [x](https://evil.example) ```\n</details>"
    hostile = finding("aws/x", f'aws_instance.x["{evil}"]', evil, path=f"a/{evil}.tf", title=evil, patch=patch(evil, f"+{evil}\n"))
    review = reviewed(
        hostile,
        replace(hostile, status="existing"),
        replace(hostile, status="fixed"),
        diagnostics=(Diagnostic(evil, evil, evil),),
        ignored=((hostile, evil),),
        bill=bill(DATABASE_COST, unpriced=[Unpriced(f'aws_x.y["{evil}"]', "aws_x", evil)]),
    )
    tokens = list(every_token(READER.parse(written(review))))
    tags = {tag for token in tokens if token.type.startswith("html") for tag in re.findall(r"<[^>]*>", token.content)}
    assert tags <= {MARKER, "<details>", "</details>", "<summary>", "</summary>", "<b>", "</b>", "<code>", "</code>", "<sub>", "</sub>"}
    targets = {str(token.attrGet("href")) for token in tokens if token.type == "link_open"}
    assert {target for target in targets if not target.startswith("https://github.com/")} == set()
    said = [re.sub(r"<[^>]*>", "", token.content) for token in tokens if token.type == "text" or token.type.startswith("html")]
    assert [words for words in said if re.search(r"@\w|://|<", words)] == []


def every_token(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from every_token(token.children or ())


def crowd(count: int) -> Review:
    """So many faults in so many blocks that no comment could hold them."""
    long = "a_very_long_name_" * 6
    findings = [
        finding(
            "aws/database_without_backups",
            f'module.game["{long}"].aws_db_instance.main_{n}',
            f"`aws_db_instance.main_{n}` keeps no backups. " + "It matters. " * 60,
            path=f"modules/{long}/{n}.tf",
            severity=SEVERITIES[n % 4],
            status="new" if n % 3 else "existing",
            patch=patch(f"Keep backups {n}", f"--- a/{n}.tf\n+++ b/{n}.tf\n@@ -1 +1,2 @@\n" + f"+  value_{n} = {'x' * 80}\n" * 40)
            if n % 2
            else None,
        )
        for n in range(count)
    ]
    diagnostics = tuple(Diagnostic(f"thing {n} is not known", f"{n}.tf:1", "because " * 50) for n in range(count))
    costs = [replace(DATABASE_COST, address=f"aws_db_instance.main_{n}") for n in range(count)]
    result = RootResult("", "why", EMPTY, bill(*costs), tuple(findings), diagnostics=diagnostics, base_graph=EMPTY, base_bill=bill())
    return assemble([result], commit=COMMIT, base=BASE, budget=BUDGET)


@pytest.mark.parametrize("count", [10, 40, 400, 2000])
def test_however_much_there_is_to_say_the_comment_fits(count: int) -> None:
    assert len(written(crowd(count)).encode()) <= LIMIT


@pytest.mark.parametrize("limit", [60_000, 30_000, 15_000, 10_000, 8_000])
def test_nothing_is_ever_cut_in_the_middle(limit: int) -> None:
    text = written(crowd(60), limit)
    assert text.count("<details") == text.count("</details>")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    assert [fold for fold in folds(text) if not fold.endswith("</summary>")] == []
    assert len(text.encode()) <= limit


def test_what_was_left_out_is_said_with_where_to_see_it() -> None:
    assert re.search(
        r"<sub>Left out here for length: .*\d+ patches.* `clops review --format json` has all of it\.</sub>", written(crowd(400))
    )


def test_the_verdict_is_never_left_out() -> None:
    assert written(crowd(2000), 8_000).splitlines()[1] == (
        "### ClOps: not yet. A bad deploy or a lost disk takes everything in the database."
    )


def test_the_same_review_gives_the_same_bytes() -> None:
    assert written(second_server()) == written(second_server())
