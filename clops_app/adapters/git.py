"""A git repository as trees: the working directory, any commit, and the commit to compare with."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from clops_app.adapters.disk import read_directory
from clops_app.adapters.git_index import names_of, read_index
from clops_app.adapters.git_process import Git, GitError, altered, blob_name, entries, objects, skipped
from clops_app.adapters.git_tree import TERRAFORM_FILES, Listing, files_of, listing_of, other_side
from clops_app.adapters.names import from_disk
from clops_app.language import later
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree
from clops_app.ports import Base, Checkout, GatherError, NoBase, Tracked

_TERRAFORM_READS = (*TERRAFORM_FILES, ".tftpl", ".tpl", ".json", ".yaml", ".yml", ".sh")
_TERRAFORM = tuple(name.encode() for name in TERRAFORM_FILES)
_NOT_OURS = frozenset({".terraform", "node_modules", ".venv", ".terragrunt-cache"})
_DEFAULT_BRANCHES = ("origin/HEAD", "origin/main", "origin/master", "main", "master")
_OBJECT = re.compile("[0-9a-f]{40}|[0-9a-f]{64}")
_ABBREVIATED = re.compile("[0-9a-f]{7,64}")
# What leads from a name to one of its commits (gitrevisions): v1^, HEAD~3, main@{yesterday}, v1^{commit}.
_WAYS_BACK = re.compile(r"(?:[~^]\d*|\^\{(?:commit|tag|/[^}]*)?\}|@\{[^}]*\})*\Z")


@dataclass(frozen=True, slots=True)
class GitGatherer:
    """Answers the Gatherer port. `environment` gives git its PATH and HOME."""

    environment: Mapping[str, str]

    def working_tree(self, path: str) -> Checkout:
        """The repository around `path`, or `path` itself where there is none. Raises GatherError."""
        place = _directory(path)
        top = _repository_top(place)
        if top is None:
            return read_directory(place)
        scope = "" if place == top else from_disk(os.path.relpath(place, top).replace(os.sep, "/"))
        checkout = read_directory(top, scope)
        git = Git(top, self.environment)
        commit = _commit(git, "HEAD")
        return checkout if commit is None else _beside_git(git, commit, checkout)

    def top(self, path: str) -> str:
        """The top of the repository around `path`, or `path` itself. Raises GatherError."""
        place = _directory(path)
        return _repository_top(place) or place

    def at_ref(self, checkout: Checkout, ref: str) -> Checkout:
        """The same repository at a ref, with what git ignores taken from the working tree. Raises GatherError."""
        if _repository_top(checkout.top) != checkout.top:
            raise GatherError(f"base {ref!r} is neither a directory nor a git ref: {checkout.top} is not in a git repository.")
        git = Git(checkout.top, self.environment)
        commit = _commit(git, ref) or _commit(git, f"origin/{ref}")
        if commit is None:
            raise GatherError(_missing_ref(git, ref))
        try:
            listing = _listing_at(git, checkout, commit)
        except GitError as error:
            raise GatherError(_unreadable(ref, str(error))) from error
        tree = _with_ignored(git, files_of(partial(objects, git), listing, checkout.tree), checkout.tree)
        return Checkout(tree, checkout.scope, checkout.top, commit, diagnostics=listing.diagnostics)

    def has_ref(self, checkout: Checkout, ref: str) -> bool:
        """Whether `at_ref` would find this ref."""
        git = Git(checkout.top, self.environment)
        return _repository_top(checkout.top) == checkout.top and any(_commit(git, name) for name in (ref, f"origin/{ref}"))

    def default_base(self, checkout: Checkout) -> Base | NoBase:
        """The merge base of HEAD with the default branch, unless nothing differs from it."""
        if checkout.commit is None:
            return NoBase(later("there is no git history here"))
        git = Git(checkout.top, self.environment)
        branches = (name for name in _DEFAULT_BRANCHES if _commit(git, name) is not None)
        branch = next(branches, None)
        if branch is None:
            why = later("no default branch was found here (looked for {names})", names=", ".join(_DEFAULT_BRANCHES))
            return NoBase(_if_shallow(git, why))
        commit = git.line("merge-base", "HEAD", branch)
        if commit is None:
            return NoBase(_if_shallow(git, later("HEAD and {branch} have no common commit here", branch=branch)))
        if commit == checkout.commit and not checkout.changed:
            return NoBase(later("this is {branch} itself, or an earlier commit of it, with nothing changed", branch=branch))
        return Base(commit, later("merge base with {branch}", branch=branch))


def _directory(path: str) -> str:
    if not os.path.lexists(path):
        raise GatherError(f"{path or repr(path)} does not exist. PATH is a directory with Terraform code.")
    if not os.path.isdir(path):
        raise GatherError(f"{path} is not a directory. Give the directory that holds it.")
    try:
        return os.path.realpath(path)
    except OSError as error:  # the directory that we were started in was removed
        raise GatherError(f"{path} cannot be read: {(error.strerror or type(error).__name__).lower()}. Go to another directory.") from error


def _repository_top(place: str) -> str | None:
    """The nearest directory around `place` with a `.git`. Not asked of git: its configuration may point elsewhere."""
    while not os.path.lexists(os.path.join(place, ".git")):
        place, before = os.path.dirname(place), place
        if place == before:
            return None
    return place


def _commit(git: Git, ref: str) -> str | None:
    # A name that begins with a dash would be an option to git; no ref has such a name.
    if ref.startswith("-") or "\0" in ref or "\n" in ref:
        return None
    found = git.line("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    # `a..b` and `^a` are no commit, and git answers with two names, or one after a `^`.
    return found if found is not None and _OBJECT.fullmatch(found) else None


def _missing_ref(git: Git, ref: str) -> str:
    """Why there is no such commit, and the command that brings it, if any does."""
    try:
        git.run("rev-parse", "--git-dir")
    except GitError as error:
        return f"base ref {ref!r} cannot be looked up: {error}"
    missing = f"base ref {ref!r} does not exist here"
    name = _WAYS_BACK.sub("", ref, count=1)
    if not _is_allowed(git, name):
        example = "such as main, v1.2 or HEAD~3"
        return f"{missing}: it is neither a directory here nor a name that git allows for a branch, tag or commit, {example}."
    if name in ("HEAD", "@") and _commit(git, name) is None:
        return f"{missing}: there is no commit yet."
    if _commit(git, name) is not None or _commit(git, f"origin/{name}") is not None:
        return f"{missing}: {name!r} does, but has no such commit{_shallow(git)}."
    remote = next((item for item in ("origin", *(git.line("remote") or "").splitlines()) if name.startswith(f"{item}/")), None)
    beside = f", nor does 'origin/{ref}'" if remote is None else ""
    return f"{missing}{beside}. Fetch it first: {_fetch(remote or 'origin', name.removeprefix(f'{remote}/'))}{_shallow(git)}"


def _fetch(remote: str, name: str) -> str:
    # A clone of one branch, and a shallow one is, would keep another only with the place to keep it given.
    kept = "" if _ABBREVIATED.fullmatch(name) else f":refs/remotes/{remote}/{name}"
    return shlex.join(("git", "fetch", remote, f"{name}{kept}"))


def _is_allowed(git: Git, name: str) -> bool:
    # Behind a prefix no name is an option to git; git-branch takes none that begins with a dash.
    if name.startswith("-") or "\0" in name:
        return False
    return git.line("check-ref-format", "--print", f"refs/heads/{name}") == f"refs/heads/{name}"


def _unreadable(ref: str, why: str) -> str:
    if "promisor" in why or "lazy fetching" in why:
        why = "this is a partial clone, without its files. Get them first: git fetch --refetch --no-filter origin"
    return f"base {ref!r} cannot be read: {why}"


def _shallow(git: Git) -> str:
    return _if_shallow(git, "")


def _if_shallow(git: Git, why: str) -> str:
    """With the way out of a shallow clone, where this is one."""
    if git.line("rev-parse", "--is-shallow-repository") != "true":
        return why
    return later("{why}. This is a shallow clone: git fetch --unshallow, or fetch-depth: 0 for actions/checkout", why=why)


def _beside_git(git: Git, commit: str, checkout: Checkout) -> Checkout:
    """A working tree with what git knows of it. `commit` is where HEAD is."""
    tree = checkout.tree
    index = read_index(git, commit, tree)
    try:
        tracked = _tracked(git, commit, tree) if index is None else index.tracked
        committed = _listing(git, commit, tracked).objects
    except GitError:
        return replace(checkout, commit=commit, changed=True)
    names = {} if index is None else names_of(index, git.top, tree)
    for path in sorted(path for path in committed if path not in names and path in tree.files and _is_read(path)):
        if committed[path] in _object_names(tree.files[path], committed[path]):
            names[path] = committed[path]
    tree = replace(tree, names=names)
    said = (*checkout.diagnostics, *_left_out(tracked))
    return replace(checkout, tree=tree, commit=commit, changed=_differs(git, committed, tree), diagnostics=said, tracked=tracked)


def _tracked(git: Git, commit: str, tree: SourceTree) -> Tracked:
    """What a commit holds, asked without the index. Raises GitError."""
    paths = {path: path.decode("utf-8", "surrogateescape") for path in skipped(git)}
    absent = frozenset(path for path, name in paths.items() if name not in tree.files and name not in tree.refused)
    return Tracked({}, entries(git, commit, absent), absent)


def _left_out(tracked: Tracked) -> Iterator[Diagnostic]:
    count = sum(path.endswith(_TERRAFORM) for path in tracked.absent)
    if count:
        what = later("Terraform files that are not checked out were left out ({count:,})", count=count)
        yield Diagnostic(what, ".", later("this is a sparse checkout: `git sparse-checkout disable` brings them"))


def _listing(git: Git, commit: str, tracked: Tracked) -> Listing:
    return listing_of(tracked.others, partial(objects, git), commit, files=tracked.files)


def _listing_at(git: Git, checkout: Checkout, commit: str) -> Listing:
    """What a commit holds. Raises GitError."""
    tracked = checkout.tracked
    if tracked is None or checkout.commit is None:
        return _listing(git, commit, Tracked({}, entries(git, commit)))
    return _listing(git, commit, other_side(tracked, altered(git, ("diff-tree", commit, checkout.commit), tracked.absent)))


def _differs(git: Git, committed: Mapping[str, str], tree: SourceTree) -> bool:
    """Whether any file that Terraform reads differs from the commit. Not `git status`: that runs the repository's filters."""
    differing = (path for path, name in committed.items() if tree.names.get(path) != name and _is_read(path))
    if any(path in tree.files or path not in tree.refused for path in differing):
        return True
    new = {path for path in tree.files if path not in committed and path.endswith(TERRAFORM_FILES) and _is_read(path)}
    return not new <= _ignored(git, new)


def _is_read(path: str) -> bool:
    return path.endswith(_TERRAFORM_READS) and _NOT_OURS.isdisjoint(path.split("/"))


def _object_names(content: bytes, like: str) -> tuple[str, str]:
    """What git would call this content, as it stands and with the line ends that git keeps."""
    return blob_name(content, like), blob_name(content.replace(b"\r\n", b"\n"), like)


def _ignored(git: Git, paths: set[str]) -> set[str]:
    if not paths:
        return set()
    try:
        answer = git.run("check-ignore", "--stdin", "-z", stdin="\0".join(sorted(paths)).encode(), accepted=(0, 1))
    except GitError:
        return set()
    return set(answer.decode("utf-8", "replace").split("\0")[:-1])


def _with_ignored(git: Git, base: SourceTree, here: SourceTree) -> SourceTree:
    """The base, with downloaded modules and ignored variable files of the working tree.

    They belong to no commit; left out on one side only, everything they bring would seem to be new.
    """
    modules = {path for path in here.files if "/.terraform/modules/" in f"/{path}"}
    variables = {path for path in here.files if path.endswith((".tfvars", ".tfvars.json"))} - modules
    added = (modules | _ignored(git, variables - base.files.keys())) - base.files.keys()
    return replace(base, files=_Beside(base.files, here.files, frozenset(added))) if added else base


@dataclass(frozen=True, slots=True)
class _Beside(Mapping[str, bytes]):
    files: Mapping[str, bytes]
    others: Mapping[str, bytes]
    added: frozenset[str]

    def __getitem__(self, path: str) -> bytes:
        return self.others[path] if path in self.added else self.files[path]

    def __iter__(self) -> Iterator[str]:
        yield from self.files
        yield from sorted(self.added)

    def __len__(self) -> int:
        return len(self.files) + len(self.added)
