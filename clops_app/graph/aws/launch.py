"""What an instance is launched with is one answer, whether written on it or in its launch template or configuration."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from clops_app.graph.aws.following import Followed, follow_any
from clops_app.graph.aws.index import Index, answered_once, kind_of
from clops_app.graph.build import span_at
from clops_app.kit import read
from clops_app.language import tr
from clops_app.model.finding import Place
from clops_app.model.resource import Resource
from clops_app.model.values import Absent, Known, Unknown, Value, absent

INSTANCES = ("aws_instance", "aws_spot_instance_request")
_IN_POLICY = "mixed_instances_policy[0].launch_template[0]"
_TEMPLATE = (
    "launch_template[0].id",
    "launch_template[0].name",
    "launch_configuration",
    f"{_IN_POLICY}.launch_template_specification[0].launch_template_id",
    f"{_IN_POLICY}.launch_template_specification[0].launch_template_name",
    "launch_template_config.launch_template_specification.launch_template_id",
    "launch_template_config.launch_template_specification.launch_template_name",
    "launch_template_config.launch_template_specification.id",
    "launch_template_config.launch_template_specification.name",
)

# One setting, four schemas: how an aws_instance calls it, and where each of the others has it.
# Source: the argument references of aws_launch_template, aws_launch_configuration, aws_autoscaling_group and
# aws_eks_node_group in the AWS provider's documentation.
_SETTINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "aws_launch_template": {
        "ami": ("image_id",),
        "vpc_security_group_ids": ("vpc_security_group_ids", "network_interfaces[0].security_groups"),
        "security_groups": ("security_group_names",),
        "subnet_id": ("network_interfaces[0].subnet_id",),
        "associate_public_ip_address": ("network_interfaces[0].associate_public_ip_address",),
        "availability_zone": ("placement[0].availability_zone",),
        "tenancy": ("placement[0].tenancy",),
        "monitoring": ("monitoring[0].enabled",),
        "iam_instance_profile": ("iam_instance_profile[0].name", "iam_instance_profile[0].arn"),
    },
    "aws_launch_configuration": {
        "ami": ("image_id",),
        "vpc_security_group_ids": ("security_groups",),
        "tenancy": ("placement_tenancy",),
        "monitoring": ("enable_monitoring",),
        "user_data": ("user_data", "user_data_base64"),
    },
    "aws_autoscaling_group": {
        "instance_type": (f"{_IN_POLICY}.override[0].instance_type",),
    },
    "aws_eks_node_group": {
        "instance_type": ("instance_types[0]",),
        "root_block_device[0].volume_size": ("disk_size",),
        "key_name": ("remote_access[0].ec2_ssh_key",),
    },
    "aws_instance": {"user_data": ("user_data", "user_data_base64")},
    "aws_spot_instance_request": {"user_data": ("user_data", "user_data_base64")},
    "aws_spot_fleet_request": {},
}
# Root device names of the images that AWS publishes (docs: EC2 user guide, "Device names on Linux instances").
_ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")


@answered_once
def templates(index: Index, resource: Resource) -> Followed:
    """The launch templates or configurations an instance, group or node group is launched from."""
    return follow_any(index, resource, _TEMPLATE, "aws_launch_template", "aws_launch_configuration")


def interfaces(index: Index, resource: Resource) -> Followed:
    """The network interfaces an instance is given instead of making its own."""
    return follow_any(
        index,
        resource,
        ("network_interface.network_interface_id", "primary_network_interface.network_interface_id"),
        "aws_network_interface",
    )


@answered_once
def launch(index: Index, resource: Resource, path: str) -> tuple[Value, Place]:
    """The launch setting that an aws_instance calls `path`, and where it is written.

    What the instance itself says wins over its template. User data comes decoded where it is written in base64.
    """
    for place, value in _written(resource, path):
        if value != absent:
            return value, place
    followed = templates(index, resource)
    for template in followed.sure:
        for place, value in _written(template, path):
            if value != absent:
                return value, place
    here = Place(resource.address, span_at(resource, "launch_template[0]")[1])
    if followed.unknown is not None:
        return followed.unknown, here
    return absent, (Place(followed.sure[0].address, followed.sure[0].source) if followed.sure else Place(resource.address, resource.source))


def launched_by(index: Index, resource: Resource, path: str) -> tuple[Resource, str] | Unknown | None:
    """Who writes the launch setting, and at which path of it; None when nobody does."""
    candidates = (resource, *(followed := templates(index, resource)).sure)
    for candidate in candidates:
        for name in _paths(candidate, path):
            if read(candidate, name) != absent:
                return candidate, name
    return followed.unknown


def _written(resource: Resource, path: str) -> Iterator[tuple[Place, Value]]:
    for name in _paths(resource, path):
        value = read(resource, name)
        if path == "user_data":
            value = _decoded(value, name.endswith("base64") or resource.type == "aws_launch_template")
        # The provider's schema has this one as a string in launch templates.
        if path == "associate_public_ip_address" and value in (Known("true"), Known("false")):
            value = Known(value == Known("true"))
        yield Place(resource.address, span_at(resource, name)[1]), value


def _paths(resource: Resource, path: str) -> tuple[str, ...]:
    settings = _SETTINGS.get(kind_of(resource), {})
    if path in settings:
        return settings[path]
    if resource.type == "aws_launch_template" and path.startswith("root_block_device[0]"):
        return tuple(f"{found}{path.removeprefix('root_block_device[0]')}" for found in _root_mapping(resource))
    if resource.type == "aws_spot_fleet_request":
        return (f"launch_specification[0].{path}",)
    return (path,)


def _root_mapping(template: Resource) -> Iterator[str]:
    number = 0
    while (device := read(template, f"block_device_mappings[{number}].device_name")) != absent:
        if device in tuple(Known(name) for name in _ROOT_DEVICES):
            yield f"block_device_mappings[{number}].ebs[0]"
        number += 1


def _decoded(value: Value, encoded: bool) -> Value:
    match value:
        case Known(str() as text) if encoded:
            try:
                return Known(base64.b64decode(text, validate=True).decode())
            except (binascii.Error, ValueError):
                return Unknown(tr("user data is not base64 text"))
        case Known() | Unknown() | Absent():
            return value
