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

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_lambda_function" "invoices" {
  function_name = "invoices"
  role          = "arn:aws:iam::111122223333:role/invoices"
  runtime       = "python3.13"
  handler       = "invoices.handle"
  filename      = "invoices.zip"
}

resource "aws_lambda_event_source_mapping" "orders" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.invoices.arn
}

variable "db_password" {
  type      = string
  sensitive = true
}
