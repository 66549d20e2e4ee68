"""Storage, logs, alarms and secrets, priced in us-east-1 and ap-northeast-2.

Each line: name, quantity a month (None where it depends on usage), unit price in us-east-1 and in ap-northeast-2, and the row
of the gathered price lists that both were read from (file service: item), not through the compiled book.
"""

from __future__ import annotations

from tests.cost.case import Case, Expected

CASES = (
    Case(
        "a bucket in its standard class",
        "aws_s3_bucket.x",
        """
        resource "aws_s3_bucket" "x" {
          bucket = "x"
        }
        """,
        (
            Expected("Standard storage (first 50 TB)", "51200", "0.023", "0.025"),  # s3: Standard Storage First 50 TB per GB Mo
            Expected("Standard storage (next 450 TB)", "8800", "0.022", "0.024"),  # s3: Standard Storage Next 450 TB per GB Mo
            Expected(
                "Standard, PUT, COPY, POST and LIST requests", "1000", "0.000005", "0.0000045"
            ),  # s3: PUT COPY/POST or LIST requests per Requests
            Expected("Standard, GET and other requests", None, "0.0000004", "0.00000035"),  # s3: GET and all other requests per Requests
        ),
        usage={"aws_s3_bucket": {"standard": {"monthly_tier_1_requests": 1000, "storage_gb": 60000}}},
    ),
    Case(
        "a bucket whose lifecycle rule moves objects",
        "aws_s3_bucket.x",
        """
        resource "aws_s3_bucket" "x" {
          bucket = "x"
        }
        resource "aws_s3_bucket_lifecycle_configuration" "l" {
          bucket = aws_s3_bucket.x.id
          rule {
            id     = "a"
            status = "Enabled"
            transition {
              days          = 30
              storage_class = "STANDARD_IA"
            }
          }
        }
        """,
        (
            Expected("Standard storage (first 50 TB)", None, "0.023", "0.025"),  # s3: Standard Storage First 50 TB per GB Mo
            Expected(
                "Standard, PUT, COPY, POST and LIST requests", None, "0.000005", "0.0000045"
            ),  # s3: PUT COPY/POST or LIST requests per Requests
            Expected("Standard, GET and other requests", None, "0.0000004", "0.00000035"),  # s3: GET and all other requests per Requests
            Expected("Standard-IA, storage", "10", "0.0125", "0.0138"),  # s3: Standard Infrequent Access Storage per GB-Mo
            Expected(
                "Standard-IA, PUT, COPY, POST and LIST requests", None, "0.00001", "0.00001"
            ),  # s3: PUT COPY/POST or LIST requests to Standard Infrequent Access per Requests
            Expected(
                "Standard-IA, GET and other requests", None, "0.000001", "0.000001"
            ),  # s3: GET and all other requests to Standard Infrequent Access per Requests
            Expected("Standard-IA, retrieval", None, "0.01", "0.01"),  # s3: Object Retrieval in Standard Infrequent Access per GB
            Expected(
                "Standard-IA, lifecycle transitions", None, "0.00001", "0.00001"
            ),  # s3: Lifecycle Transition Requests into Standard Infrequent Access per Requests
        ),
        usage={"aws_s3_bucket": {"standard_infrequent_access": {"storage_gb": 10}}},
    ),
    Case(
        "a log group",
        "aws_cloudwatch_log_group.x",
        """
        resource "aws_cloudwatch_log_group" "x" {
          name = "x"
        }
        """,
        (
            Expected("Logs ingested", "10", "0.5", "0.76"),  # cloudwatch: Logs Collected Data Ingestion
            Expected("Logs stored", "30", "0.03", "0.0314"),  # cloudwatch: Stored Data
            Expected("Logs Insights, data scanned", None, "0.005", "0.0076"),  # cloudwatch: Queried Logs Insights
        ),
        usage={"aws_cloudwatch_log_group.x": {"monthly_data_ingested_gb": 10, "storage_gb": 30}},
    ),
    Case(
        "a log group of the infrequent access class",
        "aws_cloudwatch_log_group.x",
        """
        resource "aws_cloudwatch_log_group" "x" {
          name            = "x"
          log_group_class = "INFREQUENT_ACCESS"
        }
        """,
        (
            Expected("Logs ingested", None, "0.25", "0.38"),  # cloudwatch: IA Custom ingested Logs from 0 upto Inf
            Expected("Logs stored", None, "0.03", "0.0314"),  # cloudwatch: Stored Data
            Expected("Logs Insights, data scanned", None, "0.005", "0.0076"),  # cloudwatch: Queried Logs Insights
        ),
    ),
    Case(
        "flow logs to a log group",
        "aws_flow_log.x",
        """
        resource "aws_flow_log" "x" {
          vpc_id       = "vpc-1"
          traffic_type = "ALL"
        }
        """,
        (
            Expected("Flow logs delivered", "4", "0.5", "0.76"),  # cloudwatch: Vended Logs First 10TB
        ),
        usage={"aws_flow_log": {"monthly_data_ingested_gb": 4}},
    ),
    Case(
        "an alarm",
        "aws_cloudwatch_metric_alarm.x",
        """
        resource "aws_cloudwatch_metric_alarm" "x" {
          alarm_name          = "x"
          comparison_operator = "GreaterThanThreshold"
          evaluation_periods  = 1
          metric_name         = "CPUUtilization"
          namespace           = "AWS/EC2"
          period              = 300
          statistic           = "Average"
          threshold           = 80
        }
        """,
        (
            Expected("Alarm", "1", "0.1", "0.1"),  # cloudwatch: Alarm Standard
        ),
    ),
    Case(
        "an alarm of high resolution",
        "aws_cloudwatch_metric_alarm.x",
        """
        resource "aws_cloudwatch_metric_alarm" "x" {
          alarm_name          = "x"
          comparison_operator = "GreaterThanThreshold"
          evaluation_periods  = 1
          metric_name         = "CPUUtilization"
          namespace           = "AWS/EC2"
          period              = 10
          statistic           = "Average"
          threshold           = 80
        }
        """,
        (
            Expected("Alarm, high resolution", "1", "0.3", "0.3"),  # cloudwatch: Alarm High Resolution
        ),
    ),
    Case(
        "an alarm on an anomaly band",
        "aws_cloudwatch_metric_alarm.x",
        """
        resource "aws_cloudwatch_metric_alarm" "x" {
          alarm_name          = "x"
          comparison_operator = "GreaterThanThreshold"
          evaluation_periods  = 1
          threshold_metric_id = "band"
          metric_query {
            id          = "band"
            expression  = "ANOMALY_DETECTION_BAND(m1)"
            return_data = true
          }
          metric_query {
            id = "m1"
            metric {
              metric_name = "CPUUtilization"
              namespace   = "AWS/EC2"
              period      = 300
              stat        = "Average"
            }
          }
        }
        """,
        (
            Expected("Alarm", "3", "0.1", "0.1"),  # cloudwatch: Alarm Standard
        ),
    ),
    Case(
        "a composite alarm",
        "aws_cloudwatch_composite_alarm.x",
        """
        resource "aws_cloudwatch_composite_alarm" "x" {
          alarm_name = "x"
          alarm_rule = "ALARM(a)"
        }
        """,
        (
            Expected("Composite alarm", "1", "0.5", "0.5"),  # cloudwatch: Alarm Composite
        ),
    ),
    Case(
        "a dashboard",
        "aws_cloudwatch_dashboard.x",
        """
        resource "aws_cloudwatch_dashboard" "x" {
          dashboard_name = "x"
          dashboard_body = "{}"
        }
        """,
        (
            Expected("Dashboard", "1", "3", "3"),  # cloudwatch: Any: Dashboard Basic Dashboard
        ),
    ),
    Case(
        "a metric filter",
        "aws_cloudwatch_log_metric_filter.x",
        """
        resource "aws_cloudwatch_log_metric_filter" "x" {
          name           = "x"
          pattern        = "ERROR"
          log_group_name = "x"
          metric_transformation {
            name      = "errors"
            namespace = "x"
            value     = "1"
          }
        }
        """,
        (
            Expected("Custom metric", "1", "0.3", "0.3"),  # cloudwatch: Metric for the first 10000
        ),
    ),
    Case(
        "a secret",
        "aws_secretsmanager_secret.x",
        """
        resource "aws_secretsmanager_secret" "x" {
          name = "x"
        }
        """,
        (
            Expected("Secret", "1", "0.4", "0.4"),  # secretsmanager: Secret
            Expected("Requests", "10000", "0.000005", "0.000005"),  # secretsmanager: API Request
        ),
        usage={"aws_secretsmanager_secret": {"monthly_requests": 10000}},
    ),
    Case(
        "a key",
        "aws_kms_key.x",
        """
        resource "aws_kms_key" "x" {
          description = "x"
        }
        """,
        (
            Expected("Key", "1", "1", "1"),  # kms: Encryption Key
            Expected("Requests", None, "0.000003", "0.000003"),  # kms: API request - Non Free Tier
        ),
    ),
    Case(
        "an asymmetric key",
        "aws_kms_key.x",
        """
        resource "aws_kms_key" "x" {
          customer_master_key_spec = "ECC_NIST_P256"
          key_usage                = "SIGN_VERIFY"
        }
        """,
        (
            Expected("Key", "1", "1", "1"),  # kms: Encryption Key
            Expected("Requests", None, "0.000015", "0.000015"),  # kms: Asymmetric Requests except RSA_2048API
        ),
    ),
    Case(
        "an image repository",
        "aws_ecr_repository.x",
        """
        resource "aws_ecr_repository" "x" {
          name = "x"
        }
        """,
        (
            Expected("Storage", "3", "0.1", "0.1"),  # ecr: EC2 Container Registry
        ),
        usage={"aws_ecr_repository": {"storage_gb": 3}},
    ),
    Case(
        "a file system",
        "aws_efs_file_system.x",
        """
        resource "aws_efs_file_system" "x" {
          lifecycle_policy {
            transition_to_ia = "AFTER_30_DAYS"
          }
        }
        """,
        (
            Expected("Storage", "5", "0.3", "0.33"),  # efs: General Purpose Storage GB Mo
            Expected("Infrequent access storage", None, "0.025", "0.0272"),  # efs: Infrequent Access Storage GB Mo
            Expected("Infrequent access reads", None, "0.01", "0.011"),  # efs: Infrequent Access Requests Read per GB
            Expected("Infrequent access writes", None, "0.01", "0.011"),  # efs: Infrequent Access Requests Write per GB
        ),
        usage={"aws_efs_file_system": {"storage_gb": 5}},
    ),
    Case(
        "a file system in one zone with provisioned throughput",
        "aws_efs_file_system.x",
        """
        resource "aws_efs_file_system" "x" {
          availability_zone_name          = "us-east-1a"
          throughput_mode                 = "provisioned"
          provisioned_throughput_in_mibps = 10
        }
        """,
        (
            Expected("Storage", None, "0.16", "0.176"),  # efs: One Zone General Purpose Storage GB Mo
            Expected("Provisioned throughput", "10", "6", "6.6"),  # efs: Throughput Provisioned
        ),
    ),
    Case(
        "an advanced parameter",
        "aws_ssm_parameter.x",
        """
        resource "aws_ssm_parameter" "x" {
          name  = "x"
          type  = "String"
          value = "1"
          tier  = "Advanced"
        }
        """,
        (
            Expected("Advanced parameter", "730", "0.00007", "0.00007"),  # systemsmanager: Advanced Parameter
        ),
    ),
)
