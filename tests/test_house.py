"""The laws of the house, read off the source: who may import what, and who may touch the world."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parent.parent
PACKAGE = HOUSE / "clops_app"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_rules" not in path.parts)

# Third parties by floor. What is not named here may import none.
THIRD_PARTIES = {
    "terraform": {"re2", "yaml"},
    "rulebook": {"yaml"},
    "patch": {"hcl2", "lark"},  # lark is the parser inside python-hcl2, and whose exceptions it lets through
    "review": {"rich"},
    "usecases": {"annotated_types", "pydantic", "pydantic_core", "yaml"},
    "adapters": {
        "boto3",
        "botocore",
        "githubkit",
        "google",
        "httpx",
        "httpx2",  # the transport of pydantic_ai, whose exceptions it lets through
        "jwt",
        "psycopg",
        "pydantic",
        "pydantic_ai",
        "slack_sdk",
        "stamina",
        "yaml",
    },
    "entrypoints": {
        "fastapi",
        "markdown_it",
        "prometheus_client",
        "pydantic",
        "rich",
        "starlette",
        "structlog",
        "typer",
        "uvicorn",
        "yaml",
    },
}
WORLD = {
    "asyncio",
    "datetime.datetime.now",
    "http",
    "os",
    "random",
    "secrets",
    "shutil",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "urllib.request",
}
# A rule that crashes, the command line, and a job of the queue: whatever it raises is its outcome, or it would run for ever.
BROAD_EXCEPTS = {"clops_app/rulebook/run.py", "clops_app/entrypoints/cli.py", "clops_app/adapters/queue/work.py"}


def floor_of(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_floor_imports_only_the_third_parties_it_may(path: Path) -> None:
    allowed = THIRD_PARTIES.get(floor_of(path), set())
    foreign = {name.partition(".")[0] for name in imports_of(path)} - set(sys.stdlib_module_names) - {"clops_app"}
    assert foreign - allowed == set()


@pytest.mark.parametrize(
    "path", [path for path in MODULES if floor_of(path) not in ("adapters", "entrypoints")], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_only_adapters_and_entrypoints_touch_the_world(path: Path) -> None:
    touched = {name for name in imports_of(path) if name in WORLD or name.partition(".")[0] in WORLD}
    assert touched == set()


@pytest.mark.parametrize(
    "path", [path for path in MODULES if floor_of(path) not in ("adapters", "entrypoints")], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_below_adapters_nothing_opens_a_file_or_reads_the_clock(path: Path) -> None:
    called = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}
    assert (
        called
        & {
            "open",
            "datetime.now",
            "datetime.datetime.now",
            "date.today",
            "datetime.date.today",
            "input",
            "print",
            "uuid.uuid1",
            "uuid.uuid4",
        }
        == set()
    )


def test_a_broad_except_stands_in_three_named_places_only() -> None:
    found = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")):
                found.add(path.relative_to(HOUSE).as_posix())
    assert found == BROAD_EXCEPTS


@pytest.mark.parametrize("path", sorted(HOUSE.glob("rules/*/*/check.py")), ids=lambda path: path.parent.name)
def test_a_rule_imports_the_kit_and_pure_standard_library_only(path: Path) -> None:
    pure = {"__future__", "clops_app.kit", "collections.abc", "dataclasses", "decimal", "ipaddress", "itertools", "json", "re", "typing"}
    assert set(imports_of(path)) - pure == set()


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_one_thought_of_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_says_what_is_true_because_it_exists(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_there_is_no_mutable_state_at_module_level(path: Path) -> None:
    mutable = [
        ast.unparse(node)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, (ast.Assign, ast.AnnAssign))
        and isinstance(node.value, (ast.List, ast.Set, ast.ListComp, ast.SetComp))
        and "__all__" not in ast.unparse(node)
    ]
    assert mutable == []


def test_the_package_speaks_of_no_machine_path() -> None:
    texts = [*MODULES, *HOUSE.glob("rules/*/*/*.*"), *HOUSE.glob("*.md")]
    suspects = [path for path in texts if path.is_file() and ("/root/" in (text := path.read_text()) or "/home/" in text)]
    assert suspects == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """Until Python 3.11.4 such a group may end where an alternative failed half way (cpython#106052); (?>(…)*) does not."""
    assert re.findall(r"\)(?:[*+?]|\{[\d,]+\})\+", path.read_text()) == []
