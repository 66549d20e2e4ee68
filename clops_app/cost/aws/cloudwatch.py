"""CloudWatch: logs by usage, alarms by the metrics they watch, dashboards and custom metrics by the month.

Source: https://aws.amazon.com/cloudwatch/pricing/. The free tier of an account (ten alarms, three dashboards, 5 GB) is not taken off.
"""

from __future__ import annotations

from decimal import Decimal

from clops_app.cost.pricing import Missing, Parts, Pricing, by_usage, fixed, global_price, list_price, number_at, text_at
from clops_app.kit import blocks, read, text
from clops_app.language import tr
from clops_app.model.resource import Resource

_LOGS = ("monthly_data_ingested_gb", "storage_gb", "monthly_data_scanned_gb")
USAGE = {
    "aws_cloudwatch_log_group": _LOGS,
    "aws_flow_log": ("monthly_data_ingested_gb",),
    "aws_cloudwatch_metric_alarm": (),
    "aws_cloudwatch_composite_alarm": (),
    "aws_cloudwatch_dashboard": (),
    "aws_cloudwatch_log_metric_filter": (),
}
METRICS_OF_ANOMALY_DETECTION = 3  # the metric and the two bounds of its band (the pricing page, "Anomaly detection alarms")
HIGH_RESOLUTION_SECONDS = 60  # a shorter period is high resolution (docs: AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html)


def parts(resource: Resource, pricing: Pricing) -> Parts:
    match resource.type:
        case "aws_cloudwatch_log_group":
            yield from _logs(resource, pricing)
        case "aws_flow_log":
            yield from _flow_log(resource, pricing)
        case "aws_cloudwatch_metric_alarm":
            yield from _alarm(resource, pricing)
        case "aws_cloudwatch_composite_alarm":
            yield fixed(tr("Composite alarm"), list_price(pricing, resource, "cloudwatch", "Alarm Composite", "alarm-month"), 1)
        case "aws_cloudwatch_dashboard":
            yield fixed(tr("Dashboard"), global_price(pricing, "cloudwatch", "Any: Dashboard Basic Dashboard", "dashboard-month"), 1)
        case _:
            metric = list_price(pricing, resource, "cloudwatch", "Metric for the first 10000", "metric-month")
            yield fixed(tr("Custom metric"), metric, 1, tr("as if lines match all month"))


def _logs(resource: Resource, pricing: Pricing) -> Parts:
    match text_at(resource, "log_group_class", "STANDARD"):
        case Missing() as missing:
            yield missing
            return
        case "INFREQUENT_ACCESS":
            ingested = "IA Custom ingested Logs from 0 upto Inf"
        case "DELIVERY":
            yield Missing(tr("logs of the delivery class: not priced"))
            return
        case _:
            ingested = "Logs Collected Data Ingestion"
    rows = (
        (tr("Logs ingested"), ingested, "GB", _LOGS[0]),
        (tr("Logs stored"), "Stored Data", "GB-month", _LOGS[1]),
        (tr("Logs Insights, data scanned"), "Queried Logs Insights", "GB", _LOGS[2]),
    )
    for name, item, unit, key in rows:
        yield by_usage(pricing, resource, name, list_price(pricing, resource, "cloudwatch", item, unit), key)


def _flow_log(resource: Resource, pricing: Pricing) -> Parts:
    """Vended logs: to a log group, a bucket or Firehose each has its own price, here that of the first 10 TB."""
    match text_at(resource, "log_destination_type", "cloud-watch-logs"):
        case Missing() as missing:
            yield missing
        case "s3":
            item = "Delivered Logs for first 10TB"
        case "kinesis-data-firehose":
            item = "Amazon Kinesis Data Firehose Delivered Logs for first 10TB"
        case _:
            item = "Vended Logs First 10TB"
    if not isinstance(text_at(resource, "log_destination_type", "cloud-watch-logs"), Missing):
        price = list_price(pricing, resource, "cloudwatch", item, "GB")
        yield by_usage(pricing, resource, tr("Flow logs delivered"), price, "monthly_data_ingested_gb")


def _alarm(resource: Resource, pricing: Pricing) -> Parts:
    queries = [path for path, _ in blocks(resource, "metric_query")]
    periods = [number_at(resource, "period", HIGH_RESOLUTION_SECONDS)]
    periods += [number_at(resource, f"{path}.metric[0].period", HIGH_RESOLUTION_SECONDS) for path in queries]
    unknown = next((period for period in periods if isinstance(period, Missing)), None)
    if unknown is not None:
        yield unknown
        return
    fast = any(isinstance(period, int | Decimal) and period < HIGH_RESOLUTION_SECONDS for period in periods)
    item = "Alarm High Resolution" if fast else "Alarm Standard"
    price = list_price(pricing, resource, "cloudwatch", item, "alarm metric-month")
    yield fixed(tr("Alarm, high resolution") if fast else tr("Alarm"), price, _metrics(resource, queries))


def _metrics(resource: Resource, queries: list[str]) -> int:
    """Metrics are billed, expressions are not; an anomaly band adds two to the metric it is drawn around."""
    metrics = sum(1 for path in queries if blocks(resource, f"{path}.metric"))
    band = any("ANOMALY_DETECTION_BAND" in text(read(resource, f"{path}.expression")) for path in queries)
    return max(metrics, 1) * (METRICS_OF_ANOMALY_DETECTION if band else 1)
