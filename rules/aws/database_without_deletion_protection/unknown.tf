variable "protect" {
  type = bool
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  deletion_protection = var.protect
  skip_final_snapshot = true
}

resource "aws_docdb_cluster" "chat" {
  master_username     = "chat"
  master_password     = "change-me-please"
  deletion_protection = var.protect
}
