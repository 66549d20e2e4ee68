"""Whatever somebody names their resources, what we say stays words: no mention, link, tag, reference or trailer of theirs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest

from tests.conversation.stage import ASKS, COMMITS, PROVIDER, Stage, stages
from tests.github import scene
from tests.github.limits import BODY_CHARACTERS

KEYS = (
    "@ana", "<img src=x onerror=alert(1)>", "`@ana`", "``` @ana", "```suggestion", "a|b|@ana", "#1", "closes #1", "acme/infra#1", "GH-1",
    "https://evil.example/x", "www.evil.example", "[x](https://evil.example)", "![x](https://evil.example/x.png)", "</details>", "--> @ana",
    "<!-- clops:finding 1 -->", "$x^2$", "[skip ci]", ":tada:", "\\u202eana@", "Co-authored-by: ana <ana@example.com>", "*a* _b_ ~~c~~",
)  # fmt: skip
HOSTILE = PROVIDER + "".join(
    f'resource "aws_ebs_volume" "n{number}" {{\n  for_each = toset(["{key}"])\n  availability_zone = "us-east-1a"\n'
    f'  size = 100\n  type = "gp2"\n  encrypted = true\n  tags = {{ Name = each.key }}\n}}\n'
    for number, key in enumerate(KEYS)
)
# What GitHub makes of plain text beyond Markdown: mentions and references (docs: basic writing and formatting syntax).
ALIVE = re.compile(r"(?<![\w`])@\w|(?<!\w)#\d|\bGH-\d|https?://|www\.|:tada:|\$x", re.IGNORECASE)


class Read(HTMLParser):
    """What a reader sees: tags, links, and the text that stands outside code."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()
        self.outside = ""
        self.within = 0
        self.feed(cmarkgfm.github_flavored_markdown_to_html(re.sub(r"^<!-- clops:[^>]* -->\n", "", body, flags=re.MULTILINE)))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links.update(value or "" for name, value in attributes if name in ("href", "src"))
        self.within += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag in ("code", "pre")

    def handle_data(self, text: str) -> None:
        self.outside += "" if self.within else text


def assert_harmless(body: str, stage: Stage) -> None:
    read = Read(body)
    assert len(body) <= BODY_CHARACTERS
    assert not read.tags & {"img", "script", "b", "em", "del", "iframe"}
    assert all(link.startswith((stage.hub.web, "https://example.com/")) for link in read.links)
    assert ALIVE.search(read.outside) is None


def bodies(stage: Stage) -> list[str]:
    return [*(one.body for one in stage.ours), *(one.body for one in stage.notes)]


@pytest.mark.parametrize("command", ["fix gp2_volume", "fix all", "why", "ignore gp2_volume closes #1 @ana <b>", "fix @ana", "explain <b>"])
def test_answers_are_words_and_fit(command: str) -> None:
    with stages({"main.tf": HOSTILE}, permissions=ASKS) as stage:
        asked = stage.asks(f"/clops {command}")
        assert asked.reply
        assert_harmless(asked.reply, stage)


def test_a_review_of_hostile_names_is_words_and_fits() -> None:
    with stages({"main.tf": HOSTILE}, permissions=ASKS) as stage:
        stage.reviews()
        assert len(stage.notes) > 20
        for body in bodies(stage):
            assert_harmless(body, stage)
        stage.assert_finite()
        assert stage.reviews().state == "unchanged"


def test_a_commits_message_commands_nobody() -> None:
    with stages({"main.tf": HOSTILE}, permissions=COMMITS) as stage:
        asked = stage.asks("/clops fix gp2_volume")
        message = stage.repository.git.commit(stage.pull.head).message
        assert message.splitlines()[-1] == f"Asked-in-comment: {asked.comment.id}"
        assert re.search(r"[@#<>\[\]|`]|://|GH-\d", message) is None
        assert not any(line.lower().startswith(("co-authored-by:", "signed-off-by:")) for line in message.splitlines())


def test_a_proposed_change_is_told_in_words() -> None:
    with stages({"main.tf": HOSTILE}, permissions=COMMITS) as stage:
        scene.protect(stage.hub, stage.repository, "feature")
        stage.asks("/clops fix gp2_volume")
        (proposed,) = (one for one in stage.repository.pulls() if one is not stage.pull)
        assert_harmless(proposed.body, stage)
        assert "@" not in proposed.title + stage.repository.git.commit(proposed.head).message


def test_an_answer_longer_than_a_comment_points_to_the_command_line() -> None:
    many = PROVIDER + "".join(
        f'resource "aws_ebs_volume" "{"n" * 200}{number}" {{\n  availability_zone = "us-east-1a"\n  size = 100\n  type = "gp2"\n}}\n'
        for number in range(400)
    )
    with stages({"main.tf": many}, permissions=ASKS) as stage:
        reply = stage.asks("/clops fix gp2_volume").reply
        assert "It is too long for a comment" in reply
        assert "and 380 more" in reply
        assert_harmless(reply, stage)
