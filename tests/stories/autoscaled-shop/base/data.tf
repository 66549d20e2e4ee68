resource "aws_rds_cluster" "shop" {
  cluster_identifier      = "shop"
  engine                  = "aurora-postgresql"
  engine_version          = "16.6"
  database_name           = "shop"
  master_username         = "shop"
  master_password         = var.db_password
  storage_encrypted       = true
  deletion_protection     = true
  backup_retention_period = 14
}

resource "aws_rds_cluster_instance" "shop" {
  count = 2

  cluster_identifier = aws_rds_cluster.shop.id
  engine             = aws_rds_cluster.shop.engine
  instance_class     = "db.t4g.medium"
}

resource "aws_elasticache_replication_group" "sessions" {
  replication_group_id       = "sessions"
  description                = "sessions"
  engine                     = "valkey"
  node_type                  = "cache.t4g.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
}

variable "db_password" {
  type      = string
  sensitive = true
}
