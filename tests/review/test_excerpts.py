"""Of the code a model sees what belongs to a finding, whole, and no more than there is room for."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.patch.findings import contexts_of
from clops_app.review.excerpts import Excerpts, excerpts
from clops_app.review.fact_sheet import Cleaner
from tests.patch.workbench import findings_of, flag_rule, tree_of, workshop_of

ROUTE = 'resource "aws_db_instance" "main" {\n  multi_az          = false\n  db_subnet_group_name = aws_db_subnet_group.main.name\n}'
GROUP = 'resource "aws_db_subnet_group" "main" {\n  subnet_ids = [aws_subnet.a.id]\n}'
SUBNET = 'resource "aws_subnet" "a" {\n  cidr_block = var.cidr\n}'
CIDR = 'variable "cidr" {\n  default = "10.0.0.0/24"\n}'
ALARM = 'resource "aws_cloudwatch_metric_alarm" "main" {\n  alarm_name = aws_db_instance.main.id\n  alarm_actions = [local.topic]\n}'
TOPIC = 'locals {\n  topic = "t"\n}'
OTHER = 'resource "aws_sqs_queue" "other" {\n  name = "other"\n}'
DATABASE = {"main.tf": "\n\n".join((OTHER, ROUTE, GROUP, ALARM)) + "\n", "network.tf": f"{SUBNET}\n{TOPIC}\n", "variables.tf": f"{CIDR}\n"}


def shown(files: Mapping[str, str], most_tokens: int = 4_000, roots: tuple[str, ...] = ("",)) -> Excerpts:
    workshop = workshop_of(tree_of(files), [flag_rule("single_zone", "aws_db_instance", "multi_az", lambda _: ())], roots)
    named = {f"finding:{number}": finding for number, finding in enumerate(findings_of(workshop), 1)}
    assert named
    return excerpts(named, contexts_of(workshop.tree, workshop.thought, workshop), Cleaner(()), most_tokens)


def test_the_block_comes_with_what_it_refers_to_and_what_refers_to_it() -> None:
    assert shown(DATABASE) == Excerpts(
        ("finding:1",), {"main.tf": (ROUTE, GROUP, ALARM), "network.tf": (SUBNET, TOPIC), "variables.tf": (CIDR,)}
    )


def test_where_there_is_no_room_what_is_nearest_stays_and_nothing_is_cut() -> None:
    sizes = [sum(map(len, blocks)) for most in (40, 60, 80, 120) for blocks in [shown(DATABASE, most).files.get("main.tf", ())]]
    assert sizes == sorted(sizes)
    for most in range(10, 200, 10):
        for blocks in shown(DATABASE, most).files.values():
            assert set(blocks) <= {ROUTE, GROUP, ALARM, SUBNET, TOPIC, CIDR}
    assert shown(DATABASE, 70).files["main.tf"] == (ROUTE, GROUP)


def test_a_finding_whose_own_block_does_not_fit_is_not_asked_about() -> None:
    assert shown(DATABASE, 10) == Excerpts((), {})
    huge = {"main.tf": ROUTE.replace("multi_az ", f"identifier = join({', '.join(['1'] * 10_000)})\n  multi_az ")}
    assert shown(huge, 10**9) == Excerpts((), {})


def test_of_a_module_in_the_repository_its_code_and_its_call_are_shown() -> None:
    call = 'module "db" {\n  source = "./db"\n  name   = local.name\n}'
    files = {"main.tf": f'{call}\nlocals {{\n  name = "x"\n}}\n{OTHER}\n', "db/main.tf": f'{ROUTE}\n{GROUP}\nvariable "name" {{}}\n'}
    found = shown(files)
    assert found.files["db/main.tf"] == (ROUTE, GROUP)
    assert found.files["main.tf"] == (call, 'locals {\n  name = "x"\n}')


def test_code_that_nobody_here_can_change_is_not_shown() -> None:
    files = {
        "main.tf": 'module "db" {\n  source = "acme/db/aws"\n}\n',
        ".terraform/modules/modules.json": '{"Modules":[{"Key":"db","Source":"registry.terraform.io/acme/db/aws","Dir":".terraform/modules/db"}]}',
        ".terraform/modules/db/main.tf": f"{ROUTE}\n",
    }
    assert shown(files) == Excerpts((), {})
    assert shown({"main.tf.json": '{"resource": {"aws_db_instance": {"main": {"multi_az": false}}}}'}) == Excerpts((), {})


def test_a_path_that_holds_a_secret_hides_its_file() -> None:
    assert shown({f"ghp_{'a1B2' * 9}.tf": ROUTE}) == Excerpts((), {})
