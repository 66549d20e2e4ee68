"""checkov says what it finds in a copy of the Terraform files, and nothing of the repository but these reaches it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from clops_app.adapters.bounded_process import LIMITS, BoundedProcess, Limits, ToolFailed, found
from clops_app.adapters.untrusted_json import items, mapping, parsed, text
from clops_app.language import tr, tr_noop
from clops_app.model.opinion import Remark, Scanned
from clops_app.model.resource import Diagnostic
from clops_app.ports import Scanning

VERSION = "3.3.30"
# No download of policies and modules, exit code 0 whatever is found. Its settings (.checkov.yml, which may name checks to be
# run as Python) are looked for in the scanned directory, the working directory and HOME: all three are the copy's, without any.
_OPTIONS = (
    "--directory", ".", "--framework", "terraform", "--skip-download", "--download-external-modules", "False",
    "--output", "json", "--compact", "--quiet", "--soft-fail",
)  # fmt: skip
# What checkov and numpy below it would else find out, ask for over the network, or start threads for.
_SETTINGS = {
    "CKV_SKIP_PACKAGE_UPDATE_CHECK": "True",
    "LOG_LEVEL": "CRITICAL",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONSAFEPATH": "1",
}
# What uvx and pipx need to find their cache and settings, since HOME is not theirs.
_INSTALLERS = ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_CACHE_DIR", "PIPX_HOME")
_XDG = {"XDG_CACHE_HOME": ".cache", "XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share"}
_CHECK = re.compile(r"CKV2?_[A-Z0-9]+_[0-9]+\Z")
_LINK = re.compile(r"https://[A-Za-z0-9.-]+/[A-Za-z0-9._~/#-]*\Z")


@dataclass(frozen=True, slots=True)
class Checkov:
    """Answers the Scanner port. Of `environment` only PATH, CLOPS_CHECKOV_PATH and where uvx and pipx keep their things are used."""

    environment: Mapping[str, str]
    limits: Limits = LIMITS

    @contextmanager
    def start(self, trees: Sequence[Mapping[str, bytes]]) -> Iterator[Scanning]:
        """Begin with all trees at once."""
        command = _command(self.environment)
        with ExitStack() as stack:
            yield _Scans(tuple((self._begun(command, files, stack), files) for files in trees))

    def _begun(self, command: Sequence[str], files: Mapping[str, bytes], stack: ExitStack) -> BoundedProcess | Diagnostic:
        if not command:
            return _silent(tr(_NOT_FOUND))
        try:
            process = stack.enter_context(BoundedProcess(self.limits))
            process.copy(files)
            process.start((*command, *_OPTIONS), _environment(self.environment, command))
        except OSError as error:
            return _silent(tr("it could not be started ({reason})", reason=(error.strerror or type(error).__name__).lower()))
        return process


@dataclass(frozen=True, slots=True)
class _Scans:
    begun: tuple[tuple[BoundedProcess | Diagnostic, Mapping[str, bytes]], ...]

    def results(self) -> tuple[Scanned | Diagnostic, ...]:
        return tuple(run if isinstance(run, Diagnostic) else _result(run, files) for run, files in self.begun)


_NOT_FOUND = tr_noop(
    "it is not installed. Install it into an environment of its own (`uv tool install checkov` or `pipx install checkov`),"
    " or set CLOPS_CHECKOV_PATH to where it is"
)


def _silent(why: str) -> Diagnostic:
    return Diagnostic(tr("checkov said nothing"), "", why)


def _command(environment: Mapping[str, str]) -> tuple[str, ...]:
    """What starts checkov, () when nothing does."""
    named = environment.get("CLOPS_CHECKOV_PATH")
    checkov = found(named or "checkov", environment)
    if checkov or named:
        return (os.path.abspath(checkov),) if checkov else ()
    uvx, pipx = found("uvx", environment), found("pipx", environment)
    if uvx:
        return uvx, "--quiet", "--from", f"checkov=={VERSION}", "checkov"
    return (pipx, "run", "--spec", f"checkov=={VERSION}", "checkov") if pipx else ()


def _environment(environment: Mapping[str, str], command: Sequence[str]) -> dict[str, str]:
    given = {"PATH": environment.get("PATH", os.defpath), **_SETTINGS}
    if len(command) > 1:
        home = environment.get("HOME", "")
        given |= {name: environment.get(name) or os.path.join(home, below) for name, below in _XDG.items() if home or name in environment}
        given |= {name: environment[name] for name in _INSTALLERS if name in environment}
    return given


def _result(run: BoundedProcess, files: Mapping[str, bytes]) -> Scanned | Diagnostic:
    try:
        printed = run.answer()
    except ToolFailed as failure:
        return _silent(str(failure))
    try:
        document = parsed(printed)
    except ValueError:
        return _silent(tr("what it printed is not JSON"))
    return scanned(items(document) or (document,), files)


def scanned(reports: Sequence[object], files: Mapping[str, bytes]) -> Scanned:
    """What is well formed in checkov's reports and about one of these files. Where there is no resource, a report has no results."""
    remarks: set[Remark] = set()
    version, unread = "", 0
    for report in map(mapping, reports):
        summary = mapping(report.get("summary"))
        version = version or text(summary.get("checkov_version") or report.get("checkov_version"))
        match summary.get("parsing_errors"):
            case int(count) if count > 0:
                unread += count
        checks = items(mapping(report.get("results")).get("failed_checks"))
        remarks.update(remark for check in checks if (remark := _remark(mapping(check), files)) is not None)
    return Scanned(version, tuple(sorted(remarks)), unread)


def _remark(item: Mapping[str, object], files: Mapping[str, bytes]) -> Remark | None:
    check, path, address = text(item.get("check_id")), text(item.get("file_path")).removeprefix("/"), text(item.get("resource"))
    match items(item.get("file_line_range")):
        case [int(start), int(end)] if 0 <= start <= end and _CHECK.match(check) and path in files and address:
            link = text(item.get("guideline"))
            title = text(item.get("check_name")) or check
            return Remark(path, max(start, 1), max(end, 1), check, address, title, link if _LINK.match(link) else "")
    return None
