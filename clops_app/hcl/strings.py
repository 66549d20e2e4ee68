"""Strings as they were meant: escapes resolved, bytes decoded, Unicode composed as Terraform composes it (NFC)."""

from __future__ import annotations

import re
import unicodedata

from clops_app.hcl.tokens import HclSyntaxError, badly_encoded
from clops_app.language import later

# Go's unicode.IsSpace, which strip markers and heredocs go by; Python's own set has four control characters more.
SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|((?s:.)|\Z))|\$(\$\{)|%(%\{)")
_TEMPLATE_ESCAPE = re.compile(r"\$(\$\{)|%(%\{)")
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LAST_CODE_POINT = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
LONG_RUN = 100  # combining marks in a row: no script has so many, and to sort that few is quick
# The only characters that don't combine but decompose to nothing that doesn't; no normal form holds them.
_HIDDEN_MARKS = {mark: unicodedata.normalize("NFD", mark) for mark in "\u0f73\u0f75\u0f81"}


def composed(text: str) -> str:
    """Text in Unicode's normal form C, as all of Terraform's strings are."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text if len(text) <= LONG_RUN else in_order(text, LONG_RUN))


def in_order(text: str, run: int) -> str:
    """Text whose normal forms are those of `text`, with runs of more than `run` combining marks decomposed and in canonical order.

    Python's normalize() sorts marks by insertion: without this, a hundred thousand of them take it minutes.
    """
    for mark, marks in _HIDDEN_MARKS.items():
        text = text.replace(mark, marks)
    pieces: list[str] = []
    at = 0
    for found in re.finditer(rb"[^\0]{%d,}" % (run + 1), bytes(map(unicodedata.combining, text))):
        start, end = found.span()
        marks = "".join([unicodedata.normalize("NFD", mark) for mark in text[start:end]])
        pieces += (text[at:start], "".join(sorted(marks, key=unicodedata.combining)))
        at = end
    return "".join((*pieces, text[at:])) if pieces else text


def decoded(text: str, offset: int) -> str:
    """Latin-1 text at `offset` of a file, decoded as the UTF-8 it is, and composed. Raises HclSyntaxError."""
    if text.isascii():
        return text
    try:
        return composed(text.encode("latin-1").decode("utf-8"))
    except UnicodeDecodeError as error:
        raise badly_encoded(offset + error.start) from None


def quoted_text(text: str, offset: int) -> str:
    """What stands between quotes, without interpolations. Raises HclSyntaxError for an escape that HCL does not have."""
    if "\\" not in text and "{" not in text:
        return decoded(text, offset)

    def resolved(found: re.Match[str]) -> str:
        kind = found.lastindex
        if kind == 3:
            if (simple := _SIMPLE.get(found[3])) is not None:
                return simple
            raise _bad_escape(offset + found.start(), found[3])
        if kind in {1, 2}:
            code = int(found[kind], 16)
            if code > _LAST_CODE_POINT or code in _SURROGATES:
                detail = later("{character} is no character; write the one that was meant", character=f"U+{code:04X}")
                raise HclSyntaxError(offset + found.start(), "Invalid escape sequence", detail)
            return chr(code).encode().decode("latin-1")
        return found[4] or found[5]

    return decoded(_ESCAPE.sub(resolved, text), offset)


def bare_text(text: str, offset: int) -> str:
    """What stands in a heredoc or template file, without interpolations: only `$${` and `%%{` are escapes there."""
    if "{" in text:
        text = _TEMPLATE_ESCAPE.sub(lambda found: found[1] or found[2], text)
    return decoded(text, offset)


def _bad_escape(offset: int, selector: str) -> HclSyntaxError:
    if selector == "u":
        detail = later(r"`\u` must be followed by four hexadecimal digits")
    elif selector == "U":
        detail = later(r"`\U` must be followed by eight hexadecimal digits")
    else:
        detail = later(r'after a backslash HCL knows n, r, t, ", \, uNNNN and UNNNNNNNN; for a backslash itself write `\\`')
    return HclSyntaxError(offset, "Invalid escape sequence", detail)
