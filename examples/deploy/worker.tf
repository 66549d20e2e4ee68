# Workers take reviews from the queue. What is waiting keeps their processors busy, so their number follows the CPU. A worker that
# dies loses nothing: its job is in the database and another one takes it.

resource "aws_ecs_task_definition" "worker" {
  family                   = "${var.name}-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 2048
  execution_role_arn       = aws_iam_role.execution.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  volume {
    name = "tmp"
  }

  container_definitions = jsonencode([merge(local.container, {
    name    = "worker"
    command = ["worker"]
    # One review at a time, with less memory than the task has: what grows too large ends alone. More at a time is more tasks.
    environment      = concat(local.container.environment, [{ name = "CLOPS_WORKERS", value = "1" }, { name = "CLOPS_REVIEW_MEMORY_MIB", value = "1536" }])
    logConfiguration = local.logs["worker"]
    stopTimeout      = 120 # the most that Fargate allows: most reviews that have begun can end, the others begin anew

    # As the load balancer asks the web: see there.
    healthCheck = {
      command     = ["CMD", "python", "-c", "import http.client; asked = http.client.HTTPConnection('127.0.0.1', ${local.port}, timeout=4); asked.request('GET', '/readyz'); raise SystemExit(asked.getresponse().status != 200)"]
      interval    = 30
      timeout     = 5
      retries     = 5
      startPeriod = 60
    }
  })])
}

resource "aws_ecs_service" "worker" {
  name            = "${var.name}-worker"
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.worker.arn
  launch_type     = "FARGATE"
  desired_count   = var.workers.least

  deployment_minimum_healthy_percent = 50
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = [for subnet in aws_subnet.private : subnet.id]
    security_groups  = [aws_security_group.worker.id]
    assign_public_ip = false
  }

  depends_on = [aws_iam_role_policy.secrets, aws_route_table_association.private]

  lifecycle {
    ignore_changes = [desired_count] # autoscaling's
  }
}

resource "aws_appautoscaling_target" "worker" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.worker.name}"
  min_capacity       = var.workers.least
  max_capacity       = var.workers.most
}

resource "aws_appautoscaling_policy" "worker_cpu" {
  name               = "${var.name}-worker-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.worker.service_namespace
  scalable_dimension = aws_appautoscaling_target.worker.scalable_dimension
  resource_id        = aws_appautoscaling_target.worker.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 50
    scale_in_cooldown  = 300
    scale_out_cooldown = 60

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}
