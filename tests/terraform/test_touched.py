"""Which roots a change leaves alone: rather too few of them than one too many."""

from __future__ import annotations

import pytest

from clops_app.model.source import SourceTree
from clops_app.terraform.sources import sources_of
from clops_app.terraform.touched import changed_directories, untouched

CALL = 'module "m" {{\n  source = "{}"\n}}\n'
REPOSITORY = {
    "a/main.tf": CALL.format("../modules/m"),
    "a/terraform.tfvars": "x = 1\n",
    "b/main.tf": "locals {\n  x = 1\n}\n",
    "modules/m/main.tf": CALL.format("../inner"),
    "modules/inner/main.tf": 'locals {\n  script = file("${path.module}/run.sh")\n}\n',
    "modules/inner/run.sh": "true\n",
    "README.md": "Ours.\n",
}


def left(changes: dict[str, str | None], files: dict[str, str] | None = None, refused: dict[str, str] | None = None) -> set[str]:
    """Of a and b those that a change leaves alone; None removes a file."""
    before = REPOSITORY | (files or {})
    after = {path: text for path, text in (before | changes).items() if text is not None}
    head, base = (SourceTree({path: text.encode() for path, text in each.items()}) for each in (after, before))
    head = SourceTree(head.files, refused or {})
    sides = sources_of(head), sources_of(base)
    return set(untouched(("a", "b"), *sides, changed_directories(*sides), lambda _: ()))


@pytest.mark.parametrize("path", ["README.md", "a/notes.txt", "c/main.tf", "modules/other/main.tf"])
def test_a_change_of_what_no_root_reads_touches_none(path: str) -> None:
    assert left({path: "# changed\n"}) == {"a", "b"}


@pytest.mark.parametrize(
    "path",
    [
        "a/main.tf", "a/more.tf", "a/main.tf.json", "a/main_override.tf", "a/main.tofu", "a/terraform.tfvars", "a/z.auto.tfvars.json",
        "a/.terraform/modules/modules.json", "modules/m/main.tf", "modules/m/new.tf", "modules/inner/main.tf", "modules/inner/run.sh",
    ],
)  # fmt: skip
def test_a_change_of_what_a_root_may_read_touches_it_alone(path: str) -> None:
    assert left({path: "# changed\n"}) == {"b"}


@pytest.mark.parametrize("path", ["a/main.tf", "modules/m/main.tf", "modules/inner/main.tf", "modules/inner/run.sh", "a/terraform.tfvars"])
def test_removing_what_a_root_reads_touches_it(path: str) -> None:
    assert left({path: None}) == {"b"}


def test_a_module_that_was_missing_and_comes_touches_who_calls_it() -> None:
    files = {"b/main.tf": CALL.format("../modules/new")}
    assert left({"modules/new/main.tf": ""}, files) == {"a"}


def test_what_init_placed_is_read_by_its_root() -> None:
    placed = '{"Modules": [{"Key": "m", "Source": "x/y/aws", "Dir": ".terraform/modules/m"}]}'
    files = {"b/main.tf": CALL.format("x/y/aws"), "b/.terraform/modules/modules.json": placed, "b/.terraform/modules/m/main.tf": ""}
    assert left({"b/.terraform/modules/m/main.tf": "# changed\n"}, files) == {"a"}


@pytest.mark.parametrize(
    "argument",
    ['"${path.module}/x.sh"', '"x.sh"', '"${path.root}/x.sh"', '"./x.sh"', '"${path.module}/../b/x.sh"', '"../b/x.sh"'],
)
@pytest.mark.parametrize("function", ["file", "templatefile", "filebase64sha256", "fileexists", "core::file"])
def test_a_file_that_is_named_plainly_touches_who_names_it(function: str, argument: str) -> None:
    files = {"b/main.tf": f"locals {{\n  x = {function}({argument})\n}}\n", "b/x.sh": "true\n"}
    assert (left({"b/x.sh": "false\n"}, files), left({"b/x.sh": None}, files)) == ({"a"}, {"a"})
    assert left({"b/y.sh": "false\n"}, files) == {"a", "b"}


@pytest.mark.parametrize("argument", ['var.x', '"${var.x}"', '"${path.module}/${var.x}.sh"', '"${path.cwd}/x"', '"/x"', '"~/x"', '"a\\u002fb"', 'join("/", ["a"])'])  # fmt: skip
def test_a_file_that_cannot_be_told_means_touched(argument: str) -> None:
    assert left({}, {"b/main.tf": f"locals {{\n  x = file({argument})\n}}\n"}) == {"a"}


@pytest.mark.parametrize("place", ["path.module", '"${path.module}"', '"."', '"${path.module}/pages"', '"pages"'])
def test_a_file_that_comes_or_goes_below_a_fileset_touches_its_root(place: str) -> None:
    files = {"b/main.tf": f'locals {{\n  x = fileset({place}, "**")\n}}\n', "b/pages/a.html": ""}
    assert (left({"b/pages/b.html": ""}, files), left({"b/pages/a.html": None}, files)) == ({"a"}, {"a"})
    assert left({"c/pages/b.html": ""}, files) == {"a", "b"}


def test_a_template_that_reads_files_itself_means_touched() -> None:
    files = {"b/main.tf": 'locals {\n  x = templatefile("x.tpl", {})\n}\n', "b/x.tpl": '${file("y")}'}
    assert left({}, files) == {"a"}


def test_what_is_refused_on_one_side_only_touches_who_may_read_it() -> None:
    assert left({"modules/inner/main.tf": None}, refused={"modules/inner/main.tf": "larger than 2 MiB"}) == {"b"}
    assert left({}, refused={"modules": "a directory that cannot be read"}) == {"b"}
    assert left({}, refused={"b/more.tf": "larger than 2 MiB"}) == {"a"}


def test_a_variable_file_that_the_settings_name_touches_who_is_given_it() -> None:
    def paths(root: str) -> tuple[str, ...]:
        return (f"{root}/prod.vars", "prod.vars")

    sides = [
        sources_of(SourceTree({path: text.encode() for path, text in (REPOSITORY | more).items()})) for more in ({"b/prod.vars": ""}, {})
    ]
    assert set(untouched(("a", "b"), *sides, changed_directories(*sides), paths)) == {"a"}
