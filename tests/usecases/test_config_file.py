"""`.clops.yml` says what it says, and what is wrong in it is told with its line and the nearest valid name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from clops_app.usecases.config import (
    BudgetLimit,
    Config,
    Environment,
    Ignore,
    LanguageModel,
    RuleSettings,
    Service,
    Targets,
    Traffic,
    without_effect,
)
from clops_app.usecases.config_file import json_schema, read_config, read_usage
from clops_app.usecases.errors import ConfigError

EVERYTHING = """\
service: {kind: game, name: my-game}
traffic: {monthly_users: 1000, peak_concurrent: 60, spike: 10}
targets: {availability: 99.9, p95_ms: 200, scale_out_minutes: 3}
budget: {monthly_usd: 100, on_exceed: fail, free_tier: false}
usage: {aws_nat_gateway.main: {monthly_data_processed_gb: 100}}
environments: {prod: {paths: ["envs/prod/**"]}, dev: {paths: ["envs/dev/**"], relax: [reliability, scalability]}}
roots: ["infra/*"]
terraform: {var_files: [prod.tfvars], vars: {region: us-east-1, sizes: [1, 2.5]}, workspace: blue}
rules: {disable: [aws/no_dashboard], severity: {aws/gp2_volume: low}}
ignore: [{rule: aws/single_nat_gateway, address: aws_nat_gateway.x, reason: "until launch", until: 2027-01-31}]
required_tags: [Project, Environment]
fail_on: high
language: ko
ai: {provider: none, model: some-model}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read_config(".clops.yml", text.encode())
    return list(caught.value.faults)


def test_every_key_that_is_documented_is_read() -> None:
    config = read_config(".clops.yml", EVERYTHING.encode())
    assert config.service == Service("game", "my-game")
    assert config.traffic == Traffic(1000, 60, Decimal(10))
    assert config.targets == Targets(Decimal("99.9"), 200, Decimal(3))
    assert config.budget == BudgetLimit(Decimal(100), "fail", False)
    assert config.usage == {"aws_nat_gateway.main": {"monthly_data_processed_gb": 100}}
    dev = Environment(("envs/dev/**",), ("reliability", "scalability"))
    assert config.environments == {"prod": Environment(("envs/prod/**",)), "dev": dev}
    assert (config.roots, config.required_tags, config.fail_on, config.language) == (("infra/*",), ("Project", "Environment"), "high", "ko")
    assert (config.terraform.var_files, config.terraform.workspace) == (("prod.tfvars",), "blue")
    assert config.terraform.vars == {"region": "us-east-1", "sizes": [1, 2.5]}
    assert config.rules == RuleSettings(("aws/no_dashboard",), {"aws/gp2_volume": "low"})
    assert config.ignore == (Ignore("aws/single_nat_gateway", "aws_nat_gateway.x", "until launch", date(2027, 1, 31)),)
    assert config.ai == LanguageModel("none", "some-model")


def test_the_kind_of_a_service_has_an_effect_and_its_name_has_none() -> None:
    assert without_effect(read_config(".clops.yml", b"service: {kind: game}\n")) == ()
    assert without_effect(read_config(".clops.yml", b"service: {name: my-game}\n")) == ("service.name",)


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "---\n"])
def test_an_empty_file_means_the_defaults(text: str) -> None:
    assert read_config(".clops.yml", text.encode()) == Config()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("\nfail_on: hgih\n", ".clops.yml:2: 'fail_on' cannot be 'hgih'. Did you mean 'high'? Valid here: critical, high, medium, low."),
        (
            "budget:\n  monthly_usd: 5\n  on_exeed: fail\n",
            ".clops.yml:3: 'budget.on_exeed' is not a key. Did you mean 'on_exceed'? Valid here: monthly_usd, on_exceed, free_tier.",
        ),
        (
            "ignore:\n- rule: a/b\n- rule: a/b\n  adress: x\n",
            ".clops.yml:4: 'ignore.1.adress' is not a key. Did you mean 'address'? Valid here: rule, address, reason, until.",
        ),
        (
            "environments:\n  dev:\n    paths: [a]\n    relx: []\n",
            ".clops.yml:4: 'environments.dev.relx' is not a key. Did you mean 'relax'? Valid here: paths, relax.",
        ),
        ("ignore: [{address: a}]", ".clops.yml:1: 'ignore.0' lacks 'rule'."),
        ("ignore: [{rule: a/b, until: 2027-13-31}]", ".clops.yml:1: 'ignore.0.until' must be a day such as 2027-01-31, not '2027-13-31'."),
        ("ignore: [{rule: a/b, until: soon}]", ".clops.yml:1: 'ignore.0.until' must be a day such as 2027-01-31, not 'soon'."),
        ("budget: {monthly_usd: lots}", ".clops.yml:1: 'budget.monthly_usd' must be a number, not 'lots'."),
        ("budget: {monthly_usd: -1}", ".clops.yml:1: 'budget.monthly_usd' must be at least 0, not -1."),
        ("budget: 100", ".clops.yml:1: 'budget' must be keys and values, not 100."),
        ("targets: {availability: 101}", ".clops.yml:1: 'targets.availability' must be at most 100, not 101."),
        ("traffic: {peak_concurrent: 1.5}", ".clops.yml:1: 'traffic.peak_concurrent' must be a whole number, not 1.5."),
        ("roots: infra", ".clops.yml:1: 'roots' must be a list, not 'infra'."),
        ("roots: ['']", ".clops.yml:1: 'roots.0' must not be empty."),
        ("required_tags: [1]", ".clops.yml:1: 'required_tags.0' must be text, not 1."),
        ("language: no", ".clops.yml:1: 'language' cannot be False. Valid here: en, ko."),
        ("- a\n", ".clops.yml:1: 'the file' must be keys and values, not a list."),
        ("fail_on: high\nfail_on: low\n", ".clops.yml:2: 'fail_on' is written twice"),
        ("a: [\n", ".clops.yml:2: not valid YAML: expected the node content, but found '<stream end>'"),
        ("a: 1\n---\nb: 2\n", ".clops.yml:2: not valid YAML: but found another document"),
        ("ai: !!python/object:os.system {}\n", ".clops.yml:1: values of type 'tag:yaml.org,2002:python/object:os.system' are not read"),
        ("? [a]\n: b\n", ".clops.yml:1: a key must be a plain word"),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_would_be_right(text: str, fault: str) -> None:
    assert faults(text) == [fault]


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    told = faults("fail_on: 3\nroots: a\nlanguage: de\n")
    assert [fault.partition(": ")[0] for fault in told] == [".clops.yml:1", ".clops.yml:2", ".clops.yml:3"]


def test_usage_that_no_price_depends_on_is_told_with_the_nearest_key() -> None:
    told = faults("fail_on: high\nusage:\n  aws_nat_gateway.main:\n    monthly_data_procesed_gb: 100\n")
    assert [fault.partition(":")[2].partition(":")[0] for fault in told] == ["4"]
    assert "did you mean monthly_data_processed_gb?" in told[0]


def test_a_usage_file_is_what_stands_below_usage_or_one_of_infracost() -> None:
    inner = {"aws_nat_gateway.main": {"monthly_data_processed_gb": 100}}
    text = "aws_nat_gateway.main: {monthly_data_processed_gb: 100}"
    assert read_usage("usage.yml", text.encode()) == inner
    assert read_usage("usage.yml", f"usage: {{{text}}}".encode()) == inner
    infracost = f"version: 0.1\nresource_usage: {{{text}}}\n"
    assert read_usage("usage.yml", infracost.encode()) == {"version": 0.1, "resource_usage": inner}


def test_aliases_of_aliases_do_not_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert len(faults("\n".join(lines))) == 1


@pytest.mark.parametrize("text", ["[" * 10_000, "a: &a [*a]\n", "a: " * 30 + "b", "{a: " * 2_000 + "}" * 2_000])
def test_nesting_without_end_is_told(text: str) -> None:
    assert len(faults(text)) == 1


def test_a_file_too_large_for_settings_is_told() -> None:
    assert "256 KiB" in faults("#" * 300_000)[0]


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(ConfigError, match="not valid YAML in UTF-8"):
        read_config(".clops.yml", b"\xff\xfe\x00")


def test_the_schema_accepts_what_is_accepted_and_describes_every_key() -> None:
    import jsonschema
    import yaml

    schema = json_schema()
    document = yaml.safe_load(EVERYTHING)
    document["ignore"][0]["until"] = "2027-01-31"
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"budgt": 1}, schema)
    assert isinstance(schema["$defs"], dict)
    undescribed = [
        f"{name}.{key}" for name, part in schema["$defs"].items() for key, value in part["properties"].items() if "description" not in value
    ]
    assert undescribed == []


@pytest.mark.parametrize(
    "number", ["0x" + "f" * 6_000, "1" * 6_000, "1_" * 3_000 + "1", "0b" + "1" * 6_000, "0." + "1" * 6_000], ids=lambda number: number[:4]
)
def test_a_number_that_nobody_can_mean_is_refused_in_a_short_sentence(number: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(".clops.yml", f"budget:\n  monthly_usd: {number}\n".encode())
    (problem,) = refused.value.faults
    assert problem.startswith(".clops.yml:2: a number of 6,00")
    assert len(problem) < 120


def test_a_number_of_64_bits_is_read_however_it_is_written() -> None:
    for number in (f"{2**63 - 1}", f"{2**63 - 1:#x}", f"{2**63 - 1:#b}"):
        assert read_config(".clops.yml", f"traffic: {{monthly_users: {number}}}\n".encode()).traffic.monthly_users == 2**63 - 1
