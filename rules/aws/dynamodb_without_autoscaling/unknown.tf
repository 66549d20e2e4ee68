variable "billing_mode" {
  type = string
}

resource "aws_dynamodb_table" "sessions" {
  name           = "sessions"
  billing_mode   = var.billing_mode
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "id"
    type = "S"
  }
}

variable "scaled_table" {
  type = string
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

# May be about the table above.
resource "aws_appautoscaling_target" "any" {
  service_namespace  = "dynamodb"
  resource_id        = "table/${var.scaled_table}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
  min_capacity       = 10
  max_capacity       = 500
}
