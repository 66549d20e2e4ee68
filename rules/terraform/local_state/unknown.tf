# Where the state lives is said on the command line: terraform init -backend-config=prod.hcl
terraform {
  backend "s3" {}
}

resource "aws_s3_bucket" "assets" {
  bucket = "my-game-assets"
}
