"""Where a reader of the review can go, as a runner tells it."""

from __future__ import annotations

from pathlib import Path

import pytest

from clops_app.entrypoints.links import links_of
from clops_app.language import speaking
from clops_app.review.render.links import Links

COMMIT = "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d"
SOURCE = "/home/runner/work/_actions/acme/clops/v0"


def runner(workspace: Path) -> dict[str, str]:
    return {
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "acme/game",
        "GITHUB_WORKSPACE": str(workspace),
        "CLOPS_SOURCE": SOURCE,
    }


def test_in_the_workflows_own_checkout_places_and_rules_have_links(tmp_path: Path) -> None:
    links = links_of(runner(tmp_path), str(tmp_path), COMMIT)
    assert links.file("db.tf", 3, 5) == f"https://github.com/acme/game/blob/{COMMIT}/db.tf#L3-L5"
    assert links.rule("aws/gp2_volume") == "https://github.com/acme/clops/blob/v0/rules/aws/gp2_volume/rule.md"


@pytest.mark.parametrize(
    ("rules", "page"),
    [
        (
            "https://github.com/acme/clops/blob/v0/rules/{rule}/rule.md",
            "https://github.com/acme/clops/blob/v0/rules/aws/gp2_volume/rule.ko.md",
        ),
        ("https://clops.example.com/rules/{rule}", "https://clops.example.com/rules/aws/gp2_volume?lang=ko"),
        ("", ""),
    ],
)
def test_a_korean_review_leads_to_a_rules_korean_page(rules: str, page: str) -> None:
    with speaking("ko"):
        assert Links(rules=rules).rule("aws/gp2_volume") == page


def test_another_checkout_than_the_workflows_own_has_no_links_to_places(tmp_path: Path) -> None:
    assert links_of(runner(tmp_path), str(tmp_path / "other"), COMMIT).files == ""


def test_without_a_commit_there_is_no_place_to_link_to(tmp_path: Path) -> None:
    assert links_of(runner(tmp_path), str(tmp_path), None).files == ""


def test_outside_of_a_runner_there_are_no_links() -> None:
    links = links_of({}, "/", COMMIT)
    assert (links.files, links.rules) == ("", "")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("/a/_actions/acme/clops/feature/x", "https://github.com/acme/clops/blob/feature/x/rules/{rule}/rule.md"),
        ("/a/_actions/acme/clops", ""),
        ("/home/runner/work/clops/clops", ""),
    ],
)
def test_the_rules_are_where_the_action_came_from(source: str, expected: str) -> None:
    assert links_of({"GITHUB_SERVER_URL": "https://github.com", "CLOPS_SOURCE": source}, "/", None).rules == expected


def test_an_enterprise_server_does_not_tell_where_an_action_came_from() -> None:
    assert links_of({"GITHUB_SERVER_URL": "https://git.example.com", "CLOPS_SOURCE": SOURCE}, "/", None).rules == ""
