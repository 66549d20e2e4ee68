terraform {
  required_version = ">= 1.10"

  backend "s3" {
    bucket       = "my-game-terraform-state"
    key          = "prod/terraform.tfstate"
    region       = "us-east-1"
    use_lockfile = true
  }
}

resource "aws_s3_bucket" "assets" {
  bucket = "my-game-assets"
}
