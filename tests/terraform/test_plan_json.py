"""A plan is read for what it knows; what is no plan, and what is a secret, is not let in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from clops_app.model.values import Unknown
from clops_app.terraform.plan_json import Plan, read_plan
from clops_app.terraform.plan_values import PlanError
from tests.terraform.plans import block, change, code, constants, document, text

QUEUE = code(block("aws_sqs_queue.q", constants(name="q")))


def refused(content: bytes) -> str:
    with pytest.raises(PlanError) as caught:
        read_plan(content)
    return str(caught.value)


def planned(*changes: object, **more: object) -> Plan:
    return read_plan(text(document(QUEUE, *changes, **more)))  # type: ignore[arg-type]


def test_numbers_are_whole_or_decimal_and_never_float() -> None:
    content = text(document(QUEUE, change("aws_sqs_queue.q", {"a": 1, "b": 2.0, "c": 0.1, "d": True})))
    values = read_plan(content.replace(b"0.1", b"0.1000000000000000055511151231257827")).instances["aws_sqs_queue.q"].values
    assert values == {"a": 1, "b": 2, "c": Decimal("0.1000000000000000055511151231257827"), "d": True}
    assert [type(value) for value in values.values()] == [int, int, Decimal, bool]


def test_what_only_apply_tells_is_unknown_wherever_it_stands() -> None:
    after = {"name": "q", "list": [None, "b"], "block": [{"x": 1}]}
    values = (
        planned(change("aws_sqs_queue.q", after, {"id": True, "list": [True, False], "block": [{"y": True}]}))
        .instances["aws_sqs_queue.q"]
        .values
    )
    assert isinstance(values["id"], Unknown)
    assert values["list"] == (Unknown("aws_sqs_queue.q.list[0] is known only after apply"), "b")
    assert values["block"] == ({"x": 1, "y": Unknown("aws_sqs_queue.q.block[0].y is known only after apply")},)


def test_what_is_sensitive_is_not_taken() -> None:
    after = {"password": "hunter2", "tags": {"a b": "hunter2", "c": "d"}, "rules": [{"key": "hunter2"}]}
    marks = {"password": True, "tags": {"a b": True}, "rules": [{"key": True}]}
    plan = planned(change("aws_sqs_queue.q", after, {}, marks))
    assert plan.instances["aws_sqs_queue.q"].sensitive == {"password", 'tags["a b"]', "rules[0].key"}
    assert "hunter2" not in repr(plan)


def test_sensitive_variables_and_outputs_are_not_taken() -> None:
    root = QUEUE | {"variables": {"secret": {"sensitive": True}, "size": {}}}
    outputs = {"open": {"sensitive": False, "value": 1}, "hidden": {"sensitive": True, "value": "hunter2"}, "later": {"sensitive": False}}
    plan = read_plan(text(document(root, variables={"secret": "hunter2", "size": 2}, planned_values={"outputs": outputs})))
    assert (plan.variables, plan.outputs) == ({"size": 2}, {"open": 1})


@pytest.mark.parametrize(
    ("actions", "there"),
    [
        (("create",), True),
        (("no-op",), True),
        (("update",), True),
        (("delete", "create"), True),
        (("create", "delete"), True),
        (("read",), True),
        (("delete",), False),
        (("forget",), False),
    ],
)
def test_what_will_be_gone_is_not_there(actions: tuple[str, ...], there: bool) -> None:
    other = change("aws_sqs_queue.other", {})
    assert ("aws_sqs_queue.q" in planned(other, change("aws_sqs_queue.q", {}, actions=actions)).instances) is there


def test_the_deposed_half_of_a_replacement_is_no_instance() -> None:
    gone = change("aws_sqs_queue.q", {"name": "old"}, actions=("delete",)) | {"deposed": "abcd1234"}
    assert planned(change("aws_sqs_queue.q", {"name": "new"}), gone).instances["aws_sqs_queue.q"].values == {"name": "new"}


def test_addresses_are_terraforms() -> None:
    addresses = ['module.a["x.y"].module.b[0].aws_sqs_queue.q["k"]', "aws_sqs_queue.q[3]", "data.aws_ami.a"]
    plan = planned(*(change(address, {}) for address in addresses))
    assert [*plan.instances] == addresses
    assert plan.calls == {"module.a": {'["x.y"]': None}, 'module.a["x.y"].module.b': {"[0]": None}}


def test_answers_of_data_sources_come_from_the_prior_state() -> None:
    plan = planned(answers=(change("data.aws_ami.a", {"id": "ami-1"}),))
    assert plan.instances["data.aws_ami.a"].values == {"id": "ami-1"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is not JSON"),
        (b"PK\x03\x04", "this is the plan itself"),
        (b"[]", "it is not a plan"),
        (b'{"format_version": "1.2"}', "it is not a plan"),
        (b'{"configuration": {}, "format_version": "hunter2"}', "it is not a plan"),
        (b'{"configuration": {}, "format_version": "0.2"}', "its format is 0.2"),
        (b'{"configuration": {}, "format_version": "2.0"}', "its format is 2.0"),
        (b'{"format_version": "1.0", "values": {}}', "this is a state"),
        (b'{"@level":"info"}\n{"@level":"info"}\n', "this is the log of terraform plan -json"),
        (b"[" * 100_000, "it is nested too deep"),
        (b'{"a": NaN}', "it is not JSON"),
        (b" " * (50 * 1024 * 1024 + 1), "it is larger than 50 MiB"),
    ],
)
def test_what_is_no_plan_is_told_by_its_kind(content: bytes, said: str) -> None:
    assert refused(content).startswith(said)


def test_a_failed_plan_is_refused() -> None:
    assert refused(text(document(QUEUE, errored=True))).startswith("Terraform ended with errors")


def test_a_plan_to_destroy_is_refused() -> None:
    assert refused(text(document(QUEUE, change("aws_sqs_queue.q", {}, actions=("delete",))))).startswith("this is a plan to destroy")


def test_a_plan_that_only_refreshes_is_refused() -> None:
    found = document(QUEUE)
    del found["resource_changes"]
    found["prior_state"]["values"]["root_module"]["resources"] = [{"mode": "managed", "type": "aws_sqs_queue", "name": "q"}]
    assert refused(text(found)).startswith("it plans nothing")


@pytest.mark.parametrize(
    "spoilt",
    [
        {"type": "hunter2 <b>"},
        {"name": None},
        {"mode": "hunter2"},
        {"index": ["hunter2"]},
        {"index": True},
        {"module_address": "module.a; hunter2"},
        {"change": "hunter2"},
        {"change": {"actions": ["create"], "after": "hunter2"}},
        {"change": {"actions": ["create"], "after": {"n": Decimal("1e99999")}}},
    ],
)
def test_a_wrong_shape_is_refused_without_quoting_it(spoilt: dict[str, object]) -> None:
    content = text(document(QUEUE, change("aws_sqs_queue.q", {}))).decode()
    entry = change("aws_sqs_queue.q", {}) | spoilt
    number = '{"actions": ["create"], "after": {"n": 1e99999}}'
    told = (
        text(document(QUEUE, entry | ({"change": 0} if "99999" in repr(spoilt) else {})))
        .decode()
        .replace('"change": 0', f'"change": {number}')
    )
    assert told != content
    said = refused(told.encode())
    assert ("hunter2" in said, "terraform show -json" in said) == (False, True)


def test_nesting_beyond_any_schema_is_refused() -> None:
    deep: dict[str, object] = {}
    for _ in range(200):
        deep = {"a": deep}
    assert refused(text(document(QUEUE, change("aws_sqs_queue.q", deep)))) == "it is nested too deep."
