"""OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE: what is external, required, provided or abstracted cannot change hands."""

from __future__ import annotations

from collections.abc import Sequence

from router.composition import wording
from router.composition.codes import Code
from router.composition.model.merging import Source, places
from router.composition.model.overriding import Override
from router.composition.model.schema import Field


def check(override: Override, loser: Source[Field]) -> bool:
    """Whether nothing about the two declarations forbids the override; what does is reported."""
    for name in ("requires", "provides"):
        for directive in loser.element.applied(name):
            problem = f'the field carries @{name} in subgraph "{loser.subgraph.name}": remove that first'
            override.error(Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, problem, places=[directive.place])
            return False
    if override.coordinate in override.winner.subgraph.facts.external:
        problem = "the field is @external here, and a subgraph takes over only what it resolves: remove one of the two"
        override.error(Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, problem)
        return False
    return True


def report_on_interface_object(override: Override) -> None:
    """Report an override on a field of an interface object."""
    problem = "fields of an @interfaceObject cannot override: they stand for those of all implementations"
    override.error(Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, problem)


def report_from_interface_object(override: Override, abstracting: Sequence[Source[Field]]) -> None:
    """Report an override of a field that the other subgraph has through an interface object."""
    fields = wording.series([f'"{source.element.coordinate}"' for source in abstracting])
    problem = f'subgraph "{override.from_}" has the field through the @interfaceObject field {fields}, which cannot be overridden'
    override.error(Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, problem, places=places(abstracting))
