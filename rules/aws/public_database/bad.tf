variable "public" {
  type    = bool
  default = true
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  publicly_accessible = true # expect: aws/public_database
  skip_final_snapshot = true
}

resource "aws_rds_cluster" "main" {
  engine          = "aurora-postgresql"
  master_username = "game"
  master_password = "change-me-please"
}

resource "aws_rds_cluster_instance" "main" {
  cluster_identifier  = aws_rds_cluster.main.id
  engine              = aws_rds_cluster.main.engine
  instance_class      = "db.t4g.medium"
  publicly_accessible = var.public # expect: aws/public_database
}
