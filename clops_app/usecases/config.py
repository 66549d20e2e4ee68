"""What a team told ClOps in `.clops.yml`, as values; where there is no file, the defaults.

These classes are the file's schema too: config_file.py validates against them and publishes their JSON Schema, with the
strings below as descriptions. Plain dataclasses, because pydantic takes longer to import than a small review takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from annotated_types import Ge, Gt, Le, MinLen

from clops_app.language import Language
from clops_app.model.finding import Category, Severity

# Read by pydantic: an unknown key is an error, and the strings below the fields are the schema's descriptions.
_STRICT: Mapping[str, bool | str] = {"extra": "forbid", "use_attribute_docstrings": True}

Text = Annotated[str, MinLen(1)]
Count = Annotated[int, Ge(0)]


@dataclass(frozen=True, slots=True)
class Service:
    """What runs on this infrastructure."""

    __pydantic_config__ = _STRICT
    kind: Literal["web", "api", "game", "realtime", "ticketing", "batch", "ai", "static"] = "web"
    """What kind of service it is."""
    name: str = ""
    """Its name, for the report."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """The crowd that is expected."""

    __pydantic_config__ = _STRICT
    monthly_users: Count | None = None
    """Different people in a month."""
    peak_concurrent: Count | None = None
    """People at once, in the busiest hour of an ordinary day."""
    spike: Annotated[Decimal, Ge(1)] = Decimal(10)
    """The sudden crowd to survive, as a multiple of the peak."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the service promises."""

    __pydantic_config__ = _STRICT
    availability: Annotated[Decimal, Gt(0), Le(100)] | None = None
    """Per cent of the time, such as 99.9."""
    p95_ms: Annotated[int, Gt(0)] | None = None
    """Milliseconds within which 95 of 100 answers are given."""
    scale_out_minutes: Annotated[Decimal, Gt(0)] | None = None
    """Minutes within which capacity follows a crowd."""


@dataclass(frozen=True, slots=True)
class BudgetLimit:
    """What it may cost."""

    __pydantic_config__ = _STRICT
    monthly_usd: Annotated[Decimal, Ge(0), Le(10**12)]
    """US dollars a month, all roots together."""
    on_exceed: Literal["warn", "fail"] = "warn"
    """Whether a change that costs more is warned of, or fails the check."""
    free_tier: bool = False
    """Whether the account still has AWS's free tier."""


@dataclass(frozen=True, slots=True)
class Environment:
    """A kind of environment and where its roots are."""

    __pydantic_config__ = _STRICT
    paths: Annotated[tuple[Text, ...], MinLen(1)]
    """Globs of root directories: `*` within one name, `**` across directories."""
    relax: tuple[Category, ...] = ()
    """Categories whose findings are not raised for these roots."""


@dataclass(frozen=True, slots=True)
class TerraformInputs:
    """What Terraform is given from outside."""

    __pydantic_config__ = _STRICT
    var_files: tuple[Text, ...] = ()
    """Variable files, as for `-var-file`: relative to each root, else to this file."""
    vars: Mapping[str, object] = field(default_factory=dict)
    """Values of variables, as for `-var`."""
    workspace: Text = "default"
    """The value of `terraform.workspace`."""


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """Which rules speak, and how loudly."""

    __pydantic_config__ = _STRICT
    disable: tuple[Text, ...] = ()
    """Rules that are not run, such as `aws/no_dashboard`."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """Another severity by rule."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """A finding that somebody decided to live with."""

    __pydantic_config__ = _STRICT
    rule: Text
    """The rule, such as `aws/single_nat_gateway`."""
    address: Text = "*"
    """The resource's address; `*` stands for anything."""
    reason: str = ""
    """Why it is acceptable; shown in the report."""
    until: date | None = None
    """The last day on which it is ignored."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Who writes the explanation and proposes patches where no rule has one. The findings never depend on it."""

    __pydantic_config__ = _STRICT
    provider: Literal["auto", "anthropic", "bedrock", "vertex", "none"] = "none"
    """`none`, the default: nothing is sent anywhere, the words come from templates. `auto` takes what credentials there are."""
    model: str = ""
    """The provider's name of the model; empty for the default."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of ClOps for this repository. Every key is optional."""

    __pydantic_config__ = _STRICT
    service: Service = field(default_factory=Service)
    traffic: Traffic | None = None
    targets: Targets = field(default_factory=Targets)
    budget: BudgetLimit | None = None
    usage: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """What usage-based prices depend on, by address (`aws_nat_gateway.main`) or by type (`aws_nat_gateway`)."""
    environments: Mapping[str, Environment] = field(default_factory=dict)
    roots: tuple[Text, ...] = ()
    """Globs of the root directories; when empty they are found."""
    terraform: TerraformInputs = field(default_factory=TerraformInputs)
    rules: RuleSettings = field(default_factory=RuleSettings)
    ignore: tuple[Ignore, ...] = ()
    required_tags: tuple[Text, ...] = ()
    """Tags that every main resource must carry."""
    fail_on: Severity | None = None
    """New findings of this severity or above fail the check. `--fail-on` goes before."""
    language: Language = "en"
    """The language of the report."""
    ai: LanguageModel = field(default_factory=LanguageModel)


def without_effect(config: Config) -> tuple[str, ...]:
    """The keys that were written, are valid, and that this version of ClOps does nothing with."""
    unused = {
        "service.name": bool(config.service.name),
        "traffic": config.traffic is not None,
        "targets": config.targets != Targets(),
        "budget.free_tier": config.budget is not None and config.budget.free_tier,
        "required_tags": bool(config.required_tags),
    }
    return tuple(key for key, written in unused.items() if written)
