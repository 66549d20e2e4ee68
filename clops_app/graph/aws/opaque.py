"""A module whose source is not here may do anything with what it is given; it is known what that is."""

from __future__ import annotations

from collections.abc import Mapping

from clops_app.graph.aws.index import Index, answered_once
from clops_app.graph.leaves import leaves
from clops_app.language import tr
from clops_app.model.resource import ModuleCall, Resource
from clops_app.model.values import Reference, Unknown


def opaque_modules(index: Index, resource: Resource) -> tuple[ModuleCall, ...]:
    """The module calls without source here that are given this resource or an attribute of it."""
    return _given(index).get(resource.address, ())


def handed_over(index: Index, resource: Resource) -> Unknown | None:
    """Why something may be done to this resource that cannot be seen here, or None."""
    calls = opaque_modules(index, resource)
    if not calls:
        return None
    return Unknown(tr("{address} is given to {module}, whose source is not here", address=resource.address, module=calls[0].address))


@answered_once
def _given(index: Index) -> Mapping[str, tuple[ModuleCall, ...]]:
    """The module calls without source here, by the address of what they are given; of modelled ones, in what the model does not read."""
    found: dict[str, tuple[ModuleCall, ...]] = {}
    for call in index.graph.configuration.modules:
        if call.directory is None or call.unread:
            given = {name: value for name, value in call.values.items() if call.directory is None or name in call.unread}
            exact = {leaf.ref.address for _, leaf in leaves(given) if isinstance(leaf, Unknown) and isinstance(leaf.ref, Reference)}
            mentioned = {link.target for link in call.links if link.via in given}
            instances = {each.address for target in mentioned for each in index.instances.get(target, ())}
            found |= {address: (*found.get(address, ()), call) for address in exact | mentioned | instances}
    return found
