"""What a query to a subgraph asks, as far as its answer can be kept: worked out once per query text, and then filled with values.

Queries of different operations that select the same share entries: neither their names nor what else they ask is part of a question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeAlias, cast

import msgspec
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    value_from_ast_untyped,
    visit,
)
from graphql.pyutils import Undefined

from router.caching import names
from router.caching.formats import TagFormat
from router.caching.hints import Hinted, Survey
from router.caching.schema import CachingSchema
from router.limits import CACHE_TAGS_PER_ENTRY_MAX
from router.supergraph.model import FieldSet
from router.transport.entities import variable_of_entities

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one entry answers, but for values. `head` stands for what is selected of which subgraph, `variables` are those it uses.

    `tags` hold whatever the values are.
    """

    head: bytes
    variables: tuple[str, ...]
    tags: tuple[str, ...]
    hinted: Hinted


@dataclass(frozen=True, slots=True)
class RootAsked(Asked):
    """The root fields of a query, whose answer is one entry."""

    formats: tuple[tuple[TagFormat, Mapping[str, ValueNode | None]], ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)

    def all_tags(self, variables: Values) -> tuple[str, ...] | None:
        """The tags for these variables; None where one cannot be told, and so could never be invalidated."""
        given = {**self.defaults, **variables}
        filled = [tag.filled(_arguments(nodes, given)) for tag, nodes in self.formats]
        return None if None in filled else (*self.tags, *(names.of_tag(str(tag)) for tag in filled))


@dataclass(frozen=True, slots=True)
class EntityAsked(Asked):
    """The entities of one type under one `_entities` field, each of which is an entry."""

    type_name: str = ""
    formats: tuple[TagFormat, ...] = ()
    keys: tuple[FieldSet, ...] = ()

    def all_tags(self, representation: Values) -> tuple[str, ...] | None:
        """The tags of one entity; None where one cannot be told."""
        filled = [tag.filled(representation) for tag in self.formats]
        if None in filled:
            return None
        found = (_picked(representation, key.selections) for key in self.keys)
        entities = (names.of_entity(self.type_name, key) for key in found if key is not None)
        return (*self.tags, *(names.of_tag(str(tag)) for tag in filled), *entities)


class Entities:
    """The `_entities` fields of a query, by response key; what is asked of each type is worked out when it first comes."""

    def __init__(self, query: _Query, fields: Mapping[str, FieldNode]) -> None:
        self._query = query
        self._fields = fields
        self._asked: dict[tuple[str, str], EntityAsked | None] = {}

    def of(self, key: str, type_name: str) -> EntityAsked | None:
        """What is asked of entities of a type; None where it cannot be kept."""
        found = (key, type_name)
        if found not in self._asked and self._query.schema.type(type_name) is not None:
            self._asked[found] = self._query.entity(self._fields[key], type_name)
        return self._asked.get(found)


Question: TypeAlias = RootAsked | Entities


def question_of(text: str, subgraph: str, schema: CachingSchema) -> Question | None:
    """What a query asks; None where its answer cannot be kept."""
    document = parse(text, no_location=True)
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation is not OperationType.QUERY or operations[0].directives:
        return None
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    query = _Query(schema, subgraph, operations[0], fragments)
    roots = operations[0].selection_set.selections
    entities = [node for node in roots if variable_of_entities(node) is not None]
    if not entities:
        return query.root()
    if len(entities) < len(roots):
        return None
    fields = cast("list[FieldNode]", entities)
    return Entities(query, {(node.alias or node.name).value: node for node in fields})


@dataclass(frozen=True, slots=True)
class _Query:
    """A query in parts."""

    schema: CachingSchema
    subgraph: str
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]

    def root(self) -> RootAsked | None:
        survey = Survey(self.schema, self.fragments, {self.schema.supergraph.query})
        selections = self.operation.selection_set
        survey.take(self.schema.supergraph.query, selections, is_root=True)
        head, used = self._canonical(selections)
        tags = self._tags(survey)
        if tags is None:
            return None
        formats = tuple(self._root_formats(selections))
        defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in self.operation.variable_definitions or ()
            if definition.default_value is not None
        }
        return RootAsked(head, used, tags, survey.hinted, formats, defaults)

    def entity(self, node: FieldNode, type_name: str) -> EntityAsked | None:
        assert node.selection_set is not None, "entities are objects"
        survey = Survey(self.schema, self.fragments)
        survey.take_entity(type_name, self._on(type_name, node.selection_set))
        head, used = self._canonical(node.selection_set)
        tags = self._tags(survey)
        type_, model = self.schema.type(type_name), self.schema.supergraph.types.get(type_name)
        if tags is None or type_ is None or model is None or node.directives:
            return None
        formats = (TagFormat.read(given, type_name) for given in self.schema.formats(type_.ast_node, self.subgraph))
        keys = tuple(key.fields for key in model.keys.get(self.subgraph, ()))
        return EntityAsked(head, used, tags, survey.hinted, type_name, tuple(formats), keys)

    def _on(self, type_name: str, selections: SelectionSetNode) -> SelectionSetNode:
        """What is selected of entities of one type, without what is selected of others."""
        return SelectionSetNode(
            selections=tuple(
                node
                for node in selections.selections
                if not isinstance(node, InlineFragmentNode)
                or node.type_condition is None
                or self._may_be(type_name, node.type_condition.name.value)
            )
        )

    def _may_be(self, type_name: str, condition: str) -> bool:
        types = self.schema.supergraph.types
        one, other = types.get(type_name), types.get(condition)
        return type_name == condition or one is None or other is None or bool(one.possible & other.possible)

    def _tags(self, survey: Survey) -> tuple[str, ...] | None:
        if len(survey.types) > CACHE_TAGS_PER_ENTRY_MAX:
            return None
        return (names.of_subgraph(self.subgraph), *map(names.of_type, sorted(survey.types)))

    def _canonical(self, selections: SelectionSetNode) -> tuple[bytes, tuple[str, ...]]:
        """A digest of all that is selected, and the variables it uses."""
        fragments = [self.fragments[name] for name in sorted(self.fragments)]
        used = tuple(sorted({name for node in (selections, *fragments) for name in _variables_in(node)}))
        declared = [node for node in self.operation.variable_definitions or () if _name_of(node) in used]
        parts = [*sorted(declared, key=_name_of), selections, *fragments]
        return sha256(msgspec.msgpack.encode([self.subgraph, *map(print_ast, parts)])).digest(), used

    def _root_formats(self, selections: SelectionSetNode) -> Iterator[tuple[TagFormat, Mapping[str, ValueNode | None]]]:
        query: Any = self.schema.type(self.schema.supergraph.query)
        for node in _fields_in(selections, self.fragments):
            definition = query.fields.get(node.name.value)
            if definition is None:
                continue
            given = {argument.name.value: argument.value for argument in node.arguments or ()}
            nodes = {
                name: given.get(name, None if argument.ast_node is None else argument.ast_node.default_value)
                for name, argument in definition.args.items()
            }
            for text in self.schema.formats(definition.ast_node, self.subgraph):
                coordinate = f"{self.schema.supergraph.query}.{node.name.value}"
                yield TagFormat.read(text, coordinate), nodes


def _fields_in(selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields_in(node.selection_set, fragments)
        else:
            spread: Any = node
            yield from _fields_in(fragments[spread.name.value].selection_set, fragments)


def _arguments(nodes: Mapping[str, ValueNode | None], variables: Values) -> Values:
    values = {name: value_from_ast_untyped(node, dict(variables)) for name, node in nodes.items() if node is not None}
    return {name: value for name, value in values.items() if value is not Undefined}


def _picked(value: Any, selections: SelectionSetNode) -> Any:
    """The part of a representation that a field set names; None where it lacks some of it."""
    if isinstance(value, list):
        items = [_picked(item, selections) for item in value]
        return None if None in items else items
    if not isinstance(value, Mapping):
        return None
    picked = {}
    for node in selections.selections:
        if isinstance(node, FieldNode):
            name = node.name.value
            inner = value.get(name)
            picked[name] = inner if node.selection_set is None or inner is None else _picked(inner, node.selection_set)
    return None if None in picked.values() else picked


def _name_of(definition: VariableDefinitionNode) -> str:
    return definition.variable.name.value


class _Variables(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def enter_variable(self, node: VariableNode, *_: object) -> None:
        self.found.append(node.name.value)


def _variables_in(node: Node) -> Sequence[str]:
    visitor = _Variables()
    visit(node, visitor)
    return visitor.found
