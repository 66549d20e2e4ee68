resource "aws_db_instance" "main" { # expect: aws/single_az_database
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  skip_final_snapshot = true
}

resource "aws_db_instance" "scores" {
  engine              = "mysql"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "scores"
  password            = "change-me-please"
  availability_zone   = "us-east-1a"
  multi_az            = false # expect: aws/single_az_database
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
