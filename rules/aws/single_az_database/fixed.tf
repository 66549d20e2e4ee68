resource "aws_db_instance" "main" { # expect: aws/single_az_database
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  skip_final_snapshot = true
  multi_az            = true
}

resource "aws_db_instance" "scores" {
  engine              = "mysql"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "scores"
  password            = "change-me-please"
  multi_az            = true # expect: aws/single_az_database
  skip_final_snapshot = true
}

resource "aws_rds_cluster" "main" { # expect: aws/single_az_database
  engine          = "aurora-postgresql"
  master_username = "game"
  master_password = "change-me-please"
}

resource "aws_rds_cluster_instance" "main" {
  cluster_identifier = aws_rds_cluster.main.id
  engine             = aws_rds_cluster.main.engine
  instance_class     = "db.t4g.medium"
}

resource "aws_rds_cluster_instance" "main_second" {
  cluster_identifier = aws_rds_cluster.main.id
  engine             = aws_rds_cluster.main.engine
  instance_class     = "db.t4g.medium"
}
