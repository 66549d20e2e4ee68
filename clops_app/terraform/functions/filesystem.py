"""Functions on files, which only the scope may read, and on paths, which are text."""

from __future__ import annotations

import base64
import posixpath
from collections.abc import Callable, Mapping
from functools import partial

from clops_app.language import tr
from clops_app.model.types import SetType, type_any, type_bool, type_string
from clops_app.model.values import Unknown
from clops_app.terraform.functions.checksums import hexadecimal, in_base64
from clops_app.terraform.functions.signature import Function, Parameter, bad_argument, bad_call, texts
from clops_app.terraform.functions.templates import render
from clops_app.terraform.scope import Scope
from clops_app.terraform.sets import set_of
from clops_app.terraform.values import EvaluationError, StaticError, T, marked, unmarked, unmarked_deep

_CONTENT = 4  # a byte that is decoded or hashed costs a sixteenth of a step (its bits)


def _content(scope: Scope, path: str) -> bytes | Unknown:
    try:
        return _read(scope, path)
    except StaticError:
        raise
    except EvaluationError as error:
        raise bad_argument(0, error.detail or error.summary) from error


def _read(scope: Scope, path: str) -> bytes | Unknown:
    content = scope.files.read(path)
    if not isinstance(content, Unknown):
        scope.budget.spend(len(content) >> _CONTENT)
    return content


def _text(scope: Scope, path: str) -> str | Unknown:
    content = _content(scope, path)
    if isinstance(content, Unknown):
        return content
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        detail = "contents of the file are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents"
        raise bad_argument(
            0, f"{detail} or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead"
        ) from error


def _reading(write: Callable[[bytes], str]) -> Function:
    def run(scope: Scope, path: str) -> T:
        content = _content(scope, path)
        return _unknown(content) if isinstance(content, Unknown) else write(content)

    return Function(texts("path"), run, returns=type_string, scoped=True)


def _hashing(write: Callable[[bytes], str]) -> Function:
    """As `_reading`, but to Terraform a file that is not there is a fault of the call, not of its argument."""

    def run(scope: Scope, path: str) -> T:
        try:
            content = _read(scope, path)
        except StaticError:
            raise
        except EvaluationError as error:
            raise bad_call(error.detail or error.summary) from error
        return _unknown(content) if isinstance(content, Unknown) else write(content)

    return Function(texts("path"), run, returns=type_string, scoped=True)


def _unknown(why: Unknown) -> Unknown:
    return Unknown(why.why, not_null=True, type=type_string)


def _file(scope: Scope, path: str) -> T:
    text = _text(scope, path)
    return _unknown(text) if isinstance(text, Unknown) else text


def _fileexists(scope: Scope, path: str) -> T:
    return scope.files.exists(path)


def _fileset(scope: Scope, directory: str, pattern: str) -> T:
    found = scope.files.match(directory, pattern, scope.budget.spend)
    if isinstance(found, Unknown):
        return Unknown(found.why, not_null=True, type=SetType(type_string))
    return set_of(found, type_string)


def _templatefile(scope: Scope, path: str, variables: T) -> T:
    text = _text(scope, path)
    if isinstance(text, Unknown):
        return _unknown(text)
    return render(text, variables, scope, path, bad_call)


def _templatestring(scope: Scope, template: str | Unknown, variables: T) -> T:
    if isinstance(template, Unknown):
        return marked(_unknown(template), unmarked_deep(variables)[1])
    return render(template, variables, scope, "the template", partial(bad_argument, 0))


def _basename(path: str) -> T:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dirname(path: str) -> T:
    directory = path.rpartition("/")[0]
    if not directory:
        return "/" if path.startswith("/") else "."
    return _clean(directory)


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _abspath(scope: Scope, path: str) -> T:
    """Where the path would be for Terraform, which runs in `path.cwd`."""
    if path.startswith("/"):
        return _clean(path)
    directory, used = scope.head(("path", "cwd"))
    bare, _ = unmarked(directory)
    if used != 2 or not isinstance(bare, str):
        return Unknown(tr("abspath() depends on where Terraform runs"), not_null=True, type=type_string)
    return _clean(f"{bare}/{path}")


def _pathexpand(path: str) -> T:
    if path.startswith("~"):
        return Unknown(tr("pathexpand() depends on who runs Terraform"), not_null=True, type=type_string)
    return path


_VARIABLES = Parameter("vars", type_any, unknown="parts", marks=True)

FUNCTIONS: Mapping[str, Function] = {
    "abspath": Function(texts("path"), _abspath, returns=type_string, scoped=True),
    "basename": Function(texts("path"), _basename, returns=type_string),
    "dirname": Function(texts("path"), _dirname, returns=type_string),
    "file": Function(texts("path"), _file, returns=type_string, scoped=True),
    "filebase64": _reading(lambda content: base64.b64encode(content).decode()),
    "filebase64sha256": _hashing(lambda content: in_base64("sha256", content)),
    "filebase64sha512": _hashing(lambda content: in_base64("sha512", content)),
    "fileexists": Function(texts("path"), _fileexists, returns=type_bool, scoped=True),
    "filemd5": _hashing(lambda content: hexadecimal("md5", content)),
    "fileset": Function(texts("path", "pattern"), _fileset, returns=SetType(type_string), scoped=True),
    "filesha1": _hashing(lambda content: hexadecimal("sha1", content)),
    "filesha256": _hashing(lambda content: hexadecimal("sha256", content)),
    "filesha512": _hashing(lambda content: hexadecimal("sha512", content)),
    "pathexpand": Function(texts("path"), _pathexpand, returns=type_string),
    "templatefile": Function((*texts("path"), _VARIABLES), _templatefile, scoped=True),
    "templatestring": Function(
        (Parameter("template", type_string, unknown="whole"), _VARIABLES), _templatestring, returns=type_string, scoped=True
    ),
}
