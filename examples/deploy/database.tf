# The queue, and what was said on which pull request. Everything else is stateless.

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = [for subnet in aws_subnet.private : subnet.id]
}

resource "aws_db_instance" "main" {
  identifier     = var.name
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.database_class
  db_name        = "clops"
  username       = "clops"

  # RDS makes the password and keeps it in Secrets Manager: it is in no variable, plan or state, and ECS hands it to the tasks.
  manage_master_user_password = true

  allocated_storage     = 20
  max_allocated_storage = 100
  storage_type          = "gp3"
  storage_encrypted     = true

  multi_az               = true
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false

  backup_retention_period   = 14
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${var.name}-final"

  auto_minor_version_upgrade = true
}

# RDS would change the password every seven days by itself. The tasks are given it when they start, so a change costs a few
# failed deliveries until they are replaced: once a year, or when you say so (docs/app.md, "Rotate").
resource "aws_secretsmanager_secret_rotation" "database" {
  secret_id          = local.database_secret
  rotate_immediately = false

  rotation_rules {
    automatically_after_days = 365
  }
}
