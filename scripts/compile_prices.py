"""AWS's list prices become package data that is read one service and region at a time.

    python scripts/compile_prices.py DIRECTORY clops_app/cost/prices.bin

The directory holds the gathered price lists as CSV files, one reader below for each; the public copies of AWS's price pages
that they were read from are in NAMES. What is not a plain on-demand list price stays out: reservations, Spot samples, rows
marked unverified.
The layout is told in clops_app/cost/book.py. Same input, same bytes. Disagreements with prices that others quoted are printed.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

Row = dict[str, str]

MAIN = ("AWS price pages, copied by aws-price-watcher @c4a0470", "2025-12-06")
GLOBAL = "global"  # the region of what AWS sells without one: hosted zones, CloudFront, dashboards
# The order in which sources of one EC2 price are believed: the one that lists shared tenancy in all regions, then the newest.
EC2_SOURCES = {"aws-price-watcher(v0rts)": 0, "karpenter": 1, "ec2.shop(yeo)": 2}
NAMES = {
    "aws-price-watcher(v0rts)": MAIN[0],
    "karpenter": "AWS price list, copied by karpenter-provider-aws @1d92708",
    "ec2.shop(yeo)": "AWS price list, copied by ec2.shop @74c9fd8",
    "ec2.shop(yeo) copy of AWS ebs.json": "AWS price pages, copied by ec2.shop @74c9fd8",
}
# The main source lacks the list of this service.
OTHER_COPY = {"natgateway": "AWS price pages, copied by lamngockhuong/aws-price @508fb45"}
NO_SERVICE_OF_OURS = frozenset({"sagemaker-instances-studionotebook", "pcs", "quicksight", "verifiedpermissions", "codecommit"})


class Entry(NamedTuple):
    service: str
    region: str
    item: str
    usd: Decimal
    source: str
    date: str


def rows(directory: Path, name: str) -> Iterator[Row]:
    with (directory / name).open(newline="") as file:
        yield from csv.DictReader(file)


def from_row(row: Row, service: str, item: str) -> Entry:
    return Entry(service, row["region"], item, Decimal(row["usd"]), NAMES[row["source"]], row["source_date"])


def ec2(directory: Path) -> Iterator[Entry]:
    best: dict[tuple[str, str], Row] = {}
    for row in rows(directory, "ec2_ondemand_linux.csv"):
        if row["source"] not in EC2_SOURCES:  # one library's rows mix shared and dedicated rates
            continue
        key = (row["region"], row["instance_type"])
        if key not in best or EC2_SOURCES[row["source"]] < EC2_SOURCES[best[key]["source"]]:
            best[key] = row
    for row in best.values():
        yield from_row(row, "ec2", row["instance_type"])


def rds(directory: Path) -> Iterator[Entry]:
    for row in rows(directory, "rds_instances.csv"):
        deployment = row["deployment"].replace("multi-az-cluster(readable standbys)", "multi-az-cluster")
        storage = row["aurora_storage_config"].removeprefix("aurora-")
        yield from_row(row, "rds", f"{row['engine']} {row['instance_class']} {storage or deployment}")


def elasticache(directory: Path) -> Iterator[Entry]:
    for row in rows(directory, "elasticache.csv"):
        if row["kind"] == "node":
            yield from_row(row, "elasticache", f"{row['engine']} {row['node_type']}")
        elif row["kind"] != "reserved_1yr_no_upfront":
            yield from_row(row, "elasticache", row["item"].removeprefix("OnDemand ElastiCache "))


def opensearch(directory: Path) -> Iterator[Entry]:
    for row in rows(directory, "opensearch.csv"):
        if row["kind"] == "on_demand":
            yield from_row(row, "opensearch", row["instance_type"])
        elif row["kind"] == "other":
            yield from_row(row, "opensearch", row["item"])


def ebs(directory: Path) -> Iterator[Entry]:
    for row in rows(directory, "ebs_official_2024-07.csv"):
        yield from_row(row, "ebs", row["item"])


def label(row: Row) -> str:
    """AWS's own label; what has none is named by its price group and attributes."""
    if row["item"] and not row["item"].startswith("["):
        return f"{row['global_location']}: {row['item']}" if row["global_location"] else row["item"]
    attributes: dict[str, str] = json.loads(row["attrs_json"] or "{}")
    pieces = [row["global_location"], row["price_group"], *(f"{name}={value}" for name, value in sorted(attributes.items()))]
    return " ".join(piece for piece in pieces if piece)


def all_services(directory: Path) -> Iterator[Entry]:
    for row in rows(directory, "aws_site_all_services_2025-12.csv"):
        if row["service"] in NO_SERVICE_OF_OURS or ";" in row["item"]:  # a list of labels repeats what each of them says
            continue
        usd = Decimal(row["usd"])
        source = OTHER_COPY.get(row["service"], MAIN[0])
        yield Entry(row["service"], row["region"] or GLOBAL, label(row), usd, source, row["publication_date"] or MAIN[1])


def unambiguous(entries: Iterator[Entry]) -> list[Entry]:
    """One entry a name. Several prices under one name are numbered from the lowest, so that none is taken by chance."""
    groups: dict[tuple[str, str, str], dict[Decimal, Entry]] = defaultdict(dict)
    for entry in entries:
        group = groups[entry.service, entry.region, entry.item]
        if entry.usd not in group or entry.date > group[entry.usd].date:
            group[entry.usd] = entry
    found: list[Entry] = []
    for group in groups.values():
        ordered = [group[usd] for usd in sorted(group)]
        if len(ordered) == 1:
            found += ordered
        else:
            found += [entry._replace(item=f"{entry.item} [{number}]") for number, entry in enumerate(ordered, 1)]
    return sorted(found)


def packed(entries: list[Entry]) -> bytes:
    provenance = sorted({(entry.source, entry.date) for entry in entries})
    number = {pair: index for index, pair in enumerate(provenance)}
    members: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        line = f"{entry.item}\t{entry.usd.normalize():f}\t{number[entry.source, entry.date]}"
        members[entry.service][entry.region].append(line)
    bodies: list[bytes] = []
    index: dict[str, dict[str, int]] = {}
    for service, regions in sorted(members.items()):
        index[service] = {}
        for region, lines in sorted(regions.items()):
            packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9)
            bodies.append(packer.compress("\n".join(lines).encode()) + packer.flush())
            index[service][region] = len(bodies[-1])
    head = zlib.compress(json.dumps({"date": MAIN[1], "provenance": provenance, "members": index}, separators=(",", ":")).encode(), 9)
    return len(head).to_bytes(4, "big") + head + b"".join(bodies)


def gathered(directory: Path) -> list[Entry]:
    lists = (ec2, rds, elasticache, opensearch, ebs, all_services)
    return unambiguous(entry for read in lists for entry in read(directory))


# What others quote for a price of ours: (their service, kind, attributes) -> (service, item, their unit in ours).
QUOTED: dict[tuple[str, str, str], tuple[str, str, int]] = {
    ("eks", "cluster_hour", "standard support"): ("eks", "Compute per Hours", 1),
    ("eks", "cluster_hour_extended_surcharge", "extended support (added to 0.10)"): ("eks", "Compute ExtendedSupport per Hours", 1),
    ("vpc", "nat_gateway_hour", ""): ("natgateway", "Hourly charge for NAT Gateways", 1),
    ("vpc", "nat_gateway_gb", ""): ("natgateway", "Charge for per GB data processed by NatGateways", 1),
    ("vpc", "public_ipv4_in_use", ""): ("vpc", "Hourly charge for In use Public IPv4 Addresses per Hrs", 1),
    ("vpc", "public_ipv4_idle", ""): ("vpc", "Hourly charge for Idle Public IPv4 Addresses per Hrs", 1),
    ("vpc", "interface_endpoint_hour", "per AZ"): ("vpc", "Hourly charge for VPC Endpoints per Hrs", 1),
    ("vpc", "interface_endpoint_gb", "first 1 PB"): (
        "vpc",
        "Charge for per GB data processed by VPC Endpoints per GB from 0 to 1048576",
        1,
    ),
    ("vpc", "transit_gateway_attachment", ""): ("vpc", "Hourly charge for Transit Gateway VPC Attachments per hour", 1),
    ("elb", "alb_hour", ""): ("elb", "Application Load Balancer Hours", 1),
    ("elb", "nlb_hour", ""): ("elb", "Network Load Balancer Hours", 1),
    ("elb", "alb_lcu", ""): ("elb", "Application Load Balancer LCU Hours", 1),
    ("elb", "nlb_lcu", ""): ("elb", "Network Load Balancer LCU Hours", 1),
    ("elb", "clb_hour", ""): ("elb", "Classic Load Balancer Hours", 1),
    ("lambda", "duration_x86", "tier 1"): ("lambda", "Lambda Duration", 1),
    ("lambda", "duration_arm", "tier 1"): ("lambda", "Lambda Duration-ARM", 1),
    ("lambda", "requests", ""): ("lambda", "Lambda Requests", 1),
    ("lambda", "provisioned_concurrency", ""): ("lambda", "Lambda Provisioned-Concurrency", 1),
    ("secretsmanager", "secret", ""): ("secretsmanager", "Secret", 1),
    ("secretsmanager", "api", ""): ("secretsmanager", "API Request", 10_000),
    ("kms", "key", ""): ("kms", "Encryption Key", 1),
    ("kms", "requests", ""): ("kms", "API request - Non Free Tier", 10_000),
    ("fargate", "vcpu_hour", "linux x86"): ("ecs", "perCPU per hour", 1),
    ("fargate", "vcpu_hour", "linux arm"): ("ecs", "ARM perCPU per hour", 1),
    ("data_transfer", "internet_egress", "first 10 TB"): ("datatransfer", "DataTransfer External Outbound Next 10 TB", 1),
    ("data_transfer", "internet_egress", "next 40 TB"): ("datatransfer", "DataTransfer External Outbound Next 40 TB", 1),
    ("ebs", "volume_storage", "gp2"): ("ebs", "Storage General Purpose gp2 GB Mo", 1),
    ("ebs", "volume_storage", "gp3"): ("ebs", "Storage General Purpose gp3 GB Mo", 1),
    ("ebs", "iops", "gp3"): ("ebs", "Provisioned EBS IOPS gp3 Volumes per IOPS Mo", 1),
    ("ebs", "iops", "io2"): ("ebs", "Provisioned EBS IOPS io2 Volumes per IOPS Mo", 1),
    ("ebs", "snapshot", "standard"): ("ebs", "Storage Snapshot Amazon S3 GB Mo", 1),
    ("ebs", "snapshot", "archive"): ("ebs", "Storage Snapshot Amazon S3 SnapshotArchiveStorage GB Mo", 1),
    ("rds", "storage", "PostgreSQL gp2 single-AZ"): ("rds-storage", "Database Storage Single AZ General Purpose", 1),
    ("rds", "storage", "PostgreSQL gp2 multi-AZ"): ("rds-storage", "Database Storage Multi AZ General Purpose", 1),
    ("rds", "storage", "PostgreSQL gp3 single-AZ"): ("rds-storage", "Database Storage Single AZ General Purpose-GP3", 1),
    ("rds", "storage", "MySQL gp3 single-AZ"): ("rds-storage", "Database Storage Single AZ General Purpose-GP3", 1),
    ("rds", "storage", "PostgreSQL gp3 multi-AZ"): ("rds-storage", "Database Storage Multi AZ General Purpose-GP3", 1),
    ("rds", "storage", "PostgreSQL io1 single-AZ"): ("rds-storage", "Database Storage Single AZ Provisioned IOPS", 1),
    ("rds", "iops", "PostgreSQL io1 single-AZ"): ("rds-storage", "Provisioned IOPS Single AZ", 1),
    ("rds", "iops", "PostgreSQL io1 multi-AZ"): ("rds-storage", "Provisioned IOPS Multi AZ", 1),
    ("rds", "iops", "gp3 single-AZ above baseline"): ("rds-storage", "Provisioned GP3 IOPS Single AZ", 1),
    ("rds", "backup", "beyond free allocation"): ("rds-storage", "Storage Snapshot", 1),
    ("rds", "proxy", "provisioned"): ("rds-proxy", "RDSProxy", 1),
    ("aurora", "backup", ""): ("rds-aurora-storage", "Storage Snapshot Aurora PostgreSQL", 1),
    ("aurora", "storage", "io-optimized"): ("rds-aurora-storage", "Aurora MySQL IO Optimized Aurora", 1),
    ("aurora", "io", "standard"): ("rds-aurora-storage", "System Operation Aurora I O Operation", 1_000_000),
    ("aurora", "serverless_v2_acu", "standard"): ("rds-aurora-storage", "Aurora PostgreSQL ServerlessV2", 1),
    ("aurora", "serverless_v2_acu", "io-optimized"): (
        "rds-aurora-storage",
        "Aurora PostgreSQL ServerlessV2 Aurora IO Optimization Mode",
        1,
    ),
    ("elasticache", "serverless_storage", "redis"): ("elasticache", "Serverless Redis per GB-Hours", 1),
    ("elasticache", "serverless_storage", "valkey"): ("elasticache", "Serverless Valkey per GB-Hours", 1),
    ("s3", "storage", "standard first 50 TB"): ("s3", "Standard Storage First 50 TB per GB Mo", 1),
    ("s3", "storage", "intelligent-tiering IA"): ("s3", "Intelligent Tiering Infrequent Access per GB Mo", 1),
    ("s3", "requests", "PUT/COPY/POST/LIST"): ("s3", "PUT COPY/POST or LIST requests per Requests", 1_000),
    ("s3", "requests", "GET"): ("s3", "GET and all other requests per Requests", 10_000),
    ("ecr", "storage", ""): ("ecr", "EC2 Container Registry", 1),
    ("cloudwatch", "logs_ingest", "standard"): ("cloudwatch", "Logs Collected Data Ingestion", 1),
    ("cloudwatch", "logs_ingest", "infrequent access"): ("cloudwatch", "IA Custom ingested Logs from 0 upto Inf", 1),
    ("cloudwatch", "logs_storage", ""): ("cloudwatch", "Stored Data", 1),
    ("cloudwatch", "custom_metric", "first 10k"): ("cloudwatch", "Metric for the first 10000", 1),
    ("cloudwatch", "alarm", "standard"): ("cloudwatch", "Alarm Standard", 1),
    ("cloudwatch", "alarm", "composite"): ("cloudwatch", "Alarm Composite", 1),
    ("cloudwatch", "canary_run", ""): ("cloudwatch", "Canaries per Runs", 1),
}


def quoted_item(row: Row) -> tuple[str, str, int] | None:
    match row["service"], row["resource_kind"]:
        case "ec2", "instance":
            return "ec2", row["attributes"], 1
        case "rds", "instance":
            return (
                "rds",
                row["attributes"].replace("single-AZ", "single-az").replace("multi-AZ", "multi-az").replace("Multi-AZ", "multi-az"),
                1,
            )
        case "elasticache", "node":
            node, engine = row["attributes"].split()
            return "elasticache", f"{engine} {node}", 1
        case service, kind:
            return QUOTED.get((service, kind, row["attributes"]))


def against_quotes(directory: Path, book: dict[tuple[str, str, str], Decimal]) -> Iterator[str]:
    compared = 0
    for row in rows(directory, "verified_quotes_ap_regions.csv"):
        what = f"{row['service']} {row['resource_kind']} {row['attributes']} in {row['region']}"
        found = quoted_item(row)
        ours = book.get((found[0], row["region"], found[1])) if found else None
        if found is None or ours is None:
            yield f"quote not compared: {what}"
            continue
        compared += 1
        if ours * found[2] != Decimal(row["usd"]):
            yield f"quote differs: {what}: {row['usd']} on {row['source_date']}, the book has {ours * found[2]}"
    yield f"{compared} quotes compared"


def golden_candidates(row: Row, book: dict[tuple[str, str, str], Decimal]) -> list[Decimal]:
    """All prices of the book that a row of the peer's golden files may mean: their text does not name the engine."""
    words = re.split(r"[ ,()]+", row["component"])
    sized = next((word for word in words if re.fullmatch(r"(db\.|cache\.)?[a-z]+[0-9][a-z0-9-]*\.[a-z0-9-]+", word)), "")
    named = sized.startswith(("db.", "cache.")) or "Linux" in row["component"]
    if not named or "on-demand" not in row["component"] or row["resource_type"].startswith(("aws_docdb", "aws_neptune")):
        return []
    service = "rds" if sized.startswith("db.") else "elasticache" if sized.startswith("cache.") else "ec2"
    return [usd for (of, region, item), usd in book.items() if (of, region) == (service, row["region"]) and sized in item.split()]


def against_goldens(directory: Path, book: dict[tuple[str, str, str], Decimal]) -> Iterator[str]:
    compared = 0
    for row in rows(directory, "infracost_golden_unit_prices.csv"):
        candidates = golden_candidates(row, book)
        if not candidates:
            continue
        compared += 1
        error = Decimal(0) if row["abs_error_or_exact"] == "exact" else Decimal(row["abs_error_or_exact"])
        if not any(abs(usd - Decimal(row["usd_per_unit"])) <= error + Decimal("0.00001") for usd in candidates):
            ours = ", ".join(str(usd) for usd in sorted(set(candidates))[:6])
            yield f"golden differs: {row['resource_type']} {row['component']} {row['region']}: {row['usd_per_unit']}, the book has {ours}"
    yield f"{compared} golden rows compared"


def disagreements(directory: Path, entries: list[Entry]) -> Iterator[str]:
    book = {(entry.service, entry.region, entry.item): entry.usd for entry in entries}
    yield from against_quotes(directory, book)
    yield from against_goldens(directory, book)


def main(directory: str, target: str) -> None:
    entries = gathered(Path(directory))
    for disagreement in disagreements(Path(directory), entries):
        print(disagreement)
    Path(target).write_bytes(packed(entries))


if __name__ == "__main__":
    main(*sys.argv[1:])
