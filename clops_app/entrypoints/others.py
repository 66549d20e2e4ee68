"""Other tools are asked by who starts ClOps, on the command line or in a workflow: no settings of a repository can have one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clops_app.model.review import Review
    from clops_app.ports import Checkout
    from clops_app.usecases.second_opinion import SecondBilling
    from clops_app.usecases.think import Mind

Environment = Mapping[str, str]


@contextmanager
def asking(
    mind: Mind, head: Checkout, base: Checkout | None, environment: Environment, *, checkov: bool, infracost: bool
) -> Iterator[Callable[[Review], Review]]:
    """Have the tools that were asked for work while the context is open; what is given puts their words into a Review."""
    if not (checkov or infracost):
        yield lambda review: review
        return
    from clops_app.adapters.checkov import Checkov
    from clops_app.usecases.second_opinion import with_checkov

    with (
        with_checkov(mind, head, base, Checkov(environment) if checkov else None) as scanned,
        asking_infracost(mind, head, environment, base, asked=infracost) as priced,
    ):

        def heard(review: Review) -> Review:
            review = scanned(review)
            bill, said = priced([(root.root, root.bill) for root in review.roots])
            return replace(review, second_bill=bill, diagnostics=(*review.diagnostics, *said))

        yield heard


def asking_infracost(
    mind: Mind, head: Checkout, environment: Environment, base: Checkout | None = None, *, asked: bool
) -> AbstractContextManager[SecondBilling]:
    """The same for bills alone; without `base` of every root."""
    from clops_app.adapters.infracost import Infracost
    from clops_app.usecases.second_opinion import with_infracost

    return with_infracost(mind, head, base, Infracost(environment) if asked else None)
