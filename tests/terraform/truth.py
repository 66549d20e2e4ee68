"""What Terraform answered, and how to ask ourselves the same: the prelude that every recorded expression stands after."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeAlias

from clops_app.hcl.parser import parse_expression
from clops_app.hcl.syntax import Expression, SyntaxProblem
from clops_app.model.source import SourceTree
from clops_app.model.types import AnyType, ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type
from clops_app.model.values import Unknown
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.inputs import Inputs
from clops_app.terraform.module import ModuleInstance
from clops_app.terraform.session import Session
from clops_app.terraform.sources import Parsed, sources_of
from clops_app.terraform.unify import type_of
from clops_app.terraform.values import EvaluationError, ListValue, MapValue, SetValue, T, marked, opened, unmarked

DATA = Path(__file__).parent / "data"
Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

PRELUDE = """\
resource "terraform_data" "unk" {
  input = "x"
}
resource "terraform_data" "c" {
  count = 3
  input = count.index
}
resource "terraform_data" "z" {
  count = 0
  input = 1
}
resource "terraform_data" "f" {
  for_each = { x = 1, a = "two" }
  input    = each.value
}
locals {
  unk    = terraform_data.unk.id
  unkd   = terraform_data.unk.output
  unkl   = split(",", local.unk)
  unkm   = { (local.unk) = "a" }
  unkn   = tonumber(local.unk)
  unkmap = tomap({ for k in split(",", local.unk) : "x" => k... })
  sec    = sensitive("s3cr3t")
  unkb   = tobool(local.unkd)
  tpl    = "Hi $${a} %%{ if true }y%%{ endif }"
}
module "o" {
  source = "./typed"
  a      = { name = "n", ports = ["80", 81], nested = { q = 5 } }
  b      = ["b", "a", "b"]
}
module "n" {
  source = "./typed"
  a      = { name = 1 }
}
module "cnt" {
  source = "./typed"
  count  = 2
  a      = { name = "c${count.index}" }
}
module "fe" {
  source   = "./typed"
  for_each = toset(["x", "y"])
  a        = { name = each.key }
}
"""
TYPED = """\
variable "a" {
  type = object({
    name    = string
    ports   = optional(list(number), [22])
    m       = optional(map(string), { k = 1 })
    nested  = optional(object({ p = optional(string, "dp"), q = optional(string, "dq") }), {})
    enabled = optional(bool)
  })
}
variable "b" {
  type    = set(string)
  default = []
}
variable "c" {
  type    = map(any)
  default = null
}
output "a" {
  value = var.a
}
output "b" {
  value = var.b
}
output "c" {
  value = var.c
}
"""
FILES = {
    "t.tftpl": "Hello ${n}!\n%{ for x in l ~}\n- ${x}\n%{ endfor ~}\n",
    "rec.tftpl": '${templatefile("rec.tftpl",{})}',
    "more/one.tftpl": "${x}",
    "more/fn.tftpl": '${upper(x)}-${jsonencode({a=x})}%{ if x == "s" } yes%{ endif }\n',
    "more/bad.tftpl": "${",
    "more/json.tftpl": "${jsonencode({name=name, ports=[for p in ports : {port=p}]})}",
    "sub/a.txt": "a",
    "sub/b.txt": "b",
    "sub/deep/c.txt": "c",
    "typed/main.tf": TYPED,
}


class Answer(NamedTuple):
    """A value, or the summary of an error. `type` is None where the value is not wholly known; `sensitive` where nobody asked."""

    value: Json = None
    type: Json = None
    unknown: Json = False
    sensitive: bool | None = None
    error: str | None = None


@cache
def _parsed() -> tuple[SourceTree, Parsed]:
    files = {**FILES, "prelude.tf": PRELUDE}
    return SourceTree({path: text.encode() for path, text in files.items()}), Parsed()


def scope() -> ModuleInstance:
    """A fresh root module with the prelude in it."""
    tree, parsed = _parsed()
    return ModuleInstance(Session(sources_of(tree, parsed), "", Inputs()), "")


def parsed(text: str) -> Expression | SyntaxProblem:
    """The expression as it would stand in a file: a newline follows."""
    return parse_expression(text + "\n")


def ask(text: str) -> Answer:
    """Our own answer. Raises whatever is no EvaluationError."""
    node = parsed(text)
    if isinstance(node, SyntaxProblem):
        return Answer(error=node.summary)
    try:
        return answer(evaluate(node, scope(), {}))
    except EvaluationError as error:
        return Answer(error=error.summary)


def answer(value: T) -> Answer:
    """The value in the shape of Terraform's own JSON."""
    bare, sensitive = unmarked(value)
    bare = wholly(bare)
    unknown = unknown_shape(bare)
    return Answer(as_json(bare), type_json(type_of(bare)) if unknown is False else None, unknown, sensitive)


def wholly(value: T) -> T:
    """The value with everything that is evaluated lazily evaluated, and no marks."""
    bare = opened(unmarked(value)[0])
    match bare:
        case MapValue():
            return MapValue(((key, wholly(item)) for key, item in bare.items()), bare.element)
        case dict():
            return {key: wholly(item) for key, item in bare.items()}
        case ListValue():
            return ListValue(map(wholly, bare), bare.element)
        case SetValue():
            return SetValue(map(wholly, bare), bare.element)
        case tuple():
            return tuple(map(wholly, bare))
        case _:
            return marked(bare, False)


def unknown_shape(value: T) -> Json:
    """Terraform's `after_unknown`: True, or the same shape down to what is unknown; False where nothing is."""
    match value:
        case Unknown():
            return True
        case tuple():
            items = [unknown_shape(item) for item in value]
            return items if any(item is not False for item in items) else False
        case dict():
            members = {key: shape for key, item in value.items() if (shape := unknown_shape(item)) is not False}
            return members or False
        case _:
            return False


def as_json(value: T) -> Json:
    """As `terraform show -json` prints it: what is unknown is null in a list and missing in an object."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return float(value)
        case tuple():
            return [as_json(item) for item in value]
        case dict():
            return {key: as_json(item) for key, item in value.items() if not isinstance(item, Unknown)}
        case _:
            return None


def type_json(named: Type) -> Json:
    match named:
        case Primitive(name):
            return name
        case AnyType():
            return "dynamic"
        case ListType(element):
            return ["list", type_json(element)]
        case SetType(element):
            return ["set", type_json(element)]
        case MapType(element):
            return ["map", type_json(element)]
        case TupleType(elements):
            return ["tuple", [type_json(element) for element in elements]]
        case ObjectType(attributes):
            return ["object", {name: type_json(attribute) for name, attribute in attributes.items()}]


def recorded(case: dict[str, Json]) -> Answer:
    """What Terraform said, from a recorded case."""
    error = case.get("error")
    if isinstance(error, str):
        return Answer(error=error)
    unknown = _without_false(case.get("unknown", False))
    sensitive = case.get("sensitive")
    return Answer(case["value"], case["type"], unknown, sensitive if isinstance(sensitive, bool) else None)


def _without_false(shape: Json) -> Json:
    match shape:
        case list():
            items = [_without_false(item) for item in shape]
            return items if any(item is not False for item in items) else False
        case dict():
            members = {key: inner for key, item in shape.items() if (inner := _without_false(item)) is not False}
            return members or False
        case _:
            return shape


def agrees(ours: Answer, theirs: Answer) -> bool:
    """Whether the two are the same as far as Terraform was asked."""
    if ours.error is not None or theirs.error is not None:
        return ours.error == theirs.error
    if theirs.sensitive is not None and ours.sensitive is not theirs.sensitive:
        return False
    if ours.unknown != theirs.unknown or _told(ours.value, ours.unknown) != _told(theirs.value, theirs.unknown):
        return False
    if theirs.value is None and theirs.type == "dynamic":
        return True  # of an output that is null a plan keeps no type
    return ours.type is None or theirs.type is None or ours.type == theirs.type


def _told(value: Json, unknown: Json) -> object:
    """The known part, with 1 and true told apart."""
    if unknown is True:
        return None
    match value:
        case bool():
            return ("bool", value)
        case list():
            shapes = unknown if isinstance(unknown, list) else [False] * len(value)
            return [_told(item, shape) for item, shape in zip(value, shapes, strict=True)]
        case dict():
            members = unknown if isinstance(unknown, dict) else {}
            return {key: _told(item, members.get(key, False)) for key, item in value.items()}
        case _:
            return value


def read_data(name: str) -> Json:
    """A file of recorded answers."""
    found: Json = json.loads((DATA / name).read_text(encoding="utf-8"))
    return found
