"""Databases and caches, priced in us-east-1 and ap-northeast-2.

Each line: name, quantity a month (None where it depends on usage), unit price in us-east-1 and in ap-northeast-2, and the row
of the gathered price lists that both were read from (file service: item), not through the compiled book.
"""

from __future__ import annotations

from tests.cost.case import Case, Expected

CASES = (
    Case(
        "an RDS instance",
        "aws_db_instance.x",
        """
        resource "aws_db_instance" "x" {
          engine                  = "postgres"
          engine_version          = "16.3"
          instance_class          = "db.t4g.micro"
          allocated_storage       = 20
          storage_type            = "gp3"
          backup_retention_period = 7
        }
        """,
        (
            Expected("Database instance, db.t4g.micro", "730", "0.016", "0.025"),  # rds: postgres db.t4g.micro single-az
            Expected("Storage, gp3", "20", "0.115", "0.131"),  # rds-storage: Database Storage Single AZ General Purpose-GP3
            Expected("CPU credits above the baseline", None, "0.075", "0.075"),  # the same in all regions, by the pricing page
            Expected("Backup beyond the free size", "5", "0.095", "0.095"),  # rds-storage: Storage Snapshot
        ),
        usage={"aws_db_instance.x": {"additional_backup_storage_gb": 5}},
    ),
    Case(
        "a Multi-AZ RDS instance with provisioned IOPS",
        "aws_db_instance.x",
        """
        resource "aws_db_instance" "x" {
          engine            = "mysql"
          instance_class    = "db.m7g.large"
          multi_az          = true
          allocated_storage = 100
          iops              = 2000
        }
        """,
        (
            Expected("Database instance, db.m7g.large Multi-AZ", "730", "0.337", "0.4688"),  # rds: mysql db.m7g.large multi-az
            Expected("Storage, io1", "100", "0.25", "0.3"),  # rds-storage: Database Storage Multi AZ Provisioned IOPS
            Expected("Provisioned IOPS", "2000", "0.2", "0.24"),  # rds-storage: Provisioned IOPS Multi AZ
        ),
    ),
    Case(
        "an RDS instance with gp3 above what large storage includes, on a public address",
        "aws_db_instance.x",
        """
        resource "aws_db_instance" "x" {
          engine              = "mariadb"
          instance_class      = "db.m7g.large"
          allocated_storage   = 400
          storage_type        = "gp3"
          iops                = 13000
          storage_throughput  = 600
          publicly_accessible = true
        }
        """,
        (
            Expected("Database instance, db.m7g.large", "730", "0.168", "0.2344"),  # rds: mariadb db.m7g.large single-az
            Expected("Storage, gp3", "400", "0.115", "0.131"),  # rds-storage: Database Storage Single AZ General Purpose-GP3
            Expected("IOPS above 12000", "1000", "0.02", "0.023"),  # rds-storage: Provisioned GP3 IOPS Single AZ
            Expected("Throughput above 500 MiB/s", "100", "0.08", "0.091"),  # rds-storage: Provisioned Throughput Single AZ
            Expected("Public IPv4 address", "730", "0.005", "0.005"),  # vpc: Hourly charge for In use Public IPv4 Addresses per Hrs
        ),
    ),
    Case(
        "an RDS replica, which takes engine and size from its source",
        "aws_db_instance.x",
        """
        resource "aws_db_instance" "source" {
          engine                  = "mysql"
          instance_class          = "db.m7g.large"
          allocated_storage       = 50
          storage_type            = "gp2"
          backup_retention_period = 1
        }
        resource "aws_db_instance" "x" {
          replicate_source_db = aws_db_instance.source.identifier
          instance_class      = "db.m7g.large"
        }
        """,
        (
            Expected("Database instance, db.m7g.large", "730", "0.168", "0.2344"),  # rds: mysql db.m7g.large single-az
            Expected("Storage, gp2", "50", "0.115", "0.131"),  # rds-storage: Database Storage Single AZ General Purpose
        ),
    ),
    Case(
        "a magnetic RDS instance",
        "aws_db_instance.x",
        """
        resource "aws_db_instance" "x" {
          engine            = "mysql"
          instance_class    = "db.m7g.large"
          allocated_storage = 50
          storage_type      = "standard"
        }
        """,
        (
            Expected("Database instance, db.m7g.large", "730", "0.168", "0.2344"),  # rds: mysql db.m7g.large single-az
            Expected("Storage, standard", "50", "0.1", "0.12"),  # rds-storage: Database Storage Single AZ Magnetic
            Expected("I/O requests", "10000", "0.0000001", "0.00000012"),  # rds-storage: System Operation Magnetic
        ),
        usage={"aws_db_instance": {"monthly_standard_io_requests": 10000}},
    ),
    Case(
        "an Aurora instance",
        "aws_rds_cluster_instance.x",
        """
        resource "aws_rds_cluster" "c" {
          engine = "aurora-postgresql"
        }
        resource "aws_rds_cluster_instance" "x" {
          cluster_identifier = aws_rds_cluster.c.id
          engine             = aws_rds_cluster.c.engine
          instance_class     = "db.r7g.large"
        }
        """,
        (
            Expected(
                "Database instance, db.r7g.large", "730", "0.276", "0.333"
            ),  # rds: aurora-postgresql db.r7g.large single-az aurora-standard
        ),
    ),
    Case(
        "an Aurora instance of an I/O-optimised cluster",
        "aws_rds_cluster_instance.x",
        """
        resource "aws_rds_cluster" "c" {
          engine = "aurora-postgresql"
          storage_type = "aurora-iopt1"
        }
        resource "aws_rds_cluster_instance" "x" {
          cluster_identifier = aws_rds_cluster.c.id
          engine             = "aurora-postgresql"
          instance_class     = "db.r7g.large"
        }
        """,
        (
            Expected(
                "Database instance, db.r7g.large", "730", "0.359", "0.433"
            ),  # rds: aurora-postgresql db.r7g.large single-az aurora-io-optimized
        ),
    ),
    Case(
        "Aurora Serverless v2 at its least",
        "aws_rds_cluster_instance.x",
        """
        resource "aws_rds_cluster" "c" {
          engine = "aurora-postgresql"
          serverlessv2_scaling_configuration {
            min_capacity = 0.5
            max_capacity = 8
          }
        }
        resource "aws_rds_cluster_instance" "x" {
          cluster_identifier = aws_rds_cluster.c.id
          engine             = "aurora-postgresql"
          instance_class     = "db.serverless"
        }
        """,
        (
            Expected("Serverless v2 capacity", "365.0", "0.12", "0.2"),  # rds-aurora-storage: Aurora PostgreSQL ServerlessV2
        ),
    ),
    Case(
        "an Aurora PostgreSQL cluster",
        "aws_rds_cluster.x",
        """
        resource "aws_rds_cluster" "x" {
          engine                  = "aurora-postgresql"
          backup_retention_period = 7
        }
        """,
        (
            Expected(
                "Storage", "50", "0.1", "0.12"
            ),  # rds-aurora-storage: Database Storage DB Engine Aurora PostgreSQL General Purpose Aurora
            Expected("I/O, reads", "26280000", "0.0000002", "0.00000024"),  # rds-aurora-storage: System Operation Aurora I O Operation
            Expected("I/O, writes", None, "0.0000002", "0.00000024"),  # rds-aurora-storage: System Operation Aurora I O Operation
            Expected("Backup, 6 more days", "60", "0.021", "0.023"),  # rds-aurora-storage: Storage Snapshot Aurora PostgreSQL
        ),
        usage={"aws_rds_cluster.x": {"backup_snapshot_size_gb": 10, "read_requests_per_sec": 10, "storage_gb": 50}},
    ),
    Case(
        "an I/O-optimised Aurora MySQL cluster, which pays no I/O",
        "aws_rds_cluster.x",
        """
        resource "aws_rds_cluster" "x" {
          engine       = "aurora-mysql"
          storage_type = "aurora-iopt1"
        }
        """,
        (
            Expected("Storage", "50", "0.225", "0.27"),  # rds-storage: Database Storage Single AZ IO Optimized-Aurora
        ),
        usage={"aws_rds_cluster.x": {"storage_gb": 50}},
    ),
    Case(
        "an RDS Multi-AZ cluster of three instances",
        "aws_rds_cluster.x",
        """
        resource "aws_rds_cluster" "x" {
          engine                    = "postgres"
          db_cluster_instance_class = "db.m6gd.large"
          storage_type              = "io1"
          allocated_storage         = 100
          iops                      = 1000
        }
        """,
        (
            Expected(
                "Database cluster, db.m6gd.large, three instances", "730", "0.522", "0.783"
            ),  # rds: postgres db.m6gd.large multi-az-cluster(readable standbys)
            Expected(
                "Storage, io1, three copies", "100", "0.375", "0.405"
            ),  # rds-storage: Database Storage Multi AZ readable standbys Provisioned IOPS
            Expected("Provisioned IOPS, three copies", "1000", "0.3", "0.324"),  # rds-storage: Provisioned IOPS Multi AZ readable standbys
        ),
    ),
    Case(
        "an ElastiCache cluster",
        "aws_elasticache_cluster.x",
        """
        resource "aws_elasticache_cluster" "x" {
          cluster_id      = "x"
          engine          = "memcached"
          node_type       = "cache.t4g.micro"
          num_cache_nodes = 2
        }
        """,
        (
            Expected("Cache node, cache.t4g.micro", "1460", "0.016", "0.024"),  # elasticache: memcached cache.t4g.micro
        ),
    ),
    Case(
        "an ElastiCache replication group of clusters, with backups",
        "aws_elasticache_replication_group.x",
        """
        resource "aws_elasticache_replication_group" "x" {
          replication_group_id     = "x"
          description              = "x"
          engine                   = "valkey"
          node_type                = "cache.t4g.micro"
          num_cache_clusters       = 2
          snapshot_retention_limit = 5
        }
        """,
        (
            Expected("Cache node, cache.t4g.micro", "1460", "0.0128", "0.0192"),  # elasticache: valkey cache.t4g.micro
            Expected("Backup", None, "0.085", "0.085"),  # the same in all regions, by the pricing page
        ),
    ),
    Case(
        "an ElastiCache replication group of shards",
        "aws_elasticache_replication_group.x",
        """
        resource "aws_elasticache_replication_group" "x" {
          replication_group_id    = "x"
          description             = "x"
          node_type               = "cache.r7g.large"
          num_node_groups         = 2
          replicas_per_node_group = 1
        }
        """,
        (
            Expected("Cache node, cache.r7g.large", "2920", "0.219", "0.262"),  # elasticache: redis cache.r7g.large
        ),
    ),
    Case(
        "an ElastiCache serverless cache",
        "aws_elasticache_serverless_cache.x",
        """
        resource "aws_elasticache_serverless_cache" "x" {
          engine = "valkey"
          name   = "x"
        }
        """,
        (
            Expected("Data stored", "73.0", "0.084", "0.101"),  # elasticache: OnDemand ElastiCache Serverless Valkey per GB-Hours
            Expected(
                "Processing units", "1000", "0.0000000023", "0.0000000027"
            ),  # elasticache: OnDemand ElastiCache Serverless Valkey per ElastiCacheProcessingUnit
        ),
        usage={"aws_elasticache_serverless_cache.x": {"monthly_ecpu": 1000}},
    ),
    Case(
        "a DynamoDB table with provisioned capacity, an index and point-in-time recovery",
        "aws_dynamodb_table.x",
        """
        resource "aws_dynamodb_table" "x" {
          name           = "x"
          hash_key       = "id"
          read_capacity  = 5
          write_capacity = 2
          attribute {
            name = "id"
            type = "S"
          }
          global_secondary_index {
            name            = "by-id"
            hash_key        = "id"
            projection_type = "ALL"
            read_capacity   = 3
            write_capacity  = 1
          }
          point_in_time_recovery {
            enabled = true
          }
        }
        """,
        (
            Expected("Write capacity, 3 units", "2190", "0.00065", "0.0007049"),  # dynamodb: Provisioned Write Units
            Expected("Read capacity, 8 units", "5840", "0.00013", "0.00014098"),  # dynamodb: Provisioned Read Units
            Expected("Storage", None, "0.25", "0.27075"),  # dynamodb: Data Storage Indexed GB-Mo
            Expected("Point-in-time recovery", None, "0.2", "0.2166"),  # dynamodb: PITR Backup Storage GB-Mo
        ),
    ),
    Case(
        "a DynamoDB table on demand",
        "aws_dynamodb_table.x",
        """
        resource "aws_dynamodb_table" "x" {
          name         = "x"
          hash_key     = "id"
          billing_mode = "PAY_PER_REQUEST"
          attribute {
            name = "id"
            type = "S"
          }
        }
        """,
        (
            Expected("Write requests", "3000000", "0.000000625", "0.00000068"),  # dynamodb: PayPerRequest Write Request Units
            Expected("Read requests", "8000000", "0.000000125", "0.0000001355"),  # dynamodb: PayPerRequest Read Request Units
            Expected("Storage", "2.5", "0.25", "0.27075"),  # dynamodb: Data Storage Indexed GB-Mo
        ),
        usage={"aws_dynamodb_table": {"monthly_read_request_units": 8000000, "monthly_write_request_units": 3000000, "storage_gb": 2.5}},
    ),
    Case(
        "a DynamoDB table whose scaling targets keep a least",
        "aws_dynamodb_table.x",
        """
        resource "aws_dynamodb_table" "x" {
          name           = "orders"
          hash_key       = "id"
          read_capacity  = 1
          write_capacity = 1
          attribute {
            name = "id"
            type = "S"
          }
        }
        resource "aws_appautoscaling_target" "r" {
          min_capacity       = 10
          max_capacity       = 100
          resource_id        = "table/orders"
          scalable_dimension = "dynamodb:table:ReadCapacityUnits"
          service_namespace  = "dynamodb"
        }
        """,
        (
            Expected("Write capacity, 1 units", "730", "0.00065", "0.0007049"),  # dynamodb: Provisioned Write Units
            Expected("Read capacity, 10 units", "7300", "0.00013", "0.00014098"),  # dynamodb: Provisioned Read Units
            Expected("Storage", None, "0.25", "0.27075"),  # dynamodb: Data Storage Indexed GB-Mo
        ),
    ),
)
