resource "aws_db_instance" "main" { # expect: aws/database_without_backups
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  skip_final_snapshot = true
}

resource "aws_db_instance" "scores" {
  engine                  = "mysql"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  username                = "scores"
  password                = "change-me-please"
  backup_retention_period = 0 # expect: aws/database_without_backups
  skip_final_snapshot     = true
}

resource "aws_docdb_cluster" "chat" {
  master_username         = "chat"
  master_password         = "change-me-please"
  backup_retention_period = 0 # expect: aws/database_without_backups
}
