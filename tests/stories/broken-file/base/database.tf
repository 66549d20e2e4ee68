resource "aws_db_instance" "main" {
  engine                  = "postgres"
  instance_class          = "db.t4g.micro"
  allocated_storage       = 20
  storage_encrypted       = true
  username                = "game"
  password                = var.password
  backup_retention_period = 7
  deletion_protection     = true
  multi_az                = true
}

variable "password" {
  type      = string
  sensitive = true
}
