# Copy to terraform.tfvars and fill in your own.
image                  = "registry.example.com/clops:1.0.0"
domain                 = "clops.example.com"
certificate_arn        = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-0000-0000-000000000000"
app_id                 = 123456
private_key_secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:clops/private-key-AbCdEf"
webhook_secret_arn     = "arn:aws:secretsmanager:us-east-1:123456789012:secret:clops/webhook-secret-AbCdEf"
alarm_email            = "team@example.com"
