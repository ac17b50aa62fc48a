"""`@override`: which subgraph gives a field up to which other, and under what label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source
from router.composition.model.schema import Applied, Field
from router.composition.model.subgraph import Subgraph

_LABEL = re.compile(r"[a-zA-Z][a-zA-Z0-9_\-:./]*\Z")
_PERCENT = re.compile(r"percent\((\d{1,2}(\.\d{1,8})?|100)\)\Z")


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
        applications = source.element.applied("override")
        if applications:
            _Override(source, applications[0], sources, merging).resolve(found)
    return found


@dataclass(frozen=True, slots=True)
class _Override:
    winner: Source[Field]
    directive: Applied
    sources: Sequence[Source[Field]]
    merging: Merging

    @property
    def coordinate(self) -> str:
        return self.winner.element.coordinate

    @property
    def from_(self) -> str:
        return self.directive.string("from") or ""

    def resolve(self, found: Overrides) -> None:
        subgraph, parent = self.winner.subgraph, self.winner.element.parent
        loser = next((source for source in self.sources if source.subgraph.name == self.from_), None)
        declared = subgraph.type(parent)
        if declared is not None and declared.kind == "INTERFACE":
            self.error(Code.OVERRIDE_ON_INTERFACE, "@override is not supported on interface fields")
        elif subgraph.interface_object(parent) is not None:
            self.error(
                Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
                "@override is not supported on fields of interface objects",
            )
        elif all(other.name != self.from_ for other in self.merging.subgraphs):
            found.aimless.add(subgraph.name)
            self.hint(HintCode.FROM_SUBGRAPH_DOES_NOT_EXIST, f'there is no subgraph "{self.from_}" to override')
        elif self.from_ == subgraph.name:
            self.error(Code.OVERRIDE_FROM_SELF_ERROR, "a subgraph cannot override itself")
        elif loser is None:
            self.resolve_absent()
        elif loser.element.has("override"):
            self.error(
                Code.OVERRIDE_SOURCE_HAS_OVERRIDE,
                f'subgraph "{self.from_}" overrides the field itself: only one of them can',
            )
        else:
            self.resolve_against(loser, found)

    def resolve_absent(self) -> None:
        """The other subgraph lacks the field, or has it for all implementations of an interface object."""
        other = next(subgraph for subgraph in self.merging.subgraphs if subgraph.name == self.from_)
        if abstracting_fields(other, self.winner.element.parent, self.winner.element.name, self.merging):
            self.error(
                Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE,
                f'subgraph "{self.from_}" has the field through an interface object, which cannot be overridden',
            )
            return
        self.hint(
            HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED,
            f'subgraph "{self.from_}" has no such field: the @override can go',
        )

    def resolve_against(self, loser: Source[Field], found: Overrides) -> None:
        collision = self.collision(loser)
        if collision:
            self.error(Code.OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE, collision)
            return
        name, facts = loser.subgraph.name, loser.subgraph.facts
        if loser.element.coordinate in facts.external:
            self.hint(
                HintCode.OVERRIDE_DIRECTIVE_CAN_BE_REMOVED,
                f'subgraph "{name}" does not resolve it any more: the @override can go',
            )
        else:
            (found.used if loser.element.coordinate in facts.used else found.unused).add(name)
        self.resolve_label(loser, found)

    def resolve_label(self, loser: Source[Field], found: Overrides) -> None:
        label = self.directive.string("label")
        if label is None:
            if found.gave_up(loser.subgraph.name):
                self.hint(
                    HintCode.OVERRIDDEN_FIELD_CAN_BE_REMOVED,
                    f'subgraph "{self.from_}" is never asked for it: remove it there, or mark it @external',
                )
            return
        if _LABEL.match(label) or _PERCENT.match(label):
            found.labels[self.winner.subgraph.name] = found.labels[loser.subgraph.name] = label
        else:
            self.error(
                Code.OVERRIDE_LABEL_INVALID,
                f'the label "{label}" is neither a letter followed by letters, digits and any of "_-:./"'
                ' nor "percent(x)" with x from 0 to 100 and at most 8 decimals',
            )
        self.hint(HintCode.OVERRIDE_MIGRATION_IN_PROGRESS, f'it moves here from subgraph "{self.from_}" under a label')

    def collision(self, loser: Source[Field]) -> str | None:
        for name in ("requires", "provides"):
            if loser.element.has(name):
                return f'the field carries @{name} in subgraph "{loser.subgraph.name}"'
        if self.coordinate in self.winner.subgraph.facts.external:
            return f'the field is marked @external in subgraph "{self.winner.subgraph.name}"'
        return None

    def error(self, code: Code, problem: str) -> None:
        self.merging.report.error(
            code,
            f'[{self.winner.subgraph.name}] @override on "{self.coordinate}": {problem}.',
            coordinates=[self.coordinate],
            places=[self.directive.place],
        )

    def hint(self, code: HintCode, problem: str) -> None:
        self.merging.report.hint(
            code,
            f'[{self.winner.subgraph.name}] @override on "{self.coordinate}": {problem}.',
            subgraphs=[self.winner.subgraph.name],
            coordinates=[self.coordinate],
        )


def abstracting_fields(subgraph: Subgraph, parent: str, name: str, merging: Merging) -> list[Field]:
    """The fields of interface objects through which a subgraph that does not know `parent` has its field `name`."""
    outlined = merging.outline.types.get(parent)
    if outlined is None or outlined.kind != "OBJECT" or subgraph.type(parent) is not None:
        return []
    interface_objects = (subgraph.interface_object(interface) for interface in outlined.interfaces)
    fields = (found.fields.get(name) for found in interface_objects if found is not None)
    return [found for found in fields if found is not None]
