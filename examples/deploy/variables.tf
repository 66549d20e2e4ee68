variable "name" {
  description = "What everything here is called by."
  type        = string
  default     = "clops"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "2 to 20 lower-case letters, digits and hyphens, a letter first: load balancer names allow no more."
  }
}

variable "region" {
  description = "Where it runs. Any region that has RDS and Fargate will do; prices differ."
  type        = string
  default     = "us-east-1"
}

variable "image" {
  description = "The image of ClOps that both services run, in a registry that AWS can reach, with a tag that never moves or a digest."
  type        = string

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[^:/@]+)$", var.image)) && !endswith(var.image, ":latest")
    error_message = "Name one version: repository:tag (not latest) or repository@sha256:digest. What restarts must be what was deployed."
  }
}

variable "cpu_architecture" {
  description = "What the image was built for. ARM64 costs a fifth less."
  type        = string
  default     = "X86_64"

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "X86_64 or ARM64."
  }
}

variable "domain" {
  description = "The name under which GitHub reaches the App, for example clops.example.com. Point it at the output `dns_target`."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain))
    error_message = "A host name in lower case, without https:// and without a path."
  }
}

variable "certificate_arn" {
  description = "An issued ACM certificate for the domain, in the same region."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn))
    error_message = "The ARN of an ACM certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "app_id" {
  description = "The number that GitHub gave the App."
  type        = number

  validation {
    condition     = var.app_id > 0 && floor(var.app_id) == var.app_id
    error_message = "The App ID is a whole number; GitHub shows it at the top of the App's settings."
  }
}

# The two secrets are made by hand, before this runs (docs/app.md): so their values are never in a variable, a plan or the state.
variable "private_key_secret_arn" {
  description = "The Secrets Manager secret that holds the App's private key, the PEM as GitHub gave it."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+$", var.private_key_secret_arn))
    error_message = "The whole ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX."
  }
}

variable "webhook_secret_arn" {
  description = "The Secrets Manager secret that holds the App's webhook secret."
  type        = string

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+$", var.webhook_secret_arn))
    error_message = "The whole ARN of a secret: arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-SUFFIX."
  }
}

variable "alarm_email" {
  description = "Who is written to when something is wrong. AWS asks that address to confirm first."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+$", var.alarm_email))
    error_message = "An e-mail address."
  }
}

variable "settings" {
  description = "More settings of ClOps by name, as docs/app.md lists them, for example CLOPS_GITHUB_API_URL. No secrets."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.settings) : startswith(name, "CLOPS_")])
    error_message = "Every setting of ClOps begins with CLOPS_."
  }
}

variable "secrets" {
  description = "More settings whose values are secrets, each with the ARN of its secret, for example CLOPS_SLACK_SIGNING_SECRET."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name, arn in var.secrets : startswith(name, "CLOPS_") && can(regex("^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[^:]+$", arn))])
    error_message = "A setting that begins with CLOPS_, and the ARN of a secret."
  }
}

variable "allowed_cidrs" {
  description = "Who may reach the App. GitHub's own ranges change (GET /meta, `hooks`): deliveries are signed, so open is sane."
  type        = set(string)
  default     = ["0.0.0.0/0"]

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrhost(cidr, 0))])
    error_message = "Ranges such as 192.30.252.0/22."
  }
}

variable "web_acl_arn" {
  description = "A WAF to put before the load balancer, if you have one. Nothing here needs it: what is not signed is not read."
  type        = string
  default     = null
}

variable "workers" {
  description = "How many reviews' workers always run, and how many at most. Two, so that one zone can fail."
  type        = object({ least = number, most = number })
  default     = { least = 2, most = 6 }

  validation {
    condition     = var.workers.least >= 1 && var.workers.most >= var.workers.least
    error_message = "At least one, and at most no fewer than at least."
  }
}

variable "database_class" {
  description = "The machine of the database. It holds a queue and what was said on pull requests: the smallest is enough for hundreds a day."
  type        = string
  default     = "db.t4g.micro"

  validation {
    condition     = startswith(var.database_class, "db.")
    error_message = "An RDS instance class such as db.t4g.micro."
  }
}

variable "log_days" {
  description = "For how many days logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365], var.log_days)
    error_message = "7, 14, 30, 60, 90, 180 or 365: CloudWatch allows only certain numbers."
  }
}
