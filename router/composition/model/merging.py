"""What every merge step knows: the subgraphs, the outline of the supergraph, who uses which enum, and where to report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeAlias, TypeVar

from router.composition.model.linking import OwnDirectives
from router.composition.model.outcome import Place
from router.composition.model.report import Report
from router.composition.model.schema import Element, Schema, Type, TypeKind
from router.composition.model.subgraph import Subgraph

T = TypeVar("T", bound=Element, covariant=True)
Owner = TypeVar("Owner", bound=Element)
Part = TypeVar("Part", bound=Element)
Position: TypeAlias = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Source(Generic[T]):
    """One subgraph's version of an element."""

    subgraph: Subgraph
    element: T


@dataclass(frozen=True, slots=True)
class Merging:
    """The state of a merge. `versions` are the subgraphs' types by name, `outline` has their kinds, interfaces and members.

    `enum_uses` maps an enum to an example coordinate per position it is used in; it fills up while fields and arguments
    merge, which is why enums come last. `auth_sources` are the elements whose authorization requirements reach another
    element, by that element's coordinate and the directive. `interface_objects` are all of them, by name. `own` are
    the directives of the subgraphs' own that are carried.
    """

    subgraphs: tuple[Subgraph, ...]
    versions: Mapping[str, Sequence[Source[Type]]]
    outline: Schema
    report: Report
    auth_sources: Mapping[tuple[str, str], tuple[Element, ...]]
    interface_objects: Mapping[str, tuple[Source[Type], ...]]
    own: OwnDirectives
    enum_uses: dict[str, dict[Position, str]] = field(default_factory=dict)

    def type_sources(self, outlined: Type) -> list[Source[Type]]:
        """The subgraphs' versions of a type; those of another kind, which are reported already, are left out."""
        return [source for source in self.versions[outlined.name] if merged_kind(source.element) == outlined.kind]

    def use_enum(self, name: str, *, position: Position, coordinate: str) -> None:
        """Note that a field or argument is of this type, if it is an enum."""
        outlined = self.outline.types.get(name)
        if outlined is not None and outlined.kind == "ENUM":
            self.enum_uses.setdefault(name, {}).setdefault(position, coordinate)


def merged_kind(type_: Type) -> TypeKind:
    """The kind that a subgraph's type has in the supergraph: an interface object is an interface there."""
    return "INTERFACE" if type_.has("interfaceObject") else type_.kind


def gather(
    owners: Iterable[Source[Owner]], parts: Callable[[Owner], Mapping[str, Part]]
) -> dict[str, list[Source[Part]]]:
    """The versions of every part of the owners by its name, in order of first appearance."""
    gathered: dict[str, list[Source[Part]]] = {}
    for owner in owners:
        for name, part in parts(owner.element).items():
            gathered.setdefault(name, []).append(Source(owner.subgraph, part))
    return gathered


def without(owners: Iterable[Source[Owner]], sources: Iterable[Source[Element]]) -> list[Source[Owner]]:
    """The owners in whose subgraphs none of the sources is."""
    having = {source.subgraph.name for source in sources}
    return [owner for owner in owners if owner.subgraph.name not in having]


def places(sources: Iterable[Source[Element]]) -> list[Place | None]:
    """Where the sources stand."""
    return [source.element.place for source in sources]


def names(sources: Iterable[Source[Element]]) -> list[str]:
    """The subgraphs that the sources are of."""
    return [source.subgraph.name for source in sources]
