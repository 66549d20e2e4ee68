"""The AWS reading of a graph: one answer to each question that rules, bill and diagram ask alike."""

from clops_app.graph.aws.reading import Reading

__all__ = ["Reading"]
