"""One module instance: every name in it is resolved when first asked for, in Terraform's own scopes."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from sys import intern
from typing import NamedTuple

from clops_app.hcl.syntax import Attribute, Expression
from clops_app.language import tr
from clops_app.model.types import ObjectType, Type, type_any
from clops_app.model.values import Reference, Unknown
from clops_app.terraform.arguments import check_call, check_resource
from clops_app.terraform.declarations import Declared
from clops_app.terraform.expansion import Expansion, expansion_of
from clops_app.terraform.expressions import evaluate
from clops_app.terraform.files import RepositoryFiles
from clops_app.terraform.inputs import Given
from clops_app.terraform.instance import Kept, ResourceInstance
from clops_app.terraform.modelled import is_model
from clops_app.terraform.module_source import META_ARGUMENTS, Located, locate
from clops_app.terraform.opaque_module import OpaqueModule
from clops_app.terraform.providers import ProviderKey, passed_providers
from clops_app.terraform.references import out_of_place
from clops_app.terraform.resource_block import ResourceBlock
from clops_app.terraform.scope import Budget, Files, Nodes
from clops_app.terraform.session import Cell, Session
from clops_app.terraform.undeclared import undeclared, undeclared_resource, which_instance
from clops_app.terraform.unify import type_of
from clops_app.terraform.unplanned import Unplanned
from clops_app.terraform.values import Attributes, EvaluationError, Null, Sensitive, T
from clops_app.terraform.variables import flag, variable_value

# What an instance of a resource, and of a module, costs in steps beside what is evaluated in it (measured: 5 and 15 µs).
_INSTANCE = 10
_CALL = 30
# What a traversal may begin with that is no type of a resource.
_RESERVED = frozenset({"var", "local", "module", "data", "path", "terraform", "ephemeral", "resource"})


class _Expanded(NamedTuple):
    """A resource of a module instance: its address, its instances, and what a reference to all of them means."""

    address: str
    expansion: Expansion
    instances: tuple[ResourceInstance, ...]
    value: T


class ModuleInstance:
    """Implements Scope for the expressions written in its directory. `given` is None for the root."""

    def __init__(
        self,
        session: Session,
        directory: str,
        address: str = "",
        parent: ModuleInstance | None = None,
        given: Mapping[str, Cell] | None = None,
        providers: Mapping[ProviderKey, ProviderKey] | None = None,
        key: str = "",
    ) -> None:
        self.session = session
        self.directory = directory
        self.address = address
        self.parent = parent
        self.key = key
        self.providers = providers or {}
        self.given = given or {}
        self.root_given: Mapping[str, Given] = {}
        self.declarations = session.declarations(directory)
        self.depth: int = parent.depth + 1 if parent else 0
        self.files: Files = RepositoryFiles(session.sources, session.root, session.inputs, session.read)
        self._cells: dict[tuple[str, ...], Cell] = {}
        self._regions: dict[ProviderKey, tuple[str | Unknown, tuple[str, ...]]] = {}
        self._type: Type | None = None
        self._unplanned: Unplanned | None = None
        self.budget: Budget = session.budget
        self._resources: dict[tuple[str, str, str], _Expanded | None] = {}
        self._calls: dict[str, tuple[Expansion, tuple[ModuleInstance | OpaqueModule, ...]] | None] = {}

    # -- names -------------------------------------------------------------------------------------------------

    def head(self, names: tuple[str, ...]) -> tuple[T, int]:
        """Resolve the head of a traversal and say how many names it took. Raises EvaluationError."""
        cell = self._cells.get(names[:2])
        if cell is not None:
            return cell.get(), 2
        if ("managed", *names[:2]) in self.declarations.resources and names[0] not in _RESERVED:
            return self.resource_value("managed", names[0], names[1], names[2:]), 2
        match names:
            case ("var", name, *_):
                return self.variable(name), 2
            case ("local", name, *_):
                return self.local(name), 2
            case ("module", name, *_):
                return self.module_value(name), 2
            case ("data", type_name, name, *rest):
                return self.resource_value("data", type_name, name, rest), 3
            case ("path", "module" | "root" | "cwd" as name, *_):
                return self._path(name), 2
            case ("terraform", "workspace", *_):
                return self.session.inputs.workspace, 2
            case ("terraform", "applying", *_):
                return False, 2
            case ("ephemeral", *_):
                return Unknown(tr("ephemeral resources have values only while Terraform runs")), len(names)
            case ("resource", type_name, name, *rest):
                return self.resource_value("managed", type_name, name, rest), 3
            case _:
                raise out_of_place(names) or undeclared_resource(self, "managed", names[0], names[1])

    def _path(self, name: str) -> str:
        root = self.session.root
        match name:
            case "module":
                return _relative(self.directory, root)
            case "root":
                return "."
            case _:
                return f"{self.session.inputs.directory}/{root}" if root else self.session.inputs.directory

    def local(self, name: str) -> T:
        cell = self._cells.get(("local", name))
        if cell is None:
            found = self.declarations.locals.get(name)
            if found is None:
                raise undeclared(self, "local value", name, self.declarations.locals)
            path, attribute = found
            cell = self._cells["local", name] = Cell(
                self.session, f"local.{name}", lambda: self.value_of(attribute.value, path, f"local.{name}")
            )
        return cell.get()

    def value_of(self, expression: Expression, path: str, what: str, names: Mapping[str, T] | None = None) -> T:
        """Evaluate; a failure is a diagnostic and Unknown."""
        try:
            return evaluate(expression, self, names or {})
        except EvaluationError as error:
            return self.session.failed(path, expression.start, what, error)

    def output(self, name: str) -> T:
        cell = self._cells.get(("an output", name))
        if cell is None:
            declared = self.declarations.outputs.get(name)
            if declared is None and is_model(self.directory):
                self.session.need((self.address,))
                why = tr("{module} was not downloaded, and its model has no output {name}", module=self.address, name=name)
                return Unknown(why, Reference(self.address, name))
            if declared is None:
                # A module is an object to Terraform: try() may ask it for what it does not have.
                error = EvaluationError("Unsupported attribute", undeclared(self, "output value", name, self.declarations.outputs).detail)
                error.surely = True
                raise error
            what = f"{self.address}.{name}" if self.address else f"output.{name}"
            attribute = declared.attribute("value")
            cell = self._cells["an output", name] = Cell(self.session, what, lambda: self._output(declared, attribute, what))
        return cell.get()

    def _output(self, declared: Declared, attribute: Attribute | None, what: str) -> T:
        if attribute is None:
            without = tr("{what} has no value", what=what)
            self.session.complain(declared.path, declared.block.start, without, tr("an output needs a `value`"))
            return Unknown(without)
        value = self.value_of(attribute.value, declared.path_of("value"), what)
        return Sensitive(value) if flag(declared, "sensitive") and not isinstance(value, Sensitive) else value

    # an Attributes value for `module.name`: its outputs
    def attribute(self, name: str) -> T:
        return self.output(name)

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.declarations.outputs))

    def spend(self, steps: int) -> None:
        self.session.budget.spend(steps)

    def value_type(self) -> Type:
        if self._type is None:
            self._type = type_any if is_model(self.directory) else self.session.aside(self._type_of_outputs)
        return self._type

    def _type_of_outputs(self) -> Type:
        return ObjectType({name: type_of(self.output(name)) for name in self.names()})

    def unplanned(self, nodes: Nodes) -> Unplanned:
        if self._unplanned is None:
            self._unplanned = Unplanned(self, nodes)
        return self._unplanned

    # -- variables ---------------------------------------------------------------------------------------------

    def variable(self, name: str) -> T:
        cell = self._cells.get(("var", name))
        if cell is None:
            declared = self.declarations.variables.get(name)
            if declared is None:
                raise undeclared(self, "input variable", name, self.declarations.variables)
            cell = self._cells["var", name] = Cell(self.session, f"var.{name}", lambda: variable_value(self, name, declared))
        return cell.get()

    # -- resources and modules ---------------------------------------------------------------------------------

    def instances(self, mode: str, type_name: str, name: str) -> tuple[Expansion, tuple[ResourceInstance, ...]]:
        _, expansion, instances, _ = self._expanded((mode, type_name, name))
        return expansion, instances

    def _expanded(self, key: tuple[str, str, str]) -> _Expanded:
        found = self._resources.get(key)
        if found is not None:
            return found
        mode, type_name, name = key
        written = f"data.{type_name}.{name}" if mode == "data" else f"{type_name}.{name}"
        address = intern(f"{self.address}.{written}" if self.address else written)  # the same string each time: many links hold it
        if key in self._resources:
            # It is being worked out, and refers back to itself: that must see something, unknown, and not a loop.
            own = _of_itself(address)
            return _Expanded(address, own, (), _collected(own, (), address))
        declared = self.declarations.resources[key]
        self._resources[key] = None
        try:
            found = self._resources[key] = self._expand(key, declared, address)
        finally:
            if found is None:
                del self._resources[key]  # too deep for whoever asked; another may ask from less deep
        return found

    def _expand(self, key: tuple[str, str, str], declared: Declared, address: str) -> _Expanded:
        block = self._block(key, declared, address)
        expansion = expansion_of(self, declared, address)
        self.budget.spend(_INSTANCE * len(expansion.each))
        shared: Kept | None = {} if len(expansion.each) > 1 else None
        instances = tuple([ResourceInstance(self, block, intern(address + each.suffix), each, shared) for each in expansion.each])
        return _Expanded(address, expansion, instances, _collected(expansion, instances, address))

    def _block(self, key: tuple[str, str, str], declared: Declared, address: str) -> ResourceBlock:
        """The block that all instances share, of every call of this directory; its arguments are checked with the first."""
        found = self.session.blocks.get((self.directory, key))
        if found is None:
            found = self.session.blocks[self.directory, key] = ResourceBlock(declared, key)
            if not is_model(self.directory):
                check_resource(self.session, found, address)
        return found

    def resource_value(self, mode: str, type_name: str, name: str, rest: Sequence[str] = ()) -> T:
        """What a reference means whose next steps are `rest`. Raises StaticError where it must say which instance, and does not."""
        key = (mode, type_name, name)
        if key not in self.declarations.resources:
            raise undeclared_resource(self, mode, type_name, name)
        address, expansion, _, value = self._expanded(key)
        if rest and expansion.kind != "single" and not rest[0].isdecimal():
            raise which_instance(address, self.declarations.resources[key])
        needed = self.session.needed
        needed[address] = None
        for one in expansion.needed:
            needed[one] = None
        return value

    def calls(self, name: str) -> tuple[Expansion, tuple[ModuleInstance | OpaqueModule, ...]]:
        found = self._calls.get(name)
        if found is not None:
            return found
        base = f"{self.address}.module.{name}" if self.address else f"module.{name}"
        if name in self._calls:
            return _of_itself(base), ()  # as of a resource that is being worked out
        self._calls[name] = None
        try:
            found = self._calls[name] = self._call(name, base)
        finally:
            if found is None:
                del self._calls[name]
        return found

    def _call(self, name: str, base: str) -> tuple[Expansion, tuple[ModuleInstance | OpaqueModule, ...]]:
        declared = self.declarations.modules[name]
        expansion = expansion_of(self, declared, base)
        self.budget.spend(_CALL * len(expansion.each))
        located = locate(self, declared, name)
        if located.directory is not None and not is_model(located.directory):
            check_call(self.session, declared, base, self.session.declarations(located.directory).variables)
        return expansion, tuple(self._called(declared, located, base + each.suffix, each.names) for each in expansion.each)

    def _called(self, declared: Declared, located: Located, address: str, names: Mapping[str, T]) -> ModuleInstance | OpaqueModule:
        if located.directory is None:
            return OpaqueModule(self.session, address, located.why(address))
        if not self.session.may_enter(address, self.session.declarations(located.directory).size + len(declared.block.body.attributes)):
            return OpaqueModule(self.session, address, tr("{module} is one module too many", module=address))
        cells = {
            item.name: self.argument(item, declared.path_of(item.name), f"{address}.{item.name}", names)
            for item in declared.block.body.attributes
            if item.name not in META_ARGUMENTS
        }
        return ModuleInstance(self.session, located.directory, address, self, cells, passed_providers(declared), located.key)

    def argument(self, attribute: Attribute, path: str, what: str, names: Mapping[str, T]) -> Cell:
        return Cell(self.session, what, lambda: self.value_of(attribute.value, path, what, names))

    def module_value(self, name: str) -> T:
        if name not in self.declarations.modules:
            raise undeclared(self, "module call", name, self.declarations.modules)
        expansion, instances = self.calls(name)
        self.session.need(expansion.needed)
        base = f"{self.address}.module.{name}" if self.address else f"module.{name}"
        return _collected(expansion, instances, base)

    # -- providers ---------------------------------------------------------------------------------------------

    def provider(self, key: ProviderKey) -> tuple[ModuleInstance, Declared | None]:
        """The module and block that configure a provider as it is known here; None where there is no block."""
        if self.parent is not None and key in self.providers:
            return self.parent.provider(self.providers[key])
        declared = self.declarations.providers.get(key.text)
        if declared is not None or self.parent is None:
            return self, declared
        return (self, None) if key.alias else self.parent.provider(key)

    def region(self, key: ProviderKey) -> str | Unknown:
        """The region a provider configuration works in; where none is written, the one that was given from outside."""
        if key not in self._regions:
            with self.session.watching() as seen:
                region = self._region(key)
            self._regions[key] = region, tuple(seen)
        region, needed = self._regions[key]
        self.session.need(needed)
        return region

    def _region(self, key: ProviderKey) -> str | Unknown:
        module, declared = self.provider(key)
        attribute = declared.attribute("region") if declared is not None else None
        if declared is None or attribute is None:
            if declared is None and key.alias:
                return Unknown(tr("the provider configuration {name} is not declared", name=key.text))
            return self.session.default_region()
        cell_key = ("a region", declared.path, str(declared.block.start))  # two names may mean one configuration
        cell = module._cells.get(cell_key)
        if cell is None:
            what = tr("the region of provider {name}", name=key.text)
            cell = module._cells[cell_key] = Cell(
                self.session, what, lambda: module.value_of(attribute.value, declared.path_of("region"), what)
            )
        with self.session.watching():
            value = cell.get()
        match value:
            case str() | Unknown():
                return value
            case Sensitive(str() | Unknown() as inner):
                return inner
            case None | Null():
                return self.session.default_region()
            case _:
                return Unknown(tr("the region of provider {name} is not a string", name=key.text))

    def is_inside(self, directory: str) -> bool:
        """Whether this module or one that calls it stands in `directory`."""
        return self.directory == directory or (self.parent is not None and self.parent.is_inside(directory))


def _of_itself(base: str) -> Expansion:
    return Expansion.unknown(tr("the number of {address} depends on itself", address=base))


def _collected(expansion: Expansion, instances: tuple[Attributes, ...], base: str) -> T:
    """What a reference without index gives: the instance, a tuple of them, or an object of them."""
    match expansion.kind:
        case "single":
            return instances[0] if instances else Unknown(tr("{what} depends on itself", what=base))
        case "count":
            return instances
        case "for_each":
            return {str(each.key): instance for each, instance in zip(expansion.each, instances, strict=True)}
        case _:
            return Unknown(expansion.why, Reference(base, ""))


def _relative(directory: str, root: str) -> str:
    """path.module as Terraform prints it: relative to the root module, "." for the root itself."""
    return posixpath.relpath("/" + directory, "/" + root)
