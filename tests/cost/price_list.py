"""A small price list in the shape of the gathered one, compiled by the script that compiles the real one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "scripts" / "compile_prices.py"

_FILES = {
    "ec2_ondemand_linux.csv": """\
service,resource_kind,region,instance_type,os,tenancy,unit,usd,source,source_date,note
ec2,instance,us-east-1,c6g.metal,Linux,shared,hour,2.3066,karpenter,2026-07-20,looks like the dedicated rate
ec2,instance,us-east-1,c6g.metal,Linux,shared,hour,2.176,aws-price-watcher(v0rts),2025-12-06,
ec2,instance,us-east-1,m9g.large,Linux,shared,hour,0.09,karpenter,2026-07-20,
ec2,instance,us-east-1,cc2.8xlarge,Linux,shared,hour,2,apache-libcloud-3.9.1,2025-03-02,unverified
""",
    "rds_instances.csv": """\
service,region,engine,instance_class,deployment,aurora_storage_config,unit,usd,source,source_date,note,vcpu,memory_gib
rds,us-east-1,postgres,db.m6gd.large,multi-az-cluster(readable standbys),,hour,0.66,aws-price-watcher(v0rts),2025-12-06,,,
rds,us-east-1,aurora-mysql,db.r7g.large,single-az,aurora-io-optimized,hour,0.36,aws-price-watcher(v0rts),2025-12-06,,,
""",
    "elasticache.csv": """\
service,region,kind,engine,node_type,item,usd,vcpu,memory_gib,source,source_date,note
elasticache,us-east-1,node,redis,cache.t4g.micro,some words,0.016,,,aws-price-watcher(v0rts),2025-12-06,
elasticache,us-east-1,reserved_1yr_no_upfront,redis,cache.t4g.micro,,0.011,,,vantage(LeanerCloud),2025-04-24,
elasticache,us-east-1,serverless/backup/other,redis,,OnDemand ElastiCache Serverless Redis per ElastiCacheProcessingUnit,3.4e-09,,,aws-price-watcher(v0rts),2025-12-06,
""",
    "opensearch.csv": """\
service,region,kind,instance_type,item,usd,vcpu,memory_gib,source,source_date
opensearch,us-east-1,on_demand,t3.small.search,,0.036,,,aws-price-watcher(v0rts),2025-12-06
opensearch,us-east-1,reserved_1yr_no_upfront,t3.small.search,,0.02,,,aws-price-watcher(v0rts),2025-12-06
""",
    "ebs_official_2024-07.csv": """\
service,region,item,usd,rate_code,source,source_date
ebs,us-east-1,Storage General Purpose gp3 GB Mo,0.08,A.B.C,ec2.shop(yeo) copy of AWS ebs.json,2024-07-18
""",
    "aws_site_all_services_2025-12.csv": """\
service,region,global_location,price_group,item,usd,attrs_json,rate_code,publication_date
natgateway,us-east-1,,,Hourly charge for NAT Gateways,0.045,,A.B.C,2025-10-28
natgateway,eu-west-1,,,Hourly charge for NAT Gateways,0.048,,A.B.C,2025-10-28
route53,,Any,,DNS Zone first 25,0.5,,A.B.C,2025-11-01
docdb,us-east-1,,Instances,,0.5,"{""Instance Type"": ""db.r5.large""}",,2025-11-02
docdb,us-east-1,,Instances,,0.6,"{""Instance Type"": ""db.r5.large""}",,2025-11-02
datatransfer,us-east-1,,,DataTransfer A;DataTransfer B,0.02,,,2025-12-06
eks,us-east-1,,,Compute per Hours,0.1,,,2025-12-06
""",
    "verified_quotes_ap_regions.csv": """\
service,resource_kind,region,attributes,unit,usd,source,source_date
eks,cluster_hour,us-east-1,standard support,hour,0.10,somebody,2026-10-01
vpc,nat_gateway_hour,us-east-1,,hour,0.05,somebody,2026-10-01
""",
    "infracost_golden_unit_prices.csv": """\
resource_type,subresource,component,region,unit,usd_per_unit,abs_error_or_exact
aws_instance,,"Instance usage (Linux/UNIX, on-demand, m9g.large)",us-east-1,hours,0.0900001,6.8e-06
aws_instance,,"Instance usage (Linux/UNIX, on-demand, c6g.metal)",us-east-1,hours,2.3066,6.8e-06
""",
}


def compiled(directory: Path) -> bytes:
    """The bytes of the book that the script makes of the small list."""
    return run(directory)[0]


def run(directory: Path) -> tuple[bytes, str]:
    """The same, and what the script printed."""
    for name, text in _FILES.items():
        (directory / name).write_text(text)
    target = directory / "prices.bin"
    done = subprocess.run([sys.executable, SCRIPT, directory, target], check=True, capture_output=True, text=True)
    return target.read_bytes(), done.stdout
