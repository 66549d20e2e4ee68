"""A root and its plan are one configuration: written where the code says, known as the plan says, nothing taken twice."""

from __future__ import annotations

import hashlib
from typing import Any

from clops_app.model.resource import Configuration, Resource
from clops_app.model.source import SourceTree, lines_of
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.evaluate import evaluate_root
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.plan_json import read_plan
from clops_app.terraform.planned import Planned, as_planned, inputs_as_planned, is_of_other_code, planned_root
from clops_app.terraform.sources import sources_of
from tests.terraform.configurations import addresses, one, problems, tree
from tests.terraform.plans import Shape, block, change, code, constants, document, refers, text

REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'
INSTANCE = 'variable "kind" {}\nresource "aws_instance" "a" {\n  ami           = "ami-1"\n  instance_type = var.kind\n}\n'


def planned(found: SourceTree, plan: Shape, inputs: Inputs | None = None) -> Planned:
    return planned_root(sources_of(found), "", inputs or Inputs(), read_plan(text(plan)))


def seen(with_plan: Planned, found: SourceTree) -> Configuration:
    """A tree, the planned one or another, as the plan lets it be seen."""
    sources = sources_of(found)
    declared = frozenset(name for name in with_plan.variables if f'"{name}"'.encode() in b"".join(found.files.values()))
    return as_planned(with_plan, evaluate_root(sources, "", inputs_as_planned(with_plan, Inputs(), declared)))


def together(main: str, plan: Shape, **files: str) -> Configuration:
    found = tree(main=REGION + main, **files)
    return seen(planned(found, plan), found)


def instance(**values: object) -> Shape:
    return change("aws_instance.a", {"ami": "ami-1", "monitoring": None, "ebs_block_device": [], **values}, {"id": True, "arn": True})


WRITTEN = code(block("aws_instance.a", constants(ami="ami-1") | {"instance_type": refers("var.kind")}))


def test_a_variable_that_was_given_to_terraform_is_known() -> None:
    found = together(INSTANCE, document(WRITTEN, instance(instance_type="m6i.large"), variables={"kind": "m6i.large"}))
    assert one(found, "aws_instance.a").values == {"ami": "ami-1", "instance_type": "m6i.large"}


def test_the_plan_wins_over_a_default() -> None:
    main = INSTANCE.replace('"kind" {}', '"kind" {\n  default = "t3.micro"\n}')
    found = together(main, document(WRITTEN, instance(instance_type="m6i.large"), variables={"kind": "m6i.large"}))
    assert one(found, "aws_instance.a").values["instance_type"] == "m6i.large"


def test_only_what_is_written_is_there_and_stands_where_it_is_written() -> None:
    main = tree(main=REGION + INSTANCE)
    found = seen(planned(main, document(WRITTEN, instance(instance_type="a", user_data="computed"))), main)
    here = one(found, "aws_instance.a")
    assert (here.values, lines_of(main, here.spans["instance_type"])) == ({"ami": "ami-1", "instance_type": "a"}, (7, 7))


def test_an_unknown_count_has_the_instances_of_the_plan_and_each_knows_its_index() -> None:
    main = 'variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = length(data.aws_subnets.s.ids)\n  name  = "q-${count.index}"\n}\ndata "aws_subnets" "s" {}\n'
    root = code(block("aws_sqs_queue.q", {"name": refers("count.index")}, counted=True), block("data.aws_subnets.s"))
    found = together(main, document(root, *(change(f"aws_sqs_queue.q[{number}]", {}, {"name": False}) for number in (0, 1))))
    assert {address: one(found, address).values for address in addresses(found) if "queue" in address} == {
        "aws_sqs_queue.q[0]": {"name": "q-0"},
        "aws_sqs_queue.q[1]": {"name": "q-1"},
    }


def test_an_unknown_for_each_that_makes_nothing_makes_nothing() -> None:
    main = 'variable "m" {}\nresource "aws_sqs_queue" "q" {\n  for_each = var.m\n}\n'
    assert addresses(together(main, document(code(block("aws_sqs_queue.q", counted=True))))) == []


def test_instances_of_modules_are_those_of_the_plan() -> None:
    main = 'variable "m" {}\nmodule "q" {\n  source   = "./q"\n  for_each = var.m\n  name     = each.key\n}\n'
    inner = 'variable "name" {}\nresource "aws_sqs_queue" "q" {\n  name = var.name\n}\n'
    call = {"expressions": {"name": refers("each.key")}, "for_each_expression": {}, "module": code(block("aws_sqs_queue.q"))}
    plan = document(
        code(calls={"q": call}),
        change('module.q["a"].aws_sqs_queue.q', {"name": "a"}),
        change('module.q["b.c"].aws_sqs_queue.q', {"name": "b.c"}),
    )
    found = together(main, plan, q__main=inner)
    assert [(each.address, each.values["name"], each.source.path) for each in found.resources] == [
        ('module.q["a"].aws_sqs_queue.q', "a", "q/main.tf"),
        ('module.q["b.c"].aws_sqs_queue.q', "b.c", "q/main.tf"),
    ]


def test_a_reference_to_what_aws_names_stays_one_even_where_the_name_is_known() -> None:
    main = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n'
    root = code(
        block("aws_vpc.v", constants(cidr_block="10.0.0.0/16")), block("aws_subnet.s", {"vpc_id": refers("aws_vpc.v.id", "aws_vpc.v")})
    )
    changes = [change("aws_vpc.v", {"id": "vpc-1", "cidr_block": "10.0.0.0/16"}), change("aws_subnet.s", {"vpc_id": "vpc-1"})]
    vpc = one(together(main, document(root, *changes)), "aws_subnet.s").values["vpc_id"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Reference("aws_vpc.v", "id")


def test_a_setting_that_aws_chose_is_known_where_another_resource_takes_it_over() -> None:
    main = 'resource "aws_rds_cluster" "c" {}\nresource "aws_rds_cluster_instance" "i" {\n  engine_version = aws_rds_cluster.c.engine_version\n}\n'
    root = code(block("aws_rds_cluster.c"), block("aws_rds_cluster_instance.i"))
    changes = [change("aws_rds_cluster.c", {"engine_version": "15.4"}), change("aws_rds_cluster_instance.i", {"engine_version": "15.4"})]
    assert one(together(main, document(root, *changes)), "aws_rds_cluster_instance.i").values == {"engine_version": "15.4"}


def test_blocks_of_a_set_are_paired_by_what_they_say() -> None:
    rule = '  ingress {{\n    from_port   = {0}\n    to_port     = {0}\n    protocol    = "tcp"\n    cidr_blocks = [{1}]\n  }}\n'
    main = (
        'variable "cidr" {}\nresource "aws_security_group" "g" {\n' + rule.format(443, '"0.0.0.0/0"') + rule.format(22, "var.cidr") + "}\n"
    )
    blocks = [
        {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": [cidr], "self": None}
        for port, cidr in ((22, "10.0.0.0/8"), (443, "0.0.0.0/0"))
    ]
    found = one(
        together(main, document(code(block("aws_security_group.g")), change("aws_security_group.g", {"ingress": blocks}))),
        "aws_security_group.g",
    )
    assert found.values["ingress"] == (
        {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ("0.0.0.0/0",)},
        {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ("10.0.0.0/8",)},
    )


def test_a_dynamic_block_over_something_unknown_is_the_blocks_of_the_plan() -> None:
    main = 'variable "ports" {}\nresource "aws_security_group" "g" {\n  dynamic "ingress" {\n    for_each = var.ports\n    content {\n      from_port = ingress.value\n    }\n  }\n}\n'
    blocks = [{"from_port": 22, "self": None}, {"from_port": 80, "self": None}]
    found = one(
        together(main, document(code(block("aws_security_group.g")), change("aws_security_group.g", {"ingress": blocks}))),
        "aws_security_group.g",
    )
    assert found.values["ingress"] == ({"from_port": 22}, {"from_port": 80})


def test_user_data_stays_text_where_the_provider_keeps_its_checksum() -> None:
    main = 'resource "aws_instance" "a" {\n  user_data = "echo hello"\n}\n'
    checksum = hashlib.sha1(b"echo hello", usedforsecurity=False).hexdigest()
    found = together(main, document(code(block("aws_instance.a")), change("aws_instance.a", {"user_data": checksum})))
    assert one(found, "aws_instance.a").values == {"user_data": "echo hello"}


def test_a_secret_stays_unknown_and_is_marked() -> None:
    main = 'variable "p" {}\nresource "aws_db_instance" "d" {\n  username = var.p\n}\n'
    plan = document(code(block("aws_db_instance.d")), change("aws_db_instance.d", {"username": "hunter2"}, {}, {"username": True}))
    found = one(together(main, plan), "aws_db_instance.d")
    assert (isinstance(found.values["username"], Unknown), found.sensitive) == (True, {"username"})


def test_what_a_data_source_answered_is_known_and_no_model() -> None:
    main = 'data "aws_availability_zones" "z" {}\nresource "aws_subnet" "s" {\n  count             = length(data.aws_availability_zones.z.names)\n  availability_zone = data.aws_availability_zones.z.names[count.index]\n}\n'
    root = code(block("data.aws_availability_zones.z"), block("aws_subnet.s", counted=True))
    plan = document(
        root,
        *(change(f"aws_subnet.s[{n}]", {"availability_zone": f"us-east-1{n}"}) for n in (0, 1)),
        answers=(change("data.aws_availability_zones.z", {"names": ["us-east-10", "us-east-11"]}),),
    )
    found = together(main, plan)
    assert [each.values.get("availability_zone") for each in found.resources] == ["us-east-10", "us-east-11", None]
    zones = one(found, "data.aws_availability_zones.z")
    assert (zones.values["names"], zones.modelled) == (("us-east-10", "us-east-11"), ())


def test_the_region_that_nobody_wrote_is_that_of_the_plan() -> None:
    main = tree(main='resource "aws_sqs_queue" "q" {}\n')
    plan = document(code(block("aws_sqs_queue.q")), change("aws_sqs_queue.q", {"arn": "arn:aws:sqs:eu-west-3:123456789012:q"}))
    found = seen(planned(main, plan), main)
    assert (one(found, "aws_sqs_queue.q").region, problems(found)) == ("eu-west-3", [])


def test_outputs_are_those_of_the_plan() -> None:
    main = 'variable "n" {}\noutput "n" {\n  value = var.n\n}\n'
    outputs = {"planned_values": {"outputs": {"n": {"sensitive": False, "value": 4}}}}
    assert together(main, document(code(), **outputs)).outputs == {"n": 4}


# -- a module whose source is not here --------------------------------------------------------------------------------

CALL = 'resource "aws_vpc" "v" {\n  cidr_block = "10.0.0.0/16"\n}\nmodule "web" {\n  source = "acme/web/aws"\n  vpc    = aws_vpc.v.id\n}\nresource "aws_eip" "e" {\n  instance = module.web.id\n}\n'


def unseen() -> Shape:
    web: dict[str, Any] = {
        "ami": {"constant_value": "ami-1"},
        "root_block_device": [constants(volume_type="gp2")],
        "subnet_id": refers("aws_subnet.s.id", "aws_subnet.s"),
    }
    inner = code(
        block("aws_instance.w", web),
        block("aws_subnet.s", {"vpc_id": refers("var.vpc")}),
        outputs={"id": {"expression": refers("aws_instance.w.id", "aws_instance.w")}},
    )
    call = {"expressions": {"vpc": refers("aws_vpc.v.id", "aws_vpc.v")}, "module": inner}
    root = code(block("aws_vpc.v"), block("aws_eip.e", {"instance": refers("module.web.id", "module.web")}), calls={"web": call})
    device = {"volume_type": "gp2", "volume_size": None, "iops": None, "encrypted": False}
    return document(
        root,
        change("aws_vpc.v", {"cidr_block": "10.0.0.0/16"}, {"id": True}),
        change("aws_eip.e", {}, {"instance": True, "id": True}),
        change(
            "module.web.aws_instance.w",
            {"ami": "ami-1", "monitoring": False, "root_block_device": [device]},
            {"id": True, "subnet_id": True},
        ),
        change("module.web.aws_subnet.s", {}, {"id": True, "vpc_id": True}),
    )


def test_its_resources_have_what_is_written_of_them_and_stand_at_the_call() -> None:
    main = tree(main=REGION + CALL)
    found = one(seen(planned(main, unseen()), main), "module.web.aws_instance.w")
    assert (found.values["ami"], found.values["root_block_device"], "monitoring" in found.values) == (
        "ami-1",
        ({"volume_type": "gp2"},),
        False,
    )
    assert lines_of(main, found.source) == (7, 10)


def test_its_references_lead_into_it_and_out_of_it() -> None:
    found = together(CALL, unseen())

    def ref(address: str, name: str) -> Reference | None:
        value = one(found, address).values[name]
        assert isinstance(value, Unknown)
        return value.ref

    assert ref("module.web.aws_instance.w", "subnet_id") == Reference("module.web.aws_subnet.s", "id")
    assert ref("module.web.aws_subnet.s", "vpc_id") == Reference("aws_vpc.v", "id")
    assert ref("aws_eip.e", "instance") == Reference("module.web.aws_instance.w", "id")


def test_an_identifier_that_aws_gave_is_a_reference_where_the_code_is_not_here() -> None:
    plan = unseen()
    plan["resource_changes"][0]["change"] = {"actions": ["no-op"], "after": {"id": "vpc-0123456789abcdef0"}}
    plan["resource_changes"][3]["change"] = {"actions": ["no-op"], "after": {"vpc_id": "vpc-0123456789abcdef0"}}
    plan["configuration"]["root_module"]["module_calls"]["web"]["module"]["resources"][1]["expressions"] = {"vpc_id": refers("local.vpc")}
    vpc = one(together(CALL, plan), "module.web.aws_subnet.s").values["vpc_id"]
    assert isinstance(vpc, Unknown)
    assert vpc.ref == Reference("aws_vpc.v", "id")


def test_it_is_not_told_to_be_unreviewed() -> None:
    whys = [diagnostic.why for diagnostic in together(CALL, unseen()).diagnostics]
    assert [why.partition(";")[0] for why in whys] == ["its resources are taken from the plan"]


# -- trees that were not planned --------------------------------------------------------------------------------------

DISK = 'variable "size" {}\nresource "aws_ebs_volume" "a" {\n  size = var.size\n  type = "gp2"\n}\n'
DISK_PLAN = document(
    code(block("aws_ebs_volume.a")), change("aws_ebs_volume.a", {"size": 10, "type": "gp2"}, {"id": True}), variables={"size": 10}
)


def elsewhere(before: str, now: str, plan: Shape) -> Configuration:
    return seen(planned(tree(main=REGION + before), plan), tree(main=REGION + now))


def values(resource: Resource) -> dict[str, object]:
    return dict(resource.values)


def test_what_was_changed_is_as_it_is_written_now_and_the_rest_as_planned() -> None:
    found = elsewhere(DISK, DISK.replace("gp2", "gp3"), DISK_PLAN)
    assert values(one(found, "aws_ebs_volume.a")) == {"size": 10, "type": "gp3"}


def test_a_count_that_is_written_now_is_not_that_of_the_plan() -> None:
    main = 'variable "n" {}\nresource "aws_sqs_queue" "q" {\n  count = var.n\n}\n'
    plan = document(code(block("aws_sqs_queue.q", counted=True)), *(change(f"aws_sqs_queue.q[{n}]", {}) for n in range(3)))
    assert addresses(elsewhere(main, main.replace("= var.n", "= 1"), plan)) == ["aws_sqs_queue.q[0]"]
    assert len(addresses(elsewhere(main, main + "\n", plan))) == 3


def test_what_the_planned_code_did_not_have_stays() -> None:
    found = elsewhere(DISK, DISK + 'resource "aws_sqs_queue" "new" {}\n', DISK_PLAN)
    assert addresses(found) == ["aws_ebs_volume.a", "aws_sqs_queue.new"]


def test_a_module_that_is_called_otherwise_is_not_as_it_was_planned() -> None:
    assert "module.web.aws_instance.w" in addresses(elsewhere(CALL, CALL + "\n", unseen()))
    assert "module.web.aws_instance.w" not in addresses(elsewhere(CALL, CALL.replace("acme/web/aws", "acme/web/aws//other"), unseen()))


# -- plans of something else ------------------------------------------------------------------------------------------


def test_a_plan_of_an_earlier_state_of_the_code_is_told() -> None:
    found = together(
        DISK + 'resource "aws_sqs_queue" "new" {}\n',
        DISK_PLAN | {"resource_changes": [*DISK_PLAN["resource_changes"], change("aws_eip.gone", {})]},
    )
    assert [(each.what, each.why.partition(":")[0]) for each in found.diagnostics] == [
        ("the plan has resources that the code does not have", "aws_eip.gone"),
        ("the code has resources that the plan does not have", "aws_sqs_queue.new"),
    ]


def test_a_plan_of_a_part_is_told_and_the_rest_is_read_from_the_code() -> None:
    main = 'resource "aws_sqs_queue" "q" {\n  count = 2\n}\n' + DISK
    plan = DISK_PLAN | {
        "complete": False,
        "configuration": {"root_module": code(block("aws_ebs_volume.a"), block("aws_sqs_queue.q", counted=True))},
    }
    found = together(main, plan)
    assert addresses(found) == ["aws_ebs_volume.a", "aws_sqs_queue.q[0]", "aws_sqs_queue.q[1]"]
    assert [each.what for each in found.diagnostics] == ["the plan is not of the whole root"]


def test_a_plan_of_other_code_is_known_as_such() -> None:
    assert is_of_other_code(planned(tree(main=CALL), DISK_PLAN))
    assert not is_of_other_code(planned(tree(main=DISK), DISK_PLAN))
