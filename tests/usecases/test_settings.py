"""Settings are found beside the code or above it, and what stands in their place is said, not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from clops_app.adapters.disk import read_directory
from clops_app.model.source import SourceTree
from clops_app.usecases.config import Config
from clops_app.usecases.errors import ConfigError
from clops_app.usecases.settings import settings_in


def test_the_nearest_settings_at_or_above_the_directory_are_read() -> None:
    tree = SourceTree({".clops.yml": b"fail_on: low\n", "a/.clops.yml": b"fail_on: high\n", "a/b/main.tf": b""})
    assert settings_in(tree, "a/b") == ("a/.clops.yml", Config(fail_on="high"))
    assert settings_in(tree, "") == (".clops.yml", Config(fail_on="low"))


@pytest.mark.parametrize("scope", ["", "infra"])
def test_settings_that_are_a_directory_in_the_tree_are_said_so(scope: str) -> None:
    tree = SourceTree({".clops.yml/settings.yml": b"", "infra/main.tf": b""})
    with pytest.raises(ConfigError, match=r"^\.clops\.yml was not read: a directory, not a file\.$"):
        settings_in(tree, scope)


def test_settings_that_are_an_empty_directory_on_disk_are_said_so(tmp_path: Path) -> None:
    (tmp_path / ".clops.yml").mkdir()
    (tmp_path / "main.tf").write_text("")
    with pytest.raises(ConfigError, match=r"^\.clops\.yml was not read: a directory, not a file\.$"):
        settings_in(read_directory(str(tmp_path)).tree, "")


def test_a_directory_of_that_name_elsewhere_is_nobodys_settings() -> None:
    tree = SourceTree({"other/.clops.yml/settings.yml": b"", "infra/main.tf": b""})
    assert settings_in(tree, "infra") is None
