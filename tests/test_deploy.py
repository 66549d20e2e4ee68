"""What ships the App is what it asks of others: its Terraform is reviewed clean, Terraform accepts it, compose.yaml keeps the laws, its page is true."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from clops_app.adapters.disk import read_directory
from clops_app.model.review import Review
from clops_app.terraform.plan_json import read_plan
from clops_app.usecases.question import Question
from clops_app.usecases.review_change import scan_folder
from clops_app.usecases.think import mind

if TYPE_CHECKING:
    from tests.oracle.terraform import Plan, Terraform

HOUSE = Path(__file__).parent.parent
DEPLOY = HOUSE / "examples" / "deploy"
EXAMPLE = DEPLOY / "example.tfvars"
PAGE = HOUSE / "docs" / "app.md"
SHIPPED = [HOUSE / "Dockerfile", HOUSE / "compose.yaml", *sorted(DEPLOY.glob("*.tf")), PAGE]
# Made by ECS from what RDS keeps, and read by libpq: https://www.postgresql.org/docs/current/libpq-envars.html
OF_THE_DRIVER = {"PGPASSWORD"}


@cache
def review(plan: str | None = None) -> Review:
    """What ClOps says of its own deployment, with the example's variables, or of what Terraform plans of it."""
    question = Question(
        date(2026, 11, 21),
        var_files=() if plan else ((EXAMPLE.name, EXAMPLE.read_bytes()),),
        plan=read_plan(plan.encode()) if plan else None,
    )
    return scan_folder(mind(question), read_directory(str(DEPLOY)))


def said(review: Review) -> tuple[Any, ...]:
    found = [(finding.rule, finding.address) for finding in review.findings]
    return review.verdict, found, review.ignored, review.diagnostics, review.roots[0].bill.unpriced


def cents(usd: Decimal) -> Decimal:
    return usd.quantize(Decimal("0.01"), ROUND_HALF_UP)


CLEAN = ("pass", [], (), (), ())


def settings() -> set[str]:
    """Every variable that the App reads."""
    pytest.importorskip("fastapi", reason="NOT PROVEN: the extra `app` is not installed")
    from clops_app.adapters.writer.writers import MODEL_VARIABLES
    from clops_app.entrypoints.server.settings import SECRETS, Settings

    own = {f"CLOPS_{name.upper()}" for name in Settings.model_fields} | {f"CLOPS_{name.upper()}_FILE" for name in SECRETS}
    return own | {*MODEL_VARIABLES.values()}


def test_clops_finds_nothing_in_its_own_deployment_and_prices_all_of_it() -> None:
    assert said(review()) == CLEAN
    assert len(review().roots[0].graph.resources) > 50


def test_what_the_page_says_it_costs_is_what_clops_says() -> None:
    told: dict[str, Decimal] = {}
    for name, usd in re.findall(r"^\| .*?`(aws_\w+\.\w+)`.*\| \$([\d.]+)", PAGE.read_text(), re.MULTILINE):
        told[name] = Decimal(usd)
    bill = review().roots[0].bill
    costs: defaultdict[str, Decimal] = defaultdict(Decimal)
    for resource in bill.resources:
        costs[resource.address.partition("[")[0]] += resource.monthly_usd or 0
    assert told == {name: cents(usd) for name, usd in costs.items() if usd}
    total = re.search(r"\*\*\$([\d.]+) a month\*\*, at the prices of (\S+)", PAGE.read_text())
    assert total is not None
    assert (Decimal(total[1]), total[2]) == (cents(review().after), bill.prices_date)


def test_nothing_that_ships_names_a_setting_that_the_app_does_not_read() -> None:
    known = settings()
    named = {(path.name, name) for path in SHIPPED for name in re.findall(r"\bCLOPS_[A-Z_]*[A-Z]\b", path.read_text())}
    assert sorted((path, name) for path, name in named if name not in known) == []


def test_the_page_explains_every_setting_that_the_app_reads() -> None:
    listed = set(re.findall(r"^\| `(CLOPS_\w+)`", PAGE.read_text(), re.MULTILINE))
    assert listed == {name for name in settings() if not name.endswith("_FILE")}


def test_the_page_asks_of_github_what_the_setup_asks() -> None:
    settings()
    from clops_app.entrypoints.server.setup import Wish, manifest

    least = manifest(Wish("", "ClOps", "https://clops.example.com", may_commit=False, may_react=False))
    listed = re.findall(r"^\| (\w[\w ]+): (read|write) \|", PAGE.read_text(), re.MULTILINE)
    assert {name.lower().replace(" ", "_"): level for name, level in listed} == least["default_permissions"]
    (events,) = re.findall(r"^Events: (.*?)\.$", PAGE.read_text(), re.MULTILINE)
    assert re.findall(r"`(\w+)`", events) == least["default_events"]


# -- Terraform ---------------------------------------------------------------------------------------------------------


def given() -> dict[str, str]:
    """The example's variables, as one gives them on a command line."""
    return dict(re.findall(r'^(\w+) *= "?([^"\n]*)"?$', EXAMPLE.read_text(), re.MULTILINE))


@pytest.fixture(scope="module")
def plan(terraform: Terraform) -> Plan:
    return terraform.plan(DEPLOY, variables=given())


@pytest.fixture(scope="module")
def applied(terraform: Terraform, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The values of what there is after an apply, by address."""
    root = tmp_path_factory.mktemp("deploy")
    for path in DEPLOY.glob("*.tf"):
        shutil.copy(path, root)
    # The stand-in provider leaves computed lists empty; RDS makes the secret of the password.
    secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds-AbCdEf"
    (root / "stand_in_override.tf").write_text(f'locals {{\n  database_secret = "{secret}"\n}}\n')
    done = terraform.plan(root, variables=given(), applied=True)
    assert done.plan is not None, done.errors
    return {each["address"]: each["values"] for each in done.plan["prior_state"]["values"]["root_module"]["resources"]}


@pytest.mark.terraform
def test_it_is_formatted_as_terraform_formats() -> None:
    if shutil.which("terraform") is None:
        pytest.skip("NOT PROVEN: there is no terraform binary on this machine")
    ended = subprocess.run(["terraform", "fmt", "-check", "-diff", str(DEPLOY)], capture_output=True, text=True, check=False)
    assert (ended.stdout, ended.returncode) == ("", 0)


@pytest.mark.terraform
def test_terraform_accepts_it(terraform: Terraform, tmp_path: Path) -> None:
    root = shutil.copytree(DEPLOY, tmp_path / "deploy", ignore=shutil.ignore_patterns(".terraform*", "*.tfstate*"))
    assert terraform.validate(root) == []


@pytest.mark.terraform
def test_terraform_plans_it_and_clops_finds_nothing_in_the_plan(plan: Plan) -> None:
    assert plan.plan is not None, plan.errors
    with_plan = review(json.dumps(plan.plan))
    assert said(with_plan) == CLEAN
    assert with_plan.after == review().after
    managed = {each["address"] for each in plan.plan["resource_changes"] if each["mode"] == "managed"}
    assert {address for address, each in review().roots[0].graph.resources.items() if each.mode == "managed"} == managed


@pytest.mark.terraform
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "Clops"),
        ("image", "registry.example.com/clops"),
        ("image", "registry.example.com:5000/clops"),
        ("image", "registry.example.com/clops:latest"),
        ("cpu_architecture", "arm"),
        ("domain", "https://clops.example.com"),
        ("certificate_arn", "arn:aws:iam::123456789012:server-certificate/clops"),
        ("app_id", "0"),
        ("private_key_secret_arn", "-----BEGIN RSA PRIVATE KEY-----"),
        ("webhook_secret_arn", "arn:aws:secretsmanager:us-east-1:123456789012:secret:clops-AbCdEf:key::"),
        ("alarm_email", "nobody"),
        ("settings", '{"PATH":"/tmp"}'),
        ("secrets", '{"CLOPS_SLACK_SIGNING_SECRET":"hunter2"}'),
        ("allowed_cidrs", '["everywhere"]'),
        ("workers", '{"least":4,"most":2}'),
        ("database_class", "t4g.micro"),
        ("log_days", "31"),
    ],
)
def test_a_wrong_variable_is_refused_before_anything_is_made(terraform: Terraform, name: str, value: str) -> None:
    refused = terraform.plan(DEPLOY, variables={**given(), name: value})
    assert (refused.plan, refused.errors) == (None, ("Invalid value for variable",))


@pytest.mark.terraform
def test_the_firewall_and_more_settings_can_be_given(terraform: Terraform) -> None:
    more = {
        "web_acl_arn": "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/a/b",
        "settings": '{"CLOPS_GITHUB_API_URL":"https://github.example.com/api/v3"}',
        "secrets": '{"CLOPS_SLACK_SIGNING_SECRET":"arn:aws:secretsmanager:us-east-1:123456789012:secret:slack-AbCdEf"}',
    }
    planned = terraform.plan(DEPLOY, variables={**given(), **more})
    assert planned.plan is not None, planned.errors
    assert "aws_wafv2_web_acl_association.main[0]" in {each["address"] for each in planned.plan["resource_changes"]}


@pytest.mark.terraform
@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_task_can_write_nowhere_but_tmp_and_may_do_nothing_in_aws(applied: dict[str, dict[str, Any]], name: str) -> None:
    definition = applied[f"aws_ecs_task_definition.{name}"]
    (container,) = json.loads(definition["container_definitions"])
    assert container["readonlyRootFilesystem"] is True
    assert [mount["containerPath"] for mount in container["mountPoints"]] == ["/tmp"]
    assert container["linuxParameters"] == {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}}
    assert definition["execution_role_arn"] == applied["aws_iam_role.execution"]["arn"]
    assert definition["task_role_arn"] is None
    assert applied[f"aws_ecs_service.{name}"]["network_configuration"][0]["assign_public_ip"] is False


@pytest.mark.terraform
@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_task_is_given_settings_that_the_app_reads_and_secrets_only_by_arn(applied: dict[str, dict[str, Any]], name: str) -> None:
    (container,) = json.loads(applied[f"aws_ecs_task_definition.{name}"]["container_definitions"])
    plain = {each["name"]: each["value"] for each in container["environment"]}
    secret = {each["name"]: each["valueFrom"] for each in container["secrets"]}
    assert container["command"] == [{"web": "serve", "worker": "worker"}[name]]
    assert (set(plain) | set(secret)) - OF_THE_DRIVER <= settings()
    assert {"CLOPS_GITHUB_PRIVATE_KEY", "CLOPS_GITHUB_WEBHOOK_SECRET", "PGPASSWORD"} == set(secret)
    assert re.fullmatch(r"postgresql://clops@[^/@]+/clops\?sslmode=require", plain["CLOPS_DATABASE_URL"]) is not None


@pytest.mark.terraform
def test_the_world_reaches_the_load_balancer_only(applied: dict[str, dict[str, Any]]) -> None:
    open_to = {
        address: values["security_group_id"]
        for address, values in applied.items()
        if address.startswith("aws_vpc_security_group_ingress_rule") and values["cidr_ipv4"]
    }
    assert set(open_to.values()) == {applied["aws_security_group.balancer"]["id"]}
    assert applied["aws_db_instance.main"]["publicly_accessible"] is False


@pytest.mark.slow
@pytest.mark.parametrize(("password", "answers"), [("right", True), ("wrong", False)])
def test_the_database_lets_in_who_has_the_password_in_the_environment(
    password: str, answers: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.postgres import clusters

    with clusters() as cluster:
        import psycopg

        from clops_app.adapters.queue.database import databases
        from clops_app.ports import QueueError

        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("ALTER USER clops PASSWORD 'right'")
            (cluster.directory / "data/pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
            connection.execute("SELECT pg_reload_conf()")
        monkeypatch.setenv("PGPASSWORD", password)
        (database,) = databases(cluster.url, 1)
        try:
            with database.transaction():
                let_in = True
        except QueueError:
            let_in = False
        finally:
            database.close()
    assert let_in is answers


# -- compose -----------------------------------------------------------------------------------------------------------


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HOUSE / "compose.yaml").read_text())
    return found


every_service = pytest.mark.parametrize("service", compose()["services"].values(), ids=list(compose()["services"]))


@pytest.mark.slow
def test_compose_is_what_its_specification_allows() -> None:
    if find_spec("check_jsonschema") is None:
        pytest.skip("NOT PROVEN: there is no schema of the Compose Specification here (pip install check-jsonschema)")
    asked = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(HOUSE / "compose.yaml")]
    ended = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr


@every_service
def test_a_container_has_no_rights_that_it_does_not_need(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"[1-9][0-9]*:[1-9][0-9]*", service["user"]) is not None
    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    assert service["restart"] == "unless-stopped"
    assert "privileged" not in service


@every_service
def test_a_container_is_given_secrets_as_files_only(service: dict[str, Any]) -> None:
    holding = [name for name in service["environment"] if re.search("PASSWORD|SECRET|KEY|TOKEN|DATABASE_URL", name)]
    assert [name for name in holding if not name.endswith("_FILE")] == []
    files = {service["environment"][name] for name in holding}
    assert files == {f"/run/secrets/{name}" for name in service["secrets"]}


@every_service
def test_only_this_machine_reaches_a_port(service: dict[str, Any]) -> None:
    assert [port for port in service.get("ports", ()) if not port.startswith("127.0.0.1:")] == []


def test_the_database_is_on_a_network_without_a_way_out() -> None:
    assert compose()["services"]["postgres"]["networks"] == ["inside"]
    assert compose()["networks"]["inside"] == {"internal": True}


def test_the_app_runs_as_the_user_of_its_image_and_waits_for_the_database() -> None:
    image = re.search(r"^USER (\S+)$", (HOUSE / "Dockerfile").read_text(), re.MULTILINE)
    assert image is not None
    for name in ("serve", "worker"):
        service = compose()["services"][name]
        assert (service["command"], service["user"]) == ([name], image[1])
        assert service["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_what_compose_reads_secrets_from_never_reaches_git_or_the_image() -> None:
    names = [each["file"] for each in compose()["secrets"].values()]
    ignored = subprocess.run(["git", "check-ignore", *names, ".env", "clops.env"], cwd=HOUSE, capture_output=True, text=True, check=False)
    assert ignored.stdout.split() == [*names, ".env", "clops.env"]
