"""It is known of each type which of its attributes place it: in subnets, through a group of subnets, in zones, behind security groups.

Source: the argument references in the AWS provider's documentation, type by type.
"""

from __future__ import annotations

from typing import NamedTuple

# The attributes that hold subnet ids. A path without index means every block of that name.
SUBNETS: dict[str, tuple[str, ...]] = {
    "aws_apigatewayv2_vpc_link": ("subnet_ids",),
    "aws_apprunner_vpc_connector": ("subnets",),
    "aws_autoscaling_group": ("vpc_zone_identifier",),
    "aws_batch_compute_environment": ("compute_resources.subnets",),
    "aws_codebuild_project": ("vpc_config.subnets",),
    "aws_db_proxy": ("vpc_subnet_ids",),
    "aws_db_subnet_group": ("subnet_ids",),
    "aws_dax_subnet_group": ("subnet_ids",),
    "aws_directory_service_directory": ("vpc_settings.subnet_ids",),
    "aws_dms_replication_subnet_group": ("subnet_ids",),
    "aws_docdb_subnet_group": ("subnet_ids",),
    "aws_ecs_service": ("network_configuration.subnets",),
    "aws_ecs_task_set": ("network_configuration.subnets",),
    "aws_efs_mount_target": ("subnet_id",),
    "aws_eks_cluster": ("vpc_config.subnet_ids",),
    "aws_eks_fargate_profile": ("subnet_ids",),
    "aws_eks_node_group": ("subnet_ids",),
    "aws_elasticache_serverless_cache": ("subnet_ids",),
    "aws_elasticache_subnet_group": ("subnet_ids",),
    "aws_elasticsearch_domain": ("vpc_options.subnet_ids",),
    "aws_elb": ("subnets",),
    "aws_emr_cluster": ("ec2_attributes.subnet_id", "ec2_attributes.subnet_ids"),
    "aws_fsx_lustre_file_system": ("subnet_ids",),
    "aws_fsx_ontap_file_system": ("subnet_ids",),
    "aws_fsx_openzfs_file_system": ("subnet_ids",),
    "aws_fsx_windows_file_system": ("subnet_ids",),
    "aws_lambda_function": ("vpc_config.subnet_ids",),
    "aws_lb": ("subnets", "subnet_mapping.subnet_id"),
    "aws_memorydb_subnet_group": ("subnet_ids",),
    "aws_mq_broker": ("subnet_ids",),
    "aws_msk_cluster": ("broker_node_group_info.client_subnets",),
    "aws_msk_serverless_cluster": ("vpc_config.subnet_ids",),
    "aws_mwaa_environment": ("network_configuration.subnet_ids",),
    "aws_nat_gateway": ("subnet_id",),
    "aws_neptune_subnet_group": ("subnet_ids",),
    "aws_network_interface": ("subnet_id",),
    "aws_opensearch_domain": ("vpc_options.subnet_ids",),
    "aws_rds_cluster_subnet_group": ("subnet_ids",),
    "aws_redshift_subnet_group": ("subnet_ids",),
    "aws_redshiftserverless_workgroup": ("subnet_ids",),
    "aws_sagemaker_notebook_instance": ("subnet_id",),
    "aws_spot_fleet_request": ("launch_specification.subnet_id", "launch_template_config.overrides.subnet_id"),
    "aws_transfer_server": ("endpoint_details.subnet_ids",),
    "aws_vpc_endpoint": ("subnet_ids",),
}


class Through(NamedTuple):
    """`attribute` names the resource (of `types`) whose place is this one's place."""

    attribute: str
    types: tuple[str, ...]


# The attributes that name a subnet group, or the cluster or source a member is placed with; the first one written counts.
THROUGH: dict[str, tuple[Through, ...]] = {
    "aws_dax_cluster": (Through("subnet_group_name", ("aws_dax_subnet_group",)),),
    "aws_db_instance": (
        Through("db_subnet_group_name", ("aws_db_subnet_group",)),
        Through("replicate_source_db", ("aws_db_instance", "aws_rds_cluster")),
    ),
    "aws_dms_replication_instance": (Through("replication_subnet_group_id", ("aws_dms_replication_subnet_group",)),),
    "aws_docdb_cluster": (Through("db_subnet_group_name", ("aws_docdb_subnet_group", "aws_db_subnet_group")),),
    "aws_docdb_cluster_instance": (Through("cluster_identifier", ("aws_docdb_cluster",)),),
    "aws_elasticache_cluster": (
        Through("subnet_group_name", ("aws_elasticache_subnet_group",)),
        Through("replication_group_id", ("aws_elasticache_replication_group",)),
    ),
    "aws_elasticache_replication_group": (Through("subnet_group_name", ("aws_elasticache_subnet_group",)),),
    "aws_memorydb_cluster": (Through("subnet_group_name", ("aws_memorydb_subnet_group",)),),
    "aws_neptune_cluster": (Through("neptune_subnet_group_name", ("aws_neptune_subnet_group",)),),
    "aws_neptune_cluster_instance": (
        Through("neptune_subnet_group_name", ("aws_neptune_subnet_group",)),
        Through("cluster_identifier", ("aws_neptune_cluster",)),
    ),
    "aws_rds_cluster": (
        Through("db_subnet_group_name", ("aws_db_subnet_group",)),
        Through("replication_source_identifier", ("aws_rds_cluster", "aws_db_instance")),
    ),
    "aws_rds_cluster_instance": (
        Through("db_subnet_group_name", ("aws_db_subnet_group",)),
        Through("cluster_identifier", ("aws_rds_cluster",)),
    ),
    "aws_redshift_cluster": (Through("cluster_subnet_group_name", ("aws_redshift_subnet_group",)),),
}

# The attributes that name zones outright. Those of databases count only where no subnet group says more.
ZONES: dict[str, tuple[str, ...]] = {
    "aws_autoscaling_group": ("availability_zones",),
    "aws_db_instance": ("availability_zone",),
    "aws_default_subnet": ("availability_zone",),
    "aws_docdb_cluster": ("availability_zones",),
    "aws_docdb_cluster_instance": ("availability_zone",),
    "aws_ebs_volume": ("availability_zone",),
    "aws_elasticache_cluster": ("availability_zone", "preferred_availability_zones"),
    "aws_elasticache_replication_group": ("preferred_cache_cluster_azs",),
    "aws_elb": ("availability_zones",),
    "aws_neptune_cluster": ("availability_zones",),
    "aws_neptune_cluster_instance": ("availability_zone",),
    "aws_rds_cluster": ("availability_zones",),
    "aws_rds_cluster_instance": ("availability_zone",),
    "aws_redshift_cluster": ("availability_zone",),
    "aws_spot_fleet_request": ("launch_specification.availability_zone",),
    "aws_subnet": ("availability_zone",),
}

# The attributes that hold security group ids.
SECURITY_GROUPS: dict[str, tuple[str, ...]] = {
    "aws_apigatewayv2_vpc_link": ("security_group_ids",),
    "aws_apprunner_vpc_connector": ("security_groups",),
    "aws_batch_compute_environment": ("compute_resources.security_group_ids",),
    "aws_codebuild_project": ("vpc_config.security_group_ids",),
    "aws_dax_cluster": ("security_group_ids",),
    "aws_db_instance": ("vpc_security_group_ids",),
    "aws_db_proxy": ("vpc_security_group_ids",),
    "aws_dms_replication_instance": ("vpc_security_group_ids",),
    "aws_docdb_cluster": ("vpc_security_group_ids",),
    "aws_ecs_service": ("network_configuration.security_groups",),
    "aws_ecs_task_set": ("network_configuration.security_groups",),
    "aws_efs_mount_target": ("security_groups",),
    "aws_eks_cluster": ("vpc_config.security_group_ids",),
    "aws_elasticache_cluster": ("security_group_ids",),
    "aws_elasticache_replication_group": ("security_group_ids",),
    "aws_elasticache_serverless_cache": ("security_group_ids",),
    "aws_elasticsearch_domain": ("vpc_options.security_group_ids",),
    "aws_elb": ("security_groups",),
    "aws_lambda_function": ("vpc_config.security_group_ids",),
    "aws_lb": ("security_groups",),
    "aws_memorydb_cluster": ("security_group_ids",),
    "aws_mq_broker": ("security_groups",),
    "aws_msk_cluster": ("broker_node_group_info.security_groups",),
    "aws_msk_serverless_cluster": ("vpc_config.security_group_ids",),
    "aws_mwaa_environment": ("network_configuration.security_group_ids",),
    "aws_neptune_cluster": ("vpc_security_group_ids",),
    "aws_network_interface": ("security_groups",),
    "aws_opensearch_domain": ("vpc_options.security_group_ids",),
    "aws_rds_cluster": ("vpc_security_group_ids",),
    "aws_redshift_cluster": ("vpc_security_group_ids",),
    "aws_redshiftserverless_workgroup": ("security_group_ids",),
    "aws_sagemaker_notebook_instance": ("security_groups",),
    "aws_spot_fleet_request": ("launch_specification.vpc_security_group_ids",),
    "aws_transfer_server": ("endpoint_details.security_group_ids",),
    "aws_vpc_endpoint": ("security_group_ids",),
}
