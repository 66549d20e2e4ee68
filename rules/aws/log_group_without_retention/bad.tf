resource "aws_cloudwatch_log_group" "api" { # expect: aws/log_group_without_retention
  name = "/game/api"
}

resource "aws_cloudwatch_log_group" "worker" {
  name              = "/game/worker"
  retention_in_days = 0 # expect: aws/log_group_without_retention
}

resource "aws_cloudwatch_log_group" "lobby" { # expect: aws/log_group_without_retention
  for_each = toset(["eu", "us"])
  name     = "/game/lobby/${each.key}"
}
