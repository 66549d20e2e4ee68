"""Every AWS type is priced, free or unpriced, and no type is two of these."""

from __future__ import annotations

from clops_app.cost.aws import MODULES, type_module
from clops_app.cost.free import FREE, costs_elsewhere, is_free
from clops_app.terraform.schema import resource_schema


def test_no_type_is_both_free_and_priced() -> None:
    assert FREE & set(MODULES) == frozenset()


def test_every_free_and_every_priced_type_exists() -> None:
    assert {name for name in (*FREE, *MODULES) if resource_schema("managed", name) is None} == set()


def test_every_module_tells_the_usage_of_each_of_its_types() -> None:
    told = {name: module.USAGE for name in MODULES if (module := type_module(name)) is not None}
    without_any = {name for name, usage in told.items() if not usage}
    assert [name for name, usage in told.items() if name not in usage and name not in without_any] == []


def test_settings_and_links_are_free() -> None:
    free = (
        "aws_vpc",
        "aws_iam_role",
        "aws_security_group",
        "aws_lb_listener",
        "aws_ecs_task_definition",
        "aws_launch_template",
        "aws_route",
    )
    assert [name for name in free if not is_free(name)] == []


def test_what_starts_a_meter_is_not_free() -> None:
    dear = ("aws_ec2_transit_gateway_vpc_attachment", "aws_networkfirewall_firewall", "aws_vpn_connection", "aws_synthetics_canary")
    assert [name for name in dear if is_free(name)] == []


def test_other_clouds_are_told_from_helpers() -> None:
    assert [name for name in ("google_sql_database", "azurerm_lb", "awscc_ec2_vpc") if not costs_elsewhere(name)] == []
    assert [name for name in ("random_id", "tls_private_key", "null_resource", "local_file") if costs_elsewhere(name)] == []
