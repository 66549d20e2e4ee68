"""What runs and waits without instances, priced in us-east-1 and ap-northeast-2.

Each line: name, quantity a month (None where it depends on usage), unit price in us-east-1 and in ap-northeast-2, and the row
of the gathered price lists that both were read from (file service: item), not through the compiled book.
"""

from __future__ import annotations

from tests.cost.case import Case, Expected

CASES = (
    Case(
        "an ECS service on Fargate",
        "aws_ecs_service.x",
        """
        resource "aws_ecs_task_definition" "t" {
          family                   = "t"
          requires_compatibilities = ["FARGATE"]
          network_mode             = "awsvpc"
          cpu                      = "512"
          memory                   = "1024"
          container_definitions    = "[]"
        }
        resource "aws_ecs_service" "x" {
          name            = "x"
          launch_type     = "FARGATE"
          desired_count   = 2
          task_definition = aws_ecs_task_definition.t.arn
          network_configuration {
            subnets          = ["subnet-1"]
            assign_public_ip = true
          }
        }
        """,
        (
            Expected("Fargate CPU", "730", "0.04048", "0.04656"),  # ecs: perCPU per hour
            Expected("Fargate memory", "1460", "0.004445", "0.00511"),  # ecs: perGB per hour
            Expected("Public IPv4 address", "1460", "0.005", "0.005"),  # vpc: Hourly charge for In use Public IPv4 Addresses per Hrs
        ),
    ),
    Case(
        "an ECS service on Fargate with ARM and more storage",
        "aws_ecs_service.x",
        """
        resource "aws_ecs_task_definition" "t" {
          family                   = "t"
          requires_compatibilities = ["FARGATE"]
          network_mode             = "awsvpc"
          cpu                      = "512"
          memory                   = "1024"
          container_definitions    = "[]"
          ephemeral_storage {
            size_in_gib = 50
          }
          runtime_platform {
            cpu_architecture = "ARM64"
          }
        }
        resource "aws_ecs_service" "x" {
          name            = "x"
          launch_type     = "FARGATE"
          desired_count   = 1
          task_definition = aws_ecs_task_definition.t.arn
        }
        """,
        (
            Expected("Fargate CPU (ARM)", "365", "0.03238", "0.03725"),  # ecs: ARM perCPU per hour
            Expected("Fargate memory (ARM)", "730", "0.00356", "0.00409"),  # ecs: ARM perGB per hour
            Expected("Ephemeral storage above 20 GB", "21900", "0.000111", "0.000127"),  # ecs: Storage per GB-Hours
        ),
    ),
    Case(
        "an ECS service whose scaling target keeps three",
        "aws_ecs_service.x",
        """
        resource "aws_ecs_task_definition" "t" {
          family                   = "t"
          requires_compatibilities = ["FARGATE"]
          network_mode             = "awsvpc"
          cpu                      = "512"
          memory                   = "1024"
          container_definitions    = "[]"
        }
        resource "aws_ecs_cluster" "c" {
          name = "c"
        }
        resource "aws_ecs_service" "x" {
          name            = "x"
          cluster         = aws_ecs_cluster.c.id
          launch_type     = "FARGATE"
          desired_count   = 1
          task_definition = aws_ecs_task_definition.t.arn
        }
        resource "aws_appautoscaling_target" "s" {
          min_capacity       = 3
          max_capacity       = 9
          resource_id        = "service/${aws_ecs_cluster.c.name}/${aws_ecs_service.x.name}"
          scalable_dimension = "ecs:service:DesiredCount"
          service_namespace  = "ecs"
        }
        """,
        (
            Expected("Fargate CPU", "1095", "0.04048", "0.04656"),  # ecs: perCPU per hour
            Expected("Fargate memory", "2190", "0.004445", "0.00511"),  # ecs: perGB per hour
        ),
    ),
    Case(
        "a Lambda function",
        "aws_lambda_function.x",
        """
        resource "aws_lambda_function" "x" {
          function_name = "x"
          role          = "arn:aws:iam::1:role/x"
          memory_size   = 512
          ephemeral_storage {
            size = 1536
          }
        }
        """,
        (
            Expected("Requests", "1000000", "0.0000002", "0.0000002"),  # lambda: Lambda Requests
            Expected("Duration (first 6 billion)", "100000", "0.0000166667", "0.0000166667"),  # lambda: Lambda Duration
            Expected("Ephemeral storage above 512 MB", "200000", "0.0000000309", "0.0000000352"),  # lambda: Lambda Storage-Duration
        ),
        usage={"aws_lambda_function": {"monthly_requests": 1000000, "request_duration_ms": 200}},
    ),
    Case(
        "a Lambda function on Arm, busy enough for the second tier",
        "aws_lambda_function.x",
        """
        resource "aws_lambda_function" "x" {
          function_name = "x"
          role          = "arn:aws:iam::1:role/x"
          memory_size   = 512
          architectures = ["arm64"]
        }
        """,
        (
            Expected("Requests", "20000000000", "0.0000002", "0.0000002"),  # lambda: Lambda Requests-ARM
            Expected("Duration (first 7.5 billion)", "7500000000", "0.0000133334", "0.0000133334"),  # lambda: Lambda Duration-ARM
            Expected("Duration (next 11.25 billion)", "2500000000", "0.0000120001", "0.0000120001"),  # lambda: Lambda Duration-ARM Tier2
        ),
        usage={"aws_lambda_function": {"monthly_requests": "20_000_000_000", "request_duration_ms": 1000}},
    ),
    Case(
        "provisioned concurrency",
        "aws_lambda_provisioned_concurrency_config.x",
        """
        resource "aws_lambda_function" "f" {
          function_name = "x"
          role          = "arn:aws:iam::1:role/x"
          memory_size   = 512
        }
        resource "aws_lambda_provisioned_concurrency_config" "x" {
          function_name                     = aws_lambda_function.f.function_name
          provisioned_concurrent_executions = 2
          qualifier                         = "1"
        }
        """,
        (
            Expected("Provisioned concurrency", "2628000.0", "0.0000041667", "0.0000051254"),  # lambda: Lambda Provisioned-Concurrency
            Expected("Duration, provisioned", None, "0.0000097222", "0.0000119592"),  # lambda: Lambda Duration-Provisioned
        ),
    ),
    Case(
        "a queue, whose large messages count twice",
        "aws_sqs_queue.x",
        """
        resource "aws_sqs_queue" "x" {
          name = "x"
        }
        """,
        (
            Expected("Requests (first 100 billion)", "2000000", "0.0000004", "0.0000004"),  # queueservice: Standard per Requests
        ),
        usage={"aws_sqs_queue": {"monthly_requests": 1000000, "request_size_kb": 65}},
    ),
    Case(
        "a FIFO queue",
        "aws_sqs_queue.x",
        """
        resource "aws_sqs_queue" "x" {
          name       = "x.fifo"
          fifo_queue = true
        }
        """,
        (
            Expected("Requests (first 100 billion)", None, "0.0000005", "0.0000005"),  # queueservice: FIFO first-in first-out per Requests
        ),
    ),
    Case(
        "a topic with an e-mail subscription",
        "aws_sns_topic.x",
        """
        resource "aws_sns_topic" "x" {
          name = "x"
        }
        resource "aws_sns_topic_subscription" "s" {
          topic_arn = aws_sns_topic.x.arn
          protocol  = "email"
          endpoint  = "a@example.com"
        }
        """,
        (
            Expected("Requests", "1000", "0.0000005", "0.0000005"),  # sns: Amazon SNS API Requests
            Expected("Email deliveries", "1000", "0.00002", "0.00002"),  # sns: SNS Email and Email JSON Notifications
        ),
        usage={"aws_sns_topic": {"monthly_requests": 1000}},
    ),
    Case(
        "a REST API",
        "aws_api_gateway_rest_api.x",
        """
        resource "aws_api_gateway_rest_api" "x" {
          name = "x"
        }
        """,
        (
            Expected(
                "Requests (first 333 million)", "333000000", "0.0000035", "0.0000035"
            ),  # apigateway: API Calls Number of up to 333 million
            Expected(
                "Requests (next 667 million)", "17000000", "0.0000028", "0.00000319"
            ),  # apigateway: API Calls Number of Request Next 667 million
        ),
        usage={"aws_api_gateway_rest_api": {"monthly_requests": 350000000}},
    ),
    Case(
        "a stage with a cache",
        "aws_api_gateway_stage.x",
        """
        resource "aws_api_gateway_stage" "x" {
          rest_api_id           = "a"
          deployment_id         = "d"
          stage_name            = "prod"
          cache_cluster_enabled = true
          cache_cluster_size    = "1.6"
        }
        """,
        (
            Expected("Cache, 1.6 GB", "730", "0.038", "0.038"),  # apigateway: Caching Memory Size 1 6
        ),
    ),
    Case(
        "an HTTP API",
        "aws_apigatewayv2_api.x",
        """
        resource "aws_apigatewayv2_api" "x" {
          name          = "x"
          protocol_type = "HTTP"
        }
        """,
        (
            Expected(
                "Requests (first 300 million)", "1000000", "0.000001", "0.00000123"
            ),  # apigateway: ApiGatewayHttpApi First 300 million
        ),
        usage={"aws_apigatewayv2_api": {"monthly_requests": 1000000}},
    ),
    Case(
        "a WebSocket API",
        "aws_apigatewayv2_api.x",
        """
        resource "aws_apigatewayv2_api" "x" {
          name          = "x"
          protocol_type = "WEBSOCKET"
        }
        """,
        (
            Expected(
                "Messages (first billion)", "2000000", "0.000001", "0.00000114"
            ),  # apigateway: WebSocket Messages Messages first 1 billion
            Expected("Connection minutes", "500", "0.00000025", "0.000000285"),  # apigateway: WebSocket Connection Minutes
        ),
        usage={"aws_apigatewayv2_api": {"message_size_kb": 33, "monthly_connection_mins": 500, "monthly_messages": 1000000}},
    ),
)
