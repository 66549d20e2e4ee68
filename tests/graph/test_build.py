"""Resources become nodes, references become edges, exact to the instance where the value says which."""

from __future__ import annotations

from clops_app.graph.build import build_graph
from clops_app.model.graph import Graph
from tests.graph.roots import arrows, at, graph_of, reading_of

TWO_SUBNETS = """
resource "aws_subnet" "a" {
  count = 2
}
"""


def edges(graph: Graph) -> list[tuple[str, str, str]]:
    return [(edge.origin, edge.target, edge.via) for edge in graph.edges]


def test_a_reference_to_an_attribute_is_an_edge_at_the_attribute() -> None:
    graph = graph_of('resource "aws_vpc" "v" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n')
    assert edges(graph) == [("aws_subnet.s", "aws_vpc.v", "vpc_id")]
    span = graph.edges[0].span
    assert (span.path, span) == ("main.tf", graph.resources["aws_subnet.s"].spans["vpc_id"])


def test_an_indexed_reference_is_an_edge_to_that_instance_only() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_instance" "i" {\n  subnet_id = aws_subnet.a[1].id\n}\n')
    assert edges(graph) == [("aws_instance.i", "aws_subnet.a[1]", "subnet_id")]


def test_an_element_of_a_splat_is_an_edge_to_that_instance_only() -> None:
    graph = graph_of(
        TWO_SUBNETS + 'resource "aws_instance" "i" {\n  count = 2\n  subnet_id = element(aws_subnet.a[*].id, count.index)\n}\n'
    )
    assert edges(graph) == [
        ("aws_instance.i[0]", "aws_subnet.a[0]", "subnet_id"),
        ("aws_instance.i[1]", "aws_subnet.a[1]", "subnet_id"),
    ]


def test_a_list_of_all_instances_is_an_edge_to_each() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_lb" "l" {\n  subnets = aws_subnet.a[*].id\n}\n')
    assert edges(graph) == [("aws_lb.l", "aws_subnet.a[0]", "subnets"), ("aws_lb.l", "aws_subnet.a[1]", "subnets")]


def test_a_text_built_from_all_instances_is_an_edge_to_each() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_ssm_parameter" "p" {\n  value = join(",", aws_subnet.a[*].id)\n}\n')
    assert edges(graph) == [("aws_ssm_parameter.p", "aws_subnet.a[0]", "value"), ("aws_ssm_parameter.p", "aws_subnet.a[1]", "value")]


def test_resources_counted_alike_count_with_their_own_index() -> None:
    graph = graph_of(
        'resource "aws_instance" "i" {\n  for_each = toset(["a", "b"])\n}\nresource "aws_eip" "e" {\n  for_each = aws_instance.i\n}\n'
    )
    assert edges(graph) == [
        ('aws_eip.e["a"]', 'aws_instance.i["a"]', "for_each"),
        ('aws_eip.e["b"]', 'aws_instance.i["b"]', "for_each"),
    ]


def test_a_nested_block_names_its_own_attribute() -> None:
    text = """
    resource "aws_security_group" "g" {}
    resource "aws_launch_template" "t" {
      network_interfaces {
        security_groups = [aws_security_group.g.id]
      }
    }
    """
    assert edges(graph_of(text)) == [("aws_launch_template.t", "aws_security_group.g", "network_interfaces[0].security_groups")]


def test_data_sources_are_nodes() -> None:
    graph = graph_of('data "aws_vpc" "v" {\n  default = true\n}\nresource "aws_subnet" "s" {\n  vpc_id = data.aws_vpc.v.id\n}\n')
    assert edges(graph) == [("aws_subnet.s", "data.aws_vpc.v", "vpc_id")]


def test_a_module_output_leads_to_the_resource_behind_it() -> None:
    graph = graph_of(
        'module "net" {\n  source = "./net"\n}\nresource "aws_instance" "i" {\n  subnet_id = module.net.subnet\n}\n',
        net='resource "aws_subnet" "s" {}\noutput "subnet" {\n  value = aws_subnet.s.id\n}\n',
    )
    assert edges(graph) == [("aws_instance.i", "module.net.aws_subnet.s", "subnet_id")]


def test_a_module_argument_leads_to_the_resource_given() -> None:
    graph = graph_of(
        'resource "aws_subnet" "s" {}\nmodule "app" {\n  source = "./app"\n  subnet = aws_subnet.s.id\n}\n',
        app='variable "subnet" {}\nresource "aws_instance" "i" {\n  subnet_id = var.subnet\n}\n',
    )
    assert edges(graph) == [("module.app.aws_instance.i", "aws_subnet.s", "subnet_id")]


def test_a_module_that_is_not_here_is_no_node() -> None:
    graph = graph_of('module "net" {\n  source = "acme/net/aws"\n}\nresource "aws_instance" "i" {\n  subnet_id = module.net.subnet\n}\n')
    assert edges(graph) == []
    assert list(graph.resources) == ["aws_instance.i"]


def test_an_unknown_number_of_instances_is_one_node() -> None:
    graph = graph_of('variable "n" {}\nresource "aws_subnet" "s" {\n  count = var.n\n}\n')
    assert list(graph.resources) == ["aws_subnet.s[*]"]


def test_edges_are_found_from_both_ends() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_lb" "l" {\n  subnets = aws_subnet.a[*].id\n}\n')
    assert arrows(graph.outgoing["aws_lb.l"]) == ["aws_lb.l -> aws_subnet.a[0]", "aws_lb.l -> aws_subnet.a[1]"]
    assert arrows(graph.incoming["aws_subnet.a[1]"]) == ["aws_lb.l -> aws_subnet.a[1]"]
    assert "aws_lb.l" not in graph.incoming


def test_the_same_configuration_gives_the_same_graph() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_lb" "l" {\n  subnets = aws_subnet.a[*].id\n}\n')
    assert build_graph(graph.configuration) == graph


def test_depending_on_a_resource_is_an_edge_to_each_instance() -> None:
    graph = graph_of(TWO_SUBNETS + 'resource "aws_instance" "i" {\n  depends_on = [aws_subnet.a]\n}\n')
    assert arrows(graph.edges) == ["aws_instance.i -> aws_subnet.a[0]", "aws_instance.i -> aws_subnet.a[1]"]


def test_one_of_an_unknown_number_of_instances_is_the_one_that_stands_for_them() -> None:
    text = (
        'variable "n" {}\nresource "aws_subnet" "s" {\n  count = var.n\n}\n'
        'resource "aws_instance" "i" {\n  count = var.n\n  subnet_id = aws_subnet.s[count.index].id\n}\n'
        'resource "aws_instance" "j" {\n  subnet_id = aws_subnet.s[0].id\n}\n'
    )
    reading = reading_of(text)
    placed = {address: reading.subnets(at(reading, address)) for address in ("aws_instance.i[*]", "aws_instance.j")}
    subnet = (at(reading, "aws_subnet.s[*]"),)
    assert placed == {"aws_instance.i[*]": subnet, "aws_instance.j": subnet}
