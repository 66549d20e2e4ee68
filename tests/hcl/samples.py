"""Configurations of our own that use all of HCL, and ways to break them."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

NETWORK = """\
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "zones" {
  type = map(object({
    cidr   = string
    public = optional(bool, false)
  }))
  default     = { a = { cidr = "10.0.0.0/24" } }
  description = <<-EOT
    One subnet a zone.
      Public ones get a route to the gateway.
  EOT

  validation {
    condition     = length(var.zones) > 0 && alltrue([for z in var.zones : can(cidrhost(z.cidr, 0))])
    error_message = "At least one zone is needed, not ${length(var.zones)}."
  }
}

locals {
  public  = { for name, zone in var.zones : name => zone if zone.public }
  by_mask = { for zone in var.zones : split("/", zone.cidr)[1] => zone.cidr... }
  names   = [for i, name in sort(keys(var.zones)) : "${i}-${upper(name)}"]
  ids     = aws_subnet.this[*].id
  legacy  = aws_subnet.this.*.tags.Name[0]
  count   = var.small ? 1 : var.large ? 2 * length(local.names) + -1 : 0 # how many
}

resource "aws_subnet" "this" {
  for_each = var.zones

  vpc_id            = aws_vpc.main.id
  cidr_block        = each.value.cidr
  availability_zone = "${var.region}${each.key}" // a, b or c
  tags              = merge(local.tags, { Name = "subnet-${each.key}" })

  lifecycle { create_before_destroy = true }
}
"""

SERVICE = """\
/* A service, its group
   and its alarm. */
resource "aws_security_group" "web" {
  name_prefix = "web-"

  dynamic "ingress" {
    for_each = toset([80, 443])
    iterator = port
    content {
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = ["0.0.0.0/0"]
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0", ]
  }
}

resource "aws_instance" "web" {
  ami           = data.aws_ami.latest.id
  instance_type = local.sizes["small"]
  count         = 2

  user_data = <<EOF
#!/bin/bash
echo "$${HOME} is ${var.name}" > /tmp/100%
%{ for port in [80, 443] ~}
ufw allow ${port}
%{ endfor ~}
%{ if var.debug }set -x%{ else }set +x%{ endif }
EOF

  root_block_device {
    volume_size = 20
    volume_type = "gp3"
  }

  provisioner "local-exec" {
    command = "echo ${self.private_ip} \\"quoted\\" \\u00e9\\n"
    when    = destroy
  }

  depends_on = [
    aws_security_group.web, # open before it starts
    module.network["a"].ready,
  ]
}

output "addresses" {
  value     = try(join(",", aws_instance.web[*].public_ip), null)
  sensitive = !var.open
}
"""

SAMPLES = (NETWORK, SERVICE)

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*|\d+|[ \t]+|\n|<<-?|.', re.DOTALL)
_INSERTED = (
    *"{}[]()\"=,\n.*?:!-#~'x1%",
    *("${", "%{", '"a"', "<<EOT\n", "/*", "//", "for", "&&", "=>", "...", "==", " "),
)


def mutants(seed: int, count: int) -> list[str]:
    """Samples with one token deleted, inserted, doubled or swapped, one bracket or quote lost, lines joined, or cut short."""
    chance = random.Random(seed)
    return [mutant(chance.choice(SAMPLES), chance) for _ in range(count)]


def mutant(text: str, chance: random.Random) -> str:
    """A text, not empty, with one slip in it; cut short where there is nothing to slip with."""
    tokens = _TOKEN.findall(text)
    at = chance.randrange(len(tokens))
    match chance.randrange(8):
        case 0:
            del tokens[at]
        case 1:
            tokens.insert(at, chance.choice(_INSERTED))
        case 2:
            tokens.insert(at, tokens[at])
        case 3:
            other = chance.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        case 4:
            _lose(tokens, lambda token: token in "{}[]()", chance)
        case 5:
            quoted = [index for index, token in enumerate(tokens) if token.startswith('"')]
            if quoted:
                index = chance.choice(quoted)
                tokens[index] = tokens[index][1:] if chance.random() < 0.5 else tokens[index][:-1]
        case 6:
            _lose(tokens, lambda token: token == "\n", chance)
        case _:
            tokens = tokens[:at]
    return "".join(tokens)


def _lose(tokens: list[str], lost: Callable[[str], bool], chance: random.Random) -> None:
    found = [index for index, token in enumerate(tokens) if lost(token)]
    if found:
        del tokens[chance.choice(found)]
