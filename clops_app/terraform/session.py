"""One evaluation of one root: what is shared by all its modules, and the bookkeeping of who needed whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from clops_app.language import tr
from clops_app.model.resource import Diagnostic
from clops_app.model.source import line_starts, position
from clops_app.model.types import Type
from clops_app.model.values import Unknown
from clops_app.terraform.declarations import Declarations, load
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.modelled import is_model, module_of
from clops_app.terraform.reasons import not_evaluated, too_deep
from clops_app.terraform.references import nearest
from clops_app.terraform.resource_block import ResourceBlock
from clops_app.terraform.scope import Budget
from clops_app.terraform.sources import Sources
from clops_app.terraform.unify import bounded
from clops_app.terraform.values import EvaluationError, T

ASSUMED_REGION = "us-east-1"  # where most public examples run; any other would be as arbitrary
MAX_MODULES = 5_000  # terraform-aws-modules' largest example has 38 instances
MAX_QUESTIONS = 1_000  # which of the known names was meant: two milliseconds each, at most
# All that is declared in the modules that are evaluated, counted for each of their instances: ten microseconds each. The largest public
# roots have some 30,000.
MAX_DECLARED = 200_000
_FAILURE = 50  # steps that a failure costs, beyond what failed
MAX_DIAGNOSTICS = 200  # a root with more is broken in one way, many times


class Session:
    """Mutable on purpose: caches, the step budget, and `needed`, the addresses read since somebody began to watch.

    `blocks`: resource blocks by directory and (mode, type, name).
    """

    __slots__ = (
        "_answers",
        "_declarations",
        "_declared",
        "_diagnostics",
        "_full",
        "_further",
        "_further_lost",
        "_nearest",
        "blocks",
        "budget",
        "entered",
        "inputs",
        "modelled",
        "needed",
        "read",
        "root",
        "sources",
    )

    def __init__(self, sources: Sources, root: str, inputs: Inputs) -> None:
        self.sources = sources
        self.root = root
        self.inputs = inputs
        self.budget = Budget()
        self.entered = 0
        self.needed: dict[str, None] = {}
        self.read: dict[str, None] = {}
        self.modelled: dict[str, str] = {}
        self.blocks: dict[tuple[str, tuple[str, str, str]], ResourceBlock] = {}
        self._declarations: dict[str, Declarations] = {}
        self._diagnostics: dict[Diagnostic, None] = {}
        self._further: set[int] = set()
        self._further_lost = False
        self._nearest: dict[tuple[str, str], str] = {}
        self._answers = 0
        self._declared = 0
        self._full = False

    def declarations(self, directory: str) -> Declarations:
        found = self._declarations.get(directory)
        if found is None:
            found = self._declarations[directory] = load(self.sources, directory)
            if not is_model(directory):
                self.read.update(dict.fromkeys(found.files))
            for diagnostic in found.diagnostics:
                self.diagnose(diagnostic)
        return found

    def diagnose(self, diagnostic: Diagnostic) -> None:
        if len(self._diagnostics) < MAX_DIAGNOSTICS:
            self._diagnostics.setdefault(diagnostic)
        elif diagnostic not in self._diagnostics:  # they may quote long values: of more of them only the number is kept
            self._further.add(hash(diagnostic))
            self._further_lost = self._further_lost or diagnostic.lost

    def complain(self, path: str, offset: int, what: str, why: str, *, lost: bool = False) -> None:
        """`lost`: code that is there was not read, or not all that it makes was looked at."""
        # Those beyond the first ones are only counted: a line in a file takes reading the file.
        where = self.where(path, offset) if len(self._diagnostics) < MAX_DIAGNOSTICS else path
        self.diagnose(Diagnostic(what, where, why, lost=lost))

    def nearest(self, where: str, name: str, known: Iterable[str], closeness: float = 0.6) -> str:
        """The nearest of the names known there, asked once: ten thousand instances make one mistake alike.

        Empty when none is near, and once so many were asked for that no more mistakes are told.
        """
        found = self._nearest.get((where, name))
        if found is None:
            enough = len(self._nearest) >= MAX_QUESTIONS or self._answers >= MAX_DIAGNOSTICS
            found = self._nearest[where, name] = "" if enough else nearest(name, known, closeness)
            self._answers += found != ""
        return found

    def failed(self, path: str, offset: int, what: str, error: EvaluationError, *, lost: bool = False) -> Unknown:
        """Note that `what` could not be evaluated; its value is unknown because of that. `lost` as in `complain`."""
        self.budget.spent += _FAILURE
        at = error.start if error.end > error.start else offset
        said = tr("{what} could not be evaluated: {summary}", what=what, summary=error.summary)
        self.complain(path, at, said, error.detail, lost=lost)
        return not_evaluated(what, error)

    def where(self, path: str, offset: int) -> str:
        """`path:line`; of a model, where the module that it stands for is called."""
        if is_model(path):
            return self.modelled.get(module_of(path), path)
        content = self.sources.tree.files.get(path)
        return path if content is None else f"{path}:{position(line_starts(content), offset).line}"

    def default_region(self) -> str:
        """The region where the configuration names none. Assumed, where the environment names none either, and said."""
        if self.inputs.region is not None:
            return self.inputs.region
        self.diagnose(
            Diagnostic(
                tr("the AWS provider names no region"),
                self.root or ".",
                tr("{region} is assumed; set `region` in the provider block or AWS_REGION", region=ASSUMED_REGION),
            )
        )
        return ASSUMED_REGION

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        found = tuple(self._diagnostics)
        if not self._further:
            return found
        what = tr("{count:,} further diagnostics are not shown", count=len(self._further))
        return (*found, Diagnostic(what, self.root or ".", tr("mend the first ones and run again"), lost=self._further_lost))

    def may_enter(self, address: str, declared: int) -> bool:
        """Whether one more module instance, in which so much is declared, may be evaluated.

        Modules multiply: a hundred that each call a hundred are ten thousand.
        """
        if self._full:
            return False
        self._full = self.entered >= MAX_MODULES or self._declared + declared > MAX_DECLARED
        if self._full:
            what = tr("only {count:,} module instances are evaluated", count=self.entered)
            self.diagnose(Diagnostic(what, self.root or ".", tr("{address} and those after it are not", address=address), lost=True))
            return False
        self.entered += 1
        self._declared += declared
        return True

    def need(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            self.needed[address] = None

    def aside(self, question: Callable[[], Type]) -> Type:
        """The type that is asked for, but for one too large (`any`); nobody is taken to need what tells it."""
        outer, self.needed = self.needed, {}
        try:
            return bounded(question())
        finally:
            self.needed = outer

    def watching(self) -> _Watch:
        """`with session.watching() as needed`: collect the addresses that are read inside, and pass them on to who watches outside."""
        return _Watch(self)


class _Watch:
    """A class, and not a generator: one of these goes with every argument inside a `dynamic` block."""

    __slots__ = ("_mine", "_outer", "_session")

    def __init__(self, session: Session) -> None:
        self._session = session

    def __enter__(self) -> dict[str, None]:
        session = self._session
        self._outer = session.needed
        self._mine: dict[str, None] = {}
        session.needed = self._mine
        return self._mine

    def __exit__(self, *_: object) -> None:
        self._session.needed = self._outer
        if self._mine:
            self._outer.update(self._mine)


NOTHING: Mapping[str, None] = MappingProxyType({})


class Cell:
    """A value that is computed when first asked for, and the addresses it needed; to ask while it is being computed is a cycle."""

    __slots__ = ("_compute", "_session", "_value", "needed", "what")
    _value: T

    def __init__(self, session: Session, what: str, compute: Callable[[], T]) -> None:
        self._session = session
        self.what = what
        self._compute: Callable[[], T] | None = compute
        self.needed: Mapping[str, None] = NOTHING

    def get(self) -> T:
        """The value. Raises EvaluationError when it depends on itself."""
        session = self._session
        compute = self._compute
        if compute is None:
            if self.needed:
                session.budget.spent += len(self.needed)
                session.needed.update(self.needed)
            return self._value
        self._compute = self._again
        outer = session.needed
        mine: dict[str, None] = {}
        session.needed = mine
        try:
            self._value = compute()
            self._compute = None
        except RecursionError:
            self._compute = compute  # this may be too deep even to say so; another may ask from less deep
            self._value = too_deep(self.what)
            self._compute = None
        except EvaluationError:
            self._compute = compute  # whoever asks again is told the same
            raise
        finally:
            session.needed = outer
            if mine:
                session.budget.spent += len(mine)
                outer.update(mine)
                self.needed = mine
        return self._value

    def _again(self) -> T:
        raise EvaluationError("Cycle", tr("{what} depends on itself.", what=self.what))
