"""Functions between values and documents: JSON, YAML, CSV, base64, URLs."""

from __future__ import annotations

import base64
import binascii
import codecs
from collections.abc import Mapping
from urllib.parse import quote_plus

from clops_app.language import tr
from clops_app.model.types import ObjectType, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.json_text import json_text, read_json
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, texts
from clops_app.terraform.functions.tables import TableError, rows
from clops_app.terraform.functions.yaml_documents import read_yaml, yaml_text
from clops_app.terraform.quoting import go_quoted
from clops_app.terraform.scope import Scope
from clops_app.terraform.values import ListValue, T, first_unknown, marked, revealed

# By their IANA names, those that Python and golang.org/x/text/encoding/ianaindex both know.
_ENCODINGS = frozenset(
    {
        "utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6",
        "iso-8859-7", "iso-8859-8", "iso-8859-10", "iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16", "windows-1250",
        "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256", "windows-1257", "windows-1258",
        "shift_jis", "euc-jp", "euc-kr", "iso-2022-jp", "gbk", "gb18030", "big5", "us-ascii", "koi8-r", "koi8-u", "ibm850", "ibm866",
    }
)  # fmt: skip

_JSON = 1  # a character of a document costs half a step to read (its bits; measured)


def _base64encode(text: str) -> T:
    return base64.b64encode(text.encode()).decode()


def _base64decode(text: str) -> T:
    try:
        decoded = base64.b64decode(text.replace("\r", "").replace("\n", "").encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_call(f"failed to decode base64 data {go_quoted(text)}") from error
    try:
        return decoded.decode()
    except UnicodeDecodeError as error:
        raise bad_call("the result of decoding the provided string is not valid UTF-8") from error


def _codec(name: str) -> str:
    if name.lower() not in _ENCODINGS:
        detail = f"{go_quoted(name)} is not a supported IANA encoding name or alias in this Terraform version"
        raise bad_argument(1, detail)
    return name.lower()


def _encode_text(text: str, encoding: str) -> T:
    codec = _codec(encoding)
    try:
        # Go's UTF-16 writes the big end first, after a byte order mark.
        encoded = codecs.BOM_UTF16_BE + text.encode("utf-16be") if codec == "utf-16" else text.encode(codec)
    except UnicodeEncodeError as error:
        detail = f"the given string contains characters that cannot be represented in {encoding.upper()}"
        raise bad_argument(0, detail) from error
    return base64.b64encode(encoded).decode()


def _decode_text(source: str, encoding: str) -> T:
    codec = _codec(encoding)
    try:
        decoded = base64.b64decode(source.encode(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise bad_argument(0, "the given value has an invalid base64 symbol") from error
    try:
        return decoded.decode(codec)
    except UnicodeDecodeError as error:
        raise bad_argument(0, f"the given string contains symbols that are not defined for {encoding.upper()}") from error


def _jsonencode(value: T) -> T:
    bare, hidden = revealed(value)
    unknown = first_unknown(bare)
    if unknown is None:
        return marked(json_text(bare), hidden)
    prefix = "{" if isinstance(bare, dict) else "[" if isinstance(bare, tuple) else ""
    return marked(Unknown(unknown.why, prefix=prefix, not_null=True, type=type_string), hidden)


def _yamlencode(value: T) -> T:
    bare, hidden = revealed(value)
    unknown = first_unknown(bare)
    return marked(yaml_text(bare) if unknown is None else Unknown(unknown.why, not_null=True, type=type_string), hidden)


def _jsondecode(scope: Scope, text: str) -> T:
    scope.budget.spend(len(text) >> _JSON)
    return read_json(text)


def _csvdecode(scope: Scope, text: str) -> T:
    """The rows as objects, by the names in the first."""
    scope.budget.spend(len(text))
    try:
        read = rows(text)
    except TableError as error:
        raise bad_call(str(error)) from error
    if not read:
        raise bad_call("missing header line")
    header, *records = read
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise bad_call(f"duplicate column name {go_quoted(name)}")
        seen.add(name)
    element = ObjectType(dict.fromkeys(header, type_string))
    made: list[T] = [dict(zip(header, record, strict=True)) for record in records]
    return ListValue(made, element)


FUNCTIONS: Mapping[str, Function] = {
    "base64decode": Function(texts("str"), _base64decode, returns=type_string),
    "base64encode": Function(texts("str"), _base64encode, returns=type_string),
    "base64gzip": Function(texts("str"), lambda _: Unknown(tr("base64gzip() depends on Go's compressor"), not_null=True, type=type_string)),
    "csvdecode": Function(texts("str"), _csvdecode, scoped=True),
    "jsondecode": Function(texts("str"), _jsondecode, scoped=True),
    "jsonencode": Function((Parameter("val", null=True, unknown="whole", marks=True),), _jsonencode, returns=type_string),
    "textdecodebase64": Function(texts("source", "encoding"), _decode_text, returns=type_string),
    "textencodebase64": Function(texts("string", "encoding"), _encode_text, returns=type_string),
    "urlencode": Function(texts("str"), lambda text: quote_plus(text, safe=""), returns=type_string),
    "yamldecode": Function(texts("src"), read_yaml, scoped=True),
    "yamlencode": Function((Parameter("value", null=True, unknown="whole", marks=True),), _yamlencode, returns=type_string),
}
