"""Findings that are one fault are one story, told by templates: the thing, what is wrong with it, what then happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from clops_app.language import tr, tr_noop
from clops_app.model.finding import SEVERITIES
from clops_app.review.groups import Group, block_address, shared_address

Theme = Literal["serving", "storing", "open", "state", "way out", "running costs"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a rule speaks inside a story: messages, said with `tr`. `clause` follows an address and a colon; `consequence`
    stands alone, as a headline too.

    `{people}` is the word for those who use the service.
    """

    theme: Theme
    clause: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Story:
    """Groups that are one fault, most severe first."""

    groups: tuple[Group, ...]


# A rule without a phrase still has its title and message.
PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "aws/compute_without_load_balancer": Phrase(
            "serving", tr_noop("nothing spreads {people} across machines"), tr_noop("If one machine fails, your {people} are out.")
        ),
        "aws/compute_without_autoscaling": Phrase(
            "serving",
            tr_noop("nothing adds or replaces a machine"),
            tr_noop("When a crowd comes or a machine fails, it stays that way until somebody wakes up."),
        ),
        "aws/single_az_compute": Phrase(
            "serving", tr_noop("all of it stands in one zone"), tr_noop("If one zone fails, everything is away.")
        ),
        "aws/autoscaling_group_fixed_size": Phrase(
            "serving", tr_noop("the group cannot grow"), tr_noop("A crowd meets the same machines as a quiet night.")
        ),
        "aws/autoscaling_group_ec2_health_check": Phrase(
            "serving",
            tr_noop("a crashed machine counts as healthy"),
            tr_noop("A crashed server keeps its place while the others carry your {people}."),
        ),
        "aws/ecs_service_without_autoscaling": Phrase(
            "serving", tr_noop("nothing adds tasks"), tr_noop("A crowd meets the same tasks as a quiet night.")
        ),
        "aws/ecs_service_single_task": Phrase(
            "serving", tr_noop("it may run as one task"), tr_noop("Whenever that one task restarts, your {people} are out.")
        ),
        "aws/database_without_backups": Phrase(
            "storing", tr_noop("it keeps no backups"), tr_noop("A bad deploy or a lost disk takes everything in the database.")
        ),
        "aws/public_database": Phrase(
            "storing",
            tr_noop("it has an address on the internet"),
            tr_noop("Only firewall rules and a password keep strangers out of the database."),
        ),
        "aws/single_az_database": Phrase(
            "storing",
            tr_noop("there is only one copy of it"),
            tr_noop("When the database's machine or zone fails, it is away until it is back."),
        ),
        "aws/database_without_deletion_protection": Phrase(
            "storing",
            tr_noop("one wrong `terraform destroy` deletes it"),
            tr_noop("One wrong command deletes the database, and nothing asks twice."),
        ),
        "aws/dynamodb_without_autoscaling": Phrase(
            "storing", tr_noop("it refuses what goes beyond a fixed rate"), tr_noop("A crowd sees errors, although AWS has room enough.")
        ),
        "aws/unencrypted_storage": Phrase(
            "storing", tr_noop("what it stores is not encrypted"), tr_noop("Whoever gets a copy of the disk can read everything.")
        ),
        "aws/ssh_open_to_world": Phrase(
            "open", tr_noop("SSH is open to the whole internet"), tr_noop("Scanners try to log in day and night.")
        ),
        "terraform/local_state": Phrase(
            "state",
            tr_noop("the state is a file on somebody's disk"),
            tr_noop("Lose that disk and Terraform no longer knows what it owns."),
        ),
        "aws/single_nat_gateway": Phrase(
            "way out", tr_noop("it is the only way out for several zones"), tr_noop("If its zone fails, the others lose the internet too.")
        ),
        "aws/gp2_volume": Phrase(
            "running costs", tr_noop("its disk is of the older, dearer type"), tr_noop("You pay a quarter more for a slower disk.")
        ),
        "aws/log_group_without_retention": Phrase(
            "running costs", tr_noop("it keeps logs for ever"), tr_noop("Every line is paid for again each month.")
        ),
    }
)
# Of compute that serves, group, load balancer and zones are one change; state there is one of.
_WHOLE_ROOT: frozenset[Theme] = frozenset({"serving", "state"})


def stories(groups: Iterable[Group]) -> tuple[Story, ...]:
    """Join groups that are one fault. Most severe first, then the story with most of that severity, then as they came.

    One fault: all about one block; compute that serves is one fault in a whole root, and brings along what else is
    said of its blocks.
    """
    groups = tuple(groups)
    wide = {_block(group): key for group in groups if (key := _wide(group)) is not None}
    joined: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        joined.setdefault(_wide(group) or wide.get(_block(group)) or _block(group), []).append(group)
    found = [Story(tuple(sorted(members, key=_rank))) for members in joined.values()]
    return tuple(sorted(found, key=lambda story: (_severity(story), -len(_worst(story)), -len(story.groups))))


def consequence(story: Story, people: str) -> str:
    """What happens if nobody does anything, of the worst that the story has; the finding's title where no phrase is known."""
    phrases = (PHRASES[group.first.rule] for group in _worst(story) if group.first.rule in PHRASES)
    return next((tr(phrase.consequence, people=tr(people)) for phrase in phrases), f"{story.groups[0].first.title.rstrip('.')}.")


def clauses(story: Story, people: str) -> tuple[str, ...]:
    """What is wrong, a few words for each group; of a rule without a phrase the title."""
    found = (PHRASES.get(group.first.rule) for group in story.groups)
    titles = (group.first.title.rstrip(".") for group in story.groups)
    said = (title if phrase is None else tr(phrase.clause, people=tr(people)) for phrase, title in zip(found, titles, strict=True))
    return tuple(dict.fromkeys(said))


def blocks(story: Story, existing: Sequence[Group] = ()) -> tuple[str, ...]:
    """The addresses that a story is about, one a block; instances that had the same fault before are spoken of as well."""
    found: dict[tuple[str, ...], list[str]] = {}
    rules = {(group.first.rule, _block(group)) for group in story.groups}
    for group in (*story.groups, *(old for old in existing if (old.first.rule, _block(old)) in rules)):
        found.setdefault(_block(group), []).append(group.address)
    return tuple(shared_address(addresses) for addresses in found.values())


def _wide(group: Group) -> tuple[str, ...] | None:
    phrase = PHRASES.get(group.first.rule)
    return (group.first.root, f"theme {phrase.theme}") if phrase is not None and phrase.theme in _WHOLE_ROOT else None


def _block(group: Group) -> tuple[str, ...]:
    return group.first.root, block_address(group.first.address)


def _worst(story: Story) -> tuple[Group, ...]:
    return tuple(group for group in story.groups if SEVERITIES.index(group.first.severity) == _severity(story))


def _severity(story: Story) -> int:
    return SEVERITIES.index(story.groups[0].first.severity)


def _rank(group: Group) -> tuple[int, int]:
    """By severity; of equals, in the order in which the phrases read well one after the other."""
    rules = list(PHRASES)
    return SEVERITIES.index(group.first.severity), rules.index(group.first.rule) if group.first.rule in PHRASES else len(rules)
