"""What each command does once its arguments are read: gather, think, print, and the exit code."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from clops_app import __version__
from clops_app.entrypoints.gather import Asked, Gathered, gather
from clops_app.entrypoints.links import links_of
from clops_app.entrypoints.others import asking, asking_infracost
from clops_app.entrypoints.say import drawn, emit, note, progress, report
from clops_app.language import Language, tr, trn, use_language
from clops_app.model.finding import Finding, Safety
from clops_app.model.resource import Diagnostic
from clops_app.model.review import Review
from clops_app.review.render.links import Links

OK, GATE_FAILED, NOT_EVALUATED = 0, 1, 3

if TYPE_CHECKING:
    from clops_app.graph.document import Json
    from clops_app.model.source import SourceTree
    from clops_app.review.words import Words
    from clops_app.rulebook.page import RulePage
    from clops_app.usecases.review_change import Reviewed

Environment = Mapping[str, str]


def print_review(
    asked: Asked,
    environment: Environment,
    format: str,
    output: str | None,
    quiet: bool,
    *,
    checkov: bool = False,
    infracost: bool = False,
    ai: bool = True,
) -> int:
    """Exit codes: a failed gate comes before a root that could not be evaluated."""
    from clops_app.adapters.told_before import ToldBefore
    from clops_app.review.verdict import gate_fails
    from clops_app.usecases.review_change import think_of_change
    from clops_app.usecases.think import mind

    with progress(quiet) as showing:
        gathered = gather(asked, environment, showing)
        before = ToldBefore(environment, gathered.head)
        thinking = mind(gathered.question, showing, parsed=before.recalled())
        pages = {rule.id: rule.page for rule in thinking.rules}
        base = gathered.base.checkout if gathered.base else None
        with asking(thinking, gathered.head, base, environment, checkov=checkov, infracost=infracost) as with_others:
            reviewed = think_of_change(thinking, gathered.head, gathered.base)
            review = with_others(_with_proposals(reviewed, pages, gathered, environment, showing) if ai else reviewed.review)
        before.keep(thinking.parsed)
        words = _words(review, pages, gathered, environment, showing) if ai and format in ("terminal", "markdown") else None
        text = _review_text(review, pages, gathered, links_of(environment, gathered.head.top, review.commit), format, output, words)
    emit(text, output)
    for line in gathered.notes:
        note(line, quiet)
    if gate_fails(review, gathered.question.config.fail_on):
        return GATE_FAILED
    return _evaluated(review.diagnostics)


def print_prompt(asked: Asked, environment: Environment, output: str | None, quiet: bool, *, whole: bool) -> int:
    """Print what a language model would be given of this review: the facts as JSON, or the `whole` prompts. Nothing is sent."""
    from clops_app.review.fact_sheet import json_text
    from clops_app.review.facts import facts_of
    from clops_app.review.prompt import prompt_of, prompt_text
    from clops_app.usecases.ask_for_patches import request_for
    from clops_app.usecases.review_change import think_of_change
    from clops_app.usecases.think import mind
    from clops_app.usecases.write_words import context_of

    with progress(quiet) as showing:
        gathered = gather(asked, environment, showing)
        thinking = mind(gathered.question, showing)
        pages = {rule.id: rule.page for rule in thinking.rules}
        reviewed = think_of_change(thinking, gathered.head, gathered.base)
        context = context_of(gathered.question, *_trees(gathered))
        facts = facts_of(reviewed.review, pages, context)
        asked_first = request_for(reviewed, pages, context) if whole else None
    text = prompt_text(prompt_of(facts)) if whole else json_text(facts.document) + "\n"
    if asked_first is not None:
        text += f"\n=== sent before that: what is to propose patches ===\n{prompt_text(asked_first.prompt)}"
    emit(text, output)
    for line in gathered.notes:
        note(line, quiet)
    return _evaluated(reviewed.review.diagnostics)


def _with_proposals(
    reviewed: Reviewed, pages: Mapping[str, RulePage], gathered: Gathered, environment: Environment, showing: Callable[[str], None]
) -> Review:
    if gathered.question.config.ai.provider == "none":
        return reviewed.review
    from clops_app.entrypoints.proposing import with_proposals_for

    showing(tr("Waiting for proposals"))
    return with_proposals_for(reviewed, pages, gathered.question, _trees(gathered), environment)


def _words(
    review: Review, pages: Mapping[str, RulePage], gathered: Gathered, environment: Environment, showing: Callable[[str], None]
) -> Words | None:
    if gathered.question.config.ai.provider == "none":
        return None
    from clops_app.entrypoints.writing import words_for

    showing(tr("Waiting for the words"))
    return words_for(review, pages, gathered.question, _trees(gathered), environment)


def _trees(gathered: Gathered) -> tuple[SourceTree, ...]:
    return (gathered.head.tree, *((gathered.base.checkout.tree,) if gathered.base else ()))


def _review_text(
    review: Review,
    pages: Mapping[str, RulePage],
    gathered: Gathered,
    links: Links,
    format: str,
    output: str | None,
    words: Words | None,
) -> str:
    from clops_app.review.render.json_document import dumps, review_document
    from clops_app.review.render.words import people_of

    people = people_of(gathered.question.config.service.kind)
    match format:
        case "json":
            return dumps(review_document(review))
        case "sarif":
            from clops_app.review.render.sarif import sarif_log

            return dumps(sarif_log(review, pages, gathered.head.tree, version=__version__, links=links))
        case "markdown":
            from clops_app.review.render.markdown.comment import comment

            return comment(review, pages, version=__version__, links=links, people=people, words=words)
        case _:
            from clops_app.review.render.terminal.review import print_review as on_console

            return drawn(partial(on_console, review=review, pages=pages, people=people, scope=gathered.head.scope, words=words), output)


def print_graph(asked: Asked, environment: Environment, format: str, output: str | None, quiet: bool) -> int:
    from clops_app.usecases.draw_graph import draw_graph
    from clops_app.usecases.think import mind

    with progress(quiet) as showing:
        gathered = gather(asked, environment, showing)
        graphs, said = draw_graph(mind(gathered.question, showing, judging=False), gathered.head)
    if not graphs:
        _say_nothing_found(asked, gathered, quiet)
    if format == "json":
        from clops_app.graph.document import SCHEMA, graph_document, json_text

        documents: list[Json] = [graph_document(graph, gathered.head.tree) for graph in graphs]
        emit(json_text(documents[0] if len(documents) == 1 else {"schema": SCHEMA, "roots": documents}) + "\n", output)
    else:
        from clops_app.review.diagram import diagram
        from clops_app.review.render.dot import dot
        from clops_app.review.render.mermaid import mermaid

        write = mermaid if format == "mermaid" else dot
        emit("\n".join(write(diagram(graph, compared=False)) for graph in graphs), output)
    report(said, quiet)
    diagnostics = tuple(item for graph in graphs for item in graph.configuration.diagnostics)
    if format != "json":
        report(diagnostics, quiet)
    return _evaluated((*said, *diagnostics))


def print_cost(asked: Asked, environment: Environment, format: str, output: str | None, quiet: bool, *, infracost: bool = False) -> int:
    from clops_app.usecases.price import price
    from clops_app.usecases.think import mind

    with progress(quiet) as showing:
        gathered = gather(asked, environment, showing)
        base = gathered.base.checkout if gathered.base else None
        thinking = mind(gathered.question, showing, judging=False)
        with asking_infracost(thinking, gathered.head, environment, asked=infracost) as with_second:
            prices = price(thinking, gathered.head, base)
            second, unsaid = with_second(prices.bills)
    for line in gathered.notes:
        note(line, quiet)
    if not prices.bills:
        _say_nothing_found(asked, gathered, quiet)
    if format == "json":
        from clops_app.review.render.json_document import cost_document, dumps

        emit(dumps(cost_document(prices.bills, before=prices.before, second=second)), output)
    else:
        from clops_app.review.render.terminal.cost import print_bills

        emit(drawn(partial(print_bills, bills=prices.bills, before=prices.before, second=second), output), output)
    report((*prices.diagnostics, *unsaid), quiet)
    return _evaluated(prices.diagnostics)


def make_fixes(asked: Asked, environment: Environment, rule: str | None, *, write: bool, quiet: bool) -> int:
    """Print one diff of all fixes, or make them. Without --rule only what is safe; what is only to be shown is never made."""
    from clops_app.adapters.disk import DiskWriter
    from clops_app.usecases.apply_fixes import find_fixes
    from clops_app.usecases.explain_rule import explain_rule
    from clops_app.usecases.think import mind

    name = None if rule is None else explain_rule(rule)[0]
    accepted: frozenset[Safety] = frozenset({"safe"})
    if name is not None:
        accepted = frozenset({"safe", "review"} if write else {"safe", "review", "show"})
    with progress(quiet) as showing:
        gathered = gather(asked, environment, showing)
        fixes = find_fixes(mind(gathered.question, showing), gathered.head, name, accepted)
    # The diff comes first: it may be all that undoes the changes, so without it nothing is changed.
    emit(fixes.diff)
    if write and fixes.rewrites:
        DiskWriter().rewrite(gathered.head, fixes.rewrites)
    report(fixes.diagnostics, quiet)
    for finding in fixes.made:
        line = _patch_line(finding)
        note(tr("Made: {patch}", patch=line) if write else tr("Would make: {patch}", patch=line), quiet)
    for finding, why in fixes.not_made:
        note(tr("Not made: {rule}, {address}: {why}", rule=finding.rule, address=finding.address, why=why), quiet)
    if not fixes.made:
        note(tr("Nothing to change."), quiet)
    elif write:
        clean = gathered.head.commit is not None and not gathered.head.changed
        files = sorted(fixes.rewrites)
        undo = _undo(gathered.head.top, files, clean)
        done = trn(
            "{count:,} file changed: {files}. To undo: {undo}",
            "{count:,} files changed: {files}. To undo: {undo}",
            len(files),
            files=shlex.join(files),
            undo=undo,
        )
        note(done, quiet)
    elif any(finding.patch is not None and finding.patch.safety == "show" for finding in fixes.made):
        note(tr("Nothing was changed; --write makes all but those marked [show]."), quiet)
    else:
        note(tr("Nothing was changed; --write makes these changes."), quiet)
    return _evaluated(fixes.diagnostics)


def _patch_line(finding: Finding) -> str:
    patch = finding.patch
    if patch is None:
        return f"{finding.rule}, {finding.address}"
    line = f"{patch.title} ({finding.rule}, {finding.address})"
    match patch.safety, patch.replaces:
        case "review", False:
            return tr("{patch} [review]", patch=line)
        case "review", True:
            return tr("{patch} [review, recreates the resource]", patch=line)
        case "show", False:
            return tr("{patch} [show]", patch=line)
        case "show", True:
            return tr("{patch} [show, recreates the resource]", patch=line)
        case _:
            return line


def _undo(top: str, files: Sequence[str], clean: bool) -> str:
    if clean:
        # A colon at the start of a name, or a dash, would say something to git.
        return shlex.join(("git", "-C", top, "restore", *(f"./{file}" if file.startswith((":", "-")) else file for file in files)))
    return tr("save the diff printed above and give it to {command}", command=shlex.join(("git", "-C", top, "apply", "--reverse")))


def print_rules(language: Language) -> int:
    from clops_app.review.render.terminal.rules import print_rules as on_console
    from clops_app.usecases.explain_rule import list_rules

    use_language(language)
    emit(drawn(partial(on_console, pages=list_rules())))
    return OK


def print_rule(name: str, language: Language) -> int:
    from clops_app.review.render.terminal.rules import print_page
    from clops_app.usecases.explain_rule import explain_rule

    use_language(language)
    rule, page = explain_rule(name)
    emit(drawn(partial(print_page, rule=rule, page=page)))
    return OK


def print_schema(name: Literal["config", "review", "cost", "graph"]) -> int:
    if name == "config":
        from clops_app.usecases.config_file import json_schema

        written: Mapping[str, object] = json_schema()
    else:
        from clops_app.review.schema import schema

        written = schema(name)
    emit(json.dumps(written, indent=2, ensure_ascii=False) + "\n")
    return OK


def write_first_files(path: str, environment: Environment, *, forks: bool, force: bool) -> int:
    from clops_app.adapters.disk import write_new
    from clops_app.adapters.git import GitGatherer
    from clops_app.usecases.start import OWNER, first_files

    top = GitGatherer(environment).top(path)
    for name, content in first_files(forks=forks).items():
        written = write_new(top, name, content, overwrite=force)
        note(f"{name}: {'written' if written else 'exists already, left as it is (--force overwrites it)'}")
        if written and OWNER.encode() in content:
            note(f"{name}: put the owner of the repository that you have ClOps from in the place of {OWNER}")
    return OK


def _say_nothing_found(asked: Asked, gathered: Gathered, quiet: bool) -> None:
    from clops_app.usecases.review_change import NO_TERRAFORM

    patterns = gathered.question.config.roots
    named = tr(NO_TERRAFORM)
    if patterns:
        named = tr("`roots` in {path} finds nothing here: {patterns}", path=gathered.question.config_path, patterns=", ".join(patterns))
    note(f"{asked.path}: {named}", quiet)


def _evaluated(diagnostics: Iterable[Diagnostic]) -> int:
    return NOT_EVALUATED if any(diagnostic.fatal for diagnostic in diagnostics) else OK
