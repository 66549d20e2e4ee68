"""A group that cannot grow is Auto Scaling in name only."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Resource, SetAttribute, hit, number, read, tr, trn


def check(architecture: Architecture) -> Iterator[Hit]:
    for group in architecture.resources("aws_autoscaling_group"):
        least, most = number(read(group, "min_size")), number(read(group, "max_size"))
        if least is None or most is None or most == 0 or architecture.role(group) in ("bastion", "nat", "image_builder", "bot", "tool"):
            continue
        if most in (least, 1):
            message = trn(
                "`{address}` never has more than one server, however many people come: its largest size is also what it starts with.",
                "`{address}` never has more than {count} servers, however many people come: its largest size is also what it starts with.",
                int(most),
                address=group.address,
            )
            yield hit(group, message, "max_size", _room_to_grow(group, int(most)))


def _room_to_grow(group: Resource, most: int) -> Fix:
    # Twice as many is the least that survives a doubling; what is not needed does not run and costs nothing.
    return Fix(tr("Let it grow to {most}", most=2 * most), (SetAttribute(group.address, "max_size", 2 * most),))
