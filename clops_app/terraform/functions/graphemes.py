"""What a reader would call a character: Terraform counts, cuts and reverses strings by grapheme clusters, not by code points.

The rules of Unicode's UAX #29 (https://www.unicode.org/reports/tr29/#Grapheme_Cluster_Boundary_Rules) over the
general categories that the standard library knows, instead of the property tables that it does not have.
"""

from __future__ import annotations

import re
from unicodedata import category

# Letters that never join with a neighbour: most text is made of them, and needs no rules.
_PLAIN = re.compile(
    "[\x00-\x0c\x0e-\x7f\xa1-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*+"
)
_ZERO_WIDTH_JOINER = "\u200d"
_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
# Prefixes such as the Arabic number sign stand with what follows them.
_PREPENDED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e")
_PICTURES = (range(0x2190, 0x2C00), range(0x3030, 0x32A0), range(0x1F000, 0x1FB00))
_SINGLE_PICTURES = frozenset("\u00a9\u00ae\u203c\u2049\u2122\u2139")


def graphemes(text: str) -> list[str]:
    """The clusters of the text, in order; together they are the text."""
    if _PLAIN.fullmatch(text) is not None:
        return list(text)
    clusters: list[str] = []
    start = 0
    flags = 0  # regional indicators in a row before this place
    picture = False  # the cluster is a picture, with marks on it perhaps
    for at in range(1, len(text) + 1):
        before = text[at - 1]
        flags = flags + 1 if ord(before) in _REGIONAL else 0
        picture = _is_picture(before) or (picture and _extends(before))
        if at < len(text) and not _breaks(before, text[at], flags, picture):
            continue
        clusters.append(text[start:at])
        start = at
        picture = False
    return clusters


def _breaks(before: str, after: str, flags: int, picture: bool) -> bool:
    """Whether a cluster ends between the two."""
    if before == "\r" and after == "\n":
        return False
    if _is_control(before) or _is_control(after):
        return True
    if _extends(after) or category(after) == "Mc" or after in "\u0e33\u0eb3" or before in _PREPENDED:
        return False
    if before == _ZERO_WIDTH_JOINER and _is_picture(after):
        return not picture
    if ord(before) in _REGIONAL and ord(after) in _REGIONAL:
        return flags % 2 == 0
    return not _same_syllable(_hangul(before), _hangul(after))


def _is_control(character: str) -> bool:
    if character in {_ZERO_WIDTH_JOINER, "\u200c"} or character in _PREPENDED or ord(character) in _TAGS:
        return False
    return category(character) in {"Cc", "Cf", "Zl", "Zp", "Cs"}


def _extends(character: str) -> bool:
    """Marks, joiners, skin tones and tags stay with what they follow."""
    code = ord(character)
    if code in _SKIN_TONES or code in _TAGS or character in {_ZERO_WIDTH_JOINER, "\u200c", "\uff9e", "\uff9f"}:
        return True
    return category(character) in {"Mn", "Me"}


def _is_picture(character: str) -> bool:
    code = ord(character)
    if character in _SINGLE_PICTURES:
        return True
    if code in _REGIONAL or code in _SKIN_TONES:
        return False
    return any(code in span for span in _PICTURES) and category(character) in {"So", "Cn", "Sm", "Po", "Pd"}


def _hangul(character: str) -> str:
    """The kind of a Hangul letter or syllable: leading, vowel, trailing, or syllables of two and of three."""
    code = ord(character)
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _same_syllable(before: str, after: str) -> bool:
    match before:
        case "L":
            return after in {"L", "V", "LV", "LVT"}
        case "LV" | "V":
            return after in {"V", "T"}
        case "LVT" | "T":
            return after == "T"
        case _:
            return False
