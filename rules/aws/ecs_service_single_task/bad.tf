resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = "api"
  desired_count   = 1 # expect: aws/ecs_service_single_task
}

resource "aws_ecs_service" "match" {
  name            = "match"
  cluster         = "main"
  task_definition = "match"
  desired_count   = 2
}

resource "aws_appautoscaling_target" "match" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/main/${aws_ecs_service.match.name}"
  min_capacity       = 1 # expect: aws/ecs_service_single_task
  max_capacity       = 8
}
