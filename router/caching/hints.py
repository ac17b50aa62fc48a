"""How long an answer holds by the hints of its schema: as long as what holds the shortest of all that was selected.

Root fields and fields that lead to objects count 0 where neither they nor their type have a hint; leaves hold as long as what they
stand on. Source: https://www.apollographql.com/docs/apollo-server/performance/caching#default-maxage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from router.caching.schema import CachingSchema, Hint

Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Hinted:
    """What hints say of an answer: nothing, where `max_age` is None. It is `public` only where every hint says so itself."""

    max_age: float | None = None
    is_public: bool = False
    is_private: bool = False


@dataclass(slots=True)
class Survey:
    """What a selection is made of: the hints that hold for it, and the types whose objects may stand in the answer."""

    schema: CachingSchema
    fragments: Fragments
    types: set[str] = field(default_factory=set)
    _ages: list[float] = field(default_factory=list)
    _hints: list[Hint] = field(default_factory=list)

    def take_entity(self, type_name: str, selections: SelectionSetNode) -> None:
        """Survey what is selected of an entity."""
        type_ = self.schema.type(type_name)
        self._count(self._hint_of(type_), by_default=True)
        self._meet(type_name)
        self.take(type_name, selections)

    def take(self, parent: str, selections: SelectionSetNode, *, is_root: bool = False) -> None:
        """Survey what is selected of objects of a type."""
        for type_name, node in self._fields(parent, selections):
            self._take_field(type_name, node, is_root=is_root)

    @property
    def hinted(self) -> Hinted:
        """What the hints come to."""
        if not self._hints:
            return Hinted()
        scopes = {hint.scope for hint in self._hints}
        age = min(self._ages, default=None)
        return Hinted(age, is_public=scopes == {"PUBLIC"}, is_private="PRIVATE" in scopes)

    def _take_field(self, parent: str, node: FieldNode, *, is_root: bool) -> None:
        type_ = self.schema.type(parent)
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) or node.name.value not in type_.fields:
            if is_root or node.selection_set is not None:
                self._ages.append(0)  # nothing is known of it
            return
        definition = type_.fields[node.name.value]
        target = get_named_type(definition.type)
        hint = self.schema.hint(definition.ast_node)
        if is_composite_type(target):
            hint = hint.over(self._hint_of(target))
        self._count(hint, by_default=is_root or (is_composite_type(target) and not hint.inherits))
        if node.selection_set is not None:
            self._meet(target.name)
            self.take(target.name, node.selection_set)

    def _fields(self, parent: str, selections: SelectionSetNode) -> Iterator[tuple[str, FieldNode]]:
        """Each field with the type that it is selected on."""
        for node in selections.selections:
            if isinstance(node, FieldNode):
                if not node.name.value.startswith("__"):
                    yield parent, node
            elif isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]
                yield from self._fields(fragment.type_condition.name.value, fragment.selection_set)
            else:
                condition: Any = node
                on = condition.type_condition
                yield from self._fields(parent if on is None else on.name.value, condition.selection_set)

    def _hint_of(self, type_: Any) -> Hint:
        return self.schema.hint(None if type_ is None else type_.ast_node)

    def _count(self, hint: Hint, *, by_default: bool) -> None:
        if hint.max_age is not None or hint.scope is not None or hint.inherits:
            self._hints.append(hint)
        if hint.max_age is not None:
            self._ages.append(hint.max_age)
        elif by_default:
            self._ages.append(0)

    def _meet(self, name: str) -> None:
        self.types.update((name, *_possible(self.schema, name)))


def _possible(schema: CachingSchema, name: str) -> Iterable[str]:
    type_ = schema.supergraph.types.get(name)
    return () if type_ is None else type_.possible
