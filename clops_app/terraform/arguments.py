"""Arguments that nothing takes: of a resource by the provider's schema, of a module by the variables it declares.

An argument that the schema does not have is only told where one that it has is near: the code may be written for another
version of the provider, and then it is no slip.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from clops_app.hcl.syntax import Body
from clops_app.language import tr
from clops_app.terraform.declarations import Declared
from clops_app.terraform.module_source import META_ARGUMENTS as CALL_ARGUMENTS
from clops_app.terraform.references import meant
from clops_app.terraform.resource_block import META_ARGUMENTS, META_BLOCKS, ResourceBlock
from clops_app.terraform.schema import BlockSchema, provider_version
from clops_app.terraform.session import Session

# `nam` for `name`, `sise` for `size`; `acl` is not a slip for `arn`.
CLOSE = 0.75


def check_resource(session: Session, block: ResourceBlock, address: str) -> None:
    """Tell every argument and nested block of a resource that is nearly one of its type's."""
    if block.schema is not None:
        _check(session, block.declared, block.declared.block.body, block.schema, address, f"{block.mode} {block.type}", top=True)


def _check(session: Session, declared: Declared, body: Body, schema: BlockSchema, address: str, kind: str, *, top: bool = False) -> None:
    """`kind` says of what type the body is, whatever its address."""
    for item in body.attributes:
        if item.name not in schema.attributes and item.name not in schema.blocks and not (top and item.name in META_ARGUMENTS):
            _tell(session, declared, item.start, _no_argument(address, item.name), item.name, schema, kind)
    for block in body.blocks:
        dynamic = block.type == "dynamic" and len(block.labels) == 1
        name = block.labels[0] if dynamic else block.type
        if name in schema.blocks:
            inner = [content.body for content in block.body.blocks if content.type == "content"] if dynamic else [block.body]
            for each in inner:
                _check(session, declared, each, schema.blocks[name].block, f"{address}.{name}", f"{kind}.{name}")
        elif name not in schema.attributes and not (top and name in META_BLOCKS):
            what = tr("{address} has no block `{name}`", address=address, name=name)
            _tell(session, declared, block.start, what, name, schema, kind)


def _tell(session: Session, declared: Declared, offset: int, what: str, name: str, schema: BlockSchema, kind: str) -> None:
    near = session.nearest(kind, name, [*schema.attributes, *schema.blocks], CLOSE)
    if near:
        why = tr("hashicorp/aws {version} does not know it.", version=provider_version()) + meant(near)
        session.complain(declared.path_of(name), offset, what, why)


def check_call(session: Session, declared: Declared, address: str, variables: Mapping[str, object]) -> None:
    """Tell every argument of a module call that is no variable of the module."""
    known: Collection[str] = variables.keys()
    for item in declared.block.body.attributes:
        if item.name not in known and item.name not in CALL_ARGUMENTS:
            refused = tr("the module declares no variable of that name, and Terraform refuses the call.")
            why = refused + meant(session.nearest(address, item.name, known))
            session.complain(declared.path_of(item.name), item.start, _no_argument(address, item.name), why)


def _no_argument(address: str, name: str) -> str:
    return tr("{address} has no argument `{name}`", address=address, name=name)
