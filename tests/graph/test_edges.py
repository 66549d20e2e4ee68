"""Edges with a meaning, each by its own proof and none without."""

from __future__ import annotations

import pytest

from clops_app.graph.aws.edges import derived_edges
from clops_app.model.graph import EdgeKind
from tests.graph.roots import NETWORK, arrows, graph_of


def derived(text: str, kind: EdgeKind) -> list[str]:
    return arrows(derived_edges(graph_of(text)), kind)


ALB = """
resource "aws_lb" "l" {
  subnets         = aws_subnet.front[*].id
  security_groups = [aws_security_group.web.id]
}
resource "aws_lb_target_group" "t" {}
resource "aws_lb_listener" "h" {
  load_balancer_arn = aws_lb.l.arn
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.t.arn
  }
}
"""


def test_what_is_in_a_subnet_is_placed_in_it_and_the_subnet_in_its_vpc() -> None:
    found = derived(NETWORK + ALB, "placed_in")
    assert "aws_lb.l -> aws_subnet.front[0]" in found
    assert "aws_subnet.front[0] -> aws_vpc.main" in found
    assert "aws_lb.l -> aws_subnet.back[0]" not in found


def test_an_edge_stands_where_the_attribute_says_so() -> None:
    graph = graph_of(NETWORK + ALB)
    edge = next(edge for edge in derived_edges(graph) if edge.kind == "routes_to")
    assert (edge.via, edge.span) == (
        "default_action[0].target_group_arn",
        graph.resources["aws_lb_listener.h"].spans["default_action[0].target_group_arn"],
    )


def test_a_request_goes_from_name_to_distribution_to_balancer_to_group() -> None:
    text = (
        NETWORK
        + ALB
        + """
    resource "aws_cloudfront_distribution" "d" {
      origin {
        origin_id   = "app"
        domain_name = aws_lb.l.dns_name
      }
    }
    resource "aws_route53_record" "www" {
      alias {
        name = aws_cloudfront_distribution.d.domain_name
      }
    }
    resource "aws_route53_record" "direct" {
      records = [aws_eip.e.public_ip]
    }
    resource "aws_eip" "e" {
      instance = aws_instance.i.id
    }
    resource "aws_instance" "i" {}
    """
    )
    assert derived(text, "routes_to") == [
        "aws_cloudfront_distribution.d -> aws_lb.l",
        "aws_eip.e -> aws_instance.i",
        "aws_lb.l -> aws_lb_target_group.t",
        "aws_route53_record.direct -> aws_eip.e",
        "aws_route53_record.www -> aws_cloudfront_distribution.d",
    ]


def test_a_rule_forwards_to_its_own_target_group() -> None:
    text = ALB + (
        'resource "aws_lb_target_group" "api" {}\nresource "aws_lb_listener_rule" "r" {\n  listener_arn = aws_lb_listener.h.arn\n'
        '  action {\n    type = "forward"\n    target_group_arn = aws_lb_target_group.api.arn\n  }\n}\n'
    )
    assert derived(text, "routes_to") == ["aws_lb.l -> aws_lb_target_group.api", "aws_lb.l -> aws_lb_target_group.t"]


def test_target_groups_are_served_by_what_is_registered() -> None:
    text = ALB + (
        'resource "aws_autoscaling_group" "g" {\n  target_group_arns = [aws_lb_target_group.t.arn]\n}\n'
        'resource "aws_lambda_function" "f" {}\nresource "aws_lb_target_group_attachment" "a" {\n'
        "  target_group_arn = aws_lb_target_group.t.arn\n  target_id = aws_lambda_function.f.arn\n}\n"
    )
    assert derived(text, "serves") == ["aws_lb_target_group.t -> aws_autoscaling_group.g", "aws_lb_target_group.t -> aws_lambda_function.f"]


FUNCTION = 'resource "aws_lambda_function" "f" {}\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'resource "aws_sqs_queue" "q" {}\nresource "aws_lambda_event_source_mapping" "m" {\n'
            "  event_source_arn = aws_sqs_queue.q.arn\n  function_name = aws_lambda_function.f.arn\n}\n",
            ["aws_sqs_queue.q -> aws_lambda_function.f"],
        ),
        (
            'resource "aws_sns_topic" "t" {}\nresource "aws_sns_topic_subscription" "s" {\n'
            "  topic_arn = aws_sns_topic.t.arn\n  endpoint = aws_lambda_function.f.arn\n}\n",
            ["aws_sns_topic.t -> aws_lambda_function.f"],
        ),
        (
            'resource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_notification" "n" {\n  bucket = aws_s3_bucket.b.id\n'
            "  lambda_function {\n    lambda_function_arn = aws_lambda_function.f.arn\n  }\n}\n",
            ["aws_s3_bucket.b -> aws_lambda_function.f"],
        ),
        (
            'resource "aws_cloudwatch_event_rule" "r" {}\nresource "aws_cloudwatch_event_target" "t" {\n'
            "  rule = aws_cloudwatch_event_rule.r.name\n  arn = aws_lambda_function.f.arn\n}\n",
            ["aws_cloudwatch_event_rule.r -> aws_lambda_function.f"],
        ),
        (
            'resource "aws_apigatewayv2_api" "a" {}\nresource "aws_apigatewayv2_integration" "i" {\n'
            "  api_id = aws_apigatewayv2_api.a.id\n  integration_uri = aws_lambda_function.f.invoke_arn\n}\n",
            ["aws_apigatewayv2_api.a -> aws_lambda_function.f"],
        ),
        (
            'resource "aws_sfn_state_machine" "m" {\n  definition = jsonencode({ Resource = aws_lambda_function.f.arn })\n}\n',
            ["aws_sfn_state_machine.m -> aws_lambda_function.f"],
        ),
        ('resource "aws_lambda_permission" "p" {\n  function_name = aws_lambda_function.f.function_name\n}\n', []),
    ],
    ids=["queue", "topic", "bucket", "rule", "api", "state machine", "a permission alone"],
)
def test_an_event_invokes_its_handler(text: str, expected: list[str]) -> None:
    assert derived(FUNCTION + text, "invokes") == expected


def test_an_environment_variable_says_what_a_function_uses() -> None:
    text = 'resource "aws_dynamodb_table" "t" {}\nresource "aws_lambda_function" "f" {\n  environment {\n    variables = {\n'
    assert derived(text + "      TABLE = aws_dynamodb_table.t.name\n    }\n  }\n}\n", "reads_writes") == [
        "aws_lambda_function.f -> aws_dynamodb_table.t"
    ]


def test_a_task_definition_and_its_secrets_say_what_a_service_uses() -> None:
    text = """
    resource "aws_elasticache_cluster" "c" {}
    resource "aws_db_instance" "d" {}
    resource "aws_secretsmanager_secret" "s" {}
    resource "aws_secretsmanager_secret_version" "v" {
      secret_id     = aws_secretsmanager_secret.s.id
      secret_string = jsonencode({ host = aws_db_instance.d.address })
    }
    resource "aws_ecs_task_definition" "t" {
      container_definitions = jsonencode([{
        environment = [{ name = "REDIS", value = aws_elasticache_cluster.c.cluster_address }]
        secrets     = [{ name = "DB", valueFrom = aws_secretsmanager_secret.s.arn }]
      }])
    }
    resource "aws_ecs_service" "s" {
      task_definition = aws_ecs_task_definition.t.arn
    }
    """
    assert derived(text, "reads_writes") == ["aws_ecs_service.s -> aws_db_instance.d", "aws_ecs_service.s -> aws_elasticache_cluster.c"]


def test_a_security_group_that_admits_compute_says_what_it_uses() -> None:
    text = """
    resource "aws_security_group" "app" {}
    resource "aws_security_group" "db" {
      ingress {
        from_port       = 5432
        to_port         = 5432
        protocol        = "tcp"
        security_groups = [aws_security_group.app.id]
      }
    }
    resource "aws_security_group" "cache" {}
    resource "aws_vpc_security_group_ingress_rule" "cache" {
      security_group_id            = aws_security_group.cache.id
      referenced_security_group_id = aws_security_group.app.id
      ip_protocol                  = "-1"
    }
    resource "aws_instance" "i" {
      vpc_security_group_ids = [aws_security_group.app.id]
    }
    resource "aws_db_instance" "d" {
      vpc_security_group_ids = [aws_security_group.db.id]
    }
    resource "aws_elasticache_replication_group" "r" {
      security_group_ids = [aws_security_group.cache.id]
    }
    """
    assert derived(text, "reads_writes") == ["aws_instance.i -> aws_db_instance.d", "aws_instance.i -> aws_elasticache_replication_group.r"]


def test_a_roles_policy_says_what_a_function_uses() -> None:
    text = """
    resource "aws_s3_bucket" "b" {}
    data "aws_iam_policy_document" "p" {
      statement {
        actions   = ["s3:GetObject"]
        resources = ["${aws_s3_bucket.b.arn}/*"]
      }
    }
    resource "aws_iam_role" "r" {}
    resource "aws_iam_role_policy" "p" {
      role   = aws_iam_role.r.id
      policy = data.aws_iam_policy_document.p.json
    }
    resource "aws_lambda_function" "f" {
      role = aws_iam_role.r.arn
    }
    """
    assert derived(text, "reads_writes") == ["aws_lambda_function.f -> aws_s3_bucket.b"]


def test_waiting_for_a_database_is_no_use_of_it() -> None:
    text = 'resource "aws_db_instance" "d" {}\nresource "aws_lambda_function" "f" {\n  depends_on = [aws_db_instance.d]\n}\n'
    assert derived(text, "reads_writes") == []


def test_scalers_scale_and_alarms_watch() -> None:
    text = """
    resource "aws_autoscaling_group" "g" {}
    resource "aws_autoscaling_policy" "p" {
      autoscaling_group_name = aws_autoscaling_group.g.name
    }
    resource "aws_cloudwatch_metric_alarm" "a" {
      alarm_actions = [aws_autoscaling_policy.p.arn]
      dimensions = {
        AutoScalingGroupName = aws_autoscaling_group.g.name
      }
    }
    """
    assert derived(text, "scales") == ["aws_autoscaling_policy.p -> aws_autoscaling_group.g"]
    assert derived(text, "watches") == ["aws_cloudwatch_metric_alarm.a -> aws_autoscaling_group.g"]


def test_groups_and_firewalls_guard() -> None:
    text = (
        NETWORK
        + ALB
        + 'resource "aws_wafv2_web_acl" "w" {}\nresource "aws_wafv2_web_acl_association" "a" {\n'
        + "  web_acl_arn = aws_wafv2_web_acl.w.arn\n  resource_arn = aws_lb.l.arn\n}\n"
        + 'resource "aws_cloudfront_distribution" "d" {\n  web_acl_id = aws_wafv2_web_acl.w.arn\n}\n'
    )
    assert derived(text, "guards") == [
        "aws_security_group.web -> aws_lb.l",
        "aws_wafv2_web_acl.w -> aws_cloudfront_distribution.d",
        "aws_wafv2_web_acl.w -> aws_lb.l",
    ]


def test_a_selection_backs_up_what_it_names() -> None:
    text = 'resource "aws_db_instance" "d" {}\nresource "aws_backup_selection" "s" {\n  resources = [aws_db_instance.d.arn]\n}\n'
    assert derived(text, "backs_up") == ["aws_backup_selection.s -> aws_db_instance.d"]
