"""Nothing that a stranger wrote becomes markup. The judge is another reader of Markdown."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from clops_app.review.render.markdown.safe import code, fenced, html_text, prose
from clops_app.review.render.mermaid import label

HOSTILE = [
    "@octocat please merge",
    "see #1 and GH-2 and acme/game#3",
    "](https://evil.example) [click](https://evil.example)",
    "<img src=x onerror=alert(1)>",
    "<!-- clops:review -->",
    "</details></td></table>",
    "a | b | c",
    "`` ` ``` ``",
    "```\nout of the fence\n```",
    "*bold* _it_ ~~gone~~ **x**",
    "https://evil.example www.evil.example mail@evil.example",
    ":tada: $x^2$ $`x`$",
    "a:tada:b 10:100:20 x/GH-12 서버(a:tada:b)를",
    "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
    "# heading\n\n- list\n> quote\n---",
    "line\u2028separator \u202eesrever \x1b[31mred",
    "&lt;b&gt; &#64;octocat",
    "\\`not code\\`",
    "x`@octocat`y",
    "",
    "`",
    "!`a`!",
    "(`@a)b`",
    "서버(@octocat)를 서버(www.evil.example)에 서버(GH-12)의 서버(1a2b3c4d5e)를 서버(https://evil.example)로 서버·www.evil.example",
    "[서버](https://evil.example) 서버(<b>굵게</b>)를",
]
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
# Where GitHub, outside of code, makes a link of text by itself.
AUTOLINK = re.compile(r"@\w|#\d|GH-\d|://|www\.|\b[0-9a-f]{7,40}\b|:\w+:", re.IGNORECASE)


def inline(markdown: str) -> list[Token]:
    return [child for token in READER.parse(f"- start {markdown} end") for child in token.children or ()]


def said(token: Token) -> str:
    return token.content


def test_korean_words_with_brackets_stay_as_they_are() -> None:
    text = "22번 포트(SSH)가 열려 있고, 요금은 월 US$3.65(예산의 5%)이며 서버(인스턴스 두 대)를 추가·교체합니다."
    assert prose(text) == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_code_span_is_one_code_span_whatever_is_in_it(text: str) -> None:
    assert [token.type for token in inline(code(text))] == ["text", "code_inline", "text"]


@given(st.text())
def test_any_text_is_one_code_span(text: str) -> None:
    assert [token.type for token in inline(code(text))] == ["text", "code_inline", "text"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_message_is_text_and_code_only(text: str) -> None:
    assert {token.type for token in inline(prose(text))} <= {"text", "code_inline", "softbreak"}


@given(st.text(alphabet=st.sampled_from(list("ab1 @#`*_~<>[]()!|\\&;:/.$-\n\t'\"")), max_size=60))
def test_any_message_is_text_and_code_only_and_links_to_nothing(text: str) -> None:
    tokens = inline(prose(text))
    assert {token.type for token in tokens} <= {"text", "code_inline", "softbreak"}
    assert [token.content for token in tokens if token.type == "text" and AUTOLINK.search(token.content)] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_word_of_a_message_is_linked_by_github(text: str) -> None:
    assert [token.content for token in inline(prose(text)) if token.type == "text" and AUTOLINK.search(token.content)] == []


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [code, prose])
def test_a_table_cell_stays_one_cell(text: str, write: object) -> None:
    assert callable(write)
    tokens = READER.parse(f"| a | b |\n| --- | --- |\n| {write(text, table=True)} | last |")
    cells = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "td_open"]
    assert (len(cells), cells[-1]) == (2, "last")


def test_pipes_in_a_cell_are_read_as_pipes() -> None:
    tokens = READER.parse(f"| a |\n| --- |\n| {code('a|b', table=True)} |")
    assert [child.content for token in tokens for child in token.children or () if child.type == "code_inline"] == ["a|b"]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_gets_out_of_a_fence(text: str) -> None:
    tokens = READER.parse(f"{fenced(text, 'diff')}\n\nafter")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_summary_holds_no_tag_and_links_to_nothing(text: str) -> None:
    assert not re.search(r"[<>]|@\w|://|www\.|[^&]#\d|:[\w+-]+:|\bGH-\d", html_text(text))


def test_code_inside_a_message_stays_code_and_words_stay_words() -> None:
    assert prose("`aws_db_instance.main` keeps no backups: 7 days cost $0.00 (about 5 %).") == (
        "`aws_db_instance.main` keeps no backups: 7 days cost $0.00 (about 5 %)."
    )


def test_addresses_and_names_in_a_message_become_code() -> None:
    assert (
        prose("aws_instance.game is open to 0.0.0.0/0, set var.db_password.")
        == "`aws_instance.game` is open to 0.0.0.0/0, set `var.db_password`."
    )


def test_korean_and_accents_are_plain_words() -> None:
    assert prose("데이터베이스에 백업이 없습니다. Région, Größe") == "데이터베이스에 백업이 없습니다. Région, Größe"


def test_a_long_address_loses_its_middle_not_its_end() -> None:
    assert code("a" * 300 + "z", 21) == f"`{'a' * 10}…{'a' * 9}z`"


def test_what_turns_text_around_is_made_visible() -> None:
    assert code("a\u202eb") == "`a\ufffdb`"


@given(st.text())
def test_a_mermaid_label_has_no_character_that_mermaid_or_html_reads(text: str) -> None:
    bare = re.sub(r"#\d+;", "", label(text))
    assert not re.search(r"[\"<>&;#{}`|\\\n]", bare)


def test_a_mermaid_label_says_what_was_written() -> None:
    decoded = re.sub(r"#(\d+);", r"&#\1;", label('web["a&b"]'))
    assert unescape(decoded) == 'web["a&b"]'
