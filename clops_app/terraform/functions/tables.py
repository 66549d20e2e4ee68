"""CSV as Go's encoding/csv reads it: RFC 4180, every record as long as the first, no quote inside a bare field."""

from __future__ import annotations

import re

_FIELD = re.compile(r'"((?>(?:[^"]|"")*))"|([^",\n]*)')


class TableError(ValueError):
    """The text is no table; the message is Go's."""


def rows(text: str) -> list[list[str]]:
    """The records of the text. Raises TableError."""
    text = text.replace("\r\n", "\n").removesuffix("\n")
    read: list[list[str]] = []
    at = 0
    line = 1
    while at < len(text):
        if text[at] == "\n":  # a blank line is no record
            at += 1
            line += 1
            continue
        record, end = _record(text, at, line)
        if read and len(record) != len(read[0]):
            raise TableError(f"CSV parse error on line {line}: wrong number of fields")
        read.append(record)
        line += text.count("\n", at, end) + 1
        at = end + 1
    return read


def _record(text: str, at: int, line: int) -> tuple[list[str], int]:
    """The fields from here to the end of the record."""
    record: list[str] = []
    while True:
        found = _FIELD.match(text, at)
        if found is None:
            raise TableError(f'CSV parse error on line {line}: extraneous or missing " in quoted-field')
        quoted, bare = found.groups()
        record.append(bare if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if at >= len(text) or text[at] == "\n":
            return record, at
        if text[at] != ",":
            what = 'bare " in non-quoted-field' if quoted is None and bare else 'extraneous or missing " in quoted-field'
            raise TableError(f"CSV parse error on line {line}: {what}")
        at += 1
