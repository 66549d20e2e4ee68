"""The compiled provider schema answers what the AWS provider itself would."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

from clops_app.model.types import ListType, MapType, ObjectType, SetType, type_bool, type_number, type_string
from clops_app.terraform import schema
from clops_app.terraform.schema import AttributeSchema, provider_version, resource_schema

SCRIPT = Path(__file__).parents[2] / "scripts" / "compile_schema.py"
DATA = Path(__file__).parents[2] / "clops_app" / "terraform" / "schema" / "aws.bin"


def test_an_argument_has_its_type_and_whether_it_must_be_written() -> None:
    database = resource_schema("managed", "aws_db_instance")
    assert database is not None
    assert database.attributes["multi_az"] == AttributeSchema(type_bool, required=False, optional=True, computed=True, sensitive=False)
    assert database.attributes["instance_class"] == AttributeSchema(
        type_string, required=True, optional=False, computed=False, sensitive=False
    )
    assert database.attributes["endpoint"] == AttributeSchema(type_string, required=False, optional=False, computed=True, sensitive=False)
    assert database.attributes["password"].sensitive
    assert database.attributes["tags"].type == MapType(type_string)


def test_a_nested_block_has_its_limits() -> None:
    instance = resource_schema("managed", "aws_instance")
    assert instance is not None
    root = instance.blocks["root_block_device"]
    assert (root.nesting, root.min_items, root.max_items) == ("list", 0, 1)
    assert root.block.attributes["volume_size"].type == type_number
    assert (instance.blocks["ebs_block_device"].nesting, instance.blocks["ebs_block_device"].max_items) == ("set", 0)


def test_an_attribute_that_may_be_written_as_blocks_is_a_set_of_objects() -> None:
    group = resource_schema("managed", "aws_security_group")
    assert group is not None
    match group.attributes["ingress"].type:
        case SetType(ObjectType(attributes)):
            assert attributes["from_port"] == type_number
            assert attributes["cidr_blocks"] == ListType(type_string)
        case other:
            raise AssertionError(other)


def test_a_data_source_is_not_the_resource_of_its_name() -> None:
    assert resource_schema("data", "aws_ami") is not None
    assert resource_schema("data", "aws_ami") != resource_schema("managed", "aws_ami")


def test_a_type_that_is_not_known_has_no_schema() -> None:
    assert resource_schema("managed", "google_compute_instance") is None
    assert resource_schema("managed", "aws_wafv2_web_acl") is None


def test_every_type_can_be_read_and_the_file_is_small() -> None:

    places = schema._archive().places
    assert provider_version() == "6.47.0"
    assert len(places) == 1657 + 662
    assert all(resource_schema("managed" if mode == "managed" else "data", name) is not None for mode, name in places)
    assert DATA.stat().st_size < 1_000_000


def test_the_compiler_writes_nested_attributes_as_objects(tmp_path: Path) -> None:

    nested = {"nesting_mode": "list", "attributes": {"a": {"type": "string", "required": True}, "b": {"type": "bool", "optional": True}}}
    block = {"attributes": {"x": {"nested_type": nested, "optional": True}}}
    source, target = tmp_path / "in.json.gz", tmp_path / "out.bin"
    written = {"provider_version": "1", "resource_schemas": {"t": {"block": block}}, "data_source_schemas": {"d": {"block": {}}}}
    source.write_bytes(gzip.compress(json.dumps(written).encode()))
    subprocess.run([sys.executable, str(SCRIPT), str(source), str(target)], check=True)
    archive = schema._opened(target.read_bytes())
    found = schema._read(archive, "managed", "t")
    assert found is not None
    assert found.attributes["x"].type == ListType(ObjectType({"a": type_string, "b": type_bool}, frozenset({"b"})))
