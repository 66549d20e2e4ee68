locals {
  production = true
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  deletion_protection = local.production
  skip_final_snapshot = true
}

# A replica: losing it loses no data.
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

resource "aws_rds_cluster" "main" {
  engine              = "aurora-postgresql"
  master_username     = "game"
  master_password     = "change-me-please"
  deletion_protection = true
}
