"""What other tools say is set beside what we say: new told from old, what is said already not said again, prices compared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

from clops_app.model.cost import Bill
from clops_app.model.finding import Finding
from clops_app.model.opinion import Estimated, Scan, Scanned, SecondBill, SecondPrice
from clops_app.review.groups import block_address

# checkov's checks that ask what one of our rules asks. Every line is proven in tests/adapters/test_real_checkov.py: the check fails
# on the rule's bad.tf where the rule hits, and no longer fails there in its fixed.tf.
SAME_AS: Mapping[str, str] = MappingProxyType(
    {
        "CKV2_AWS_16": "aws/dynamodb_without_autoscaling",
        "CKV_AWS_3": "aws/unencrypted_storage",
        "CKV_AWS_5": "aws/unencrypted_storage",
        "CKV_AWS_16": "aws/unencrypted_storage",
        "CKV_AWS_17": "aws/public_database",
        "CKV_AWS_24": "aws/ssh_open_to_world",
        "CKV_AWS_29": "aws/unencrypted_storage",
        "CKV_AWS_42": "aws/unencrypted_storage",
        "CKV_AWS_66": "aws/log_group_without_retention",
        "CKV_AWS_74": "aws/unencrypted_storage",
        "CKV_AWS_133": "aws/database_without_backups",
        "CKV_AWS_139": "aws/database_without_deletion_protection",
        "CKV_AWS_157": "aws/single_az_database",
        "CKV_AWS_293": "aws/database_without_deletion_protection",
        "CKV_AWS_360": "aws/database_without_backups",
    }
)
# Where both amounts are of the same thing they differ by rounding and by how old the price list is; what differs by more than
# this was understood differently, and a person should look.
_TOLERATED_PART, _TOLERATED_USD = Decimal("0.05"), Decimal(1)


def scan_of(
    head: Scanned,
    base: Scanned | None,
    ours: Iterable[Finding],
    disabled: Collection[str] = (),
    home: Callable[[str], str] = lambda directory: directory,
) -> Scan:
    """What is new at the head and what is not.

    `ours` are all our findings, the dismissed ones too, and `disabled` the rules that the team switched off: what somebody
    decided about a rule of ours, checkov does not bring back.

    A remark is known by its check, its address and the directory of its file, so that a line that moves is not new;
    `home` says where a directory of the base is at the head.
    """
    known = {(remark.check, remark.address, home(_directory(remark.path))) for remark in base.remarks} if base else set()
    said = {(finding.rule, _directory(finding.path), block_address(finding.address)) for finding in ours if finding.status != "fixed"}
    new, old, again = [], [], 0
    for remark in head.remarks:
        rule = SAME_AS.get(remark.check, "")
        if rule in disabled or (rule, _directory(remark.path), block_address(remark.address)) in said:
            again += 1
        elif (remark.check, remark.address, _directory(remark.path)) in known:
            old.append(remark)
        else:
            new.append(remark)
    return Scan(head.version, tuple(new), tuple(old), again, compared=base is not None)


def second_bill(bills: Iterable[tuple[str, Bill]], estimated: Estimated) -> SecondBill:
    """Both amounts of every resource that has one, in the roots that Infracost priced whole."""
    ours = {
        (root, cost.address): cost.monthly_usd
        for root, bill in bills
        if root not in estimated.unread
        for cost in bill.resources
        if any(line.quantity is not None for line in cost.lines)
    }
    theirs = {key: amount for key, amount in estimated.monthly_usd.items() if amount is not None and key[0] not in estimated.unread}
    return SecondBill(tuple(SecondPrice(*key, ours.get(key), theirs.get(key)) for key in sorted({*ours, *theirs})))


def differs(price: SecondPrice) -> bool:
    """Whether a person should look: one side has no amount, or they are further apart than prices of two days."""
    if price.ours is None or price.theirs is None:
        return bool(price.ours or price.theirs)
    apart = abs(price.ours - price.theirs)
    return apart > _TOLERATED_USD and apart > _TOLERATED_PART * max(abs(price.ours), abs(price.theirs))


def _directory(path: str) -> str:
    return path.rpartition("/")[0]
