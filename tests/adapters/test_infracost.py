"""Infracost as a subprocess, by a strict stand-in: it accepts only what the true one is documented to take.

NOT PROVEN with the true one: there is neither its program nor a key for it here.
"""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pytest

from clops_app.adapters.bounded_process import LIMITS, Limits
from clops_app.adapters.infracost import Infracost
from clops_app.model.opinion import Estimated
from clops_app.model.resource import Diagnostic
from tests.adapters.tools import RECORD, breakdown, printing, resource, tool

FILES = {"infra/prod/main.tf": b'resource "aws_instance" "a" {}\n', "infra/dev/main.tf": b"", "m/a.tf": b""}
ROOTS = ("infra/dev", "infra/prod")
STRICT = (
    RECORD
    + """
command, *options = sys.argv[1:]
given = dict(zip(options[::2], options[1::2]))
assert command == "breakdown" and set(given) == {"--config-file", "--format", "--log-level"} and given["--format"] == "json"
assert os.environ["INFRACOST_API_KEY"] == "ico-key"
settings = seen["settings"]
assert settings["version"] == "0.1" and settings["projects"]
for project in settings["projects"]:
    assert set(project) == {"path", "name", "skip_autodetect"} and Path(project["path"]).is_dir()
"""
)
SECRETS = {"GITHUB_TOKEN": "ghs_x", "AWS_SECRET_ACCESS_KEY": "x", "INFRACOST_TERRAFORM_CLOUD_TOKEN": "x"}


def result_of(tmp_path: Path, program: str, limits: Limits = LIMITS, **environment: str) -> Estimated | Diagnostic:
    tool(tmp_path, "infracost", program)
    given = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "INFRACOST_API_KEY": "ico-key", **environment}
    with Infracost(given, limits).start(FILES, ROOTS) as estimating:
        return estimating.result()


def answer_to(tmp_path: Path, document: object) -> Estimated | Diagnostic:
    return result_of(tmp_path, STRICT + printing(document))


def why(result: Estimated | Diagnostic) -> str:
    assert isinstance(result, Diagnostic), result
    return result.why


def test_amounts_come_by_root_and_address_without_what_depends_on_usage(tmp_path: Path) -> None:
    prod = [resource("aws_instance.a", "29.2"), resource("aws_lambda_function.f", "5", "5"), resource("aws_nat_gateway.n", "37.85", "5")]
    found = answer_to(tmp_path, breakdown({"root-0": [resource('module.x["a"].aws_instance.b[0]', "8.5")], "root-1": prod}))
    assert found == Estimated(
        {
            ("infra/dev", 'module.x["a"].aws_instance.b[0]'): Decimal("8.5"),
            ("infra/prod", "aws_instance.a"): Decimal("29.2"),
            ("infra/prod", "aws_lambda_function.f"): None,
            ("infra/prod", "aws_nat_gateway.n"): Decimal("32.85"),
        }
    )


def test_it_gets_a_copy_of_the_files_its_key_and_no_other_secret(tmp_path: Path) -> None:
    document = breakdown({"root-0": [], "root-1": []})
    assert isinstance(result_of(tmp_path, STRICT + printing(document), **SECRETS), Estimated)
    [call] = [json.loads(line) for line in (tmp_path / "seen.jsonl").read_text().splitlines()]
    assert (call["files"], call["home"]) == (sorted(FILES), ["infracost.yml"])
    assert set(SECRETS) & set(call["environment"]) == set()
    assert [project["path"] for project in call["settings"]["projects"]] == [f"{call['here']}/{root}" for root in ROOTS]


def test_without_a_key_it_is_not_started(tmp_path: Path) -> None:
    assert why(result_of(tmp_path, RECORD, INFRACOST_API_KEY="")) == "it needs a key of its own in INFRACOST_API_KEY"
    assert not (tmp_path / "seen.jsonl").exists()


def test_where_it_is_not_installed_that_is_told(tmp_path: Path) -> None:
    with Infracost({"PATH": str(tmp_path), "INFRACOST_API_KEY": "k"}).start(FILES, ROOTS) as estimating:
        assert why(estimating.result()) == "it is not installed: its command line, version 0.10, has to be on PATH"


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("sys.exit(1)", "it ended with an error (exit code 1)"),
        ("import time; time.sleep(600)", "it took longer than 1 seconds and was stopped"),
        ("print('Error: breakdown was removed')", "what it printed is not JSON"),
    ],
)
def test_a_failure_is_a_sentence(tmp_path: Path, program: str, reason: str) -> None:
    assert why(result_of(tmp_path, program, Limits(seconds=1))) == reason


@pytest.mark.parametrize("document", [{}, [], 7, {"projects": 7}, {"version": "2.0", "projects": [{}], "currency": "USD"}])
def test_another_document_is_not_taken_for_a_breakdown(tmp_path: Path, document: object) -> None:
    assert why(answer_to(tmp_path, document)) == "what it printed is not the breakdown of Infracost 0.10"


def test_another_currency_is_not_taken_for_dollars(tmp_path: Path) -> None:
    document = breakdown({"root-0": []}, currency="EUR")
    assert why(answer_to(tmp_path, document)) == "it counts in another currency than US dollars"


def test_a_root_that_it_could_not_price_is_named(tmp_path: Path) -> None:
    document = breakdown({"root-0": [], "root-1": [], "root-9": [resource("aws_instance.stranger", "1")]})
    document["projects"][1]["metadata"]["errors"] = [{"code": 1, "message": "secret of main.tf", "data": None, "isError": True}]  # type: ignore[index]
    assert answer_to(tmp_path, document) == Estimated({}, ("infra/prod",))


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1e99", "x" * 10_000, "", None, 7, ["1"]])
def test_an_amount_that_is_none_is_none(tmp_path: Path, amount: object) -> None:
    document = breakdown({"root-0": [{"name": "aws_instance.a", "monthlyCost": amount}], "root-1": []})
    assert answer_to(tmp_path, document) == Estimated({("infra/dev", "aws_instance.a"): None})
