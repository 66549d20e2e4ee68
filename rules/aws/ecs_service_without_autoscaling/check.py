"""A service with a fixed number of tasks serves a fixed number of people."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import AddResource, Architecture, Code, Fix, Hit, Known, NewBlock, Resource, Unknown, absent, hit, number, read, text, tr


def check(architecture: Architecture) -> Iterator[Hit]:
    if _unknown_scaler(architecture):
        return
    for service in architecture.resources("aws_ecs_service"):
        if not _is_alone_on_purpose(architecture, service) and not architecture.scalers(service):
            message = tr(
                "`{address}` always runs the same number of tasks: when more people come, they share what is there until it breaks.",
                address=service.address,
            )
            yield hit(service, message, "desired_count", _target_tracking(architecture, service))


def _is_alone_on_purpose(architecture: Architecture, service: Resource) -> bool:
    desired = read(service, "desired_count")
    # Held at nought, one on each machine, at most one at a time, or moved by something that is not here.
    held = isinstance(desired, Unknown) or desired in (absent, Known(0)) or read(service, "scheduling_strategy") == Known("DAEMON")
    singleton = desired == Known(1) and read(service, "deployment_maximum_percent") == Known(100)
    moved = bool({"desired_count", "all"} & set(service.ignored_changes)) or bool(architecture.opaque_modules(service))
    return held or singleton or moved or architecture.role(service) == "bot"


def _unknown_scaler(architecture: Architecture) -> bool:
    """Whether something scales a service of which nobody can tell which one it is."""
    return any(
        read(target, "service_namespace") == Known("ecs")
        and isinstance(read(target, "resource_id"), Unknown)
        and not architecture.linked(target, "resource_id", "aws_ecs_service")
        for target in architecture.resources("aws_appautoscaling_target")
    )


def _target_tracking(architecture: Architecture, service: Resource) -> Fix | None:
    clusters = architecture.linked(service, "cluster", "aws_ecs_cluster")
    tasks = number(read(service, "desired_count"))
    if (
        tasks is None
        or len(clusters) != 1
        or service.index is not None
        or clusters[0].index is not None
        or clusters[0].module != service.module
    ):
        return None
    name, least = service.name, max(2, int(tasks))
    target = NewBlock(
        "resource",
        ("aws_appautoscaling_target", name),
        {
            "service_namespace": "ecs",
            "scalable_dimension": "ecs:service:DesiredCount",
            "resource_id": Code(f'"service/${{aws_ecs_cluster.{clusters[0].name}.name}}/${{aws_ecs_service.{name}.name}}"'),
            "min_capacity": least,
            "max_capacity": 4 * least,
        },
    )
    policy = NewBlock(
        "resource",
        ("aws_appautoscaling_policy", name),
        {
            "name": text(read(service, "name"), name),
            "policy_type": "TargetTrackingScaling",
            "service_namespace": Code(f"aws_appautoscaling_target.{name}.service_namespace"),
            "scalable_dimension": Code(f"aws_appautoscaling_target.{name}.scalable_dimension"),
            "resource_id": Code(f"aws_appautoscaling_target.{name}.resource_id"),
        },
        (
            NewBlock(
                "target_tracking_scaling_policy_configuration",
                # 75 % is what AWS's own example of target tracking for ECS uses; the page names it.
                attributes={"target_value": 75},
                blocks=(
                    NewBlock("predefined_metric_specification", attributes={"predefined_metric_type": "ECSServiceAverageCPUUtilization"}),
                ),
            ),
        ),
    )
    return Fix(tr("Let the number of tasks follow the load"), (AddResource(service.address, target), AddResource(service.address, policy)))
