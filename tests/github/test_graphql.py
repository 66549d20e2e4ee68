"""GraphQL (README of the contracts, B.8-9): checked by the schema, errors under HTTP 200, resolving needs contents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("openapi_schema_validator", reason="NOT PROVEN: the strict GitHub needs the extra `github-test`")

import githubkit.exception

from tests.github import scene
from tests.github.world import PATH, lines, worlds

if TYPE_CHECKING:
    from tests.github.world import World

THREADS = """query($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { headRefOid
    reviewThreads(first: 1, after: $after) { totalCount pageInfo { hasNextPage endCursor }
      nodes { id isResolved isOutdated path line comments(first: 10) {
        nodes { databaseId body isMinimized minimizedReason author { login __typename } } } } } } } }"""
WHERE = {"owner": "acme", "name": "infra", "number": 1}
MINIMIZE = "mutation($id: ID!) { minimizeComment(input: {subjectId: $id, classifier: OUTDATED}) { minimizedComment { isMinimized minimizedReason } } }"
RESOLVE = "mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }"
WIDE = {"metadata": "read", "contents": "write", "pull_requests": "write"}


def commented(world: World, *at: int) -> list[int]:
    entries = [{"path": "main.tf", "line": line, "side": "RIGHT", "body": f"at {line}"} for line in at]
    assert world.client().post(f"{PATH}/pulls/1/reviews", json={"event": "COMMENT", "body": "s", "comments": entries}).status_code == 200
    return list(world.pull.comments)


def asked(world: World, query: str, **variables: Any) -> Any:
    answer = world.client().post("/graphql", json={"query": query, "variables": variables})
    assert answer.status_code == 200
    return answer.json()


def test_threads_come_page_by_page_to_the_true_client(world: World) -> None:
    commented(world, 5, 30)
    kit = world.kit()
    first = kit.graphql(THREADS, WHERE)["repository"]["pullRequest"]["reviewThreads"]
    second = kit.graphql(THREADS, {**WHERE, "after": first["pageInfo"]["endCursor"]})["repository"]["pullRequest"]["reviewThreads"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (2, True, False)
    assert [one["nodes"][0]["line"] for one in (first, second)] == [5, 30]
    assert first["nodes"][0]["comments"]["nodes"][0]["author"] == {"login": "clops", "__typename": "Bot"}


def test_an_outdated_thread_says_so(world: World) -> None:
    commented(world, 5)
    world.push({"main.tf": lines(5, 30, mark="y")})
    (thread,) = asked(world, THREADS, **WHERE)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert (thread["isOutdated"], thread["line"]) == (True, None)


def test_a_comment_is_minimised_by_its_rest_node_id(world: World) -> None:
    client = world.client()
    made = client.post(f"{PATH}/issues/1/comments", json={"body": "a"}).json()
    done = asked(world, MINIMIZE, id=made["node_id"])
    assert done["data"]["minimizeComment"]["minimizedComment"] == {"isMinimized": True, "minimizedReason": "outdated"}


def test_a_line_comment_is_minimised_too(world: World) -> None:
    (one,) = commented(world, 5)
    asked(world, MINIMIZE, id=f"PRRC_{one}")
    (thread,) = asked(world, THREADS, **WHERE)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert thread["comments"]["nodes"][0]["isMinimized"] is True


def test_resolving_a_thread_without_contents_is_forbidden_under_200(world: World) -> None:
    (one,) = commented(world, 5)
    done = asked(world, RESOLVE, id=f"PRRT_{one}")
    assert done["data"] == {"resolveReviewThread": None}
    assert (done["errors"][0]["type"], done["errors"][0]["message"]) == ("FORBIDDEN", "Resource not accessible by integration")
    kit = world.kit()
    with pytest.raises(githubkit.exception.GraphQLFailed):
        kit.graphql(RESOLVE, {"id": f"PRRT_{one}"})


def test_resolving_a_thread_with_contents_works() -> None:
    with worlds(WIDE) as world:
        (one,) = commented(world, 5)
        assert asked(world, RESOLVE, id=f"PRRT_{one}")["data"]["resolveReviewThread"]["thread"]["isResolved"] is True


def test_several_files_are_committed_at_once_when_the_head_is_known() -> None:
    import base64

    with worlds(WIDE) as world:
        query = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }"
        before = world.pull.head
        additions = [{"path": "main.tf", "contents": base64.b64encode(b"new\n").decode()}]
        wanted = {
            "branch": {"repositoryNameWithOwner": "acme/infra", "branchName": "feature"},
            "message": {"headline": "Fix"},
            "expectedHeadOid": before,
            "fileChanges": {"additions": additions, "deletions": [{"path": "new.tf"}]},
        }
        done = asked(world, query, input=wanted)
        assert done["data"]["createCommitOnBranch"]["commit"]["oid"] == world.pull.head
        assert (world.repository.git.file("feature", "main.tf"), world.repository.git.file("feature", "new.tf")) == (b"new\n", None)
        assert asked(world, query, input=wanted)["errors"][0]["type"] == "STALE_DATA"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ viewer { nickname } }", "Cannot query field 'nickname'"),
        ('mutation { minimizeComment(input: {subjectId: "x", classifier: OLD}) { clientMutationId } }', "'OLD' does not exist"),
        ("{ viewer", "Syntax Error"),
        ("{ viewer { bio } }", "User.bio is not served here"),
    ],
)
def test_what_the_schema_or_this_server_does_not_know_is_an_error_and_remembered(world: World, query: str, said: str) -> None:
    answer = asked(world, query)
    assert said in answer["errors"][0]["message"]
    assert said.replace("Syntax Error", "Syntax") in " ".join(world.hub.complaints)
    world.hub.complaints.clear()


def test_a_connection_without_first_or_last_is_refused(world: World) -> None:
    query = '{ repository(owner: "acme", name: "infra") { pullRequest(number: 1) { reviewThreads { totalCount } } } }'
    assert "`first` or `last`" in asked(world, query)["errors"][0]["message"]


def test_what_is_private_is_not_found() -> None:
    with worlds(private=True) as world:
        answer = world.person("eve").post("/graphql", json={"query": '{ repository(owner: "acme", name: "infra") { id } }'}).json()
        assert answer["errors"][0]["type"] == "NOT_FOUND"


def test_a_review_not_submitted_yet_is_shown_to_its_author_alone(world: World) -> None:
    begun = {"comments": [{"path": "main.tf", "line": 5, "side": "RIGHT", "body": "a"}]}
    assert world.client().post(f"{PATH}/pulls/1/reviews", json=begun).json()["state"] == "PENDING"
    states = 'query { repository(owner: "acme", name: "infra") { pullRequest(number: 1) { reviewThreads(first: 9) { nodes { comments(first: 1) { nodes { state } } } } } } }'
    threads = asked(world, states)["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"]
    assert [one["comments"]["nodes"][0]["state"] for one in threads] == ["PENDING"]
    others = world.person("ana").post("/graphql", json={"query": states}).json()
    assert others["data"]["repository"]["pullRequest"]["reviewThreads"]["nodes"] == []


def test_a_renamed_repository_is_found_by_its_old_name_unless_that_is_declined(world: World) -> None:
    scene.rename(world.hub, world.repository, "platform")
    found = asked(world, 'query { repository(owner: "acme", name: "infra") { nameWithOwner } }')
    assert found["data"]["repository"] == {"nameWithOwner": "acme/platform"}
    declined = asked(world, 'query { repository(owner: "acme", name: "infra", followRenames: false) { nameWithOwner } }')
    assert declined["errors"][0]["type"] == "NOT_FOUND"
