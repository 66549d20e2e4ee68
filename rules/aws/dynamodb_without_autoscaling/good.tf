resource "aws_dynamodb_table" "sessions" {
  name         = "sessions"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "scores" {
  name           = "scores"
  hash_key       = "player"
  read_capacity  = 10
  write_capacity = 10

  attribute {
    name = "player"
    type = "S"
  }
}

resource "aws_appautoscaling_target" "scores" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${aws_dynamodb_table.scores.name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 10
  max_capacity       = 500
}

# Terraform's own lock: asked for a few times a day.
resource "aws_dynamodb_table" "lock" {
  name           = "terraform-lock"
  hash_key       = "LockID"
  read_capacity  = 1
  write_capacity = 1

  attribute {
    name = "LockID"
    type = "S"
  }
}

# Something outside this root moves its capacity.
resource "aws_dynamodb_table" "matches" {
  name           = "matches"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "id"
    type = "S"
  }

  lifecycle {
    ignore_changes = [read_capacity, write_capacity]
  }
}
