"""Strings in double quotes as Go's strconv.Quote writes them: `%q`, and Terraform's own messages."""

from __future__ import annotations

_SHORT = {
    "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v", "\\": r"\\", '"': r"\"",
}  # fmt: skip


def go_quoted(text: str) -> str:
    """The text in quotes, everything that cannot be printed escaped."""
    return '"' + "".join(_SHORT.get(character) or _escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
