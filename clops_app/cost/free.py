"""Which types cost nothing by themselves: settings, permissions, links and names that AWS does not bill.

Classified by the pricing page of each service (https://aws.amazon.com/<service>/pricing/). A type is here only if neither its
existence nor its use has a price of its own; what makes another thing dearer (a lifecycle rule, a subscription filter) is here,
what starts a meter of its own (a canary, a firewall rule group, a replica) is not. In doubt it is left out: then it is unpriced.
"""

from __future__ import annotations

from collections.abc import Mapping

# Service prefix -> the rest of the type's name; "." is the prefix itself.
_BY_SERVICE: Mapping[str, str] = {
    "accessanalyzer": "archive_rule",
    "account": "alternate_contact primary_contact region",
    "acm": "certificate_validation",
    "acmpca": "certificate_authority_certificate permission policy",
    "alb": "listener listener_certificate listener_rule target_group target_group_attachment",
    "ami": ". launch_permission",
    "amplify": "backend_environment branch domain_association webhook",
    # A REST or HTTP API is billed by request on the API; its stage only for a cache (priced), the rest never.
    "api_gateway": "account api_key authorizer base_path_mapping client_certificate deployment documentation_part "
    "documentation_version domain_name domain_name_access_association gateway_response integration integration_response method "
    "method_response method_settings model request_validator resource rest_api_policy rest_api_put usage_plan usage_plan_key vpc_link",
    "apigatewayv2": "api_mapping authorizer deployment domain_name integration integration_response model route route_response "
    "routing_rule stage vpc_link",
    "app": "cookie_stickiness_policy",
    "appautoscaling": "policy scheduled_action target",
    "appconfig": "application configuration_profile deployment deployment_strategy environment extension extension_association "
    "hosted_configuration_version",
    "apprunner": "auto_scaling_configuration_version connection custom_domain_association "
    "default_auto_scaling_configuration_version deployment observability_configuration vpc_connector",
    "appsync": "api_key channel_namespace datasource domain_name domain_name_api_association function resolver source_api_association type",
    "athena": "data_catalog database named_query prepared_statement",
    "autoscaling": "attachment group_tag lifecycle_hook notification policy schedule traffic_source_attachment",
    "autoscalingplans": "scaling_plan",
    "backup": "global_settings plan region_settings selection vault_lock_configuration vault_notifications vault_policy",
    # Batch itself is free; what its compute environments start is not, so these are left out.
    "batch": "job_definition job_queue scheduling_policy",
    "bedrock": "guardrail_version inference_profile model_invocation_logging_configuration",
    "bedrockagent": "agent_action_group agent_alias agent_collaborator agent_knowledge_base_association prompt",
    "budgets": "budget",  # only budget actions have a price (https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/)
    "ce": "anomaly_monitor anomaly_subscription cost_allocation_tag cost_category",
    "chatbot": "slack_channel_configuration teams_channel_configuration",
    "cloudfront": "cache_policy connection_group continuous_deployment_policy key_group origin_access_control origin_access_identity "
    "origin_request_policy public_key response_headers_policy vpc_origin",
    # Scheduled rules and AWS's own events are free; custom events are billed on the bus (https://aws.amazon.com/eventbridge/pricing/).
    "cloudwatch": "event_bus_policy event_connection event_permission event_rule event_target log_account_policy "
    "log_delivery_destination log_delivery_destination_policy log_delivery_source log_destination log_destination_policy "
    "log_index_policy log_resource_policy log_stream log_subscription_filter query_definition alarm_mute_rule",
    "codeartifact": "domain_permissions_policy repository_permissions_policy",
    "codebuild": "resource_policy source_credential webhook report_group",
    "codecommit": "approval_rule_template approval_rule_template_association trigger",
    "codeconnections": "connection host",
    "codedeploy": "app deployment_config deployment_group",  # free for EC2, Lambda and ECS (https://aws.amazon.com/codedeploy/pricing/)
    "codepipeline": "custom_action_type webhook",
    "codestarconnections": "connection host",
    "codestarnotifications": "notification_rule",
    "cognito": "identity_pool identity_pool_provider_principal_tag identity_pool_roles_attachment identity_provider "
    "managed_login_branding managed_user_pool_client resource_server user user_group user_in_group user_pool_client user_pool_domain "
    "user_pool_ui_customization",
    "config": "aggregate_authorization configuration_aggregator configuration_recorder_status delivery_channel retention_configuration",
    "costoptimizationhub": "enrollment_status preferences",
    "cur": "report_definition",
    "customer": "gateway",
    "dax": "parameter_group subnet_group",
    "db": "event_subscription instance_role_association option_group parameter_group proxy_default_target_group proxy_target subnet_group",
    "default": "network_acl route_table security_group subnet vpc vpc_dhcp_options",
    "directory": "service_conditional_forwarder service_log_subscription service_radius_settings service_trust",
    "dms": "certificate endpoint event_subscription replication_subnet_group replication_task s3_endpoint",
    "docdb": "cluster_parameter_group event_subscription subnet_group",
    "dx": "bgp_peer connection_association connection_confirmation gateway gateway_association_proposal macsec_key_association "
    "private_virtual_interface public_virtual_interface transit_virtual_interface",
    "dynamodb": "resource_policy table_item tag",
    "ebs": "default_kms_key encryption_by_default snapshot_block_public_access",
    "ec2": "allowed_images_settings availability_zone_group carrier_gateway client_vpn_authorization_rule client_vpn_endpoint "
    "client_vpn_route default_credit_specification image_block_public_access instance_connect_endpoint instance_metadata_defaults "
    "instance_state local_gateway_route local_gateway_route_table_vpc_association managed_prefix_list managed_prefix_list_entry "
    "network_insights_path serial_console_access subnet_cidr_reservation tag traffic_mirror_filter traffic_mirror_filter_rule "
    "traffic_mirror_target transit_gateway transit_gateway_connect_peer transit_gateway_default_route_table_association "
    "transit_gateway_default_route_table_propagation transit_gateway_multicast_domain transit_gateway_multicast_domain_association "
    "transit_gateway_multicast_group_member transit_gateway_multicast_group_source transit_gateway_peering_attachment_accepter "
    "transit_gateway_policy_table transit_gateway_policy_table_association transit_gateway_prefix_list_reference "
    "transit_gateway_route transit_gateway_route_table transit_gateway_route_table_association "
    "transit_gateway_route_table_propagation transit_gateway_vpc_attachment_accepter",
    "ecr": "account_setting lifecycle_policy pull_through_cache_rule pull_time_update_exclusion registry_policy "
    "repository_creation_template repository_policy",
    "ecrpublic": "repository_policy",
    "ecs": "account_setting_default cluster_capacity_providers tag task_definition",
    "efs": "access_point file_system_policy mount_target",
    "egress": "only_internet_gateway",
    "eip": "association domain_name",
    "eks": "access_entry access_policy_association addon identity_provider_config pod_identity_association",
    "elastic_beanstalk": "application application_version configuration_template",
    "elasticache": "parameter_group subnet_group user user_group user_group_association",
    "elasticsearch": "domain_policy domain_saml_options",
    "elb": "attachment",
    "emr": "block_public_access_configuration managed_scaling_policy security_configuration studio_session_mapping",
    "gamelift": "alias script game_session_queue",
    "glacier": "vault_lock",
    "globalaccelerator": "cross_account_attachment custom_routing_listener listener",
    "glue": "classifier connection data_catalog_encryption_settings registry resource_policy schema security_configuration trigger "
    "user_defined_function workflow",
    "grafana": "license_association role_association workspace_api_key workspace_saml_configuration workspace_service_account "
    "workspace_service_account_token",
    "guardduty": "filter invite_accepter ipset member organization_admin_account publishing_destination threatintelset",
    "iam": "access_key account_alias account_password_policy group group_membership group_policies_exclusive group_policy "
    "group_policy_attachment group_policy_attachments_exclusive instance_profile openid_connect_provider organizations_features "
    "outbound_web_identity_federation policy policy_attachment role role_policies_exclusive role_policy role_policy_attachment "
    "role_policy_attachments_exclusive saml_provider security_token_service_preferences server_certificate service_linked_role "
    "service_specific_credential signing_certificate user user_group_membership user_login_profile user_policies_exclusive "
    "user_policy user_policy_attachment user_policy_attachments_exclusive user_ssh_key virtual_mfa_device",
    "identitystore": "group group_membership user",
    "imagebuilder": "component container_recipe distribution_configuration image_recipe infrastructure_configuration "
    "lifecycle_policy workflow",
    "inspector2": "delegated_admin_account filter member_association",
    "internet": "gateway gateway_attachment",
    "iot": "authorizer billing_group ca_certificate certificate domain_configuration event_configurations logging_options policy "
    "policy_attachment provisioning_template role_alias thing thing_group thing_group_membership thing_principal_attachment "
    "thing_type topic_rule_destination",
    "key": "pair",
    "keyspaces": "keyspace",
    "kinesis": "resource_policy",
    "kms": "alias ciphertext grant key_policy",
    "lakeformation": "data_cells_filter data_lake_settings identity_center_configuration lf_tag lf_tag_expression opt_in permissions "
    "resource resource_lf_tag resource_lf_tags",
    "lambda": "alias code_signing_config event_source_mapping function_event_invoke_config function_recursion_config function_url "
    "layer_version layer_version_permission permission runtime_management_config",
    "launch": "configuration template",
    "lb": "cookie_stickiness_policy listener listener_certificate listener_rule ssl_negotiation_policy target_group "
    "target_group_attachment trust_store_revocation",
    "licensemanager": "association grant grant_accepter license_configuration",
    "lightsail": "bucket_access_key bucket_resource_access certificate disk_attachment domain_entry instance_public_ports key_pair "
    "lb_attachment lb_certificate lb_certificate_attachment lb_https_redirection_policy lb_stickiness_policy static_ip_attachment",
    "load_balancer": "backend_server_policy listener_policy policy",
    "main": "route_table_association",
    "memorydb": "acl parameter_group subnet_group user",
    "mq": "configuration",
    "msk": "cluster_policy configuration scram_secret_association single_scram_secret_association topic",
    "mskconnect": "custom_plugin worker_configuration",
    "nat": "gateway_eip_association",
    "neptune": "cluster_endpoint cluster_parameter_group event_subscription parameter_group subnet_group",
    "network": "acl acl_association acl_rule interface interface_attachment interface_permission interface_sg_attachment",
    "networkfirewall": "firewall_policy logging_configuration resource_policy rule_group",
    "networkmanager": "customer_gateway_association device global_network link link_association site transit_gateway_registration",
    "oam": "link sink sink_policy",
    "opensearch": "domain_policy domain_saml_options package package_association authorize_vpc_endpoint_access",
    "opensearchserverless": "access_policy lifecycle_policy security_config security_policy",
    "organizations": "account aws_service_access delegated_administrator organization organizational_unit policy policy_attachment "
    "resource_policy tag",
    "placement": "group",
    "prometheus": "alert_manager_definition resource_policy workspace_configuration",
    "proxy": "protocol_policy",
    "ram": "permission principal_association resource_association resource_share resource_share_accepter "
    "resource_share_associations_exclusive sharing_with_organization",
    "rbin": "rule",
    "rds": "certificate cluster_endpoint cluster_parameter_group cluster_role_association instance_state",
    "redshift": "authentication_profile cluster_iam_roles event_subscription hsm_client_certificate hsm_configuration logging "
    "parameter_group resource_policy scheduled_action snapshot_copy_grant snapshot_schedule snapshot_schedule_association "
    "subnet_group usage_limit",
    "redshiftserverless": "custom_domain_association namespace resource_policy usage_limit",
    "resourceexplorer2": "index view",
    "resourcegroups": "group resource",
    "rolesanywhere": "profile trust_anchor",
    "route": ". table table_association",
    "route53": "cidr_collection cidr_location delegation_set hosted_zone_dnssec key_signing_key query_log records_exclusive "
    "resolver_config resolver_dnssec_config resolver_query_log_config resolver_query_log_config_association resolver_rule "
    "resolver_rule_association traffic_policy vpc_association_authorization zone_association",
    "route53domains": "delegation_signer_record",
    "s3": "account_public_access_block bucket_abac bucket_acl bucket_cors_configuration bucket_lifecycle_configuration bucket_logging "
    "bucket_notification bucket_object bucket_object_lock_configuration bucket_ownership_controls bucket_policy "
    "bucket_public_access_block bucket_request_payment_configuration bucket_server_side_encryption_configuration bucket_versioning "
    "bucket_website_configuration access_point object object_copy",
    "s3control": "access_point_policy bucket_policy multi_region_access_point_policy object_lambda_access_point_policy",
    "sagemaker": "app_image_config code_repository device device_fleet endpoint_configuration flow_definition human_task_ui image "
    "image_version model model_card model_package_group model_package_group_policy notebook_instance_lifecycle_configuration "
    "pipeline project servicecatalog_portfolio_status space studio_lifecycle_config user_profile workforce workteam",
    # The first 14,000,000 invocations a month are free: 300 schedules that run every minute (https://aws.amazon.com/eventbridge/pricing/).
    "scheduler": "schedule schedule_group",
    "schemas": "registry registry_policy schema",
    "secretsmanager": "secret_policy secret_rotation secret_version tag",
    "security": "group group_rule",
    "securityhub": "action_target automation_rule configuration_policy configuration_policy_association finding_aggregator insight "
    "invite_accepter member organization_admin_account product_subscription standards_control standards_control_association",
    "service_discovery": "http_namespace",
    "servicecatalog": "budget_resource_association constraint organizations_access portfolio portfolio_share "
    "principal_portfolio_association product product_portfolio_association provisioning_artifact service_action tag_option "
    "tag_option_resource_association",
    "servicecatalogappregistry": "application attribute_group attribute_group_association",
    "servicequotas": "auto_management service_quota template template_association",
    "ses": "active_receipt_rule_set configuration_set domain_dkim domain_identity domain_identity_verification domain_mail_from "
    "email_identity event_destination identity_notification_topic identity_policy receipt_filter receipt_rule receipt_rule_set template",
    "sesv2": "account_suppression_attributes configuration_set configuration_set_event_destination contact_list email_identity "
    "email_identity_feedback_attributes email_identity_mail_from_attributes email_identity_policy",
    "sfn": "activity alias",
    "shield": "application_layer_automatic_response drt_access_log_bucket_association drt_access_role_arn_association "
    "proactive_engagement protection_group protection_health_check_association",
    "signer": "signing_profile signing_profile_permission",
    "snapshot": "create_volume_permission",
    "sns": "platform_application sms_preferences topic_policy",
    "spot": "datafeed_subscription",
    "sqs": "queue_policy queue_redrive_allow_policy queue_redrive_policy",
    "ssm": "association default_patch_baseline document maintenance_window maintenance_window_target maintenance_window_task "
    "patch_baseline patch_group resource_data_sync service_setting",
    "ssoadmin": "account_assignment application application_access_scope application_assignment application_assignment_configuration "
    "customer_managed_policy_attachment customer_managed_policy_attachments_exclusive instance_access_control_attributes "
    "managed_policy_attachment managed_policy_attachments_exclusive permission_set permission_set_inline_policy "
    "permissions_boundary_attachment trusted_token_issuer",
    "subnet": ".",
    "synthetics": "group group_association",
    "transfer": "access agreement certificate host_key profile ssh_key tag user workflow",
    "verifiedaccess": "group instance instance_logging_configuration instance_trust_provider_attachment trust_provider",
    "verifiedpermissions": "identity_source policy policy_store policy_template schema",
    "volume": "attachment",
    "vpc": ". block_public_access_exclusion block_public_access_options dhcp_options dhcp_options_association "
    "endpoint_connection_accepter endpoint_connection_notification endpoint_policy endpoint_private_dns "
    "endpoint_route_table_association endpoint_security_group_association endpoint_service endpoint_service_allowed_principal "
    "endpoint_service_private_dns_verification ipv4_cidr_block_association ipv6_cidr_block_association peering_connection "
    "peering_connection_accepter peering_connection_options security_group_egress_rule security_group_ingress_rule "
    "security_group_rules_exclusive security_group_vpc_association",
    "vpclattice": "access_log_subscription auth_policy domain_verification listener listener_rule resource_policy service_network "
    "target_group target_group_attachment",
    "vpn": "connection_route gateway gateway_attachment gateway_route_propagation",
    "waf": "byte_match_set geo_match_set ipset regex_match_set regex_pattern_set size_constraint_set sql_injection_match_set xss_match_set",
    "wafregional": "byte_match_set geo_match_set ipset regex_match_set regex_pattern_set size_constraint_set sql_injection_match_set "
    "web_acl_association xss_match_set",
    "wafv2": "api_key ip_set regex_pattern_set web_acl_association web_acl_logging_configuration",
    "workspaces": "ip_group",
    "xray": "encryption_config group resource_policy sampling_rule",
}

FREE = frozenset(
    f"aws_{service}" if name == "." else f"aws_{service}_{name}" for service, names in _BY_SERVICE.items() for name in names.split()
)

# Providers whose resources somebody bills, and ClOps has no prices of. Others (random, tls, archive, …) create nothing that is billed.
_BILLED_ELSEWHERE = frozenset({
    "alicloud", "awscc", "azapi", "azurerm", "cloudflare", "confluent", "datadog", "databricks", "digitalocean", "equinix",
    "exoscale", "fastly", "google", "hcloud", "heroku", "huaweicloud", "ibm", "linode", "mongodbatlas", "newrelic", "nutanix",
    "oci", "openstack", "opentelekomcloud", "ovh", "pagerduty", "render", "rediscloud", "scaleway", "snowflake", "tencentcloud",
    "upcloud", "vercel", "volcengine", "vsphere", "vultr", "yandex",
})  # fmt: skip


def is_free(type: str) -> bool:
    """Whether a type costs nothing by itself, whatever is done with it."""
    return type in FREE


def costs_elsewhere(type: str) -> bool:
    """Whether a type belongs to a provider, other than AWS, that bills."""
    return type.partition("_")[0] in _BILLED_ELSEWHERE
