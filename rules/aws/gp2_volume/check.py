"""gp2 costs more than gp3 and gives less."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, Resource, SetAttribute, Unknown, absent, blocks, hit, number, read, text, tr

INSTANCES = ("aws_instance", "aws_spot_instance_request", "aws_launch_configuration")
IOPS_PER_GIB, MOST_IOPS, GP3_IOPS = 3, 16_000, 3_000  # rule.md, "EBS volume optimization" and "SSD storage types"


def check(architecture: Architecture) -> Iterator[Hit]:
    for volume in architecture.resources("aws_ebs_volume"):
        if read(volume, "type") in (absent, Known("gp2")) and read(volume, "outpost_arn") == absent:
            yield _hit(volume, "", "type", "size")
    for machine in architecture.resources("aws_launch_template", *INSTANCES):
        for before in _disks(machine):
            if read(machine, f"{before}volume_type") == Known("gp2"):
                yield _hit(machine, before, "volume_type", "volume_size")


def _disks(machine: Resource) -> Iterator[str]:
    for name in ("root_block_device", "ebs_block_device"):
        yield from (f"{path}." for path, _ in blocks(machine, name))
    for path, _ in blocks(machine, "block_device_mappings"):
        yield f"{path}.ebs[0]."


def _hit(resource: Resource, before: str, kind: str, size: str) -> Hit:
    message = tr(
        "`{address}` has a gp2 disk: gp3 costs about 20 % less for each GiB and does not run out of speed.", address=resource.address
    )
    disk = text(read(resource, f"{before.partition('.')[0]}.device_name"))
    return hit(resource, message, f"{before}{kind}", _fix(resource, before, kind, size), key=disk)


def _fix(resource: Resource, before: str, kind: str, size: str) -> Fix | None:
    is_recreated = before.startswith("ebs_block_device") or resource.type in ("aws_spot_instance_request", "aws_launch_configuration")
    if is_recreated or isinstance(read(resource, f"{before}{size}"), Unknown):
        return None
    iops = min(IOPS_PER_GIB * int(number(read(resource, f"{before}{size}")) or 0), MOST_IOPS)
    faster = (SetAttribute(resource.address, f"{before}iops", iops),) if iops > GP3_IOPS else ()
    return Fix(tr("Use gp3"), (SetAttribute(resource.address, f"{before}{kind}", "gp3"), *faster))
