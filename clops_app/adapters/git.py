"""A git repository as trees: the working directory, any commit, and the commit to compare with."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from clops_app.adapters.disk import read_directory
from clops_app.adapters.git_process import Git, GitError
from clops_app.adapters.git_tree import TERRAFORM_FILES, list_commit, tree_of
from clops_app.adapters.names import from_disk
from clops_app.model.source import SourceTree
from clops_app.ports import Base, Checkout, GatherError, NoBase

_TERRAFORM_READS = (*TERRAFORM_FILES, ".tftpl", ".tpl", ".json", ".yaml", ".yml", ".sh")
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
        return checkout if commit is None else replace(checkout, commit=commit, changed=_differs(git, commit, checkout.tree))

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
            listing = list_commit(git, commit)
        except GitError as error:
            raise GatherError(_unreadable(ref, str(error))) from error
        tree = _with_ignored(git, tree_of(git, listing), checkout.tree)
        return Checkout(tree, checkout.scope, checkout.top, commit, diagnostics=listing.diagnostics)

    def has_ref(self, checkout: Checkout, ref: str) -> bool:
        """Whether `at_ref` would find this ref."""
        git = Git(checkout.top, self.environment)
        return _repository_top(checkout.top) == checkout.top and any(_commit(git, name) for name in (ref, f"origin/{ref}"))

    def default_base(self, checkout: Checkout) -> Base | NoBase:
        """The merge base of HEAD with the default branch, unless nothing differs from it."""
        if checkout.commit is None:
            return NoBase("there is no git history here")
        git = Git(checkout.top, self.environment)
        branches = (name for name in _DEFAULT_BRANCHES if _commit(git, name) is not None)
        branch = next(branches, None)
        if branch is None:
            return NoBase(f"no default branch was found here (looked for {', '.join(_DEFAULT_BRANCHES)}){_shallow(git)}")
        commit = git.line("merge-base", "HEAD", branch)
        if commit is None:
            return NoBase(f"HEAD and {branch} have no common commit here{_shallow(git)}")
        if commit == checkout.commit and not checkout.changed:
            return NoBase(f"this is {branch} itself, or an earlier commit of it, with nothing changed")
        return Base(commit, f"merge base with {branch}")


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
    if git.line("rev-parse", "--is-shallow-repository") != "true":
        return ""
    return ". This is a shallow clone: git fetch --unshallow, or fetch-depth: 0 for actions/checkout"


def _differs(git: Git, commit: str, tree: SourceTree) -> bool:
    """Whether any file that Terraform reads differs from the commit. Not `git status`: that runs the repository's filters."""
    try:
        committed = list_commit(git, commit).objects
    except GitError:
        return True
    here = {path for path in tree.files if path.endswith(_TERRAFORM_READS) and not _left_out(path)}
    there = {path for path in committed if path.endswith(_TERRAFORM_READS) and not _left_out(path)}
    gone = {path for path in there - here if path not in tree.refused}
    new = {path for path in here - there if path.endswith(TERRAFORM_FILES)}
    if gone or new - _ignored(git, new):
        return True
    return any(committed[path] not in _object_names(tree.files[path], committed[path]) for path in sorted(here & there))


def _left_out(path: str) -> bool:
    return bool({".terraform", "node_modules", ".venv", ".terragrunt-cache"} & set(path.split("/")))


def _object_names(content: bytes, like: str) -> Iterator[str]:
    """What git would call this content, as it stands and with the line ends that git keeps."""
    for text in (content, content.replace(b"\r\n", b"\n")):
        header = b"blob %d\0" % len(text)
        yield (
            hashlib.sha256(header + text).hexdigest() if len(like) == 64 else hashlib.sha1(header + text, usedforsecurity=False).hexdigest()
        )


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
    return SourceTree(_Beside(base.files, here.files, frozenset(added)), base.refused) if added else base


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
