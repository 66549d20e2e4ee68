"""The picture of an architecture: who serves whom, where it stands, what the change does to it."""

from __future__ import annotations

import re

import pytest

from clops_app.review.diagram import MOST_NODES, Diagram, diagram
from clops_app.review.render.dot import dot
from clops_app.review.render.mermaid import mermaid
from tests.review.samples import NETWORK, game, graph_of


def boxes(drawn: Diagram) -> set[tuple[str, str, str, str]]:
    return {(node.kind, node.name, node.zone, node.change) for node in drawn.nodes}


def arrows(drawn: Diagram) -> set[tuple[str, str]]:
    names = {node.key: node.name for node in drawn.nodes}
    return {(names[origin], names[target]) for origin, target in drawn.arrows}


def test_a_request_goes_from_the_internet_through_the_servers_to_the_database() -> None:
    assert arrows(diagram(game(1), compared=False)) == {("Internet", "game[0]"), ("game[0]", "main")}


def test_what_is_new_is_marked_and_stands_in_its_zone() -> None:
    assert boxes(diagram(game(2), game(1))) == {
        ("", "Internet", "", "same"),
        ("EC2 instance", "game[0]", "us-east-1a", "same"),
        ("EC2 instance", "game[1]", "us-east-1a", "added"),
        ("RDS database", "main", "", "same"),
    }


def test_what_is_gone_is_drawn_with_its_arrows() -> None:
    drawn = diagram(game(1), game(2))
    assert ("EC2 instance", "game[1]", "us-east-1a", "removed") in boxes(drawn)
    assert ("game[1]", "main") in arrows(drawn)


def test_what_may_only_be_unread_is_not_drawn_as_gone() -> None:
    assert {change for *_, change in boxes(diagram(game(1), game(2), whole=False))} == {"same"}


def test_without_a_comparison_nothing_is_marked() -> None:
    assert not diagram(game(2), compared=False).changed


def test_a_root_that_is_new_is_all_new() -> None:
    assert {change for kind, _, _, change in boxes(diagram(game(1), None)) if kind} == {"added"}


def test_instances_of_a_block_in_one_zone_are_one_box_with_a_count() -> None:
    drawn = diagram(game(5), compared=False)
    assert [(node.name, node.count) for node in drawn.nodes if node.kind == "EC2 instance"] == [("game[*]", 5)]


def test_a_resource_that_moved_is_neither_gone_nor_new() -> None:
    queue = 'resource "aws_dynamodb_table" "{}" {{\n  name = "a"\n  hash_key = "b"\n}}\n'
    moved = "moved {\n  from = aws_dynamodb_table.old\n  to   = aws_dynamodb_table.new\n}\n"
    assert boxes(diagram(graph_of(queue.format("new"), moved), graph_of(queue.format("old")))) == {("DynamoDB table", "new", "", "same")}


def test_a_bucket_that_nothing_leads_to_is_no_part_of_the_picture() -> None:
    assert diagram(graph_of('resource "aws_s3_bucket" "logs" {}\n'), compared=False).nodes == ()


SHOP = """
resource "aws_lb" "shop" {
  internal = INTERNAL
  subnets  = [aws_subnet.public.id]
}

resource "aws_lb_target_group" "shop" {
  port     = 80
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_listener" "shop" {
  load_balancer_arn = aws_lb.shop.arn
  port              = 80

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.shop.arn
  }
}

resource "aws_ecs_service" "shop" {
  name = "shop"

  load_balancer {
    target_group_arn = aws_lb_target_group.shop.arn
    container_name   = "shop"
    container_port   = 80
  }
}
"""


def test_listeners_and_target_groups_are_followed_not_drawn() -> None:
    drawn = diagram(graph_of(NETWORK, SHOP.replace("INTERNAL", "false")), compared=False)
    assert [(node.kind, node.name) for node in drawn.nodes] == [("", "Internet"), ("ECS service", "shop"), ("Load balancer", "shop")]
    assert len(drawn.arrows) == 2


def test_an_internal_load_balancer_is_not_reached_from_the_internet() -> None:
    drawn = diagram(graph_of(NETWORK, SHOP.replace("INTERNAL", "true")), compared=False)
    assert [node.name for node in drawn.nodes] == ["shop", "shop"]


def test_a_big_architecture_is_drawn_by_type_and_module() -> None:
    many = "".join(f'resource "aws_dynamodb_table" "t{n}" {{\n  name = "t{n}"\n}}\n' for n in range(MOST_NODES + 1))
    drawn = diagram(graph_of(many), compared=False)
    assert [(node.kind, node.name, node.count) for node in drawn.nodes] == [("DynamoDB table", "root module", MOST_NODES + 1)]


HOSTILE = """
resource "aws_dynamodb_table" "x" {
  for_each = toset(["\\"]; click n0 \\"https://evil.example\\"", "<script>", "%% end", "`**md**`", "1. list"])
  name     = each.key
}
"""


@pytest.mark.parametrize(
    "drawn", [diagram(game(2), game(1)), diagram(graph_of(HOSTILE)), diagram(graph_of(NETWORK, SHOP)), diagram(game(0))]
)
def test_a_flowchart_has_no_line_but_the_ones_that_are_meant(drawn: Diagram) -> None:
    box = r'n\d+(\(\("[^"]*"\)\)|\(\["[^"]*"\]\)|\["[^"]*"\]|\[\("[^"]*"\)\]|\[\["[^"]*"\]\]|\{\{"[^"]*"\}\})'
    line = re.compile(rf'  (  )?{box}|  subgraph z\d+\["[^"]*"\]|  end|  n\d+ --> n\d+|  classDef \w+ [\w:#,\- ]+|  class [n\d,]+ \w+')
    first, *rest = mermaid(drawn).splitlines()
    assert first == "flowchart TB"
    assert [text for text in rest if not line.fullmatch(text)] == []


def test_every_arrow_and_class_names_a_box() -> None:
    text = mermaid(diagram(game(2), game(1)))
    drawn = set(re.findall(r"^ +(n\d+)[\[({]", text, re.MULTILINE))
    named = set(re.findall(r"\bn\d+\b", "\n".join(re.findall(r"^  (?:n\d+ -->|class ).*$", text, re.MULTILINE))))
    assert named <= drawn


def test_a_flowchart_says_in_words_what_its_colours_say() -> None:
    text = mermaid(diagram(game(2), game(1)))
    assert '["EC2 instance · new<br/>game[1]"]' in text
    assert "  class n3 added" in text


def test_a_digraph_quotes_what_a_stranger_wrote() -> None:
    text = dot(diagram(graph_of(HOSTILE), compared=False))
    assert [line for line in text.splitlines() if len(re.findall(r'(?<!\\)"', line)) % 2] == []


def test_the_same_graphs_give_the_same_bytes() -> None:
    assert mermaid(diagram(game(2), game(1))) == mermaid(diagram(game(2), game(1)))
