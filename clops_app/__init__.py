"""ClOps reviews Terraform for AWS before it is merged: will it hold, what does it cost, what breaks first."""

__version__ = "0.1.0"
