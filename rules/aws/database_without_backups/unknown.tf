variable "backup_days" {
  type = number
}

variable "source_database" {
  type = string
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

# May be a replica or not.
resource "aws_db_instance" "copy" {
  replicate_source_db = var.source_database
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

resource "aws_docdb_cluster" "chat" {
  master_username         = "chat"
  master_password         = "change-me-please"
  backup_retention_period = var.backup_days
}
