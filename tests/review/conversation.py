"""A pull request in a real git repository, and a GitHub that does what a Draft says and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from markdown_it import MarkdownIt

from clops_app.model.draft import Draft, InlineComment, Posted, PostedCheck, PostedComment, PostedSummary
from clops_app.model.source import SourceTree
from tests.github.git import Content, FileDiff, Git, create

WHO = ("Mina", "mina@example.com")


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull request is made of; `diff` is git's own."""

    head: SourceTree
    diff: str
    files: Mapping[str, FileDiff]
    sha: str


def change(folder: Path, base: Mapping[str, Content], head: Mapping[str, Content]) -> Change:
    """Two commits in a new repository: `base`, and `head` as it is to be (what it lacks is deleted)."""
    git = create(folder, "main")
    first = git.commit_files("main", base, "before", parents=(), who=WHO, when=1)
    return pushed(git, first, first, {**dict.fromkeys(base, None), **head})


def pushed(git: Git, base: str, parent: str, files: Mapping[str, Content]) -> Change:
    """A commit on top of `parent`, compared with `base`."""
    sha = git.commit_files("change", files, "after", parents=(parent,), who=WHO, when=2)
    paths = [entry.path for entry in git.entries(sha, recursive=True) if entry.type == "blob"]
    tree = SourceTree({path: git.file(sha, path) or b"" for path in paths})
    # As any `git diff` prints it, odd names in quotes.
    diff = git.run("diff", "--no-ext-diff", "-M", base, sha).decode(errors="replace")
    return Change(tree, diff, {file.path: file for file in git.diff(base, sha)}, sha)


def tree_contents(tree: SourceTree) -> dict[str, Content]:
    return {path: tree.files[path] for path in tree.files}


def published(draft: Draft, before: Posted) -> Posted:
    """What stands on GitHub when all of a Draft was said."""
    edits = {edit.id: edit.body for edit in draft.edits}
    hidden = {hiding.node_id for hiding in draft.hide}
    comments = [
        replace(
            comment,
            body=edits.get(comment.id, comment.body),
            hidden=comment.hidden or comment.node_id in hidden,
            resolved="by_us" if comment.thread_id in draft.resolve else comment.resolved,
        )
        for comment in before.comments
    ]
    following = max((comment.id for comment in before.comments), default=100) + 1
    fresh = draft.review.comments if draft.review else ()
    comments += [posted(number, comment) for number, comment in enumerate(fresh, start=following)]
    return Posted(_summaries(draft, before, hidden), tuple(comments), _check(draft, before.check), before.may_resolve)


def posted(number: int, comment: InlineComment) -> PostedComment:
    return PostedComment(number, f"PRRC_{number}", f"PRRT_{number}", comment.body, comment.path, comment.line, comment.start_line)


def _summaries(draft: Draft, before: Posted, hidden: set[str]) -> tuple[PostedSummary, ...]:
    kept = [replace(one, hidden=one.hidden or one.node_id in hidden) for one in before.summaries]
    if draft.summary is None:
        return tuple(kept)
    if draft.summary.id is None:
        return (*kept, PostedSummary(1, "IC_1", draft.summary.body))
    return tuple(replace(one, body=draft.summary.body) if one.id == draft.summary.id else one for one in kept)


def _check(draft: Draft, before: PostedCheck | None) -> PostedCheck | None:
    if draft.check is None:
        return before
    there = before.annotations if before is not None and before.id == draft.check.id else 0
    count = there + sum(len(batch) for batch in draft.check.batches)
    return PostedCheck(draft.check.id or 7, draft.check.external_id, completed=True, annotations=count)


def silent(draft: Draft) -> bool:
    """Whether a Draft changes nothing on GitHub."""
    return not (draft.summary or draft.review or draft.edits or draft.resolve or draft.hide or draft.check)


def suggested_text(body: str) -> str | None:
    """The content of the suggestion block, as a reader of Markdown that is not ours finds it; None where there is none."""
    fences = [token.content for token in MarkdownIt().parse(body) if token.type == "fence" and token.info == "suggestion"]
    assert len(fences) <= 1
    return fences[0] if fences else None


def pressed(content: bytes, comment: InlineComment | PostedComment) -> bytes:
    """The file after "Commit suggestion": exactly the comment's lines give way to the block's lines."""
    text = suggested_text(comment.body)
    assert text is not None
    assert comment.line is not None
    ended = content.endswith(b"\n")
    lines = content.split(b"\n")[: -1 if ended else None]
    start = comment.start_line or comment.line
    assert start <= comment.line <= len(lines)
    lines[start - 1 : comment.line] = text.encode().split(b"\n")[:-1]
    return b"\n".join(lines) + (b"\n" if ended and lines else b"")
