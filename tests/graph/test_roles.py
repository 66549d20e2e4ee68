"""What lone compute is there for: guessed only where the evidence agrees."""

from __future__ import annotations

import pytest

from tests.graph.roots import NETWORK, at, reading_of


def role(text: str, address: str = "aws_instance.i", **files: str) -> str:
    reading = reading_of(text, **files)
    return reading.role(at(reading, address))


def named(name: str) -> str:
    return f'resource "aws_instance" "i" {{\n  tags = {{ Name = "{name}" }}\n}}\n'


def opening(port: int, name: str = "x", protocol: str = "tcp") -> str:
    return f"""
    resource "aws_security_group" "g" {{
      ingress {{
        from_port   = {port}
        to_port     = {port}
        protocol    = "{protocol}"
        cidr_blocks = ["0.0.0.0/0"]
      }}
    }}
    resource "aws_instance" "i" {{
      tags                   = {{ Name = "{name}" }}
      vpc_security_group_ids = [aws_security_group.g.id]
    }}
    """


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod-bastion", "bastion"),
        ("JumpHost", "bastion"),
        ("jump-box-1", "bastion"),
        ("packer", "image_builder"),
        ("ami-builder", "image_builder"),
        ("discord-bot", "bot"),
        ("price_crawler", "bot"),
        ("minecraft", "game_server"),
        ("web-1", "serving"),
        ("orders_db", "serving"),
        ("web1", "serving"),
        ("demo-websrv2", "serving"),
        ("AppServer", "serving"),
        ("docker-host", "serving"),
        ("game-server-1", "game_server"),
        ("mysql-client", "tool"),
        ("client-app", "serving"),
        ("jenkins-server", "tool"),
        ("wireguard", "tool"),
        ("cron", "bot"),
        ("robot-arm", "unclear"),
        ("naturally", "unclear"),
        ("bottle", "unclear"),
        ("thing", "unclear"),
        ("", "unclear"),
    ],
)
def test_a_name_is_a_hint_by_whole_words(name: str, expected: str) -> None:
    assert role(named(name)) == expected


def test_the_name_of_the_block_is_a_hint() -> None:
    assert role('resource "aws_instance" "bastion" {}\n', "aws_instance.bastion") == "bastion"


def test_what_a_group_or_service_is_called_is_a_hint() -> None:
    group = 'resource "aws_autoscaling_group" "this" {\n  tag {\n    key                 = "Name"\n    value               = "prod-vpn"\n    propagate_at_launch = true\n  }\n}\n'
    assert role(group, "aws_autoscaling_group.this") == "tool"
    assert role('resource "aws_ecs_service" "this" {\n  name = "discord-bot"\n}\n', "aws_ecs_service.this") == "bot"


def test_the_name_of_the_module_is_a_hint() -> None:
    text = 'module "bastion" {\n  source = "./m"\n}\n'
    assert role(text, "module.bastion.aws_instance.this", m='resource "aws_instance" "this" {}\n') == "bastion"


@pytest.mark.parametrize("name", ["bastion", "chat-bot", "game-server", "x"])
def test_what_opens_a_web_port_serves_whatever_its_name(name: str) -> None:
    assert role(opening(443, name)) == "serving"


def test_what_opens_only_a_login_port_is_unclear() -> None:
    assert role(opening(22)) == "unclear"


def test_what_opens_everything_says_nothing_by_it() -> None:
    assert role(opening(0, protocol="-1")) == "unclear"


@pytest.mark.parametrize(("port", "protocol"), [(25565, "tcp"), (19132, "udp"), (27015, "udp")])
def test_what_opens_a_games_port_is_a_game_server(port: int, protocol: str) -> None:
    assert role(opening(port, protocol=protocol)) == "game_server"


def test_a_web_application_of_a_game_is_no_game_server() -> None:
    assert role(named("game-api")) == "serving"


def test_what_stands_behind_a_load_balancer_serves() -> None:
    text = named("bastion") + 'resource "aws_elb" "e" {\n  instances = [aws_instance.i.id]\n}\n'
    assert role(text) == "serving"


@pytest.mark.parametrize(
    ("user_data", "expected"),
    [("yum install -y nginx", "serving"), ("docker run -d app", "serving"), ("export DISCORD_TOKEN=x", "bot"), ("echo hello", "unclear")],
)
def test_user_data_tells_what_it_installs(user_data: str, expected: str) -> None:
    assert role(f'resource "aws_instance" "i" {{\n  user_data = "{user_data}"\n}}\n') == expected


def test_user_data_of_a_template_counts_for_its_group() -> None:
    text = 'resource "aws_launch_template" "t" {\n  user_data = "YXB0IGluc3RhbGwgbmdpbng="\n}\n'
    text += 'resource "aws_autoscaling_group" "g" {\n  launch_template {\n    id = aws_launch_template.t.id\n  }\n}\n'
    assert role(text, "aws_autoscaling_group.g") == "serving"


def test_where_routes_lead_there_is_a_nat_instance() -> None:
    text = NETWORK + (
        'resource "aws_instance" "i" {}\nresource "aws_route" "r" {\n  route_table_id = aws_route_table.front.id\n'
        '  destination_cidr_block = "10.9.0.0/16"\n  network_interface_id = aws_instance.i.primary_network_interface_id\n}\n'
    )
    assert role(text) == "nat"


def test_a_nat_by_name_must_forward_for_others() -> None:
    assert role('resource "aws_instance" "nat" {\n  source_dest_check = false\n}\n', "aws_instance.nat") == "nat"
    assert role('resource "aws_instance" "nat" {}\n', "aws_instance.nat") == "unclear"


def test_a_group_that_is_named_nat_launches_nat_instances_unless_something_sends_it_requests() -> None:
    group = 'resource "aws_autoscaling_group" "nat" {\n  min_size = 1\n  max_size = 1\n'
    assert role(group + "}\n", "aws_autoscaling_group.nat") == "nat"
    text = group + '  load_balancers = [aws_elb.e.name]\n}\nresource "aws_elb" "e" {}\n'
    assert role(text, "aws_autoscaling_group.nat") == "serving"


def test_a_nat_instance_may_say_it_on_its_network_interface() -> None:
    text = (
        'resource "aws_network_interface" "e" {\n  source_dest_check = false\n}\n'
        'resource "aws_instance" "nat" {\n  network_interface {\n    network_interface_id = aws_network_interface.e.id\n    device_index = 0\n  }\n}\n'
    )
    assert role(text, "aws_instance.nat") == "nat"


def test_a_tool_of_the_team_is_one_though_its_web_port_is_open() -> None:
    assert role(opening(8080, "jenkins")) == "tool"


def test_user_data_that_is_known_in_part_tells_what_its_beginning_installs() -> None:
    text = 'variable "v" {}\nresource "aws_instance" "i" {\n  user_data = "yum install -y httpd; echo ${var.v}"\n}\n'
    assert role(text) == "serving"


def test_of_what_an_image_is_made_builds_images() -> None:
    text = 'resource "aws_instance" "i" {}\nresource "aws_ami_from_instance" "a" {\n  source_instance_id = aws_instance.i.id\n}\n'
    assert role(text) == "image_builder"
