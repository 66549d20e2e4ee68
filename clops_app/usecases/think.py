"""One tree, thought through: roots found, evaluated, read as an architecture, judged and priced; base and head alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from clops_app.cost.bill import bill
from clops_app.cost.book import embedded_book
from clops_app.graph.aws import Reading
from clops_app.graph.build import build_graph
from clops_app.language import say, tr, trn
from clops_app.model.graph import Graph
from clops_app.model.resource import Configuration, Diagnostic
from clops_app.model.source import SourceTree
from clops_app.patch.thought import RootThought
from clops_app.ports import Checkout
from clops_app.rulebook.ignore import Ignored, apply_ignores, unknown_rule
from clops_app.rulebook.load import Rule, load_rules
from clops_app.rulebook.run import RuleSettings, run_rules
from clops_app.terraform.evaluate import evaluate_root
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.planned import Planned, as_planned, inputs_as_planned, is_of_other_code, planned_root
from clops_app.terraform.roots import Root, find_roots, uncalled_modules
from clops_app.terraform.sources import Parsed, Sources, is_configuration, sources_of
from clops_app.terraform.terragrunt import units
from clops_app.terraform.touched import Reach, changed_directories, untouched
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.paths import matches
from clops_app.usecases.question import Progress, Question, ignores, inputs_for, missing_var_files, relaxed, undeclared, var_file_paths

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Mind:
    """What every thought needs: the question, the rules, and the files that were parsed already."""

    question: Question
    rules: tuple[Rule, ...]
    progress: Progress
    parsed: Parsed = field(default_factory=Parsed)


def mind(question: Question, progress: Progress = lambda _: None, *, judging: bool = True, parsed: Parsed | None = None) -> Mind:
    """Without `judging` no rule is read: for those who ask what there is and what it costs. `parsed`: what is known of files already."""
    return Mind(question, load_rules() if judging else (), progress, parsed or Parsed())


@dataclass(frozen=True, slots=True)
class Place:
    """A tree and the directory in it that was asked for. `planned`: what a plan knows of the one root that it was made of."""

    tree: SourceTree
    scope: str
    sources: Sources
    planned: Planned | None = None


def place(mind: Mind, tree: SourceTree, scope: str) -> Place:
    sources = sources_of(tree, mind.parsed)
    return Place(sources.tree, scope, sources)


def head_place(mind: Mind, head: Checkout) -> Place:
    """The tree that is asked about, with the plan that was made of it. Raises ConfigError when it is not of one root."""
    where = place(mind, head.tree, head.scope)
    plan = mind.question.plan
    if plan is None:
        return where
    roots = roots_of(mind, where)
    if len(roots) != 1:
        raise ConfigError((_not_of_one(head.scope or tr("the whole repository"), [root.directory or "." for root in roots]),))
    root = roots[0].directory
    mind.progress(tr("Reading the plan"))
    planned = planned_root(where.sources, root, inputs_of(mind, where, root), plan)
    if is_of_other_code(planned):
        here = root or tr("this directory")
        raise ConfigError((tr("--plan is not the plan of {directory}: nothing that is planned is in the code there.", directory=here),))
    return replace(where, planned=planned)


def _not_of_one(place: str, roots: list[str]) -> str:
    if not roots:
        return tr("--plan is the plan of one root, and in {place} there is none. Give the directory that was planned as PATH.", place=place)
    return tr(
        "--plan is the plan of one root, and in {place} there are {count} ({roots}). Give the directory that was planned as PATH.",
        place=place,
        count=len(roots),
        roots=", ".join(roots[:SHOWN]) + (", …" if len(roots) > SHOWN else ""),
    )


@dataclass(frozen=True, slots=True)
class RootOpinion:
    """One root of one tree and what is thought of it."""

    root: Root
    graph: Graph
    thought: RootThought

    @property
    def fatal(self) -> bool:
        return any(diagnostic.fatal for diagnostic in self.thought.configuration.diagnostics)


def roots_of(mind: Mind, where: Place) -> tuple[Root, ...]:
    """The roots below the scope; those that `roots` in the settings names, when it names any."""
    patterns = mind.question.config.roots
    if not patterns:
        return find_roots(where.sources, where.scope, planned=mind.question.plan is not None)
    every = find_roots(where.sources, where.scope, ("*",))
    named = (root for root in every if any(matches(pattern, root.directory) for pattern in patterns))
    return tuple(replace(root, why=tr("named by `roots` in {path}", path=mind.question.config_path)) for root in named)


def not_called(mind: Mind, where: Place, roots: tuple[Root, ...]) -> Iterator[Diagnostic]:
    """The modules here that no root calls: nothing in them is made, so nothing is said of them."""
    modules = () if mind.question.config.roots else uncalled_modules(where.sources, where.scope, roots)
    if roots and modules:
        what = trn("a module was not reviewed", "{count} modules were not reviewed", len(modules))
        why = tr("no root here calls it; if it is a root, give its directory as PATH, or name it under `roots` in .clops.yml")
        yield Diagnostic(what, _shown(modules), why)


def run_by_terragrunt(mind: Mind, where: Place, roots: Iterable[Root]) -> Iterator[Diagnostic]:
    """The directories here that Terragrunt runs, told once for all of them."""
    named = {root.directory for root in roots}
    found = [name for name in units(where.sources, where.scope) if name not in named]
    if found and mind.question.plan is None:
        what = trn(
            "a directory that Terragrunt runs was not evaluated",
            "{count} directories that Terragrunt runs were not evaluated",
            len(found),
        )
        why = tr("their values and sources are known when Terragrunt runs; give a plan of one with --plan, and its directory as PATH")
        yield Diagnostic(what, _shown(found), why)


def _shown(directories: Sequence[str]) -> str:
    some = ", ".join(name or "." for name in directories[:SHOWN])
    return some if len(directories) <= SHOWN else tr("{names} and {count} more", names=some, count=len(directories) - SHOWN)


def said_of(*checkouts: Checkout) -> tuple[Diagnostic, ...]:
    """What could not be read of these, in the language spoken; they were read before it was known."""
    found = (each for checkout in checkouts for each in checkout.diagnostics)
    return tuple(replace(each, what=say(each.what), where=say(each.where), why=say(each.why)) for each in found)


def configuration_of(mind: Mind, where: Place, root: str, name: str | None = None) -> Configuration:
    """The root in directory `root`, evaluated. `name` is what it is called when its tree has another layout than the head's."""
    mind.parsed.make_room()
    found = evaluate_root(where.sources, root, inputs_of(mind, where, root, name))
    planned = _planned(where, root, name)
    found = found if planned is None else as_planned(planned, found)
    return found if name is None else replace(found, root=name)


def inputs_of(mind: Mind, where: Place, root: str, name: str | None = None) -> Inputs:
    """What a root is given by the settings and the command line, and what it was given when it was planned."""
    declared = declared_variables(where.sources, root)
    inputs = inputs_for(mind.question, where.tree, root, declared)
    planned = _planned(where, root, name)
    return inputs if planned is None else inputs_as_planned(planned, inputs, declared)


def renamed(directory: str, base_scope: str, head_scope: str) -> str:
    """Where a root of the base would be at the head: two directories that are compared need not have the same name."""
    below = directory[len(base_scope) :].removeprefix("/") if base_scope else directory
    return f"{head_scope}/{below}".strip("/")


def _planned(where: Place, root: str, name: str | None) -> Planned | None:
    """The plan, for the root that it was made of."""
    planned = where.planned
    return planned if planned is not None and planned.source.root == (root if name is None else name) else None


def form_opinion(mind: Mind, where: Place, root: Root, name: str | None = None) -> RootOpinion:
    """Evaluate, judge and price one root."""
    called = root if name is None else replace(root, directory=name)
    mind.progress(tr("Reading {root}", root=called.directory) if called.directory else tr("Reading the root"))
    return opinion_on(mind, where.tree, called, configuration_of(mind, where, root.directory, name))


def opinion_on(mind: Mind, tree: SourceTree, root: Root, configuration: Configuration) -> RootOpinion:
    """Judge and price one evaluated root."""
    graph = build_graph(configuration)
    architecture = Reading(graph)
    written = mind.question.config.rules
    settings = RuleSettings(written.severity, frozenset(written.disable), relaxed(mind.question, root.directory))
    findings, diagnostics = run_rules(mind.rules, architecture, tree, root.directory, settings)
    priced = bill(graph, architecture, embedded_book(), mind.question.usage)
    return RootOpinion(root, graph, RootThought(configuration, findings, priced, diagnostics))


def declared_variables(sources: Sources, root: str) -> frozenset[str]:
    """The names of the variables that the root module declares."""
    paths = filter(is_configuration, sources.directories.get(root, ()))
    blocks = (block for path in paths for block in sources.file(path).body.blocks)
    return frozenset(block.labels[0] for block in blocks if block.type == "variable" and block.labels)


def differing(head: Place, base: Place) -> frozenset[str]:
    """The directories whose code differs. What is known of the calls in the others at the head holds at the base."""
    changed = changed_directories(head.sources, base.sources)
    base.sources.callees.update((name, called) for name, called in head.sources.callees.items() if name not in changed)
    return changed


def left_alone(mind: Mind, head: Place, base: Place, roots: Iterable[str], changed: frozenset[str]) -> Mapping[str, Reach]:
    """Those of the roots of both that surely read the same in both, and what they read. Nothing is evaluated.

    `changed` are the directories whose code differs.
    """
    if head.scope != base.scope or head.planned is not None:
        return {}
    return untouched(sorted(roots), head.sources, base.sources, changed, lambda root: var_file_paths(mind.question, root))


def unchanged(opinion: RootOpinion, head: Place, base: Place) -> bool:
    """Whether a root surely reads the same at the base: the same files with the same content in every directory it reads."""
    configuration = opinion.thought.configuration
    directories = {path.rpartition("/")[0] for path in configuration.files} | {opinion.root.directory}
    if any(_read(head, directory) != _read(base, directory) for directory in directories):
        return False
    if any(module.directory is None and module.source_address.startswith(".") for module in configuration.modules):
        return False  # a module that is missing here may be there
    for path in configuration.files:
        content = head.tree.files[path]
        if base.tree.files.get(path) != content or b"fileset(" in content or b"fileexists(" in content:
            return False
    return True


def _read(where: Place, directory: str) -> list[str]:
    names = where.sources.directories.get(directory, ())
    return [path for path in names if is_configuration(path) or path.endswith((".tfvars", ".tfvars.json"))]


def not_read(where: Place) -> Iterator[Diagnostic]:
    """Terraform files at or below the scope that could not be read, and why."""
    for path, why in sorted(where.tree.refused.items()):
        below = not where.scope or path == where.scope or path.startswith(f"{where.scope}/")
        if below and (is_configuration(path) or path.endswith((".tfvars", ".tfvars.json")) or "directory" in why):
            yield Diagnostic(tr("a file was not read"), path, say(why), lost=True)


def without_ignored(mind: Mind, now: Place, opinion: RootOpinion) -> Ignored:
    """Part a root's findings from those that somebody dismissed."""
    known = frozenset(rule.id for rule in mind.rules)
    files = opinion.thought.configuration.files
    return apply_ignores(opinion.thought.findings, now.tree, files, ignores(mind.question), known_rules=known, today=mind.question.today)


def unused_settings(mind: Mind, where: Place, roots: Iterable[Root]) -> Iterator[Diagnostic]:
    """What the user told and nothing asked for."""
    roots = tuple(roots)
    question = mind.question
    if not roots:
        return
    given = question.variables or question.config.terraform.vars
    for name in undeclared(question, (declared_variables(where.sources, root.directory) for root in roots)) if given else ():
        what = tr("the value given for {variable} has no effect", variable=f"var.{name}")
        yield Diagnostic(what, where.scope or ".", tr("no root declares such a variable"))
    for name in missing_var_files(question, where.tree, (root.directory for root in roots)):
        what = tr("the variable file {name} was not found", name=name)
        yield Diagnostic(what, question.config_path, tr("looked beside the roots and beside the settings"))
    known = frozenset(rule.id for rule in mind.rules)
    for name in (*question.config.rules.disable, *question.config.rules.severity):
        if known and name not in known:
            yield Diagnostic(tr("a rule's setting has no effect"), question.config_path, unknown_rule(name, known))
