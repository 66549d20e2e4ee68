"""A module whose source is not here may do anything with what it is given; it is known what that is."""

from __future__ import annotations

from clops_app.graph.aws.index import Index
from clops_app.graph.build import resource_address
from clops_app.graph.leaves import leaves
from clops_app.model.resource import ModuleCall, Resource
from clops_app.model.values import Reference, Unknown


def opaque_modules(index: Index, resource: Resource) -> tuple[ModuleCall, ...]:
    """The module calls without source here that are given this resource or an attribute of it."""
    calls = (call for call in index.graph.configuration.modules if call.directory is None)
    return tuple(call for call in calls if _is_given(call, resource))


def handed_over(index: Index, resource: Resource) -> Unknown | None:
    """Why something may be done to this resource that cannot be seen here, or None."""
    calls = opaque_modules(index, resource)
    return Unknown(f"{resource.address} is given to {calls[0].address}, whose source is not here") if calls else None


def _is_given(call: ModuleCall, resource: Resource) -> bool:
    exact = {leaf.ref.address for _, leaf in leaves(call.values) if isinstance(leaf, Unknown) and isinstance(leaf.ref, Reference)}
    if resource.address in exact:
        return True
    mentioned = {link.target for link in call.links}
    return resource.address in mentioned or resource_address(resource) in mentioned
