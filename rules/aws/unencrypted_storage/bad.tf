resource "aws_db_instance" "main" { # expect: aws/unencrypted_storage
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  allocated_storage   = 20
  username            = "game"
  password            = "change-me-please"
  skip_final_snapshot = true
}

resource "aws_docdb_cluster" "chat" {
  master_username   = "chat"
  master_password   = "change-me-please"
  storage_encrypted = false # expect: aws/unencrypted_storage
}

resource "aws_efs_file_system" "saves" { # expect: aws/unencrypted_storage
  creation_token = "saves"
}

resource "aws_elasticache_replication_group" "sessions" { # expect: aws/unencrypted_storage
  replication_group_id = "sessions"
  description          = "Sessions"
  node_type            = "cache.t4g.micro"
}

resource "aws_opensearch_domain" "search" { # expect: aws/unencrypted_storage
  domain_name = "search"

  cluster_config {
    instance_type = "t3.small.search"
  }
}

resource "aws_ebs_volume" "world" {
  availability_zone = "us-east-1a"
  size              = 20
  type              = "gp3"
  encrypted         = false # expect: aws/unencrypted_storage
}

resource "aws_instance" "server" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  root_block_device { # expect: aws/unencrypted_storage
    volume_size = 20
    volume_type = "gp3"
  }
}

resource "aws_launch_template" "server" {
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t4g.small"

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size = 20
      encrypted   = false # expect: aws/unencrypted_storage
    }
  }
}
