"""Any bytes become a File, an expression or a template: what is broken is a problem with its place, and nothing raises."""

from __future__ import annotations

from clops_app.hcl.expressions import expression
from clops_app.hcl.recovery import read_items
from clops_app.hcl.syntax import Attribute, Block, Body, Expression, File, SyntaxProblem
from clops_app.hcl.templates import bare, never_closed
from clops_app.hcl.tokens import HclSyntaxError, Reading, refusal, skip_newlines, too_deep, without_newlines
from clops_app.language import later

MAX_FILE_BYTES = 2 * 1024 * 1024  # under a second of reading; the largest of 2,000 public files has 0.08 MB

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def parse(path: str, content: bytes) -> File:
    """Read one file in HCL's own syntax (.tf, .tfvars)."""
    if (refused := not_read(content)) is not None:
        return File(path, Body(0, len(content), (), ()), (refused,))
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    problems = read_items(content.decode("latin-1"), len(_BOM) if content.startswith(_BOM) else 0, attributes, blocks)
    body = Body(0, len(content), tuple(attributes), tuple(blocks))
    return File(path, body, _told(content, body, problems))


def not_read(content: bytes) -> SyntaxProblem | None:
    """Why a file is not read at all, if so."""
    if len(content) > MAX_FILE_BYTES:
        size = len(content)
        detail = later("the file has {size:,} bytes, and one of more than {limit:,} is not read; split it", size=size, limit=MAX_FILE_BYTES)
        return SyntaxProblem(0, later("File too large"), detail)
    if content.startswith(_UTF_16):
        return SyntaxProblem(0, "Invalid character encoding", later("the file is UTF-16; save it as UTF-8"))
    return None


def _told(content: bytes, body: Body, problems: list[SyntaxProblem]) -> tuple[SyntaxProblem, ...]:
    """One problem for a file that is not text, and one for all the bytes that are not UTF-8."""
    if problems and not body.blocks and not body.attributes and b"\0" in content:
        detail = later("the file is not text: it holds NUL bytes; remove it, or save it as UTF-8")
        return (SyntaxProblem(content.index(b"\0"), "Invalid character", detail),)
    encoding = [problem for problem in problems if problem.summary == "Invalid character encoding"]
    return tuple(problem for problem in problems if problem not in encoding[1:])


def parse_expression(content: bytes | str) -> Expression | SyntaxProblem:
    """Read one expression and nothing else, newlines allowed anywhere."""
    text = _latin(content)
    return expression_between(text, 0, len(text))


def expression_between(text: str, start: int, end: int) -> Expression | SyntaxProblem:
    """Read the expression that fills latin-1 `text` from `start` to `end`."""
    try:
        node, at = expression(Reading(text, expression), without_newlines(text, start), without_newlines)
        if skip_newlines(text, at).end() != end:
            detail = later("the expression was expected to end here")
            raise refusal(text, min(at, end), False, "Extra characters after expression", detail)
    except HclSyntaxError as error:
        return error.problem if error.problem.offset <= end else error.problem._replace(offset=end)
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
        # What is found wrong beyond the end is text that does not belong to this template.
        return error.problem if error.problem.offset < end else never_closed(start).problem
    except RecursionError:
        return too_deep(start).problem


def _latin(content: bytes | str) -> str:
    return (content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content).decode("latin-1")
