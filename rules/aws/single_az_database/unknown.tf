variable "multi_az" {
  type = bool
}

variable "instances" {
  type = number
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

resource "aws_docdb_cluster" "chat" {
  master_username = "chat"
  master_password = "change-me-please"
}

resource "aws_docdb_cluster_instance" "chat" {
  count              = var.instances
  cluster_identifier = aws_docdb_cluster.chat.id
  instance_class     = "db.t4g.medium"
}
