resource "aws_db_instance" "main" { # expect: aws/database_without_deletion_protection
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  skip_final_snapshot = true
  deletion_protection = true
}

resource "aws_rds_cluster" "main" {
  engine              = "aurora-postgresql"
  master_username     = "game"
  master_password     = "change-me-please"
  deletion_protection = true # expect: aws/database_without_deletion_protection
}

resource "aws_docdb_cluster" "chat" { # expect: aws/database_without_deletion_protection
  master_username     = "chat"
  master_password     = "change-me-please"
  deletion_protection = true
}
