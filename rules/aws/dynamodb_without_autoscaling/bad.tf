resource "aws_dynamodb_table" "sessions" { # expect: aws/dynamodb_without_autoscaling
  name           = "sessions"
  hash_key       = "id"
  read_capacity  = 5
  write_capacity = 5

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "scores" {
  name           = "scores"
  billing_mode   = "PROVISIONED" # expect: aws/dynamodb_without_autoscaling
  hash_key       = "player"
  read_capacity  = 10
  write_capacity = 10

  attribute {
    name = "player"
    type = "S"
  }

  attribute {
    name = "points"
    type = "N"
  }

  global_secondary_index {
    name            = "by_points"
    hash_key        = "points"
    projection_type = "ALL"
    read_capacity   = 10
    write_capacity  = 10
  }
}
