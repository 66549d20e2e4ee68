"""Elastic Beanstalk's option settings read like attributes: by namespace and name."""

from __future__ import annotations

from clops_app.kit import blocks, read
from clops_app.model.resource import Resource
from clops_app.model.values import Known, Unknown, Value, absent

VPC = "aws:ec2:vpc"
LAUNCH = "aws:autoscaling:launchconfiguration"


def setting(environment: Resource, namespace: str, name: str) -> tuple[str, Value]:
    """The path and value of an option setting; the last one written wins, as in AWS."""
    found: tuple[str, Value] = ("", absent)
    written = environment.values.get("setting")
    if isinstance(written, Unknown):
        return "setting", written
    for path, block in blocks(environment, "setting"):
        for key, wanted in (("namespace", namespace), ("name", name)):
            if isinstance(unsaid := block.get(key), Unknown):
                return path, unsaid
            if block.get(key) != wanted:
                break
        else:
            found = f"{path}.value", read(environment, f"{path}.value")
    return found


def listed(value: Value) -> tuple[str, ...] | Unknown:
    """The items of a comma-separated setting."""
    match value:
        case Known(str() as text):
            return tuple(item for part in text.split(",") if (item := part.strip()))
        case Unknown():
            return value
        case _:
            return ()
