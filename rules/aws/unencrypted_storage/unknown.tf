variable "encrypted" {
  type = bool
}

variable "cache_engine" {
  type = string
}

variable "snapshot" {
  type = string
}

resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  storage_encrypted   = var.encrypted
  skip_final_snapshot = true
}

# Valkey would be encrypted.
resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id = "sessions"
  description          = "Sessions"
  engine               = var.cache_engine
  node_type            = "cache.t4g.micro"
}

# Encrypted if its snapshot is.
resource "aws_ebs_volume" "world" {
  availability_zone = "us-east-1a"
  size              = 20
  snapshot_id       = var.snapshot
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device {
    volume_size = 20
    encrypted   = var.encrypted
  }
}
