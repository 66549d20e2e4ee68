variable "multi_az" {
  type    = bool
  default = true
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  multi_az            = var.multi_az
  skip_final_snapshot = true
}

# A replica is itself the other copy.
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

resource "aws_rds_cluster" "main" {
  engine          = "aurora-postgresql"
  master_username = "game"
  master_password = "change-me-please"
}

resource "aws_rds_cluster_instance" "main" {
  count              = 2
  cluster_identifier = aws_rds_cluster.main.id
  engine             = aws_rds_cluster.main.engine
  instance_class     = "db.t4g.medium"
}

# Its instances are made elsewhere.
resource "aws_docdb_cluster" "chat" {
  master_username = "chat"
  master_password = "change-me-please"
}

# Serverless v1 moves to another zone by itself.
resource "aws_rds_cluster" "serverless" {
  engine          = "aurora-postgresql"
  engine_mode     = "serverless"
  master_username = "game"
  master_password = "change-me-please"
}
