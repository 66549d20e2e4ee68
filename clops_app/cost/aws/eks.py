"""EKS: the cluster by the hour, managed nodes as the instances they are; pods on Fargate cannot be told from Terraform.

Source: https://aws.amazon.com/eks/pricing/
"""

from __future__ import annotations

from clops_app.cost.aws import ec2
from clops_app.cost.aws.autoscaling_group import size_of
from clops_app.cost.aws.ebs import Disk, disk_parts
from clops_app.cost.aws.ec2 import times
from clops_app.cost.pricing import Missing, Parts, Pricing, fixed, list_price, number_at, text_of
from clops_app.kit import Known, Unknown, read, text
from clops_app.language import tr, tr_noop
from clops_app.model.cost import HOURS_PER_MONTH
from clops_app.model.resource import Resource

USAGE = {
    "aws_eks_node_group": ("instances", *ec2.USAGE, "monthly_standard_io_requests"),
    "aws_eks_cluster": (),
    "aws_eks_fargate_profile": (),
}
# The provider's documentation of aws_eks_node_group: disk_size 20 GiB for Linux, instance_types ["t3.medium"], both without a
# launch template. EKS makes that disk gp3 for Amazon Linux 2023 nodes, the default image since Kubernetes 1.30
# (https://docs.aws.amazon.com/eks/latest/userguide/al2023.html).
NODE_GIB = 20
NODE_TYPE = "t3.medium"
NODE_DISK_NOTE = tr_noop("node image's volume type assumed to be gp3")

# The days on which standard support ends; a version that is not here is taken to be in it
# (https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html).
STANDARD_SUPPORT_ENDS = {
    "1.23": "2023-10-11",
    "1.24": "2024-01-31",
    "1.25": "2024-05-01",
    "1.26": "2024-06-11",
    "1.27": "2024-07-24",
    "1.28": "2024-11-26",
    "1.29": "2025-03-23",
    "1.30": "2025-07-23",
    "1.31": "2025-11-26",
    "1.32": "2026-03-23",
    "1.33": "2026-07-29",
}


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_eks_cluster":
            yield from _cluster(resource, pricing)
        case "aws_eks_node_group":
            yield from _nodes(resource, pricing)
        case _:
            yield Missing(tr("pods on Fargate are billed by the CPU and memory they ask for, which Terraform does not say"))


def _cluster(resource: Resource, pricing: Pricing) -> Parts:
    hour = list_price(pricing, resource, "eks", "Compute per Hours", "hour")
    support = text(read(resource, "upgrade_policy[0].support_type"), "EXTENDED")
    written = read(resource, "version")
    version = text(written)
    old = version in STANDARD_SUPPORT_ENDS and STANDARD_SUPPORT_ENDS[version] < pricing.book.date and support == "EXTENDED"
    note = None
    if isinstance(written, Unknown):
        note = tr("its version is unknown ({why}): one in standard support assumed", why=written.why)
    yield fixed(tr("EKS cluster"), hour, HOURS_PER_MONTH, note)
    if old:
        more = list_price(pricing, resource, "eks", "Compute ExtendedSupport per Hours", "hour")
        note = tr("standard support of Kubernetes {version} ended on {date}", version=version, date=STANDARD_SUPPORT_ENDS[version])
        yield fixed(tr("Extended support"), more, HOURS_PER_MONTH, note)
    if text(read(resource, "control_plane_scaling_config[0].tier"), "standard") != "standard":
        yield Missing(tr("provisioned control plane: no price"))
    if read(resource, "compute_config[0].enabled") == Known(True):
        yield Missing(tr("EKS Auto Mode: nodes are started by what pods ask for, which Terraform does not say"))


def _nodes(resource: Resource, pricing: Pricing) -> Parts:
    size = size_of(pricing, resource, ("scaling_config[0].desired_size", "scaling_config[0].min_size"))
    spot = text(read(resource, "capacity_type"), "ON_DEMAND") == "SPOT"
    asked = text_of(pricing.architecture.launch(resource, "instance_type")[0], NODE_TYPE, "instance_types")
    yield from times(ec2.instance_parts(pricing, resource, asked, spot), size)
    if ec2.templates(pricing, resource):
        yield from times(ec2.disks_of(pricing, resource), size)
        return
    disk = Disk(tr("Node volume"), "gp3", number_at(resource, "disk_size", NODE_GIB), assumption=tr(NODE_DISK_NOTE))
    yield from times(disk_parts(pricing, resource, disk), size)
