"""Instances, groups, nodes and their disks, priced in us-east-1 and ap-northeast-2.

Each line: name, quantity a month (None where it depends on usage), unit price in us-east-1 and in ap-northeast-2, and the row
of the gathered price lists that both were read from (file service: item), not through the compiled book.
"""

from __future__ import annotations

from tests.cost.case import Case, Expected

CASES = (
    Case(
        "an instance",
        "aws_instance.x",
        """
        resource "aws_instance" "x" {
          ami                         = "ami-1"
          instance_type               = "t3.medium"
          associate_public_ip_address = true
          monitoring                  = true
          root_block_device {
            volume_size = 30
            volume_type = "gp3"
            iops        = 4000
            throughput  = 200
          }
          ebs_block_device {
            device_name = "/dev/sdf"
            volume_size = 100
          }
        }
        """,
        (
            Expected("Instance, t3.medium", "730", "0.0416", "0.052"),  # ec2: t3.medium
            Expected("Detailed monitoring", "7", "0.3", "0.3"),  # cloudwatch: Metric for the first 10000
            Expected("Public IPv4 address", "730", "0.005", "0.005"),  # vpc: Hourly charge for In use Public IPv4 Addresses per Hrs
            Expected("Root volume, gp3 storage", "30", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
            Expected("Root volume, IOPS above 3000", "1000", "0.005", "0.0057"),  # ebs: Provisioned EBS IOPS gp3 Volumes per IOPS Mo
            Expected("Root volume, throughput above 125 MiB/s", "75", "0.04", "0.0456"),  # ebs: Provisioned Throughput gp3 per GiBps mo
            Expected("Volume /dev/sdf, gp2 storage", "100", "0.1", "0.114"),  # ebs: Storage General Purpose gp2 GB Mo
            Expected("CPU credits above the baseline", None, "0.05", "0.05"),  # the same in all regions, by the pricing page
        ),
    ),
    Case(
        "an instance without an address of its own",
        "aws_instance.x",
        """
        resource "aws_instance" "x" {
          ami                         = "ami-1"
          instance_type               = "m7g.large"
          associate_public_ip_address = false
        }
        """,
        (
            Expected("Instance, m7g.large", "730", "0.0816", "0.1003"),  # ec2: m7g.large
            Expected("Root volume, gp3 storage", "8", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
        ),
    ),
    Case(
        "a Spot request, at most the on-demand price",
        "aws_spot_instance_request.x",
        """
        resource "aws_spot_instance_request" "x" {
          ami                         = "ami-1"
          instance_type               = "m7g.large"
          associate_public_ip_address = false
        }
        """,
        (
            Expected("Instance, m7g.large", "730", "0.0816", "0.1003"),  # ec2: m7g.large
            Expected("Root volume, gp3 storage", "8", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
        ),
    ),
    Case(
        "an Auto Scaling group of a launch template",
        "aws_autoscaling_group.x",
        """
        resource "aws_launch_template" "t" {
          image_id      = "ami-1"
          instance_type = "m7g.large"
          block_device_mappings {
            device_name = "/dev/xvda"
            ebs {
              volume_size = 20
              volume_type = "gp3"
            }
          }
          network_interfaces {
            associate_public_ip_address = "false"
          }
        }
        resource "aws_autoscaling_group" "x" {
          min_size         = 1
          max_size         = 4
          desired_capacity = 3
          launch_template {
            id = aws_launch_template.t.id
          }
        }
        """,
        (
            Expected("Instance, m7g.large", "2190", "0.0816", "0.1003"),  # ec2: m7g.large
            Expected("Root volume, gp3 storage", "60", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
        ),
    ),
    Case(
        "an Auto Scaling group of a launch configuration, which is monitored in detail",
        "aws_autoscaling_group.x",
        """
        resource "aws_launch_configuration" "t" {
          image_id                    = "ami-1"
          instance_type               = "m7g.large"
          associate_public_ip_address = false
        }
        resource "aws_autoscaling_group" "x" {
          min_size             = 2
          max_size             = 4
          launch_configuration = aws_launch_configuration.t.name
        }
        """,
        (
            Expected("Instance, m7g.large", "1460", "0.0816", "0.1003"),  # ec2: m7g.large
            Expected("Detailed monitoring", "14", "0.3", "0.3"),  # cloudwatch: Metric for the first 10000
            Expected("Root volume, gp3 storage", "16", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
        ),
    ),
    Case(
        "an EBS volume of type io1",
        "aws_ebs_volume.x",
        """
        resource "aws_ebs_volume" "x" {
          availability_zone = "us-east-1a"
          type              = "io1"
          size              = 100
          iops              = 2000
        }
        """,
        (
            Expected("Volume, io1 storage", "100", "0.125", "0.1278"),  # ebs: Storage Provisioned IOPS io1 GB Mo
            Expected("Volume, provisioned IOPS", "2000", "0.065", "0.0666"),  # ebs: Provisioned EBS IOPS io1 Volumes per IOPS Mo
        ),
    ),
    Case(
        "an EBS volume of type io2, whose IOPS get cheaper",
        "aws_ebs_volume.x",
        """
        resource "aws_ebs_volume" "x" {
          availability_zone = "us-east-1a"
          type              = "io2"
          size              = 500
          iops              = 70000
        }
        """,
        (
            Expected("Volume, io2 storage", "500", "0.125", "0.1278"),  # ebs: Storage Provisioned IOPS io2 GB month
            Expected(
                "Volume, provisioned IOPS (first 32,000)", "32000", "0.065", "0.0666"
            ),  # ebs: Provisioned EBS IOPS io2 Volumes per IOPS Mo
            Expected(
                "Volume, provisioned IOPS (next 32,000)", "32000", "0.0455", "0.04662"
            ),  # ebs: Provisioned EBS IOPS Tier 2 io2 Volumes per IOPS Mo
            Expected(
                "Volume, provisioned IOPS (over 64,000)", "6000", "0.03185", "0.032634"
            ),  # ebs: Provisioned EBS IOPS Tier 3 io2 Volumes per IOPS Mo
        ),
    ),
    Case(
        "a magnetic EBS volume",
        "aws_ebs_volume.x",
        """
        resource "aws_ebs_volume" "x" {
          availability_zone = "us-east-1a"
          type              = "standard"
          size              = 50
        }
        """,
        (
            Expected("Volume, standard storage", "50", "0.05", "0.08"),  # ebs: Storage Magnetic standard GB Mo
            Expected(
                "Volume, I/O requests", "1000000", "0.00000005", "0.00000008"
            ),  # ebs: Provisioned EBS I O Requests standard Volumes per IOs
        ),
        usage={"aws_ebs_volume": {"monthly_standard_io_requests": 1000000}},
    ),
    Case(
        "throughput optimised and cold HDD volumes",
        "aws_ebs_volume.x",
        """
        resource "aws_ebs_volume" "x" {
          availability_zone = "us-east-1a"
          type              = "st1"
          size              = 500
        }
        """,
        (
            Expected("Volume, st1 storage", "500", "0.045", "0.051"),  # ebs: Storage Throughput Optimized HDD st1 GB Mo
        ),
    ),
    Case(
        "an EKS cluster of a supported version",
        "aws_eks_cluster.x",
        """
        resource "aws_eks_cluster" "x" {
          name     = "x"
          role_arn = "arn:aws:iam::1:role/x"
          version  = "1.33"
          vpc_config {
            subnet_ids = ["subnet-1", "subnet-2"]
          }
        }
        """,
        (
            Expected("EKS cluster", "730", "0.1", "0.1"),  # eks: Compute per Hours
        ),
    ),
    Case(
        "an EKS cluster of a version under extended support",
        "aws_eks_cluster.x",
        """
        resource "aws_eks_cluster" "x" {
          name     = "x"
          role_arn = "arn:aws:iam::1:role/x"
          version  = "1.30"
          vpc_config {
            subnet_ids = ["subnet-1", "subnet-2"]
          }
        }
        """,
        (
            Expected("EKS cluster", "730", "0.1", "0.1"),  # eks: Compute per Hours
            Expected("Extended support", "730", "0.5", "0.5"),  # eks: Compute ExtendedSupport per Hours
        ),
    ),
    Case(
        "an EKS node group without a launch template",
        "aws_eks_node_group.x",
        """
        resource "aws_subnet" "private" {
          vpc_id     = "vpc-1"
          cidr_block = "10.0.0.0/24"
        }
        resource "aws_eks_node_group" "x" {
          cluster_name    = "x"
          node_role_arn   = "arn:aws:iam::1:role/x"
          subnet_ids      = [aws_subnet.private.id]
          instance_types  = ["m7g.large"]
          scaling_config {
            min_size     = 1
            desired_size = 2
            max_size     = 4
          }
        }
        """,
        (
            Expected("Instance, m7g.large", "1460", "0.0816", "0.1003"),  # ec2: m7g.large
            Expected("Node volume, gp3 storage", "40", "0.08", "0.0912"),  # ebs: Storage General Purpose gp3 GB Mo
        ),
    ),
)
