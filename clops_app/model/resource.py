"""What a root creates, instance by instance, and where each thing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from clops_app.model.source import Span
from clops_app.model.values import Datum, Unknown


class Link(NamedTuple):
    """`via` (attribute path, `network_configuration[0].subnets`) refers to `target`, an instance or a whole resource.

    `target` is an instance address, or a resource address without index when all its instances are meant.
    `span` is the attribute that says so.
    """

    via: str
    target: str
    span: Span


class Resource(NamedTuple):
    """One instance after count and for_each.

    `values` holds the configured attributes, converted as the provider's schema says; nested blocks are tuples
    of mappings in source order; nothing that was not written is in it, except what a data source was modelled
    to answer. `spans` gives where an attribute ("ingress[0].from_port") or nested block ("ingress[0]") is
    written; `source` is the whole block. `sensitive` names the paths whose values must never be shown.
    `modelled` names the attributes of a data source that were answered from what is public of AWS, not read from an account.
    `index` is None without count and for_each, Unknown where the number of instances is unknown; then
    the address ends in `[*]`, and there may be none or many (Terraform's own notation for that).
    """

    address: str
    mode: Literal["managed", "data"]
    type: str
    name: str
    module: str
    index: None | int | str | Unknown  # type: ignore[assignment]
    region: str | Unknown
    values: Mapping[str, Datum]
    source: Span
    spans: Mapping[str, Span]
    links: tuple[Link, ...] = ()
    provider: str = ""
    sensitive: frozenset[str] = frozenset()
    ignored_changes: tuple[str, ...] = ()
    modelled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One instance of a module call. `directory` is None when its source is not here: then `why` says so.

    `modelled` is not empty where a model stands for a source that is not here, and says of which versions it speaks;
    `unread` are the inputs of which the model knows nothing.
    """

    address: str
    source_address: str
    version: str
    directory: str | None
    values: Mapping[str, Datum]
    source: Span
    spans: Mapping[str, Span]
    why: str = ""
    links: tuple[Link, ...] = ()
    modelled: str = ""
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TerraformSettings:
    """The `terraform` blocks and providers of a root, as written.

    `backend` is None where there is none; `cloud` is HCP Terraform. `required_providers` maps the local name to
    its version constraint ("" when none is written). `span` is the first terraform block, else the first provider
    block, else the first block of the root: where a finding about the whole root stands. `asked_for` are the variables
    without a default: with them and without a provider, a directory is written to be called.
    """

    backend: str | None
    cloud: bool
    required_version: str
    required_providers: Mapping[str, str]
    span: Span | None
    backend_span: Span | None = None
    providers: tuple[Provider, ...] = ()
    asked_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider block: `aws`, or `aws.replica` with its alias."""

    name: str
    region: str | Unknown
    values: Mapping[str, Datum]
    source: Span


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Something that could not be done. `where` is "path:line" or a path. `fatal`: the root gave no result at all.

    `lost`: code that is written was not read, so a resource may be missing from everything that is said.
    """

    what: str
    where: str
    why: str
    fatal: bool = False
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Configuration:
    """One root, evaluated. Resources stand in the order of their addresses. `files`: what was read."""

    root: str
    resources: tuple[Resource, ...]
    modules: tuple[ModuleCall, ...]
    outputs: Mapping[str, Datum]
    sensitive_outputs: frozenset[str]
    settings: TerraformSettings
    diagnostics: tuple[Diagnostic, ...]
    files: tuple[str, ...]
    moved: tuple[tuple[str, str], ...] = field(default=())
