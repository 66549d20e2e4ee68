"""Two graphs of one root: added, removed, changed, moved."""

from __future__ import annotations

from clops_app.graph.diff import diff
from clops_app.model.graph import GraphDiff
from clops_app.model.values import Unknown
from tests.graph.roots import graph_of


def changes(base: str, head: str) -> GraphDiff:
    return diff(graph_of(base), graph_of(head))


def attributes(found: GraphDiff) -> list[tuple[str, str, object, object]]:
    return [(change.head.address, each.path, each.old, each.new) for change in found.changed for each in change.attributes]


DATABASE = 'resource "aws_db_instance" "d" {\n  multi_az = false\n  tags = { Name = "d" }\n}\n'


def test_without_a_base_everything_is_new() -> None:
    found = diff(None, graph_of(DATABASE + 'data "aws_region" "r" {}\n'))
    assert [resource.address for resource in found.added] == ["aws_db_instance.d"]
    assert (found.removed, found.changed, found.moved) == ((), (), ())


def test_a_graph_does_not_differ_from_itself() -> None:
    assert changes(DATABASE, "\n\n" + DATABASE) == GraphDiff((), (), (), ())


def test_what_appears_is_added_and_what_disappears_is_removed() -> None:
    found = changes('resource "aws_vpc" "a" {}\n', 'resource "aws_vpc" "b" {}\n')
    assert [resource.address for resource in found.added] == ["aws_vpc.b"]
    assert [resource.address for resource in found.removed] == ["aws_vpc.a"]


def test_another_count_adds_instances() -> None:
    text = 'resource "aws_vpc" "a" {\n  count = N\n}\n'
    assert [resource.address for resource in changes(text.replace("N", "1"), text.replace("N", "3")).added] == [
        "aws_vpc.a[1]",
        "aws_vpc.a[2]",
    ]


def test_a_changed_attribute_is_told_with_both_values() -> None:
    assert attributes(changes(DATABASE, DATABASE.replace("false", "true"))) == [("aws_db_instance.d", "multi_az", False, True)]


def test_an_attribute_that_was_not_written_was_none() -> None:
    assert attributes(changes(DATABASE, DATABASE.replace("multi_az = false", "multi_az = false\n  port = 1"))) == [
        ("aws_db_instance.d", "port", None, 1)
    ]


def test_members_of_maps_and_blocks_change_one_by_one() -> None:
    text = 'resource "aws_instance" "i" {\n  tags = { a = "1", b = "2" }\n  root_block_device {\n    volume_size = 8\n  }\n}\n'
    assert attributes(changes(text, text.replace('"2"', '"3"').replace("8", "16"))) == [
        ("aws_instance.i", "root_block_device[0].volume_size", 8, 16),
        ("aws_instance.i", "tags.b", "2", "3"),
    ]


def test_a_list_changes_as_one() -> None:
    text = 'resource "aws_lb" "l" {\n  subnets = ["a", "b"]\n}\n'
    assert attributes(changes(text, text.replace(', "b"', ""))) == [("aws_lb.l", "subnets", ("a", "b"), ("a",))]


UNKNOWN = 'variable "x" {}\nvariable "y" {}\nresource "aws_vpc" "v" {\n  cidr_block = var.x\n}\n'


def test_what_is_unknown_for_the_same_reason_has_not_changed() -> None:
    assert attributes(changes(UNKNOWN, UNKNOWN)) == []


def test_what_is_unknown_for_another_reason_has_changed() -> None:
    (change,) = attributes(changes(UNKNOWN, UNKNOWN.replace("= var.x", "= var.y")))
    assert change[:2] == ("aws_vpc.v", "cidr_block")
    assert [isinstance(value, Unknown) and value.why.split()[0] for value in change[2:]] == ["var.x", "var.y"]


def test_a_reference_to_another_resource_is_a_change() -> None:
    text = 'resource "aws_vpc" "a" {}\nresource "aws_vpc" "b" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.a.id\n}\n'
    assert [change[:2] for change in attributes(changes(text, text.replace("= aws_vpc.a", "= aws_vpc.b")))] == [("aws_subnet.s", "vpc_id")]


def moves(found: GraphDiff) -> list[tuple[str, str]]:
    return [(change.base.address, change.head.address) for change in found.moved]


def test_a_moved_block_moves_a_resource_and_those_who_refer_to_it_do_not_change() -> None:
    base = 'resource "aws_vpc" "a" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.a.id\n}\n'
    head = base.replace('"a"', '"b"').replace("aws_vpc.a", "aws_vpc.b") + "moved {\n  from = aws_vpc.a\n  to = aws_vpc.b\n}\n"
    found = changes(base, head)
    assert moves(found) == [("aws_vpc.a", "aws_vpc.b")]
    assert (found.added, found.removed, found.changed) == ((), (), ())


def test_a_moved_block_moves_one_instance_or_a_whole_module() -> None:
    one = 'resource "aws_vpc" "a" {}\n'
    counted = 'resource "aws_vpc" "a" {\n  count = 2\n}\nmoved {\n  from = aws_vpc.a\n  to = aws_vpc.a[0]\n}\n'
    found = changes(one, counted)
    assert moves(found) == [("aws_vpc.a", "aws_vpc.a[0]")]
    assert [resource.address for resource in found.added] == ["aws_vpc.a[1]"]
    call = 'module "{name}" {{\n  source = "./net"\n}}\n'
    base = graph_of(call.format(name="old"), net=one)
    head = graph_of(call.format(name="new") + "moved {\n  from = module.old\n  to = module.new\n}\n", net=one)
    assert moves(diff(base, head)) == [("module.old.aws_vpc.a", "module.new.aws_vpc.a")]


def test_terraform_moves_the_one_instance_that_gets_a_count() -> None:
    found = changes('resource "aws_vpc" "a" {}\n', 'resource "aws_vpc" "a" {\n  count = 1\n}\n')
    assert (moves(found), found.added, found.removed) == ([("aws_vpc.a", "aws_vpc.a[0]")], (), ())


def test_a_move_does_not_touch_a_name_that_only_begins_alike() -> None:
    base = 'resource "aws_vpc" "a" {}\nresource "aws_vpc" "ab" {}\n'
    head = 'resource "aws_vpc" "b" {}\nresource "aws_vpc" "ab" {}\nmoved {\n  from = aws_vpc.a\n  to = aws_vpc.b\n}\n'
    found = changes(base, head)
    assert (moves(found), found.added, found.removed) == ([("aws_vpc.a", "aws_vpc.b")], (), ())


def test_moves_in_a_chain_lead_to_the_end() -> None:
    head = 'resource "aws_vpc" "c" {}\nmoved {\n  from = aws_vpc.a\n  to = aws_vpc.b\n}\nmoved {\n  from = aws_vpc.b\n  to = aws_vpc.c\n}\n'
    assert moves(changes('resource "aws_vpc" "a" {}\n', head)) == [("aws_vpc.a", "aws_vpc.c")]


def test_what_moved_may_have_changed_as_well() -> None:
    found = changes(
        DATABASE,
        DATABASE.replace('"d" {', '"e" {').replace("false", "true") + "moved {\n  from = aws_db_instance.d\n  to = aws_db_instance.e\n}\n",
    )
    assert moves(found) == [("aws_db_instance.d", "aws_db_instance.e")]
    assert attributes(found) == [("aws_db_instance.e", "multi_az", False, True)]


def test_a_move_of_one_instance_does_not_touch_the_others() -> None:
    counted = 'resource "aws_vpc" "a" {\n  count = 2\n}\n'
    head = counted.replace('"a"', '"b"') + "moved {\n  from = aws_vpc.a[1]\n  to = aws_vpc.b[0]\n}\n"
    found = changes(counted, head)
    assert moves(found) == [("aws_vpc.a[1]", "aws_vpc.b[0]")]
    assert ([each.address for each in found.added], [each.address for each in found.removed]) == (["aws_vpc.b[1]"], ["aws_vpc.a[0]"])
