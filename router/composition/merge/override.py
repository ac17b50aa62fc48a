"""`@override`: which subgraph gives a field up to which other, and under what label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from router.composition.advice import (
    from_subgraph_does_not_exist,
    overridden_field_can_be_removed,
    override_directive_can_be_removed,
    override_migration_in_progress,
)
from router.composition.merge.abstracting import abstracting_sources
from router.composition.model.merging import Merging, Source
from router.composition.model.overriding import Override
from router.composition.model.schema import Field
from router.composition.rules import (
    override_collision_with_another_directive,
    override_from_self_error,
    override_label_invalid,
    override_on_interface,
    override_source_has_override,
)


@dataclass(slots=True)
class Overrides:
    """What the overrides of one field come to, by subgraph name.

    used      overridden, yet still named by the subgraph's own keys, requires, provides or interfaces
    unused    overridden and named by nothing
    labels    both sides of a labelled override
    aimless   overriding a subgraph that does not exist
    """

    used: set[str] = field(default_factory=set)
    unused: set[str] = field(default_factory=set)
    labels: dict[str, str] = field(default_factory=dict)
    aimless: set[str] = field(default_factory=set)

    def gave_up(self, subgraph: str) -> bool:
        return subgraph in self.used or subgraph in self.unused


def find_overrides(sources: Sequence[Source[Field]], merging: Merging) -> Overrides:
    """Resolve every @override on a field; those that cannot be are reported and without effect."""
    found = Overrides()
    for source in sources:
        if source.element.has("override"):
            _resolve(Override(source, source.element.applied("override")[0], merging), sources, found)
    return found


def _resolve(override: Override, sources: Sequence[Source[Field]], found: Overrides) -> None:
    subgraph, parent = override.winner.subgraph, override.winner.element.parent
    loser = next((source for source in sources if source.subgraph.name == override.from_), None)
    declared = subgraph.type(parent)
    if declared is not None and declared.kind == "INTERFACE":
        override_on_interface.report(override)
    elif subgraph.interface_object(parent) is not None:
        override_collision_with_another_directive.report_on_interface_object(override)
    elif all(other.name != override.from_ for other in override.merging.subgraphs):
        found.aimless.add(subgraph.name)
        from_subgraph_does_not_exist.hint(override)
    elif override.from_ == subgraph.name:
        override_from_self_error.report(override)
    elif loser is None:
        _resolve_absent(override)
    elif loser.element.has("override"):
        override_source_has_override.report(override, loser)
    elif override_collision_with_another_directive.check(override, loser):
        _resolve_against(loser, override, found)


def _resolve_absent(override: Override) -> None:
    """The other subgraph lacks the field, or has it for all implementations of an interface object."""
    element = override.winner.element
    abstracting = [
        source
        for source in abstracting_sources(element.parent, element.name, override.merging)
        if source.subgraph.name == override.from_
    ]
    if abstracting:
        override_collision_with_another_directive.report_from_interface_object(override, abstracting)
    else:
        override_directive_can_be_removed.hint_absent(override)


def _resolve_against(loser: Source[Field], override: Override, found: Overrides) -> None:
    name, facts = loser.subgraph.name, loser.subgraph.facts
    external, used = loser.element.coordinate in facts.external, loser.element.coordinate in facts.used
    if external:
        override_directive_can_be_removed.hint_external(override)
    else:
        (found.used if used else found.unused).add(name)
    if override.label is not None:
        if override_label_invalid.check(override):
            found.labels[override.winner.subgraph.name] = found.labels[name] = override.label
        override_migration_in_progress.hint(override, used=used)
    elif not external:
        overridden_field_can_be_removed.hint(override, used=used)
