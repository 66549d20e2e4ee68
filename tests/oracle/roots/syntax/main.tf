# Ways to write things that parsers get wrong.
variable "stage" {
  type    = string
  default = "prod"
}

locals {
  nested_choice = var.stage == "dev" ? "small" : var.stage == "prod" ? "large" : "medium"
  heredoc       = <<-EOT
    line of ${var.stage}
      indented
    %{for word in ["a", "b"]~}
    - ${word}
    %{endfor~}
    $${not.a.reference}
  EOT
  numbers       = [1 / 3, 10 % 3, 2 * (3 + 4), -7 % 3, 1e3]
  legacy_splat  = [{ a = [1, 2] }, { a = [3] }].*.a[0]
  keys          = { for pair in setproduct(["x", "y"], [1, 2]) : "${pair[0]}${pair[1]}" => pair[1] }
  grouped       = { for name in ["ann", "abe", "bob"] : substr(name, 0, 1) => name... }
  unicode       = length("👨‍👩‍👧 가나")
  conversions   = [tostring(1.50), tonumber("2"), tobool("true"), toset(["b", "a", "b"])]
}

resource "aws_ssm_parameter" "all" {
  for_each = {
    choice  = local.nested_choice
    heredoc = local.heredoc
    numbers = jsonencode(local.numbers)
    splat   = jsonencode(local.legacy_splat)
    keys    = jsonencode(local.keys)
    grouped = jsonencode(local.grouped)
    unicode = local.unicode
    types   = jsonencode(local.conversions)
    yaml    = yamlencode({ list = [1, "two"], nothing = null })
    regex   = join("-", regexall("[a-z]+", "ab1cd2"))
    network = cidrhost("10.1.2.0/24", -2)
    format  = format("%05.1f|%-4s|%q|%v", 3.14159, "ab", "q\"", [1, true])
    hash    = sha256("x")
    time    = formatdate("YYYY-MM-DD", "2026-11-21T10:00:00Z")
  }

  name  = "/${var.stage}/${each.key}"
  type  = "String"
  value = each.value
}
