resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  storage_encrypted   = true
  skip_final_snapshot = true
}

# A replica and a restored database are encrypted if their source is.
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

resource "aws_db_instance" "restored" {
  snapshot_identifier = "rds:game-2026-11-01-03-00"
  instance_class      = "db.t4g.micro"
  skip_final_snapshot = true
}

# Serverless v1 is always encrypted.
resource "aws_rds_cluster" "serverless" {
  engine          = "aurora-postgresql"
  engine_mode     = "serverless"
  master_username = "game"
  master_password = "change-me-please"
}

# Valkey is encrypted when nothing is written.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
  description          = "Sessions"
  engine               = "valkey"
  node_type            = "cache.t4g.micro"
}

resource "aws_opensearch_domain" "search" {
  domain_name = "search"

  cluster_config {
    instance_type = "t3.small.search"
  }

  encrypt_at_rest {
    enabled = true
  }
}

# Every new disk of this region is encrypted.
resource "aws_ebs_encryption_by_default" "all" {
  enabled = true
}

resource "aws_ebs_volume" "world" {
  availability_zone = "us-east-1a"
  size              = 20
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device {
    volume_size = 20
  }
}
