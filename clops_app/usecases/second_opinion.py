"""Other tools work on the roots that changed while we think; what they say is put beside the review and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from clops_app.language import tr
from clops_app.model.cost import Bill
from clops_app.model.opinion import SecondBill
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.ports import Checkout, Estimator, Scanner
from clops_app.review.second_opinion import scan_of, second_bill
from clops_app.terraform.roots import code_of
from clops_app.usecases.think import Mind, Place, place, renamed, roots_of

SecondBilling = Callable[[Sequence[tuple[str, Bill]]], tuple[SecondBill | None, tuple[Diagnostic, ...]]]


@dataclass(frozen=True, slots=True)
class _Code:
    """The files of the roots that changed, and those of the same roots at the base; all roots where there is no base."""

    roots: tuple[str, ...]
    head: Mapping[str, bytes]
    base: Mapping[str, bytes] | None


@contextmanager
def with_checkov(mind: Mind, head: Checkout, base: Checkout | None, scanner: Scanner | None) -> Iterator[Callable[[Review], Review]]:
    """Have the scanner work while the context is open; what is given puts its result into a Review."""
    code = _code(mind, head, base) if scanner else None
    if scanner is None or code is None or not code.roots:
        yield lambda review: review
        return

    def added(review: Review) -> Review:
        mind.progress(tr("Waiting for {tool}", tool="checkov"))
        now, then = (*scanning.results(), None)[:2]
        if now is None or isinstance(now, Diagnostic):
            return _noted(review, *((now,) if now else ()))
        said = [_unread(tr("checkov could not read {count} of the files", count=now.unread), "")] if now.unread else []
        if isinstance(then, Diagnostic):
            said.append(replace(then, what=tr("checkov said nothing of the base, so all that it found counts as new")))
            then = None
        ours = (*review.findings, *(finding for finding, _ in review.ignored))
        scope = base.scope if base else ""

        def home(directory: str) -> str:
            return renamed(directory, scope, head.scope) if _below(directory, scope) else directory

        scan = scan_of(now, then, ours, mind.question.config.rules.disable, home)
        return replace(_noted(review, *said), scan=scan)

    with scanner.start((code.head,) if code.base is None else (code.head, code.base)) as scanning:
        yield added


@contextmanager
def with_infracost(mind: Mind, head: Checkout, base: Checkout | None, estimator: Estimator | None) -> Iterator[SecondBilling]:
    """Have the estimator work while the context is open; what is given sets its amounts beside bills."""
    code = _code(mind, head, base) if estimator else None
    if estimator is None or code is None or not code.roots:
        yield lambda _: (None, ())
        return

    def compared(bills: Sequence[tuple[str, Bill]]) -> tuple[SecondBill | None, tuple[Diagnostic, ...]]:
        mind.progress(tr("Waiting for {tool}", tool="Infracost"))
        result = estimating.result()
        if isinstance(result, Diagnostic):
            return None, (result,)
        unpriced = tr("Infracost could not price a root whole, so none of it is compared")
        said = tuple(_unread(unpriced, root or ".") for root in result.unread)
        return second_bill([(root, bill) for root, bill in bills if root in code.roots], result), said

    with estimator.start(code.head, code.roots) as estimating:
        yield compared


def _noted(review: Review, *said: Diagnostic) -> Review:
    """With what another tool could not do. The verdict is made already and stays."""
    return replace(review, diagnostics=(*review.diagnostics, *said))


def _unread(what: str, where: str) -> Diagnostic:
    return Diagnostic(what, where, tr("it says no more; ClOps's own review is whole"))


def _code(mind: Mind, head: Checkout, base: Checkout | None) -> _Code:
    now = place(mind, head.tree, head.scope)
    at_head = {root.directory: _files(now, root.directory) for root in roots_of(mind, now)}
    if base is None:
        return _Code(tuple(at_head), _together(at_head), None)
    then = place(mind, base.tree, base.scope)
    at_base = {renamed(root.directory, base.scope, head.scope): _files(then, root.directory) for root in roots_of(mind, then)}
    changed = {root: files for root, files in at_head.items() if files != at_base.get(root)}
    return _Code(tuple(changed), _together(changed), _together({root: at_base.get(root, {}) for root in changed}))


def _files(where: Place, root: str) -> dict[str, bytes]:
    return {path: where.tree.files[path] for path in code_of(where.sources, root)}


def _together(roots: Mapping[str, Mapping[str, bytes]]) -> dict[str, bytes]:
    return {path: content for files in roots.values() for path, content in sorted(files.items())}


def _below(directory: str, scope: str) -> bool:
    return not scope or directory == scope or directory.startswith(f"{scope}/")
