output "url" {
  description = "Where the App is."
  value       = "https://${var.domain}"
}

output "dns_target" {
  description = "What the domain must point at: a CNAME, or an alias record in Route 53."
  value       = aws_lb.main.dns_name
}

output "next_step" {
  description = "What is left to do by hand."
  value       = <<-EOT
    1. Point ${var.domain} at ${aws_lb.main.dns_name} (CNAME or alias), and confirm the alarm e-mail.
    2. Wait until https://${var.domain}/readyz answers 200.
    3. In the App's settings on GitHub, let the webhook be https://${var.domain}/webhooks/github, then install the App on a repository.
  EOT
}
