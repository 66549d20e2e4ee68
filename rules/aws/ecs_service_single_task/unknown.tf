variable "tasks" {
  type = number
}

resource "aws_ecs_service" "api" {
  name            = "api"
  task_definition = "api"
  desired_count   = var.tasks
}
