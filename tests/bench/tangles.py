"""Roots in which everything refers to everything, itself included: what no review may hang on, and Terraform mostly refuses."""

from __future__ import annotations

import random
from typing import NamedTuple


class _Kind(NamedTuple):
    """A resource as far as it is referred to: its type, the nested blocks that are written in it, and their arguments."""

    type: str
    block: str
    inner: tuple[str, ...]


_KINDS = (
    _Kind("aws_security_group", "ingress", ("description", "from_port", "cidr_blocks")),
    _Kind("aws_instance", "root_block_device", ("volume_type", "volume_size")),
    _Kind("aws_instance", "ebs_block_device", ("device_name", "volume_type")),
    _Kind("aws_lb_listener", "default_action", ("type", "target_group_arn")),
    _Kind("aws_wafv2_web_acl", "rule", ("name", "priority")),
    _Kind("terraform_data", "input", ("a", "b")),
    _Kind("elsewhere_thing", "part", ("a", "b")),
    _Kind("data.aws_ami", "filter", ("name", "values")),
    _Kind("data.aws_iam_policy_document", "statement", ("actions", "resources")),
)
_REFERENCES = (
    "{r}.{b}", "{r}.{b}[0]", "{r}.{b}[0].{a}", "{r}.{b}[*].{a}", "{r}", "{r}[*]", "{r}[0]", '{r}["a"]', "{r}.tags", "{r}.id", "{r}.{b}[0].{b}",
)  # fmt: skip
_AROUND = (
    "length({})", "tolist({})", "toset({})", "tomap({})", "jsonencode({})", "try({}, 1)", "[for x in {} : x]", "{{for k, v in {} : k => v}}",
    "[for x in {} : {}]", "[{}, {}]", "{{ a = {}, b = {} }}", "{} == null ? {} : {}", "{} == {}", "merge({}, {})", "concat({}, {})",
    "flatten([{}, {}])", '"${{{}}}"', '"%{{ for x in {} }}${{{}}}%{{ endfor }}"', "setproduct({}, {})", "coalesce({}, {})", "({})",
)  # fmt: skip


class Tangle:
    """One root, made by chance: `files` are its texts by path, a module in "m" among them where it calls one."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._kinds = [dice.choice(_KINDS) for _ in range(dice.choice((1, 2, 3, 5, 8, 13)))]
        self._locals = dice.randrange(6)
        self._calls = dice.choice((0, 0, 1, 2, 4))

    def files(self) -> dict[str, str]:
        parts = [self._resource(number, kind) for number, kind in enumerate(self._kinds)]
        parts += [f"locals {{\n  l{number} = {self._expression()}\n}}\n" for number in range(self._locals)]
        parts += [self._call(number) for number in range(self._calls)]
        parts.append(f'output "o" {{\n  value = {self._expression()}\n}}\n')
        self._dice.shuffle(parts)
        files = {"main.tf": "".join(parts)}
        if self._calls:
            files["m/main.tf"] = self._module()
        return files

    def _resource(self, number: int, kind: _Kind) -> str:
        dice = self._dice
        mode, _, name = kind.type.rpartition(".")
        lines = [f'{mode or "resource"} "{name}" "r{number}" {{']
        if dice.random() < 0.4:
            lines.append(f"  {dice.choice(('count', 'for_each'))} = {dice.choice(('2', self._expression()))}")
        lines.append(f"  tags = {self._expression()}")
        for _ in range(dice.randrange(1, 4)):
            lines += self._block(kind, "  ", 0)
        return "\n".join([*lines, "}\n"])

    def _block(self, kind: _Kind, indent: str, depth: int) -> list[str]:
        dice = self._dice
        dynamic = dice.random() < 0.5
        values = [
            f"{kind.block}.{dice.choice(('value', 'key'))}" if dynamic and dice.random() < 0.3 else self._expression() for _ in kind.inner
        ]
        within = indent + ("    " if dynamic else "  ")
        lines = [f"{within}{name} = {value}" for name, value in zip(kind.inner, values, strict=True)]
        if depth < 2 and dice.random() < 0.3:
            lines += self._block(kind, within, depth + 1)
        if not dynamic:
            return [f"{indent}{kind.block} {{", *lines, f"{indent}}}"]
        opened = [f'{indent}dynamic "{kind.block}" {{', f"{indent}  for_each = {self._expression()}", f"{indent}  content {{"]
        return [*opened, *lines, f"{indent}  }}", f"{indent}}}"]

    def _call(self, number: int) -> str:
        repeated = f"  {self._dice.choice(('count', 'for_each'))} = {self._expression()}\n" if self._dice.random() < 0.3 else ""
        return f'module "c{number}" {{\n  source = "./m"\n{repeated}  a = {self._expression()}\n  b = {self._expression()}\n}}\n'

    def _module(self) -> str:
        """A module whose outputs give its inputs back, one way or another."""
        inside = self._dice.choice(("[var.a, var.b]", "{ a = var.a, b = local.x }", "aws_instance.i", "aws_instance.i.root_block_device"))
        return (
            'variable "a" {}\nvariable "b" {\n  default = null\n}\nlocals {\n  x = [var.b, var.a]\n}\n'
            'resource "aws_instance" "i" {\n  tags = var.b\n  root_block_device {\n    volume_size = var.a\n  }\n}\n'
            f'output "p" {{\n  value = {inside}\n}}\noutput "q" {{\n  value = local.x\n}}\n'
        )

    def _expression(self, depth: int = 0) -> str:
        dice = self._dice
        if depth > 2 or dice.random() < 0.5:
            return self._reference()
        around = dice.choice(_AROUND)
        count = around.replace("{{", "").count("{}")
        return around.format(*[self._expression(depth + 1) for _ in range(count)])

    def _reference(self) -> str:
        dice = self._dice
        chance = dice.random()
        if chance < 0.1 and self._locals:
            return f"local.l{dice.randrange(self._locals)}"
        if chance < 0.25 and self._calls:
            return f"module.c{dice.randrange(self._calls)}" + dice.choice(("", ".p", ".q", "[0].p", "[*].q", ".p[0]"))
        number = dice.randrange(len(self._kinds))
        kind = self._kinds[number]
        form = dice.choice(_REFERENCES)
        return form.format(r=f"{kind.type}.r{number}", b=kind.block, a=dice.choice(kind.inner))
