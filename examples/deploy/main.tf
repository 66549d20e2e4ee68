# ClOps as a GitHub App on AWS: two stateless services on Fargate, one PostgreSQL, one load balancer, two zones.
# What each file decides is said at its top; docs/app.md says how to run it and what it costs.

terraform {
  required_version = ">= 1.10" # the first that locks a state in S3 without a table

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }

  # The bucket is named by `terraform init -backend-config=…` (docs/app.md).
  backend "s3" {
    key          = "clops/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = var.name, ManagedBy = "terraform" }
  }
}
