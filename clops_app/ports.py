"""What ClOps asks of the world, as narrow Protocols; adapters answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import BinaryIO, ClassVar, Literal, Protocol

from clops_app.language import Language
from clops_app.model.draft import Draft, Posted
from clops_app.model.job import Job
from clops_app.model.opinion import Estimated, Scanned
from clops_app.model.pull import Digest, Mending, PullRequest
from clops_app.model.resource import Diagnostic
from clops_app.model.source import SourceTree
from clops_app.model.writing import Prompt, Proposal, Rewording, Spent, Writing

Reaction = Literal["eyes", "+1", "confused"]


class GatherError(Exception):
    """A tree could not be read or written. The message says what, where, why and what to do."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A tree of files and the directory inside it that was asked for.

    `scope` is that directory ("" for the whole tree); `top` is where the tree is on this machine, for reading and
    writing only, never for showing. `commit` is None without git; `changed` tells whether the files that Terraform
    reads differ from `commit`. `diagnostics` name what could not be read. `tracked` spares asking git again.
    """

    tree: SourceTree
    scope: str
    top: str
    commit: str | None = None
    changed: bool = False
    diagnostics: tuple[Diagnostic, ...] = ()
    tracked: Tracked | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Tracked:
    """What a checkout's commit holds: the objects of plain files by path, the other entries.

    `absent`: paths that are among neither, because a sparse checkout leaves them out.
    """

    files: Mapping[str, str]
    others: tuple[Entry, ...]
    absent: frozenset[bytes] = frozenset()


@dataclass(frozen=True, slots=True)
class Base:
    """What to compare with when nobody said: a commit, and what people call it."""

    commit: str
    name: str


@dataclass(frozen=True, slots=True)
class NoBase:
    """There is nothing to compare with; `why` is a phrase for people."""

    why: str


class Gatherer(Protocol):
    """Reads trees of files, whole and safely: nothing outside the repository, nothing through a link that leads out."""

    def working_tree(self, path: str) -> Checkout:
        """The repository around `path`, or `path` itself where there is no repository. Raises GatherError."""

    def at_ref(self, checkout: Checkout, ref: str) -> Checkout:
        """The same repository as of a git ref, read from git's objects. Raises GatherError."""

    def default_base(self, checkout: Checkout) -> Base | NoBase:
        """The merge base of HEAD with the default branch."""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One file to be written: what it must still hold, and what it shall hold."""

    before: bytes
    after: bytes


class FileWriter(Protocol):
    """Writes into a checkout, all files or none."""

    def rewrite(self, checkout: Checkout, files: Mapping[str, Rewrite]) -> None:
        """Raises GatherError, with nothing written, when a file no longer holds what was read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a git tree. `size` is None when the object is not here, or it is no file."""

    __pydantic_config__: ClassVar = MappingProxyType({"ser_json_bytes": "base64", "val_json_bytes": "base64"})
    mode: str
    object: str
    size: int | None
    path: bytes


class Scanning(Protocol):
    """A scanner at work on some trees."""

    def results(self) -> tuple[Scanned | Diagnostic, ...]:
        """Wait for each tree's result, in the order given; a Diagnostic without a place where there is none. Raises nothing."""


class Scanner(Protocol):
    """Another tool that finds faults, and works while we think."""

    def start(self, trees: Sequence[Mapping[str, bytes]]) -> AbstractContextManager[Scanning]:
        """Begin with these trees of files; what still works when the context is left is ended."""


class Estimating(Protocol):
    """An estimator at work."""

    def result(self) -> Estimated | Diagnostic:
        """Wait for the result; a Diagnostic without a place where there is none. Raises nothing."""


class Estimator(Protocol):
    """Another tool that prices, and works while we think."""

    def start(self, files: Mapping[str, bytes], roots: Sequence[str]) -> AbstractContextManager[Estimating]:
        """Begin with the roots in these directories; what still works when the context is left is ended."""


class ForgeError(Exception):
    """GitHub did not do what was asked. The message names the request and the status, never a token or a file's content."""


class NotThere(ForgeError):
    """What was asked for does not exist, or not for us."""


class NotAllowed(ForgeError):
    """We lack a permission; the message says which would do, where GitHub tells."""


class TryLater(ForgeError):
    """A rate limit, or GitHub is ill: nothing was done. `seconds`: how long to wait at least."""

    def __init__(self, message: str, seconds: float = 60.0) -> None:
        super().__init__(message)
        self.seconds = seconds


class Unsure(ForgeError):
    """A write was answered by an error, or not at all, and may have been stored all the same: look before saying it again."""


class TooLarge(ForgeError):
    """The answer is larger than we take."""


class PullRequests(Protocol):
    """The pull requests of one repository, seen and spoken to as ourselves. Everything raises ForgeError."""

    def read(self, number: int) -> PullRequest:
        """The pull request as it is now."""

    def with_head(self, commit: str) -> int | None:
        """The number of the open pull request whose head this commit is."""

    def merge_base(self, pull: PullRequest) -> str:
        """The commit that the pull request's diff begins at."""

    def diff(self, pull: PullRequest) -> str:
        """Git's diff from the merge base to the head, where comments may stand; what GitHub leaves out is left out."""

    def archive(self, commit: str, into: BinaryIO) -> None:
        """The repository at a commit as a gzipped tar file, everything below one directory. Raises TooLarge."""

    def listing(self, commit: str) -> tuple[Entry, ...]:
        """Every file, link and submodule at a commit. Raises TooLarge."""

    def blob(self, name: str) -> bytes:
        """The content of one of git's objects. Raises TooLarge."""

    def posted(self, pull: PullRequest) -> Posted:
        """What we said on it before; our check run on `pull.head_sha`."""

    def publish(self, pull: PullRequest, draft: Draft) -> tuple[str, ...]:
        """Say a draft; sentences on what was left unsaid because we may not (a fork's token may write nothing).

        Raises Unsure after a write that may have been stored; then read `posted` and converse again.
        """


class Conversation(Protocol):
    """What answering people takes beyond reviews. Everything raises ForgeError."""

    def may_write(self, login: str) -> bool:
        """Whether this person may write to the repository."""

    def react(self, comment: int, content: Reaction) -> None:
        """React to a comment of the conversation."""

    def reply(self, pull: PullRequest, to: int, body: str) -> None:
        """Answer the comment `to` in the conversation, once: an answer that is there already is edited."""

    def committed(self, pull: PullRequest, comment: int) -> str | None:
        """The page of our commit on the pull request whose message ends with `asked_by(comment)`."""

    def commit(self, pull: PullRequest, mending: Mending, message: str) -> str:
        """Commit to the pull request's branch on top of its head; the commit's page.

        Raises NotAllowed where we may not, NotThere where the branch is not at that head any more.
        """

    def propose(self, pull: PullRequest, mending: Mending, title: str, body: str) -> str:
        """Commit to a branch of our own and open a pull request into the pull request's branch; its page."""


class ThinkingFailed(Exception):
    """A review came to no end: too long, too much memory, or a fault of ours. The message is for people and holds no content."""


class Thought(Protocol):
    """A pull request, thought through, before a word is said. Everything raises ThinkingFailed."""

    @property
    def digest(self) -> Digest: ...

    def draft(self, posted: Posted) -> Draft:
        """What is to be said, given what was said."""

    def mending(self, rule: str | None) -> Mending:
        """Mend what can be mended: the findings of one rule, or all whose patch is safe."""

    def ignoring(self, rule: str, reason: str, until: date | None) -> Mending:
        """Write above each new finding of a rule that it is ignored, and why."""

    def why(self) -> str:
        """Markdown that says what the verdict rests on."""


class Thinker(Protocol):
    """Thinks about pull requests, within bounds of time and memory."""

    def think(self, pull: PullRequest, requests: PullRequests, *, silent: bool = False) -> AbstractContextManager[Thought]:
        """Read the sources of both sides and think; `silent`: of no review that is to be said, so no model is asked for its words.

        Raises ThinkingFailed and ForgeError.
        """

    def language(self, pull: PullRequest, requests: PullRequests) -> Language:
        """The language that a thought of this pull request would speak, without thinking. Raises ForgeError."""


class Forge(PullRequests, Conversation, Protocol):
    """One repository, read and spoken to."""


class Forges(Protocol):
    """The repositories that we may see."""

    def repository(self, installation: int, full_name: str) -> Forge:
        """Raises ForgeError."""


class JobQueue(Protocol):
    """Keeps jobs until they are done, through crashes; one at a time of each subject."""

    def put(self, job: Job) -> bool:
        """Keep a job. False when it was kept before and did not fail. Raises QueueError."""


class QueueError(Exception):
    """The queue cannot be reached or written."""


class Announcer(Protocol):
    """Tells a team, where it talks, what a review came to."""

    def announce(self, pull: PullRequest, digest: Digest, comment: int | None = None) -> None:
        """`comment` is the sticky comment, to be linked, where its id is known. Raises AnnounceError, which must fail no review."""


class AnnounceError(Exception):
    """A note was not delivered, or nobody knows. The message holds no address, no token, no text of the note."""


class WriterError(Exception):
    """No usable answer came. The message is for people, and quotes neither the prompt nor the answer."""


class Writer(Protocol):
    """A language model, or two. It has no tools and sees nothing but the prompt. Everything raises WriterError, within `seconds`."""

    @property
    def name(self) -> str:
        """The provider and the model that writes, as people call them."""

    def write(self, prompt: Prompt, seconds: float) -> tuple[Writing, Spent]:
        """Write about the facts: what asks for a strong model."""

    def reword(self, prompt: Prompt, seconds: float) -> tuple[tuple[Rewording, ...], Spent]:
        """Word single sentences anew: what a fast and cheap model does as well."""


class Proposer(Protocol):
    """A language model that proposes Terraform; what it says is worth nothing before it is proven."""

    @property
    def name(self) -> str:
        """The provider and the model, as people call them."""

    def propose(self, prompt: Prompt, seconds: float, complaints: tuple[str, ...] = ()) -> tuple[tuple[Proposal, ...], Spent]:
        """Changes for the findings in the facts. `complaints`: what the proof said of the answer before. Raises WriterError."""


class Assistant(Writer, Proposer, Protocol):
    """Whoever does both: all that may be asked of a model for one review."""
