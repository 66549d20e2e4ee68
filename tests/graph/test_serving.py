"""Who stands before compute: load balancers through listeners and target groups, and API gateways."""

from __future__ import annotations

import pytest

from tests.graph.roots import addresses, at, reading_of

BALANCER = """
resource "aws_lb" "web" {}

resource "aws_lb_target_group" "web" {
  port = 80
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}
"""


def before(text: str, address: str) -> list[str] | str:
    reading = reading_of(text)
    return addresses(reading.load_balancers(at(reading, address)))


ATTACHED_INSTANCE = """
resource "aws_instance" "i" {}
resource "aws_lb_target_group_attachment" "a" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.i.id
}
"""


def test_an_attached_instance_is_behind_the_load_balancer() -> None:
    assert before(BALANCER + ATTACHED_INSTANCE, "aws_instance.i") == ["aws_lb.web"]


def test_the_older_names_of_the_types_mean_the_same() -> None:
    assert before((BALANCER + ATTACHED_INSTANCE).replace("aws_lb", "aws_alb"), "aws_instance.i") == ["aws_alb.web"]


def test_instances_attached_one_by_one_are_each_behind_it() -> None:
    text = """
    resource "aws_instance" "i" {
      count = 2
    }
    resource "aws_lb_target_group_attachment" "a" {
      count            = length(aws_instance.i)
      target_group_arn = aws_lb_target_group.web.arn
      target_id        = aws_instance.i[count.index].id
    }
    """
    assert before(BALANCER + text, "aws_instance.i[1]") == ["aws_lb.web"]


def test_an_instance_beside_the_attached_one_is_not_behind_it() -> None:
    assert before(BALANCER + ATTACHED_INSTANCE + 'resource "aws_instance" "j" {}\n', "aws_instance.j") == []


@pytest.mark.parametrize(
    "group",
    [
        'resource "aws_autoscaling_group" "g" {\n  target_group_arns = [aws_lb_target_group.web.arn]\n}\n',
        'resource "aws_autoscaling_group" "g" {\n  traffic_source {\n    identifier = aws_lb_target_group.web.arn\n  }\n}\n',
        'resource "aws_autoscaling_group" "g" {}\nresource "aws_autoscaling_attachment" "a" {\n'
        "  autoscaling_group_name = aws_autoscaling_group.g.name\n  lb_target_group_arn = aws_lb_target_group.web.arn\n}\n",
        'resource "aws_autoscaling_group" "g" {\n  name = "web"\n}\nresource "aws_autoscaling_attachment" "a" {\n'
        '  autoscaling_group_name = "web"\n  lb_target_group_arn = aws_lb_target_group.web.arn\n}\n',
        'resource "aws_autoscaling_group" "g" {}\nresource "aws_autoscaling_traffic_source_attachment" "a" {\n'
        "  autoscaling_group_name = aws_autoscaling_group.g.id\n  traffic_source {\n    identifier = aws_lb_target_group.web.arn\n  }\n}\n",
    ],
    ids=["arns", "traffic source", "attachment", "attachment by name", "traffic source attachment"],
)
def test_a_group_is_behind_it_however_that_is_written(group: str) -> None:
    assert before(BALANCER + group, "aws_autoscaling_group.g") == ["aws_lb.web"]


def test_a_service_is_behind_it_by_its_load_balancer_block() -> None:
    text = 'resource "aws_ecs_service" "s" {\n  load_balancer {\n    target_group_arn = aws_lb_target_group.web.arn\n  }\n}\n'
    assert before(BALANCER + text, "aws_ecs_service.s") == ["aws_lb.web"]


@pytest.mark.parametrize(
    "action",
    [
        'type = "forward"\n    target_group_arn = aws_lb_target_group.api.arn',
        'type = "forward"\n    forward {\n      target_group {\n        arn = aws_lb_target_group.api.arn\n      }\n    }',
    ],
    ids=["arn", "forward block"],
)
def test_a_listener_rule_leads_to_its_target_group(action: str) -> None:
    text = f"""
    resource "aws_lb_target_group" "api" {{}}
    resource "aws_lb_listener_rule" "api" {{
      listener_arn = aws_lb_listener.web.arn
      action {{
        {action}
      }}
    }}
    resource "aws_autoscaling_group" "g" {{
      target_group_arns = [aws_lb_target_group.api.arn]
    }}
    """
    assert before(BALANCER + text, "aws_autoscaling_group.g") == ["aws_lb.web"]


def test_a_classic_load_balancer_names_its_instances() -> None:
    text = 'resource "aws_instance" "i" {}\nresource "aws_elb" "e" {\n  instances = [aws_instance.i.id]\n}\n'
    assert before(text, "aws_instance.i") == ["aws_elb.e"]


def test_a_group_names_its_classic_load_balancer() -> None:
    text = 'resource "aws_elb" "e" {\n  name = "web"\n}\nresource "aws_autoscaling_group" "g" {\n  load_balancers = [aws_elb.e.name]\n}\n'
    assert before(text, "aws_autoscaling_group.g") == ["aws_elb.e"]


def test_a_classic_attachment_is_one_too() -> None:
    text = 'resource "aws_elb" "e" {}\nresource "aws_instance" "i" {}\nresource "aws_elb_attachment" "a" {\n'
    assert before(text + "  elb = aws_elb.e.id\n  instance = aws_instance.i.id\n}\n", "aws_instance.i") == ["aws_elb.e"]


def test_an_api_gateway_reaches_a_service_through_a_vpc_link() -> None:
    text = BALANCER + (
        'resource "aws_api_gateway_vpc_link" "l" {\n  target_arns = [aws_lb.web.arn]\n}\n'
        'resource "aws_api_gateway_rest_api" "a" {}\n'
        'resource "aws_api_gateway_integration" "i" {\n  rest_api_id = aws_api_gateway_rest_api.a.id\n'
        "  connection_id = aws_api_gateway_vpc_link.l.id\n}\n"
        'resource "aws_ecs_service" "s" {\n  load_balancer {\n    target_group_arn = aws_lb_target_group.web.arn\n  }\n}\n'
    )
    assert before(text, "aws_ecs_service.s") == ["aws_api_gateway_rest_api.a", "aws_lb.web"]


def test_an_http_api_may_reach_a_service_by_its_registry() -> None:
    text = """
    resource "aws_service_discovery_service" "d" {}
    resource "aws_ecs_service" "s" {
      service_registries {
        registry_arn = aws_service_discovery_service.d.arn
      }
    }
    resource "aws_apigatewayv2_api" "a" {}
    resource "aws_apigatewayv2_vpc_link" "l" {}
    resource "aws_apigatewayv2_integration" "i" {
      api_id          = aws_apigatewayv2_api.a.id
      connection_id   = aws_apigatewayv2_vpc_link.l.id
      integration_uri = aws_service_discovery_service.d.arn
    }
    """
    assert before(text, "aws_ecs_service.s") == ["aws_apigatewayv2_api.a"]


def test_nothing_stands_before_what_nobody_names() -> None:
    assert before(BALANCER + 'resource "aws_autoscaling_group" "g" {}\n', "aws_autoscaling_group.g") == []


@pytest.mark.parametrize(
    "text",
    [
        'variable "arns" {}\nresource "aws_autoscaling_group" "g" {\n  target_group_arns = var.arns\n}\n',
        'module "alb" {\n  source = "acme/alb/aws"\n}\nresource "aws_autoscaling_group" "g" {\n  target_group_arns = module.alb.arns\n}\n',
        'resource "aws_autoscaling_group" "g" {}\nmodule "alb" {\n  source = "acme/alb/aws"\n  group = aws_autoscaling_group.g.name\n}\n',
        'resource "aws_lb_target_group" "t" {}\n'
        'resource "aws_autoscaling_group" "g" {\n  target_group_arns = [aws_lb_target_group.t.arn]\n}\n',
    ],
    ids=["variable", "module output", "given to a module", "no listener in this root"],
)
def test_what_may_come_from_elsewhere_is_unknown(text: str) -> None:
    assert isinstance(before(text, "aws_autoscaling_group.g"), str)


def test_kubernetes_and_beanstalk_decide_themselves() -> None:
    assert "Kubernetes" in before('resource "aws_eks_node_group" "n" {}\n', "aws_eks_node_group.n")
    text = 'resource "aws_elastic_beanstalk_environment" "e" {}\n'
    assert "Beanstalk" in before(text, "aws_elastic_beanstalk_environment.e")


def test_a_beanstalk_environment_of_one_instance_has_none() -> None:
    text = (
        'resource "aws_elastic_beanstalk_environment" "e" {\n  setting {\n    namespace = "aws:elasticbeanstalk:environment"\n'
        '    name = "EnvironmentType"\n    value = "SingleInstance"\n  }\n}\n'
    )
    assert before(text, "aws_elastic_beanstalk_environment.e") == []


def test_a_group_that_joins_a_kubernetes_cluster_is_decided_by_it() -> None:
    text = 'resource "aws_autoscaling_group" "g" {\n  tag {\n    key = "kubernetes.io/cluster/main"\n    value = "owned"\n'
    assert "Kubernetes" in before(text + "    propagate_at_launch = true\n  }\n}\n", "aws_autoscaling_group.g")


def test_a_group_that_runs_a_service_gets_the_services_traffic() -> None:
    text = """
    resource "aws_autoscaling_group" "g" {}
    resource "aws_ecs_capacity_provider" "p" {
      name = "instances"
      auto_scaling_group_provider {
        auto_scaling_group_arn = aws_autoscaling_group.g.arn
      }
    }
    resource "aws_ecs_service" "s" {
      capacity_provider_strategy {
        capacity_provider = aws_ecs_capacity_provider.p.name
      }
      load_balancer {
        target_group_arn = aws_lb_target_group.web.arn
      }
    }
    """
    assert before(BALANCER + text, "aws_autoscaling_group.g") == ["aws_lb.web"]
