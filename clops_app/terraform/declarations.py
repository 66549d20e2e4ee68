"""What one directory declares: its blocks by kind and name, override files merged as Terraform merges them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sized
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from clops_app.hcl.syntax import Attribute, Block, Body, File, Literal
from clops_app.language import say, tr, trn
from clops_app.model.resource import Diagnostic
from clops_app.model.source import line_starts, position
from clops_app.terraform.references import did_you_mean
from clops_app.terraform.sources import Sources, is_configuration

# The blocks of a file, and what their labels are.
_LABELS: dict[str, tuple[str, ...]] = {
    "resource": ("type", "name"), "data": ("type", "name"), "ephemeral": ("type", "name"), "module": ("name",), "variable": ("name",),
    "output": ("name",), "provider": ("name",), "check": ("name",), "run": ("name",), "locals": (), "terraform": (), "moved": (),
    "import": (), "removed": (),
}  # fmt: skip
MAX_FILES_PER_DIRECTORY = 1_000  # ENGINE.md §5 allows 5,000 a root; a directory is a part of one


class Declared(NamedTuple):
    """A block and the file it stands in. Merged from an override, a part may stand elsewhere: `paths` by attribute name."""

    path: str
    block: Block
    paths: Mapping[str, str] = MappingProxyType({})

    def attribute(self, name: str) -> Attribute | None:
        for item in self.block.body.attributes:  # asked so often that a generator would be felt
            if item.name == name:
                return item
        return None

    def path_of(self, name: str) -> str:
        return self.paths.get(name, self.path)


@dataclass(frozen=True, slots=True)
class Declarations:
    """One module directory. Keys of `resources` are (mode, type, name)."""

    directory: str
    files: tuple[str, ...]
    variables: dict[str, Declared]
    locals: dict[str, tuple[str, Attribute]]
    resources: dict[tuple[str, str, str], Declared]
    modules: dict[str, Declared]
    outputs: dict[str, Declared]
    providers: dict[str, Declared]
    terraform: tuple[Declared, ...]
    moved: tuple[tuple[str, Block], ...]
    first: Declared | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def size(self) -> int:
        """How much is declared."""
        tables: tuple[Sized, ...] = (self.variables, self.locals, self.resources, self.modules, self.outputs, self.providers, self.moved)
        return sum(map(len, tables))


def _ordered(names: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    present = set(names)
    # OpenTofu: x.tofu stands in the place of x.tf.
    kept = [name for name in sorted(present) if _as_tofu(name) not in present]
    overrides = [name for name in kept if _is_override(name.rpartition("/")[2])]
    return tuple(name for name in kept if name not in overrides), tuple(overrides)


def _as_tofu(name: str) -> str:
    """`x.tofu` of `x.tf`, `x.tofu.json` of `x.tf.json`; nothing of what is OpenTofu's already."""
    for ending, instead in ((".tf", ".tofu"), (".tf.json", ".tofu.json")):
        if name.endswith(ending):
            return name.removesuffix(ending) + instead
    return ""


def _is_override(name: str) -> bool:
    stem = name.partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def load(sources: Sources, directory: str) -> Declarations:
    """Read one directory. Never raises: what is broken is a diagnostic and the rest stands."""
    tree = sources.tree
    ordinary, overrides = _ordered(path for path in sources.directories.get(directory, ()) if is_configuration(path))
    diagnostics: list[Diagnostic] = []
    found = Declarations(directory, ordinary + overrides, {}, {}, {}, {}, {}, {}, (), (), None, ())
    terraform: list[Declared] = []
    moved: list[tuple[str, Block]] = []
    first: Declared | None = None
    for path in (ordinary + overrides)[:MAX_FILES_PER_DIRECTORY]:
        content = tree.files[path]
        file = sources.file(path)
        if file.problems:
            diagnostics += syntax_diagnostics(file, content)
        override = path in overrides
        for block in file.body.blocks:
            declared = Declared(path, block)
            first = first or declared
            match block.type, block.labels:
                case "variable", (name,):
                    _put(found.variables, name, declared, override, diagnostics, content)
                case "output", (name,):
                    _put(found.outputs, name, declared, override, diagnostics, content)
                case "module", (name,):
                    _put(found.modules, name, declared, override, diagnostics, content)
                case ("resource" | "data") as kind, (type_name, name):
                    mode = "managed" if kind == "resource" else "data"
                    _put(found.resources, (mode, type_name, name), declared, override, diagnostics, content)
                case "locals", ():
                    found.locals.update({item.name: (path, item) for item in block.body.attributes})
                case "provider", (name,):
                    alias = declared.attribute("alias")
                    key = f"{name}.{alias.value.value}" if alias and isinstance(alias.value, Literal) else name
                    _put(found.providers, key, declared, override, diagnostics, content)
                case "terraform", ():
                    terraform.append(declared)
                case "moved", ():
                    moved.append((path, block))
                case (("import" | "removed" | "check" | "ephemeral" | "run"), _):
                    pass
                case _:
                    diagnostics.append(_not_understood(block, where(path, content, block.start)))
    if len(ordinary + overrides) > MAX_FILES_PER_DIRECTORY:
        diagnostics.append(
            Diagnostic(
                tr("only the first {count:,} files were read", count=MAX_FILES_PER_DIRECTORY),
                directory or ".",
                tr("a directory with more is beyond what is evaluated"),
                lost=True,
            )
        )
    return Declarations(
        directory, ordinary + overrides, found.variables, found.locals, found.resources, found.modules, found.outputs, found.providers,
        tuple(terraform), tuple(moved), first, tuple(diagnostics),
    )  # fmt: skip


def _not_understood(block: Block, place: str) -> Diagnostic:
    labels = _LABELS.get(block.type)
    if labels is not None:
        header = " ".join((block.type, *(f'"{label}"' for label in labels)))
        what = trn(
            "a `{kind}` block with {count} label is not understood",
            "a `{kind}` block with {count} labels is not understood",
            len(block.labels),
            kind=block.type,
        )
        return Diagnostic(what, place, tr("it begins `{header}`", header=f"{header} {{"))
    what = tr("a `{kind}` block is not understood", kind=block.type)
    if block.type in {"if", "for", "while", "foreach"}:
        return Diagnostic(what, place, tr("Terraform has no such block; write count, for_each or `condition ? a : b`"))
    return Diagnostic(what, place, tr("Terraform has no such block.") + did_you_mean(block.type, _LABELS))


def _put(known: dict, name: object, declared: Declared, override: bool, diagnostics: list[Diagnostic], content: bytes) -> None:  # type: ignore[type-arg]
    present = known.get(name)
    if present is None:
        known[name] = declared
    elif override:
        known[name] = _merged(present, declared)
    else:
        label = ".".join(declared.block.labels)
        diagnostics.append(
            Diagnostic(
                tr("{kind} `{name}` is declared twice", kind=declared.block.type, name=label),
                where(declared.path, content, declared.block.start),
                tr("the first, in {path}, is used; Terraform refuses this", path=present.path),
                lost=True,
            )
        )


def brought_by(block: Block) -> str:
    """The type of the nested blocks that a nested block is, or that it brings if it is `dynamic`."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _merged(base: Declared, override: Declared) -> Declared:
    """Attributes of the override win one by one; nested blocks of a type it has are replaced as a whole."""
    names = {item.name for item in override.block.body.attributes}
    types = {brought_by(item) for item in override.block.body.blocks}
    body = base.block.body
    merged = Body(
        body.start,
        body.end,
        tuple(item for item in body.attributes if item.name not in names) + override.block.body.attributes,
        tuple(item for item in body.blocks if brought_by(item) not in types) + override.block.body.blocks,
    )
    paths = {**base.paths, **dict.fromkeys(names | types, override.path)}
    return Declared(base.path, base.block._replace(body=merged), paths)


def where(path: str, content: bytes, offset: int) -> str:
    """`path:line`, as diagnostics and terminals write it."""
    return f"{path}:{position(line_starts(content), offset).line}"


def syntax_diagnostics(file: File, content: bytes) -> list[Diagnostic]:
    starts = line_starts(content)
    found = []
    for problem in file.problems:
        at = position(starts, problem.offset)
        what = tr("syntax error: {summary}", summary=say(problem.summary))
        why = tr("column {column}: {detail}", column=at.column, detail=say(problem.detail))
        found.append(Diagnostic(what, f"{file.path}:{at.line}", why, lost=True))
    return found
