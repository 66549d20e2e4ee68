terraform {
  required_version = ">= 1.5"

  backend "local" { # expect: terraform/local_state
    path = "game.tfstate"
  }
}

resource "aws_s3_bucket" "assets" {
  bucket = "my-game-assets"
}
