resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = "api"
  desired_count   = 2
}

# It starts as one and is two a moment later: the target's floor counts.
resource "aws_ecs_service" "match" {
  name            = "match"
  cluster         = "main"
  task_definition = "match"
  desired_count   = 1
}

resource "aws_appautoscaling_target" "match" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/main/${aws_ecs_service.match.name}"
  min_capacity       = 2
  max_capacity       = 8
}

# At most one at a time: two schedulers would do everything twice.
resource "aws_ecs_service" "scheduler" {
  name                               = "scheduler"
  task_definition                    = "scheduler"
  desired_count                      = 1
  deployment_maximum_percent         = 100
  deployment_minimum_healthy_percent = 0
}
