variable "backup_days" {
  type    = number
  default = 14
}

resource "aws_db_instance" "main" {
  engine                  = "postgres"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  username                = "game"
  password                = "change-me-please"
  backup_retention_period = var.backup_days
  skip_final_snapshot     = true
}

# A replica: its source keeps the backups.
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

# Restored from a snapshot: it takes over the setting of the database it came from.
resource "aws_db_instance" "restored" {
  snapshot_identifier = "rds:game-2026-11-01-03-00"
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

# Aurora and DocumentDB keep one day when nothing is written.
resource "aws_rds_cluster" "main" {
  engine          = "aurora-postgresql"
  master_username = "game"
  master_password = "change-me-please"
}

resource "aws_docdb_cluster" "chat" {
  master_username = "chat"
  master_password = "change-me-please"
}

# Switched off: nothing is created.
resource "aws_db_instance" "old" {
  count               = 0
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "old"
  password            = "change-me-please"
  skip_final_snapshot = true
}
