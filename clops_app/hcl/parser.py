"""Any bytes become a File: what is whole is read, what is broken is a problem with its place, and nothing raises.

After an error one top-level block is lost, and reading goes on at the next line that begins one at column 0.
"""

from __future__ import annotations

import re

from clops_app.hcl.bodies import items, unclosed
from clops_app.hcl.expressions import expression
from clops_app.hcl.syntax import Attribute, Block, Body, Expression, File, SyntaxProblem
from clops_app.hcl.templates import bare
from clops_app.hcl.tokens import HclSyntaxError, Reading, refusal, skip_newlines, too_deep, without_newlines

MAX_FILE_BYTES = 2 * 1024 * 1024  # ENGINE.md §5: about 1.5 s of reading; the largest file in public code has 0.2 MB
MAX_PROBLEMS = 50  # more than a person reads; the first ones are what matters
_MAX_READ_AGAIN = 4 * MAX_FILE_BYTES  # bytes that may be read in vain, so that many open blocks do not cost a day

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# A block that Terraform knows, at the start of a line, with its own number of labels.
_header = re.compile(
    r"^(?:(?:resource|data|ephemeral)[ \t]++(?:\"[^\"\n]*+\"|[\w-]++)[ \t]*+(?:\"[^\"\n]*+\"|[\w-]++)"
    r"|(?:module|variable|output|provider|check|run|mock_provider)[ \t]++(?:\"[^\"\n]*+\"|[\w-]++)"
    r"|locals|terraform|moved|import|removed)[ \t]*+\{",
    re.MULTILINE,
).search
_argument = re.compile(r"^(?:[A-Za-z_][\w-]*+|\"[^\"\n]*+\")[ \t]*+=(?![=>])", re.MULTILINE).search


def parse(path: str, content: bytes) -> File:
    """Read one file in HCL's own syntax (.tf, .tfvars)."""
    if len(content) > MAX_FILE_BYTES:
        detail = f"the file has {len(content):,} bytes and files over {MAX_FILE_BYTES:,} are not read; split it"
        return _unread(path, content, SyntaxProblem(0, "File too large", detail))
    if content.startswith(_UTF_16):
        return _unread(path, content, SyntaxProblem(0, "Invalid character encoding", "the file is UTF-16; save it as UTF-8"))
    text = content.decode("latin-1")
    at = len(_BOM) if content.startswith(_BOM) else 0
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    problems = _read(text, at, attributes, blocks)
    body = Body(0, len(content), tuple(attributes), tuple(blocks))
    return File(path, body, _told(content, problems, body))


def _unread(path: str, content: bytes, problem: SyntaxProblem) -> File:
    return File(path, Body(0, len(content), (), ()), (problem,))


def _read(text: str, at: int, attributes: list[Attribute], blocks: list[Block]) -> list[SyntaxProblem]:
    """Read items until the end, over every error."""
    problems: dict[SyntaxProblem, int] = {}  # problem -> where the lost item begins
    in_vain = 0
    while True:
        reading = Reading(text, expression)
        try:
            items(reading, at, attributes, blocks, None)
        except HclSyntaxError as error:
            failure = error
        except RecursionError:
            failure = too_deep(at)
        else:
            return [*problems, *reading.problems]
        problems.update(dict.fromkeys(reading.problems, at))
        whole = max([attribute.end for attribute in attributes[-1:]] + [block.end for block in blocks[-1:]], default=0)
        lost = skip_newlines(text, max(at, whole)).end()
        if failure.problem in problems:
            # The same error again, so the block that was lost first had swallowed this one: it lacks its own brace.
            brace = text.find("{", problems[failure.problem])
            problems[unclosed(brace).problem] = lost
        problems[failure.problem] = lost
        in_vain += max(failure.problem.offset, lost) - lost
        following = _next_item(text, lost, failure, not blocks and bool(attributes))
        if following is None or len(problems) >= MAX_PROBLEMS or in_vain > _MAX_READ_AGAIN:
            return list(problems)
        at = following


def _next_item(text: str, lost: int, failure: HclSyntaxError, arguments: bool) -> int | None:
    """Where the next top-level block begins, or argument in a file of arguments (.tfvars)."""
    if text.startswith("/*", failure.problem.offset):
        return None
    found = _header(text, lost + 1)
    if found is None and (arguments or _argument(text, lost) is not None):
        found = _argument(text, max(lost + 1, failure.problem.offset))
    return None if found is None else found.start()


def _told(content: bytes, problems: list[SyntaxProblem], body: Body) -> tuple[SyntaxProblem, ...]:
    """The problems in order of place; one only for a file that is not text, and for bytes that are not UTF-8."""
    if problems and not body.blocks and not body.attributes and b"\0" in content:
        return (
            SyntaxProblem(
                content.index(b"\0"), "Invalid character", "the file is not text: it holds NUL bytes; remove it or save it as UTF-8"
            ),
        )
    told: list[SyntaxProblem] = []
    for problem in sorted(set(problems)):
        if problem.summary != "Invalid character encoding" or all(other.summary != problem.summary for other in told):
            told.append(problem)
    return tuple(told[:MAX_PROBLEMS])


def parse_expression(content: bytes | str) -> Expression | SyntaxProblem:
    """Read one expression and nothing else, newlines allowed anywhere."""
    text = _latin(content)
    return expression_between(text, 0, len(text))


def expression_between(text: str, start: int, end: int) -> Expression | SyntaxProblem:
    """Read the expression that fills latin-1 `text` from `start` to `end`."""
    try:
        node, at = expression(Reading(text, expression), start, without_newlines)
        if skip_newlines(text, at).end() != end:
            raise refusal(text, min(at, end), False, "Extra characters after expression", "the expression was expected to end here")
    except HclSyntaxError as error:
        return error.problem
    except RecursionError:
        return too_deep(start).problem
    return node


def parse_template(content: bytes | str) -> Expression | SyntaxProblem:
    """Read a whole file as a template, as templatefile does."""
    text = _latin(content)
    return template_between(text, 0, len(text))


def template_between(text: str, start: int, end: int) -> Expression | SyntaxProblem:
    """Read the template that fills latin-1 `text` from `start` to `end`."""
    try:
        return bare(Reading(text, expression), start, end)
    except HclSyntaxError as error:
        return error.problem
    except RecursionError:
        return too_deep(start).problem


def _latin(content: bytes | str) -> str:
    return (content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).decode("latin-1")
