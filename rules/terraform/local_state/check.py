"""State in a file on one computer is lost with it, and never the same on two."""

from __future__ import annotations

from collections.abc import Iterator

from clops_app.kit import Architecture, Hit, Place, tr


def check(architecture: Architecture) -> Iterator[Hit]:
    settings = architecture.settings
    span = settings.backend_span or settings.span
    if span is None or settings.cloud or settings.backend not in (None, "local"):
        return
    # Without a provider, and asking for values, it is a module; or Terragrunt writes both the provider and the backend.
    if settings.backend is None and settings.asked_for and not settings.providers:
        return
    message = tr(
        "Terraform's state, its list of everything it made, is a file on the computer that runs it: "
        "lose the file and Terraform no longer knows what it may change or delete."
    )
    yield Hit(message, Place("terraform", span))
