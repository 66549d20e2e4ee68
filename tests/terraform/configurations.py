"""Small roots written in a test, evaluated."""

from __future__ import annotations

from textwrap import dedent

from clops_app.model.resource import Configuration, Resource
from clops_app.model.source import SourceTree
from clops_app.terraform.evaluate import evaluate
from clops_app.terraform.inputs import Inputs


def tree(**files: str) -> SourceTree:
    """Files by path; `__` in a keyword stands for a slash, and `.tf` is added."""
    return SourceTree({(name if "." in name else name.replace("__", "/") + ".tf"): dedent(text).encode() for name, text in files.items()})


def root(text: str, inputs: Inputs | None = None, **files: str) -> Configuration:
    return evaluate(tree(main=text, **files), "", inputs)


def addresses(configuration: Configuration) -> list[str]:
    return [resource.address for resource in configuration.resources]


def one(configuration: Configuration, address: str) -> Resource:
    return next(resource for resource in configuration.resources if resource.address == address)


def problems(configuration: Configuration) -> list[str]:
    return [f"{diagnostic.where}: {diagnostic.what}" for diagnostic in configuration.diagnostics]


REGION = 'provider "aws" {\n  region = "us-east-1"\n}\n'
