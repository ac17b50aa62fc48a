"""What the answer to each fetch may hold, read off the fetch's operation: object positions, and the fields of each."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import (
    FieldNode,
    GraphQLOutputType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    is_leaf_type,
    is_object_type,
    parse,
)

from router.executor.compiled.refusal import Refused
from router.plan import Fetch
from router.supergraph.model import Supergraph

TYPENAME = "__typename"
INTROSPECTION = ("__schema", "__type")


@dataclass(slots=True, eq=False)
class Part:
    """One object position of one answer. `declared` is its type, or None where entities of several types stand."""

    declared: str | None
    fields: dict[str, PartField] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class PartField:
    """A field of a part, under its key. `type` is the full schema's; `conditional` where objects of some types lack it."""

    name: str
    type: GraphQLOutputType | None
    conditional: bool
    part: Part | None


def parts_of(fetch: Fetch, supergraph: Supergraph) -> tuple[Part, ...]:
    """The top of a fetch's answer: one part for a root fetch, else one for each of its `entities`."""
    (operation,) = parse(fetch.operation, no_location=True).definitions
    if not isinstance(operation, OperationDefinitionNode):
        raise Refused("an operation of a fetch has named fragments")
    reader = _Reader(fetch.subgraph, supergraph)
    if not fetch.entities:
        root = supergraph.full.get_root_type(operation.operation)
        assert root is not None, "the full schema has every kind of operation that a plan has"
        return (reader.part(operation.selection_set, root.name),)
    fields = [node for node in operation.selection_set.selections if isinstance(node, FieldNode)]
    return tuple(
        reader.part(node.selection_set, _declared(fetch, number))
        for number, node in enumerate(fields)
        if node.selection_set is not None
    )


def _declared(fetch: Fetch, number: int) -> str | None:
    names = {choice.typename for anchor in fetch.entities[number].anchors for choice in anchor.representations}
    return names.pop() if len(names) == 1 else None


@dataclass(frozen=True, slots=True)
class _Reader:
    subgraph: str
    supergraph: Supergraph

    def part(self, selections: SelectionSetNode, declared: str | None) -> Part:
        part = Part(declared)
        self._read(part, selections, declared, conditional=False)
        return part

    def _read(self, part: Part, selections: SelectionSetNode, scope: str | None, *, conditional: bool) -> None:
        for node in selections.selections:
            if isinstance(node, FieldNode):
                self._read_field(part, node, scope, conditional=conditional)
            elif isinstance(node, InlineFragmentNode):
                on = node.type_condition.name.value if node.type_condition else scope
                narrows = conditional or not self._always(part, on)
                self._read(part, node.selection_set, on, conditional=narrows)
            else:
                raise Refused("an operation of a fetch has named fragments")

    def _always(self, part: Part, on: str | None) -> bool:
        """Whether every object that stands here is of the type `on`, given that fragments that never apply are not sent."""
        if part.declared is None:
            return False
        return on == part.declared or is_object_type(self.supergraph.full.type_map[part.declared])

    def _read_field(self, part: Part, node: FieldNode, scope: str | None, *, conditional: bool) -> None:
        key = (node.alias or node.name).value
        type_ = self._type(scope, node.name.value)
        target = self._target(scope, node.name.value, type_)
        known = part.fields.get(key)
        if known is None:
            below = self.part(node.selection_set, target) if node.selection_set is not None else None
            part.fields[key] = PartField(node.name.value, type_, conditional, below)
            return
        apart = known.conditional or conditional
        known.conditional = known.conditional and conditional
        if known.part is not None and node.selection_set is not None:
            self._read_more(known.part, node.selection_set, target, apart=apart)

    def _read_more(self, part: Part, selections: SelectionSetNode, declared: str | None, *, apart: bool) -> None:
        """The same key once more. Where that is for other objects, neither selection speaks for all that stands here."""
        if apart:
            _loosen(part)
        if part.declared != declared:
            part.declared = None
        self._read(part, selections, declared, conditional=apart)

    def _type(self, scope: str | None, name: str) -> GraphQLOutputType | None:
        if name == TYPENAME or scope is None:
            return None
        found: GraphQLOutputType = self.supergraph.full.type_map[scope].fields[name].type  # type: ignore[attr-defined]  # composite
        return found

    def _target(self, scope: str | None, name: str, type_: GraphQLOutputType | None) -> str | None:
        """What the subgraph has the field lead to, which may be less than the supergraph says: one member of a union."""
        if scope is None or type_ is None:
            return None
        known = self.supergraph.types.get(scope)
        resolved = known.fields[name].by_subgraph.get(self.subgraph) if known is not None else None
        return resolved.target if resolved is not None else get_named_type(type_).name


def _loosen(part: Part) -> None:
    for inner in part.fields.values():
        inner.conditional = True


def is_leaf(found: PartField) -> bool:
    """Whether the field has no fields of its own."""
    return found.type is None or is_leaf_type(get_named_type(found.type))
