"""The button "Commit suggestion" (README of the contracts, B.2): what it commits, and what it refuses in whose words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

from tests.github import scene, suggestions
from tests.github.world import PATH, lines, worlds

if TYPE_CHECKING:
    from tests.github.world import World

REVIEWS = f"{PATH}/pulls/1/reviews"
BUTTON = "/acme/infra/pull/1/suggestions"


def suggested(world: World, body: str, line: int = 5, start: int | None = None, path: str = "main.tf", **more: Any) -> int:
    entry = {"path": path, "line": line, "side": "RIGHT", "body": body, **more}
    entry |= {"start_line": start, "start_side": "RIGHT"} if start else {}
    made = world.client().post(REVIEWS, json={"event": "COMMENT", "body": "s", "comments": [entry]})
    assert made.status_code == 200, made.text
    return max(world.pull.comments)


def press(world: World, *comments: int, by: str = "ana") -> Any:
    with world.person(by) as person:
        return person.post(BUTTON, json={"comments": list(comments)})


def refusal(world: World, *comments: int, by: str = "ana") -> str:
    answer = press(world, *comments, by=by)
    assert answer.status_code == 422
    return str(answer.json()["error"])


def committed(world: World, path: str = "main.tf") -> str:
    return (world.repository.git.file(world.pull.head, path) or b"").decode()


def block(text: str, fence: str = "```") -> str:
    return f"Better:\n\n{fence}suggestion\n{text}{fence}\n"


def test_a_suggestion_replaces_exactly_its_line(world: World) -> None:
    assert press(world, suggested(world, block("LINE\n"))).status_code == 200
    assert committed(world) == lines(5, 30).replace("line 5x\n", "LINE\n")


def test_a_range_gives_way_to_a_block_of_another_length(world: World) -> None:
    press(world, suggested(world, block("A\nB\nC\n"), line=6, start=5))
    assert committed(world) == lines(5, 30).replace("line 5x\nline 6\n", "A\nB\nC\n")


def test_an_empty_block_deletes_the_lines(world: World) -> None:
    press(world, suggested(world, block(""), line=6, start=5))
    assert committed(world) == lines(5, 30).replace("line 5x\nline 6\n", "")


def test_one_blank_line_is_no_empty_block(world: World) -> None:
    press(world, suggested(world, block("\n")))
    assert committed(world) == lines(5, 30).replace("line 5x\n", "\n")


def test_indentation_and_trailing_blanks_survive(world: World) -> None:
    press(world, suggested(world, block("\t  a = 1  \n")))
    assert committed(world) == lines(5, 30).replace("line 5x\n", "\t  a = 1  \n")


def test_a_longer_fence_bears_fences_inside(world: World) -> None:
    press(world, suggested(world, block("```hcl\nx\n```\n", "````")))
    assert committed(world) == lines(5, 30).replace("line 5x\n", "```hcl\nx\n```\n")


def test_a_short_fence_breaks_where_the_text_has_one(world: World) -> None:
    assert suggestions.blocks(block("a\n```\nb\n")) == ["a\n"]


def test_a_block_right_after_details_is_swallowed_as_html() -> None:
    assert suggestions.blocks("<details>\n```suggestion\nx\n```\n</details>") == []
    assert suggestions.blocks("<details>\n\n```suggestion\nx\n```\n\n</details>") == ["x\n"]


def test_the_commit_names_who_suggested(world: World) -> None:
    sha = press(world, suggested(world, block("LINE\n"))).json()["sha"]
    assert "Co-authored-by: clops[bot]" in world.repository.git.commit(sha).message


def test_a_batch_is_one_commit(world: World) -> None:
    before = world.pull.head
    press(world, suggested(world, block("A\nB\n")), suggested(world, block("C\n"), line=30))
    assert world.repository.git.commit(world.pull.head).parents == (before,)
    assert committed(world) == lines(5, 30).replace("line 5x\n", "A\nB\n").replace("line 30x\n", "C\n")


def test_two_suggestions_for_a_line_cannot_be_in_one_batch(world: World) -> None:
    assert refusal(world, suggested(world, block("A\n"), 6, 5), suggested(world, block("B\n"), 6)) == suggestions.ONE_A_LINE


def test_a_suggestion_that_changes_nothing_is_invalid(world: World) -> None:
    assert refusal(world, suggested(world, block("line 5x\n"))) == suggestions.NO_CHANGE


def test_an_outdated_suggestion_is_refused(world: World) -> None:
    one = suggested(world, block("LINE\n"))
    world.push({"main.tf": lines(5, 30, mark="y")})
    assert refusal(world, one) == suggestions.OUTDATED


def test_a_suggestion_follows_its_moved_line(world: World) -> None:
    one = suggested(world, block("LINE\n"))
    world.push({"main.tf": "first\n" + lines(5, 30)})
    assert press(world, one).status_code == 200
    assert committed(world) == "first\n" + lines(5, 30).replace("line 5x\n", "LINE\n")


def test_deleted_lines_take_no_suggestion(world: World) -> None:
    entry = {"path": "old.tf", "line": 1, "side": "LEFT", "body": block("x\n")}
    world.client().post(REVIEWS, json={"event": "COMMENT", "body": "s", "comments": [entry]})
    assert refusal(world, max(world.pull.comments)) == suggestions.DELETED_LINES


def test_a_closed_pull_request_takes_no_suggestion(world: World) -> None:
    one = suggested(world, block("LINE\n"))
    scene.set_state(world.hub, world.repository, world.pull, "closed")
    assert refusal(world, one) == suggestions.CLOSED


def test_a_pending_review_takes_no_suggestion(world: World) -> None:
    entry = {"path": "main.tf", "line": 5, "side": "RIGHT", "body": block("x\n")}
    world.client().post(REVIEWS, json={"body": "later", "comments": [entry]})
    assert refusal(world, max(world.pull.comments)) == suggestions.PENDING


def test_what_was_applied_is_not_applied_again(world: World) -> None:
    one = suggested(world, block("LINE\n"))
    press(world, one)
    assert refusal(world, one) == suggestions.DONE


def test_only_writers_may_apply(world: World) -> None:
    assert refusal(world, suggested(world, block("LINE\n")), by="max") == suggestions.NO_RIGHT


def test_a_last_line_without_newline_keeps_it_missing(world: World) -> None:
    world.push({"new.tf": "a\nb"})
    press(world, suggested(world, block("B\n"), line=2, path="new.tf"))
    assert committed(world, "new.tf") == "a\nB"


def test_only_a_missing_final_newline_is_no_change(world: World) -> None:
    world.push({"new.tf": "a\nb"})
    assert refusal(world, suggested(world, block("b\n"), line=2, path="new.tf")) == suggestions.NO_CHANGE


def test_a_file_of_crlf_comes_out_mixed(world: World) -> None:
    world.push({"new.tf": "a\r\nb\r\n"})
    press(world, suggested(world, block("B\n"), line=2, path="new.tf"))
    assert world.repository.git.file(world.pull.head, "new.tf") == b"a\r\nB\n"


def test_a_maintainer_may_apply_in_a_fork_that_allows_edits() -> None:
    with worlds() as world:
        fork = scene.fork(world.hub, world.repository, "eve")
        scene.push(world.hub, fork, "theirs", {"main.tf": lines(9)}, by="eve")
        pull = scene.open_pull(world.hub, world.repository, "theirs", head_repository=fork, by="eve")
        entry = {"path": "main.tf", "line": 9, "side": "RIGHT", "body": block("NINE\n")}
        world.client().post(f"{PATH}/pulls/2/reviews", json={"event": "COMMENT", "body": "s", "comments": [entry]})
        press_on = {"comments": [max(pull.comments)]}
        assert world.person("ana").post("/acme/infra/pull/2/suggestions", json=press_on).status_code == 200
        assert fork.git.file("theirs", "main.tf") == lines(9).replace("line 9x", "NINE").encode()
        pull.maintainer_can_modify = False
        assert world.person("ana").post("/acme/infra/pull/2/suggestions", json=press_on).status_code == 422
