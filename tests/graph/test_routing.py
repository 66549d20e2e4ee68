"""A subnet is public, private or isolated by its route table; a NAT gateway serves the zones that route to it."""

from __future__ import annotations

import pytest

from clops_app.kit import Known, Unknown, Value
from tests.graph.roots import NETWORK, at, reading_of


def kind(text: str, address: str, **files: str) -> Value:
    reading = reading_of(text, **files)
    return reading.subnet_kind(at(reading, address))


def nat_zones(text: str, address: str = "aws_nat_gateway.main") -> Value:
    reading = reading_of(text)
    return reading.nat_zones(at(reading, address))


def why(value: Value) -> str:
    return value.why if isinstance(value, Unknown) else f"not unknown but {value}"


TABLE = """
resource "aws_vpc" "v" {}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "s" {
  vpc_id                  = aws_vpc.v.id
  map_public_ip_on_launch = true
  tags                    = { Name = "public" }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""


def table(body: str) -> str:
    return TABLE + f'resource "aws_route_table" "t" {{\n  vpc_id = aws_vpc.v.id\n{body}\n}}\n'


def test_a_route_resource_to_the_internet_gateway_makes_a_subnet_public() -> None:
    assert kind(NETWORK, "aws_subnet.front[1]") == Known("public")


def test_an_inline_route_to_a_nat_gateway_makes_a_subnet_private() -> None:
    assert kind(NETWORK, "aws_subnet.back[1]") == Known("private")


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        ('cidr_block = "0.0.0.0/0"\ngateway_id = aws_internet_gateway.i.id', "public"),
        ('ipv6_cidr_block = "::/0"\ngateway_id = aws_internet_gateway.i.id', "public"),
        ('cidr_block = "0.0.0.0/0"\ngateway_id = "igw-0123"', "public"),
        ('cidr_block = "0.0.0.0/0"\nnat_gateway_id = "nat-0123"', "private"),
        ('cidr_block = "0.0.0.0/0"\ntransit_gateway_id = var.tgw', "private"),
        ('ipv6_cidr_block = "::/0"\negress_only_gateway_id = "eigw-1"', "private"),
        ('cidr_block = "10.9.0.0/16"\ngateway_id = aws_internet_gateway.i.id', "isolated"),
    ],
)
def test_the_default_route_decides_and_not_the_name(route: str, expected: str) -> None:
    assert kind('variable "tgw" {}\n' + table(f"route {{\n{route}\n}}"), "aws_subnet.s") == Known(expected)


def test_a_table_without_default_route_isolates() -> None:
    assert kind(table(""), "aws_subnet.s") == Known("isolated")


def test_routes_written_as_a_list_count_too() -> None:
    unused = (
        "carrier_gateway_id", "core_network_arn", "destination_prefix_list_id", "egress_only_gateway_id", "ipv6_cidr_block",
        "local_gateway_id", "nat_gateway_id", "network_interface_id", "odb_network_arn", "transit_gateway_id",
        "vpc_endpoint_id", "vpc_peering_connection_id",
    )  # fmt: skip
    empty = "".join(f', {name} = ""' for name in unused)  # Terraform wants every attribute of a block written as a list
    body = f'route = [{{ cidr_block = "0.0.0.0/0", gateway_id = aws_internet_gateway.i.id{empty} }}]'
    assert kind(table(body), "aws_subnet.s") == Known("public")


def test_a_gateway_that_is_unknown_makes_the_kind_unknown() -> None:
    text = 'variable "gw" {}\n' + table('route {\ncidr_block = "0.0.0.0/0"\ngateway_id = var.gw\n}')
    assert "var.gw" in why(kind(text, "aws_subnet.s"))


def test_an_unknown_destination_makes_the_kind_unknown() -> None:
    text = 'variable "to" {}\n' + table("route {\ncidr_block = var.to\ngateway_id = aws_internet_gateway.i.id\n}")
    assert "var.to" in why(kind(text, "aws_subnet.s"))


def test_unknown_dynamic_routes_make_the_kind_unknown() -> None:
    text = 'variable "to" {}\n' + table(
        'dynamic "route" {\n  for_each = var.to\n  content {\n    cidr_block = route.value\n    nat_gateway_id = "nat-1"\n  }\n}'
    )
    assert "var.to" in why(kind(text, "aws_subnet.s"))


def test_a_sure_public_route_outweighs_an_unknown_one() -> None:
    routes = 'route {\ncidr_block = "0.0.0.0/0"\ngateway_id = aws_internet_gateway.i.id\n}\n'
    routes += 'route {\ncidr_block = var.to\nnat_gateway_id = "n"\n}'
    assert kind('variable "to" {}\n' + table(routes), "aws_subnet.s") == Known("public")


def test_a_vpn_may_bring_a_default_route() -> None:
    assert isinstance(kind(table('propagating_vgws = ["vgw-1"]'), "aws_subnet.s"), Unknown)


def test_a_table_given_to_a_module_that_is_not_here_may_get_routes() -> None:
    text = table("") + 'module "tgw" {\n  source = "acme/tgw/aws"\n  tables = [aws_route_table.t.id]\n}\n'
    assert "module.tgw" in why(kind(text, "aws_subnet.s"))


def test_a_subnet_given_to_a_module_that_is_not_here_may_be_associated_there() -> None:
    text = MAIN + 'module "routes" {\n  source = "acme/routes/aws"\n  subnets = [aws_subnet.s.id]\n}\n'
    assert "module.routes" in why(kind(text, "aws_subnet.s"))


MAIN = 'resource "aws_vpc" "v" {}\nresource "aws_internet_gateway" "i" {}\nresource "aws_subnet" "s" {\n  vpc_id = aws_vpc.v.id\n}\n'
OUT = 'route {\n  cidr_block = "0.0.0.0/0"\n  gateway_id = aws_internet_gateway.i.id\n}\n'


@pytest.mark.parametrize(
    "main",
    [
        f'resource "aws_default_route_table" "m" {{\n  default_route_table_id = aws_vpc.v.default_route_table_id\n{OUT}}}\n',
        f'resource "aws_route_table" "m" {{\n  vpc_id = aws_vpc.v.id\n{OUT}}}\n'
        'resource "aws_main_route_table_association" "a" {\n  vpc_id = aws_vpc.v.id\n  route_table_id = aws_route_table.m.id\n}\n',
        'resource "aws_route" "r" {\n  route_table_id = aws_vpc.v.main_route_table_id\n  destination_cidr_block = "0.0.0.0/0"\n'
        "  gateway_id = aws_internet_gateway.i.id\n}\n",
    ],
)
def test_without_association_the_main_table_decides(main: str) -> None:
    assert kind(MAIN + main, "aws_subnet.s") == Known("public")


def test_a_main_table_that_nobody_writes_has_no_way_out() -> None:
    assert kind(MAIN, "aws_subnet.s") == Known("isolated")


def test_an_own_table_outweighs_the_main_table() -> None:
    text = table("") + f'resource "aws_default_route_table" "m" {{\n  default_route_table_id = aws_vpc.v.default_route_table_id\n{OUT}}}\n'
    assert kind(text, "aws_subnet.s") == Known("isolated")


def test_the_main_table_of_a_vpc_elsewhere_is_unknown() -> None:
    assert "var.vpc" in why(kind('variable "vpc" {}\nresource "aws_subnet" "s" {\n  vpc_id = var.vpc\n}\n', "aws_subnet.s"))


def test_default_subnets_are_public() -> None:
    assert kind('resource "aws_default_subnet" "s" {\n  availability_zone = "us-east-1a"\n}\n', "aws_default_subnet.s") == Known("public")


def test_an_association_with_an_unknown_table_is_unknown() -> None:
    text = (
        MAIN + 'variable "t" {}\nresource "aws_route_table_association" "a" {\n  subnet_id = aws_subnet.s.id\n  route_table_id = var.t\n}\n'
    )
    assert "var.t" in why(kind(text, "aws_subnet.s"))


def test_an_association_that_may_be_with_this_subnet_makes_it_unknown() -> None:
    text = MAIN + (
        'variable "one" {}\nresource "aws_subnet" "o" {\n  vpc_id = aws_vpc.v.id\n}\nresource "aws_route_table" "t" {}\n'
        'resource "aws_route_table_association" "a" {\n  subnet_id = var.one ? aws_subnet.s.id : aws_subnet.o.id\n'
        "  route_table_id = aws_route_table.t.id\n}\n"
    )
    assert isinstance(kind(text, "aws_subnet.s"), Unknown)


def test_a_nat_gateway_serves_the_zones_of_the_subnets_that_route_to_it() -> None:
    assert nat_zones(NETWORK) == Known(("us-east-1a", "us-east-1b"))


def test_a_nat_gateway_that_nothing_routes_to_serves_no_zone() -> None:
    assert nat_zones('resource "aws_nat_gateway" "main" {\n  subnet_id = "subnet-1"\n}\n') == Known(())


def test_a_nat_gateway_in_each_zone_serves_its_own() -> None:
    text = (
        NETWORK
        + """
    resource "aws_subnet" "data" {
      count             = 2
      vpc_id            = aws_vpc.main.id
      availability_zone = data.aws_availability_zones.available.names[count.index]
    }
    resource "aws_nat_gateway" "each" {
      count     = 2
      subnet_id = aws_subnet.front[count.index].id
    }
    resource "aws_route_table" "data" {
      count  = 2
      vpc_id = aws_vpc.main.id
    }
    resource "aws_route" "data" {
      count                  = 2
      route_table_id         = aws_route_table.data[count.index].id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = element(aws_nat_gateway.each[*].id, count.index)
    }
    resource "aws_route_table_association" "data" {
      count          = 2
      subnet_id      = aws_subnet.data[count.index].id
      route_table_id = aws_route_table.data[count.index].id
    }
    """
    )
    assert nat_zones(text, "aws_nat_gateway.each[1]") == Known(("us-east-1b",))


def test_a_nat_instance_is_asked_alike() -> None:
    text = table('route {\n  cidr_block = "0.0.0.0/0"\n  network_interface_id = aws_instance.n.primary_network_interface_id\n}')
    text = text.replace('resource "aws_subnet" "s" {', 'resource "aws_subnet" "s" {\n  availability_zone = "us-east-1c"')
    assert nat_zones(text + 'resource "aws_instance" "n" {}\n', "aws_instance.n") == Known(("us-east-1c",))


def test_subnets_of_another_root_make_the_zones_unknown() -> None:
    text = NETWORK + 'variable "other" {}\nresource "aws_route_table_association" "o" {\n  subnet_id = var.other\n'
    assert "var.other" in why(nat_zones(text + "  route_table_id = aws_route_table.back.id\n}\n"))


def test_a_route_into_an_unknown_table_makes_the_zones_unknown() -> None:
    text = NETWORK + 'variable "t" {}\nresource "aws_route" "o" {\n  route_table_id = var.t\n  destination_cidr_block = "0.0.0.0/0"\n'
    assert "var.t" in why(nat_zones(text + "  nat_gateway_id = aws_nat_gateway.main.id\n}\n"))


def test_a_gateway_given_to_a_module_that_is_not_here_is_not_idle() -> None:
    text = 'resource "aws_nat_gateway" "main" {}\nmodule "m" {\n  source = "acme/m/aws"\n  nat = aws_nat_gateway.main.id\n}\n'
    assert "module.m" in why(nat_zones(text))


def test_gateways_that_nobody_can_count_serve_zones_that_nobody_can_tell_apart() -> None:
    text = """
    variable "n" {}
    resource "aws_nat_gateway" "some" {
      count = var.n
    }
    resource "aws_route" "back" {
      route_table_id         = aws_route_table.back.id
      destination_cidr_block = "0.0.0.0/0"
      nat_gateway_id         = aws_nat_gateway.some[0].id
    }
    """
    reading = reading_of(NETWORK.replace("nat_gateway_id", "transit_gateway_id") + text)
    assert isinstance(reading.nat_zones(at(reading, "aws_nat_gateway.some[*]")), Unknown)
