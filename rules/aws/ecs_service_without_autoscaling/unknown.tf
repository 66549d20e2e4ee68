variable "tasks" {
  type = number
}

variable "scaled_service" {
  type = string
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = "api"
  desired_count   = var.tasks
}

resource "aws_ecs_service" "match" {
  name            = "match"
  task_definition = "match"
  desired_count   = 2
}

# Nobody can tell here which service this one moves.
resource "aws_appautoscaling_target" "some" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = var.scaled_service
  min_capacity       = 2
  max_capacity       = 8
}
