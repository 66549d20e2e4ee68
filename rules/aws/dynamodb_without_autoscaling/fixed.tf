resource "aws_dynamodb_table" "sessions" { # expect: aws/dynamodb_without_autoscaling
  name         = "sessions"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "scores" {
  name         = "scores"
  billing_mode = "PAY_PER_REQUEST" # expect: aws/dynamodb_without_autoscaling
  hash_key     = "player"

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
  }
}
