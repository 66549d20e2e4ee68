"""Findings that are one fault are one story, told by templates: the thing, what is wrong with it, what then happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from clops_app.model.finding import SEVERITIES
from clops_app.review.groups import Group, block_address

Theme = Literal["serving", "storing", "open", "state"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a rule speaks inside a story. `clause` follows "it" or an address; `consequence` is a sentence of its own.

    `{people}` is the word for those who use the service.
    """

    theme: Theme
    clause: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Story:
    """Groups that are one fault, most severe first."""

    groups: tuple[Group, ...]


# A rule without a phrase still has its message; a phrase is for those that are often found together.
PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "aws/single_az_compute": Phrase("serving", "all of it stands in one zone", "If that zone fails, everyone is out."),
        "aws/compute_without_load_balancer": Phrase(
            "serving", "nothing spreads {people} across machines", "If the machine fails, everyone is out."
        ),
        "aws/compute_without_autoscaling": Phrase(
            "serving",
            "nothing adds or replaces a machine",
            "When a crowd comes or a machine fails, it stays that way until somebody wakes up.",
        ),
        "aws/autoscaling_group_fixed_size": Phrase("serving", "the group cannot grow", "A crowd meets the same machines as a quiet night."),
        "aws/autoscaling_group_without_policy": Phrase(
            "serving", "nothing ever tells the group to grow", "A crowd meets the same machines as a quiet night."
        ),
        "aws/autoscaling_group_ec2_health_check": Phrase(
            "serving", "a hung machine counts as healthy", "It keeps its place in the group while its {people} see errors."
        ),
        "aws/target_group_without_health_check": Phrase(
            "serving", "broken machines keep receiving {people}", "Some of your {people} see errors until somebody notices."
        ),
        "aws/load_balancer_single_az": Phrase("serving", "the load balancer stands in one zone", "If that zone fails, everyone is out."),
        "aws/ecs_service_without_autoscaling": Phrase("serving", "nothing adds tasks", "A crowd meets the same tasks as a quiet night."),
        "aws/ecs_service_single_task": Phrase("serving", "one task carries everyone", "Whenever it restarts, everyone is out."),
        "aws/eks_node_group_fixed_size": Phrase("serving", "the nodes cannot grow", "A crowd meets the same nodes as a quiet night."),
        "aws/database_without_backups": Phrase(
            "storing", "it keeps no backups", "A bad deploy or a lost disk takes everything stored there."
        ),
        "aws/single_az_database": Phrase("storing", "there is one copy, in one zone", "If it fails, nothing works until it is rebuilt."),
        "aws/database_without_deletion_protection": Phrase(
            "storing", "one wrong `terraform destroy` deletes it", "Nothing asks twice before it is gone."
        ),
        "aws/database_skips_final_snapshot": Phrase(
            "storing", "it leaves no snapshot behind when it is deleted", "A deletion by mistake cannot be undone."
        ),
        "aws/public_database": Phrase("storing", "the internet can reach it", "Scanners try its passwords day and night."),
        "aws/unencrypted_storage": Phrase("storing", "it is not encrypted", "Switching that on later means making it anew."),
        "aws/dynamodb_without_point_in_time_recovery": Phrase(
            "storing", "it cannot go back to an earlier minute", "A bad deploy takes everything it overwrites."
        ),
        "aws/cache_single_node": Phrase(
            "storing", "it is a single node", "When it restarts, whatever it holds is gone and the database takes the load."
        ),
        "aws/ssh_open_to_world": Phrase("open", "SSH is open to the whole internet", "Scanners find it within minutes."),
        "aws/sensitive_port_open_to_world": Phrase(
            "open", "a port that should be private is open to the whole internet", "Scanners find it within minutes."
        ),
        "terraform/local_state": Phrase(
            "state", "the state is a file on somebody's disk", "Lose that disk and Terraform no longer knows what it owns."
        ),
        "terraform/unpinned_provider": Phrase(
            "state", "the provider's version is not pinned", "The next run may use another one than yours."
        ),
    }
)


def stories(groups: Iterable[Group]) -> tuple[Story, ...]:
    """Join groups that are one fault. Most severe first, then the story with most to say, then as they came.

    One fault: the same theme about the same block; compute that serves is one fault in a whole root, since group,
    load balancer and zones are one change.
    """
    joined: dict[tuple[str, ...], list[Group]] = {}
    for group in groups:
        joined.setdefault(_fault(group), []).append(group)
    found = [Story(tuple(sorted(members, key=_rank))) for members in joined.values()]
    return tuple(sorted(found, key=lambda story: (_rank(story.groups[0])[0], -len(story.groups))))


def _fault(group: Group) -> tuple[str, ...]:
    first = group.first
    phrase = PHRASES.get(first.rule)
    match phrase:
        case None:
            return first.root, first.rule
        case Phrase(theme="serving" | "state"):
            return first.root, phrase.theme
        case _:
            return first.root, phrase.theme, block_address(first.address)


def _rank(group: Group) -> tuple[int, int]:
    """By severity; of equals, in the order in which the phrases read well one after the other."""
    rules = list(PHRASES)
    return SEVERITIES.index(group.first.severity), rules.index(group.first.rule) if group.first.rule in PHRASES else len(rules)
