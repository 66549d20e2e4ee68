variable "name" {
  type = string
}

variable "settings" {
  type = object({
    port   = number
    tasks  = number
    public = bool
    extra  = map(string)
  })
}

variable "subnet_ids" {
  type = list(string)
}

variable "vpc_id" {
  type = string
}

resource "aws_security_group" "this" {
  name_prefix = "${var.name}-"
  vpc_id      = var.vpc_id
}

resource "aws_ecs_task_definition" "this" {
  family = var.name
  cpu    = 256
  memory = 512
  container_definitions = templatefile("${path.module}/containers.json.tftpl", {
    name        = var.name
    port        = var.settings.port
    environment = var.settings.extra
  })
}

resource "aws_ecs_service" "this" {
  name            = var.name
  task_definition = aws_ecs_task_definition.this.arn
  desired_count   = try(var.settings.tasks, 1)

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = var.settings.public
  }

  lifecycle {
    ignore_changes = [desired_count]
  }
}
