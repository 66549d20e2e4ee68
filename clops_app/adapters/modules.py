"""Modules that are not in the repository are brought by Terraform, when the user asks for it, and read like those of `terraform init`.

`terraform get` runs on a copy of the configuration files alone, without credentials, settings or a terminal. It and the git
that it starts reach the network through `AllowedHosts` only. It evaluates nothing, starts no provider, and what comes is read, never run.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from clops_app.adapters.allowed_hosts import AllowedHosts, Connect
from clops_app.adapters.bounded_process import BoundedProcess, Limits, ToolFailed, found
from clops_app.adapters.cache import cache_directory
from clops_app.adapters.disk import read_directory
from clops_app.adapters.names import on_disk
from clops_app.language import tr
from clops_app.model.resource import Diagnostic
from clops_app.ports import Checkout, GatherError
from clops_app.terraform.module_source import not_installed
from clops_app.terraform.roots import code_of, find_roots
from clops_app.terraform.sources import is_configuration, sources_of

HOSTS = ("registry.terraform.io", "github.com")
LIMITS = Limits(seconds=180)
_MOST_BYTES = 64 * 1024 * 1024  # of all modules of a root; terraform-aws-modules' sources without history have under 2 MB each
# Where certificates are on this machine; then what no tool here may ask for: a name, a password, another protocol, settings.
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_QUIET = {
    "TF_CLI_CONFIG_FILE": os.devnull,
    "TF_IN_AUTOMATION": "1",
    "TF_INPUT": "0",
    "CHECKPOINT_DISABLE": "1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "GIT_ALLOW_PROTOCOL": "https",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "false",
    "SSH_ASKPASS": "false",
    "GIT_SSH_COMMAND": "false",
    "LC_ALL": "C",
}


@dataclass(frozen=True, slots=True)
class ModuleDownloads:
    """Of `environment` only PATH, where certificates are, and where the user's cache is are used. `hosts`: those beside HOSTS."""

    environment: Mapping[str, str]
    hosts: tuple[str, ...] = ()
    progress: Callable[[str], None] = lambda _: None
    limits: Limits = LIMITS
    connect: Connect | None = None

    def brought(self, checkout: Checkout, patterns: tuple[str, ...] = ()) -> Checkout:
        """The checkout with the modules that its roots call and that are not in it; what could not be had is a Diagnostic."""
        sources = sources_of(checkout.tree)
        files: dict[str, bytes] = {}
        said: list[Diagnostic] = []
        for root in find_roots(sources, checkout.scope, patterns):
            asked = not_installed(sources, root.directory)
            if not asked:
                continue
            code = {path: checkout.tree.files[path] for path in code_of(sources, root.directory) if is_configuration(path)}
            try:
                files |= self._modules(root.directory, asked, code)
            except (ToolFailed, OSError, GatherError) as error:
                kept = tr("they could not be kept ({error})", error=type(error).__name__)
                why = str(error) if isinstance(error, ToolFailed) else kept
                said.append(Diagnostic(tr("the modules were not downloaded"), root.directory or ".", why))
        return replace(checkout, tree=checkout.tree.with_files(files), diagnostics=(*checkout.diagnostics, *said))

    def _modules(self, root: str, asked: Iterable[tuple[str, ...]], code: Mapping[str, bytes]) -> dict[str, bytes]:
        """The files below the root's `.terraform/modules`, from the cache where the same was asked before. Raises ToolFailed, OSError."""
        hosts = (*HOSTS, *self.hosts)
        key = hashlib.sha256(json.dumps([root, sorted(asked), sorted(hosts)]).encode()).hexdigest()[:32]
        cache = os.path.join(cache_directory(self.environment), "modules")
        kept = os.path.join(cache, key)
        if not os.path.isdir(kept):
            self.progress(tr("Downloading the modules of {root}", root=root) if root else tr("Downloading the modules of the root"))
            self._keep(kept, cache, self._downloaded(root, code, hosts))
        read = read_directory(kept).tree.files
        return {path: read[path] for path in read}

    def _downloaded(self, root: str, code: Mapping[str, bytes], hosts: Iterable[str]) -> dict[str, bytes]:
        program = found("terraform", self.environment) or found("tofu", self.environment)
        if program is None:
            raise ToolFailed(tr("neither terraform nor tofu is on PATH"))
        proxy = AllowedHosts(hosts) if self.connect is None else AllowedHosts(hosts, self.connect)
        with BoundedProcess(self.limits) as process, proxy:
            process.copy(code)
            inside = os.path.join(process.code, *on_disk(root).split("/")) if root else process.code
            process.start((program, f"-chdir={inside}", "get", "-no-color"), self._clean(proxy.url))
            try:
                process.answer()
            except ToolFailed as error:
                refused = sorted(name for name in proxy.refused if name)
                why = tr("`{program} get` gave none: {why}", program=os.path.basename(program), why=error)
                if refused:
                    hosts_refused = ", ".join(refused)
                    why = tr("{why}; refused were {hosts}: --module-host NAME allows one more", why=why, hosts=hosts_refused)
                raise ToolFailed(why) from error
            read = read_directory(process.code).tree
            return _within((path, read.files[path]) for path in read.files if "/.terraform/modules/" in f"/{path}")

    def _clean(self, proxy: str) -> dict[str, str]:
        kept = {name: self.environment[name] for name in ("PATH", "SYSTEMROOT", *_CERTIFICATES) if name in self.environment}
        if "SSL_CERT_FILE" in kept:
            kept["GIT_SSL_CAINFO"] = kept["SSL_CERT_FILE"]
        proxies = {name: proxy for word in ("http_proxy", "https_proxy", "all_proxy") for name in (word, word.upper())}
        return {**kept, **_QUIET, **proxies, "NO_PROXY": "", "no_proxy": ""}

    def _keep(self, kept: str, cache: str, files: Mapping[str, bytes]) -> None:
        """All or nothing: written beside, then given its name; who comes second with the same keeps what is there."""
        os.makedirs(cache, mode=0o700, exist_ok=True)
        beside = tempfile.mkdtemp(dir=cache)
        try:
            for path, content in files.items():
                location = os.path.join(beside, *on_disk(path).split("/"))
                os.makedirs(os.path.dirname(location), exist_ok=True)
                with open(location, "xb") as file:
                    file.write(content)
            with suppress(FileExistsError, OSError):
                os.rename(beside, kept)
        finally:
            shutil.rmtree(beside, ignore_errors=True)


def _within(files: Iterator[tuple[str, bytes]]) -> dict[str, bytes]:
    kept, size = {}, 0
    for path, content in files:
        size += len(content)
        if size > _MOST_BYTES:
            raise ToolFailed(tr("the modules have more than {size} MiB", size=_MOST_BYTES // 1024**2))
        kept[path] = content
    return kept
