locals {
  days = { api = 30, worker = 7 }
}

resource "aws_cloudwatch_log_group" "service" {
  for_each          = local.days
  name              = "/game/${each.key}"
  retention_in_days = each.value
}

# AWS deletes the logs of this class by itself.
resource "aws_cloudwatch_log_group" "delivery" {
  name            = "/game/delivery"
  log_group_class = "DELIVERY"
}
