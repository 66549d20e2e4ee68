"""A pull request as it is: where it comes from, what it changes, what is in its files."""

from __future__ import annotations

import io
import tarfile

import pytest

from clops_app.adapters.github.repository import with_token
from clops_app.ports import ForgeError, NotAllowed, NotThere, TooLarge, TryLater
from clops_app.review.hunks import read_diff
from tests.adapters.github.saying import action, at_once, forge
from tests.github import scene
from tests.github.world import World, lines, worlds


def test_a_pull_request_is_read_as_it_is_now(world: World) -> None:
    pull = forge(world).read(1)
    assert (pull.repository, pull.number, pull.state, pull.author) == ("acme/infra", 1, "open", "ana")
    assert (pull.base_branch, pull.head_branch, pull.head_sha) == ("main", "feature", world.pull.head)
    assert (pull.head_repository, pull.from_fork) == ("acme/infra", False)
    scene.set_state(world.hub, world.repository, world.pull, "closed")
    assert forge(world).read(1).state == "closed"


def test_a_pull_request_from_a_fork_that_is_gone_has_no_head_repository(world: World) -> None:
    theirs = scene.fork(world.hub, world.repository, "max")
    scene.push(world.hub, theirs, "mine", {"main.tf": lines(7)}, by="max")
    pull = scene.open_pull(world.hub, world.repository, "mine", head_repository=theirs, by="max")
    assert forge(world).read(pull.number).head_repository == "max/infra"
    scene.delete_fork(world.hub, theirs)
    read = forge(world).read(pull.number)
    assert (read.head_repository, read.from_fork) == (None, True)


def test_what_is_not_there_is_told_from_what_is_refused(world: World) -> None:
    with pytest.raises(NotThere, match=r"^GET /repos/\{repository\}/pulls/\{number\}: 404\.$"):
        forge(world).read(99)
    with pytest.raises(NotAllowed, match=r"403\. It takes pull_requests=read"), worlds({"metadata": "read"}, private=True) as other:
        forge(other).read(1)
    with pytest.raises(NotThere):
        with_token(world.token, "acme/../infra", api_url=world.hub.api)


def test_the_pull_request_of_a_head_is_found(world: World) -> None:
    ours = forge(world)
    assert ours.with_head(world.pull.head) == 1
    assert ours.with_head(world.pull.base) is None
    assert ours.with_head("0" * 40) is None


def test_the_pull_request_of_a_forks_head_is_found_where_the_commit_tells_nothing(world: World) -> None:
    world.hub.faults.instead("GET", r"/commits/[0-9a-f]+/pulls$", 200, [])
    assert forge(world).with_head(world.pull.head) == 1


def test_the_diff_begins_at_the_merge_base_even_when_the_base_moved_on(world: World) -> None:
    began = world.pull.base
    world.pull.base = scene.push(world.hub, world.repository, "main", {"elsewhere.tf": "x\n"})
    pull = forge(world).read(1)
    assert (pull.base_sha != began, forge(world).merge_base(pull)) == (True, began)
    assert set(read_diff(forge(world).diff(pull))) == {"main.tf", "new.tf"}


def test_a_diff_too_large_for_github_is_put_together_from_the_list_of_files(world: World) -> None:
    strange = 'a "quoted"\tname.tf'
    world.push({strange: "one\n", "sp ace.tf": "two\n", "ü.tf": "three\n", "binary.bin": b"\0\1\2"})
    ours = forge(world)
    pull = ours.read(1)
    whole = read_diff(ours.diff(pull))
    body = {
        "message": "Sorry, the diff exceeded the maximum number of files (300).",
        "errors": [{"resource": "PullRequest", "field": "diff", "code": "too_large"}],
    }
    world.hub.faults.instead("GET", r"/pulls/1$", 406, body)
    rebuilt = read_diff(ours.diff(pull))
    assert {strange, "sp ace.tf", "ü.tf", "main.tf", "new.tf"} <= set(rebuilt)
    assert {path: hunks for path, hunks in whole.items() if hunks} == rebuilt


def test_a_diff_of_more_than_three_hundred_files_is_read_page_by_page(world: World) -> None:
    world.push({f"many/{number}.tf": f"{number}\n" for number in range(310)})
    ours = forge(world)
    assert len([line for line in ours.diff(ours.read(1)).split("\n") if line.startswith("+++ b/")]) == 312


def test_the_archive_is_fetched_without_the_token(world: World) -> None:
    into = io.BytesIO()
    forge(world).archive(world.pull.head, into)
    into.seek(0)
    with tarfile.open(fileobj=into) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"main.tf", "new.tf"} <= names


def test_an_archive_larger_than_we_take_is_refused_before_it_is_all_read(world: World) -> None:
    world.hub.faults.tarball(b"x" * 3_000_000)
    into = io.BytesIO()
    with pytest.raises(TooLarge):
        forge(world).archive(world.pull.head, into, most_bytes=1_000_000)
    assert len(into.getvalue()) <= 1_000_000


def test_an_archive_of_no_commit_and_one_that_breaks_off_are_told_apart(world: World) -> None:
    with pytest.raises(NotThere):
        forge(world).archive("0" * 40, io.BytesIO())
    world.hub.faults.drop("GET", "/_codeload/")
    with pytest.raises(TryLater):
        forge(world).archive(world.pull.head, io.BytesIO())
    world.hub.faults.instead("GET", "/_codeload/", 503)
    with pytest.raises(TryLater):
        forge(world).archive(world.pull.head, io.BytesIO())


def test_a_redirect_to_another_host_gets_no_token(world: World) -> None:
    elsewhere = world.hub.web.replace("127.0.0.1", "localhost")
    world.hub.faults.instead("GET", r"/pulls/1$", 302, {}, headers={"Location": f"{elsewhere}/_codeload/x/y"})
    with pytest.raises(ForgeError, match="another host"):
        forge(world).read(1)
    assert not any("/_codeload/" in path for _, path, _ in world.hub.requests)


def test_a_next_page_on_another_host_gets_no_token(world: World) -> None:
    elsewhere = world.hub.web.replace("127.0.0.1", "localhost")
    link = {"Link": f'<{elsewhere}/_codeload/x/y>; rel="next"'}
    world.hub.faults.instead("GET", r"/commits/[0-9a-f]+/pulls$", 200, [], headers=link)
    with pytest.raises(ForgeError, match="another host"):
        forge(world).with_head(world.pull.head)
    assert not any("/_codeload/" in path for _, path, _ in world.hub.requests)


def test_a_read_that_fails_is_tried_three_times(world: World) -> None:
    world.hub.faults.instead("GET", r"/pulls/1$", 502, times=2)
    assert forge(world).read(1).number == 1
    world.hub.faults.drop("GET", r"/pulls/1$", times=2)
    assert forge(world).read(1).number == 1
    world.hub.faults.instead("GET", r"/pulls/1$", 502, times=9)
    with pytest.raises(TryLater):
        forge(world).read(1)
    assert [one.times for one in world.hub.faults.waiting if one.kind == "instead"] == [0, 6]


def test_an_answer_that_is_no_json_is_no_answer(world: World) -> None:
    world.hub.faults.instead("GET", r"/pulls/1$", 200)
    with pytest.raises(ForgeError, match="no JSON"):
        forge(world).read(1)


def test_a_renamed_repository_is_followed(world: World) -> None:
    ours = forge(world)
    scene.rename(world.hub, world.repository, "platform")
    pull = ours.read(1)
    assert (pull.repository, pull.from_fork, ours.with_head(pull.head_sha)) == ("acme/platform", False, 1)


def test_a_github_of_ones_own_is_read_alike() -> None:
    with worlds(ghes=True) as world:
        ours = action(world)
        assert ours.login == "github-actions[bot]"
        pull = ours.read(1)
        assert ours.with_head(pull.head_sha) == 1
        assert set(read_diff(ours.diff(pull))) == {"main.tf", "new.tf"}
        ours.archive(pull.head_sha, io.BytesIO())


def test_everybody_is_known_by_name(world: World) -> None:
    assert forge(world).login == "clops[bot]"
    assert action(world).login == "github-actions[bot]"
    assert forge(world, scene.personal_token(world.hub, "ana")).login == "ana"


def test_nobodys_token_is_told_in_an_error(world: World) -> None:
    secret = "ghp_" + "s3cr3t" * 6
    with pytest.raises(ForgeError) as told:
        with_token(secret, "acme/infra", api_url=world.hub.api, pace=at_once()).read(1)
    shown = [str(told.value), repr(told.value), repr(told.value.__cause__)]
    assert not any("s3cr3t" in text for text in shown)
