"""Nothing that a stranger wrote can become markup: not a mention, a link, a tag, a table cell or the end of a fence."""

from __future__ import annotations

import re
from html import escape

# Control characters, line and paragraph separators, and the marks that turn the direction of text around
# (the ones of CVE-2021-42574), which could make an address read as another.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_UNSEEN_IN_LINE = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_RUN = re.compile("`+")
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
# Words of plain language, numbers, amounts and CIDR blocks: all else in a message goes into a code span, where
# neither GitHub nor Markdown finds mentions, references, links, emoji names, formulas or emphasis.
_PLAIN_WORD = re.compile(r"(?:[^\W_]+(?:['’.,:/%+×-][^\W_]+)*%?|[-+]?(?:US)?\$\d[\d,.]*|[-–—=+×%&→·…/]|\d[\d.,:/%×-]*)\Z")
_OPENING, _CLOSING = "(“‘\"'", ".,;:!?)”’\"'"
# Korean sets brackets and a middle dot without spaces, 서버(인스턴스)를: what stands around them counts by itself.
_HANGUL = re.compile("[가-힣]")
_KOREAN_PAUSE = re.compile("[()·]")
_REFERENCE = re.compile(r"www\.|.*\bGH-\d|[0-9a-f]{7,40}\Z|.*:[\w+-]+:", re.IGNORECASE)  # a:tada:b has an emoji in it


def code(text: str, limit: int = 200, *, table: bool = False) -> str:
    """A code span that holds any text; a long one loses its middle. In a table cell pipes need a backslash even here."""
    text = _shortened(visible(text), limit)
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(text)), default=0))
    padding = " " if not text or text[0] in "` " or text[-1] in "` " else ""
    span = f"{fence}{padding}{text or ' '}{padding}{fence}"
    return span.replace("|", "\\|") if table else span


def prose(text: str, *, table: bool = False) -> str:
    """A message as running text: its code spans stay, plain words stay, every other word becomes a code span."""
    pieces: list[str] = []
    at = 0
    for span in _SPAN.finditer(text):
        pieces += (_words(text[at : span.start()], table=table), code(span[2].strip(), table=table))
        at = span.end()
    pieces.append(_words(text[at:], table=table))
    return "".join(pieces).strip()


def fenced(text: str, language: str) -> str:
    """A fenced block whose fence is longer than any run of backticks inside."""
    fence = "`" * max(3, 1 + max((len(run) for run in _RUN.findall(text)), default=0))
    body = "\n".join(_UNSEEN_IN_LINE.sub("\ufffd", line.removesuffix("\r")) for line in text.rstrip("\n").split("\n"))
    return f"{fence}{language}\n{body}\n{fence}"


def html_text(text: str, limit: int = 200) -> str:
    """For inside a <summary>, where Markdown is not read but mentions and references still are: a space of no width parts them."""
    return re.sub(r"([@#]|:(?=//|[\w+-]+:)|\bwww(?=\.)|\bGH(?=-\d))", "\\1&#8203;", escape(_shortened(visible(text), limit), quote=False))


def html_prose(text: str) -> str:
    """A message inside a <summary>: its code spans become <code>, everything else is text."""
    pieces = (f"<code>{html_text(piece)}</code>" if number % 2 else html_text(piece) for number, piece in enumerate(text.split("`")))
    return "".join(piece for piece in pieces if piece != "<code></code>")


def visible(text: str) -> str:
    """On one line, with nothing in it that cannot be seen."""
    return _UNSEEN.sub("\ufffd", re.sub(r"\s+", " ", text))


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half]}…{text[-half:]}"


def _words(text: str, *, table: bool) -> str:
    return "".join(
        (" " if "\n" in piece or piece.strip() == "" else piece) if piece.isspace() else _word(piece, table=table)
        for piece in re.split(r"(\s+)", text)
        if piece
    )


def _word(word: str, *, table: bool) -> str:
    core = word.strip(_OPENING + _CLOSING)
    if not core:
        return word if set(word) <= set(_OPENING + _CLOSING) else code(word, table=table)
    before, _, after = word.partition(core)
    plain = set(before) <= set(_OPENING) and set(after) <= set(_CLOSING)
    parts = _KOREAN_PAUSE.split(core) if _HANGUL.search(core) else [core]
    if plain and all(not part or (_PLAIN_WORD.match(part) and not _REFERENCE.match(part)) for part in parts):
        return word
    return f"{before}{code(core, table=table)}{after}" if plain else code(word, table=table)
