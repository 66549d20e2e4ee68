"""One task is one crash, one deployment, one zone away from nothing."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Fix, Hit, Known, Resource, SetAttribute, hit, number, read, tr


def check(architecture: Architecture) -> Iterator[Hit]:
    for service in architecture.resources("aws_ecs_service"):
        if _is_alone_on_purpose(architecture, service):
            continue
        scalers = [each for each in architecture.scalers(service) if each.type == "aws_appautoscaling_target"]
        sized, path = (scalers[0], "min_capacity") if scalers else (service, "desired_count")
        if number(read(sized, path)) == 1:
            message = tr(
                "`{address}` may run as one task: while that one restarts, or its machine does, nobody is served.", address=service.address
            )
            yield hit(sized, message, path, Fix(tr("Always run two"), (SetAttribute(sized.address, path, 2),)))


def _is_alone_on_purpose(architecture: Architecture, service: Resource) -> bool:
    # One on each machine; at most one at a time; or something that is not here moves the number.
    daemon = read(service, "scheduling_strategy") == Known("DAEMON")
    singleton = read(service, "deployment_maximum_percent") == Known(100) and read(service, "desired_count") == Known(1)
    moved = bool({"desired_count", "all"} & set(service.ignored_changes)) or bool(architecture.opaque_modules(service))
    return daemon or singleton or (moved and not architecture.scalers(service)) or architecture.role(service) == "bot"
