# What the web and the workers have in common: the cluster, who they are to AWS, and one description of a container.

resource "aws_ecs_cluster" "main" {
  name = var.name
}

resource "aws_cloudwatch_log_group" "main" {
  for_each = toset(["web", "worker"])

  name              = "/${var.name}/${each.key}"
  retention_in_days = var.log_days
}

data "aws_iam_policy_document" "ecs_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

# The role of ECS itself: pull the image, write logs, read these secrets. The tasks have no role: ClOps asks nothing of AWS.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs_assumes.json
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

data "aws_iam_policy_document" "secrets" {
  statement {
    actions   = ["secretsmanager:GetSecretValue"]
    resources = concat(values(local.secrets), [local.database_secret])
  }
}

resource "aws_iam_role_policy" "secrets" {
  name   = "secrets"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.secrets.json
}

locals {
  database_secret = aws_db_instance.main.master_user_secret[0].secret_arn

  # Setting by setting, the secret that ECS puts into it when a task starts.
  secrets = merge(var.secrets, {
    CLOPS_GITHUB_PRIVATE_KEY    = var.private_key_secret_arn
    CLOPS_GITHUB_WEBHOOK_SECRET = var.webhook_secret_arn
  })

  environment = merge(var.settings, {
    CLOPS_GITHUB_APP_ID = tostring(var.app_id)
    CLOPS_PUBLIC_URL    = "https://${var.domain}"
    CLOPS_PORT          = tostring(local.port)
    CLOPS_STATE         = "/tmp/clops" # nothing is kept in it: the credentials and the queue are elsewhere
    # Without a password: the driver takes it from PGPASSWORD. RDS refuses what is not encrypted.
    CLOPS_DATABASE_URL = "postgresql://${aws_db_instance.main.username}@${aws_db_instance.main.endpoint}/${aws_db_instance.main.db_name}?sslmode=require"
  })

  container = {
    image       = var.image
    essential   = true
    environment = [for name, value in local.environment : { name = name, value = value }]

    secrets = [for name, arn in merge(local.secrets, { PGPASSWORD = "${local.database_secret}:password::" }) : { name = name, valueFrom = arn }]

    # Only /tmp can be written to, and it is gone with the task. The image gives it to ClOps's user.
    readonlyRootFilesystem = true
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
    linuxParameters        = { initProcessEnabled = true, capabilities = { drop = ["ALL"] } }
  }

  logs = {
    for name, group in aws_cloudwatch_log_group.main : name => {
      logDriver = "awslogs"
      options   = { awslogs-group = group.name, awslogs-region = var.region, awslogs-stream-prefix = name }
    }
  }
}
