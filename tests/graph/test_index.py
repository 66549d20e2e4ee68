"""What a reading remembers of its answers changes none of them."""

from __future__ import annotations

from collections.abc import Iterable

from clops_app.graph.aws import Reading
from tests.graph.roots import NETWORK, reading_of

WEB = (
    NETWORK
    + """
resource "aws_lb" "web" {
  subnets         = aws_subnet.front[*].id
  security_groups = [aws_security_group.web.id]
}

resource "aws_lb_target_group" "web" {}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_instance" "web" {
  count                  = 2
  subnet_id              = aws_subnet.front[count.index].id
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web[0].id
}
"""
)


def answers(reading: Reading, addresses: Iterable[str]) -> dict[str, tuple[object, ...]]:
    resources = [reading.graph.resources[address] for address in addresses]
    questions = (
        reading.zones,
        reading.load_balancers,
        reading.security_groups,
        reading.open_ports,
        reading.publicly_reachable,
        reading.role,
    )
    return {resource.address: tuple(ask(resource) for ask in questions) for resource in resources}


def test_an_answer_does_not_depend_on_what_was_asked_before() -> None:
    one, other = reading_of(WEB), reading_of(WEB)
    addresses = list(one.graph.resources)
    assert answers(one, addresses) == answers(other, reversed(addresses)) == answers(one, addresses)


def test_two_instances_of_one_block_are_answered_for_apart() -> None:
    reading = reading_of(WEB)
    behind, alone = (reading.graph.resources[f"aws_instance.web[{number}]"] for number in range(2))
    assert (reading.load_balancers(behind), reading.load_balancers(alone)) == ((reading.graph.resources["aws_lb.web"],), ())
