"""Globs of settings mean what people expect of paths."""

from __future__ import annotations

import pytest

from clops_app.usecases.paths import matches


@pytest.mark.parametrize(
    ("pattern", "directory", "expected"),
    [
        ("infra/*", "infra/prod", True),
        ("infra/*", "infra", False),
        ("infra/*", "infra/prod/eu", False),
        ("infra/**", "infra/prod/eu", True),
        ("infra/**", "infra", True),
        ("infra/**", "infrastructure", False),
        ("**/dev", "dev", True),
        ("**/dev", "envs/eu/dev", True),
        ("**/dev", "envs/dev2", False),
        ("envs/**/dev", "envs/dev", True),
        ("envs/**/dev", "envs/a/b/dev", True),
        ("**", "anything/at/all", True),
        ("**", "", True),
        (".", "", True),
        ("*", "", True),
        ("./infra/", "infra", True),
        ("in?ra", "infra", True),
        ("a.b", "axb", False),
        ("a[0]", "a[0]", True),
    ],
)
def test_a_pattern_means(pattern: str, directory: str, expected: bool) -> None:
    assert matches(pattern, directory) is expected
