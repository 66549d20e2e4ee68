"""After an error one top-level block is lost, and reading goes on at the next line that begins one at column 0.

Only blocks that Terraform knows count, with their own number of labels, so that an unindented nested block is not
taken for one. In a file of arguments (.tfvars) it is the next argument at column 0.
"""

from __future__ import annotations

import re

from clops_app.hcl.bodies import items, unclosed
from clops_app.hcl.expressions import expression
from clops_app.hcl.syntax import Attribute, Block, SyntaxProblem
from clops_app.hcl.tokens import HclSyntaxError, Reading, skip_newlines, too_deep
from clops_app.language import later

MAX_PROBLEMS = 50  # more than a person reads; the first ones are what matters
_MAX_READ_AGAIN = 2 * 1024 * 1024  # bytes read in vain, so that many unclosed blocks do not each cost the whole file

_NAME = r"(?:\"[^\"\n]*+\"|[\w-]++)"
_header = re.compile(
    rf"^(?:(?:resource|data|ephemeral)[ \t]++{_NAME}[ \t]*+{_NAME}"
    rf"|(?:module|variable|output|provider|check)[ \t]++{_NAME}"
    r"|locals|terraform|moved|import|removed)[ \t]*+\{",
    re.MULTILINE,
)
_argument = re.compile(rf"^{_NAME}[ \t]*+=(?![=>])", re.MULTILINE)


def read_items(text: str, at: int, attributes: list[Attribute], blocks: list[Block]) -> list[SyntaxProblem]:
    """Read the items of a whole file onto the two lists, over every error, and tell the errors in order of place."""
    lost_items: dict[SyntaxProblem, int] = {}  # what was said, and where the item that is lost for it begins
    minor: list[SyntaxProblem] = []
    in_vain = 0
    ahead = -1
    while True:
        reading = Reading(text, expression)
        try:
            items(reading, at, attributes, blocks, None)
        except HclSyntaxError as error:
            failure = error
        except RecursionError:
            failure = too_deep(at)
        else:
            return _in_order([*lost_items, *minor, *reading.problems])
        minor += reading.problems
        whole = max([attribute.end for attribute in attributes[-1:]] + [block.end for block in blocks[-1:]], default=0)
        lost = skip_newlines(text, max(at, whole)).end()
        problem = failure.problem
        if problem in lost_items:
            # Met a second time, so the item that was lost for it first had swallowed this one: it lacks its own brace.
            lost_items[unclosed(text, text.find("{", lost_items[problem])).problem] = lost
        lost_items[problem] = lost
        if ahead <= lost:
            found = _header.search(text, lost + 1)
            ahead = len(text) if found is None else found.start()
        at = _next_argument(text, lost, problem.offset, bool(attributes) and not blocks) if ahead == len(text) else ahead
        # What follows a comment that never ends is part of it.
        if at == len(text) or "/*" in text[max(0, problem.offset - 1) : problem.offset + 2]:
            return _in_order([*lost_items, *minor])
        in_vain += max(problem.offset - lost, 0)
        if len(lost_items) >= MAX_PROBLEMS or in_vain > _MAX_READ_AGAIN:
            detail = later("from here on the file was not read; mend the errors before, and read it again")
            rest = SyntaxProblem(at, later("Too many errors"), detail)
            return [*_in_order([*lost_items, *minor])[: MAX_PROBLEMS - 1], rest]


def _next_argument(text: str, lost: int, offset: int, among_arguments: bool) -> int:
    """The next argument at column 0, if it is one that was lost; else the end of the text."""
    if not among_arguments and _argument.match(text, lost) is None:
        return len(text)
    found = _argument.search(text, max(lost + 1, offset))
    return len(text) if found is None else found.start()


def _in_order(problems: list[SyntaxProblem]) -> list[SyntaxProblem]:
    return sorted(set(problems))[:MAX_PROBLEMS]
