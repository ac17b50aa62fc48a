"""Reads a supergraph (SDL in the form of the join specification) into the model.

Source: https://specs.apollo.dev/join/v0.5/ and its predecessors.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeDefinitionNode,
    parse,
    parse_type,
    print_ast,
)

from router.errors import SupergraphError
from router.supergraph.features import Feature, Features, arguments_of, linked_features
from router.supergraph.fieldset import parse_field_set
from router.supergraph.fitted import fitted
from router.supergraph.model import (
    ContextArgument,
    Field,
    Key,
    Subgraph,
    SubgraphField,
    Supergraph,
    Type,
    TypeKind,
    named,
)
from router.supergraph.owned import completed
from router.supergraph.public import api_schema, full_schema, with_defer

Arguments = Mapping[str, Any]


def load_supergraph(sdl: str) -> Supergraph:
    """Read a supergraph from its SDL. Raises SupergraphError with a sentence that says what is wrong."""
    document = _parse(sdl)
    features = linked_features(document)
    full = full_schema(document, features)
    reader = _Reader(document, features, full)
    query = _root_name(full.query_type) or "Query"
    types = reader.types(query)
    return Supergraph(
        subgraphs={subgraph.name: subgraph for subgraph in reader.subgraphs.values()},
        types=types,
        full=full,
        api=with_defer(api_schema(document, features)),
        labels=_labels(types),
        query=query,
        mutation=_root_name(full.mutation_type),
        subscription=_root_name(full.subscription_type),
        fingerprint=hashlib.sha256(sdl.encode()).hexdigest(),
    )


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLError as error:
        raise SupergraphError(f"The supergraph is not valid SDL: {error.message}") from error


def _root_name(type_: GraphQLObjectType | None) -> str | None:
    return type_.name if type_ else None


class _Reader:
    """One pass over the type definitions, with the names under which this document knows the join directives."""

    def __init__(self, document: DocumentNode, features: Features, full: GraphQLSchema) -> None:
        self._join: Feature = features.by_name["join"]
        self._full = full
        self._definitions = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, TypeDefinitionNode)
        }
        self._inaccessible = features.directive("inaccessible", "inaccessible")
        self._context = features.directive("context", "context")
        self._contexts = frozenset(name for node in self._definitions.values() for name in self._set_by(node))
        self._is_by_owners = self._join.version == "v0.1"
        self.subgraphs = self._read_subgraphs()

    def _read_subgraphs(self) -> dict[str, Subgraph]:
        name = self._join.type("Graph")
        enum = self._definitions.get(name)
        if not isinstance(enum, EnumTypeDefinitionNode):
            raise SupergraphError(f"The supergraph names no subgraphs: the enum {name} is missing.")
        subgraphs = {}
        for value in enum.values or ():
            graph = value.name.value
            for arguments in self._applied(value, "graph"):
                subgraphs[graph] = Subgraph(arguments["name"], graph, arguments.get("url") or "")
        if not subgraphs:
            raise SupergraphError(f"The supergraph names no subgraphs: {name} has no value with @{name.lower()}.")
        return subgraphs

    def _applied(self, node: Any, element: str) -> Iterator[Arguments]:
        """The arguments of each application of a join directive on a node."""
        name = self._join.directive(element)
        return (arguments_of(directive) for directive in node.directives or () if directive.name.value == name)

    def _subgraph(self, graph: str, where: str) -> str:
        if graph not in self.subgraphs:
            raise SupergraphError(
                f"{where} names the subgraph {graph}, which is not a value of {self._join.type('Graph')}."
            )
        return self.subgraphs[graph].name

    # ── types ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def types(self, query: str) -> dict[str, Type]:
        types = {
            name: self._type(definition)
            for name, definition in self._definitions.items()
            if name in self._full.type_map
        }
        names = frozenset(subgraph.name for subgraph in self.subgraphs.values())
        return fitted(completed(types, names, query) if self._is_by_owners else types)

    def _type(self, node: TypeDefinitionNode) -> Type:
        name = node.name.value
        joins = [(self._subgraph(join["graph"], name), join) for join in self._applied(node, "type")]
        subgraphs = frozenset(subgraph for subgraph, _ in joins)
        return Type(
            name=name,
            kind=_KINDS[node.kind],
            subgraphs=subgraphs,
            fields=self._fields(node, subgraphs),
            keys=_keys(joins, name),
            members=self._members(name, subgraphs),
            possible=self._possible(name),
            interface_object_in=frozenset(subgraph for subgraph, join in joins if join.get("isInterfaceObject")),
            inaccessible=any(d.name.value == self._inaccessible for d in node.directives or ()),
            contexts=self._set_by(node),
        )

    def _possible(self, name: str) -> frozenset[str]:
        type_ = self._full.type_map[name]
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            return frozenset(member.name for member in self._full.get_possible_types(type_))
        return frozenset({name}) if isinstance(type_, GraphQLObjectType) else frozenset()

    def _members(self, name: str, subgraphs: frozenset[str]) -> dict[str, frozenset[str]]:
        type_ = self._full.type_map[name]
        if isinstance(type_, GraphQLInterfaceType):
            return {subgraph: self._implementations(name, subgraph) for subgraph in subgraphs}
        if isinstance(type_, GraphQLUnionType):
            return {subgraph: self._union_members(type_, subgraph) for subgraph in subgraphs}
        return {}

    def _implementations(self, interface: str, subgraph: str) -> frozenset[str]:
        return frozenset(
            member
            for member in self._possible(interface)
            if any(
                join["interface"] == interface and self._subgraph(join["graph"], member) == subgraph
                for join in self._applied(self._definitions[member], "implements")
            )
        )

    def _union_members(self, union: GraphQLUnionType, subgraph: str) -> frozenset[str]:
        joins = list(self._applied(self._definitions[union.name], "unionMember"))
        if joins:
            return frozenset(j["member"] for j in joins if self._subgraph(j["graph"], union.name) == subgraph)
        return frozenset(member.name for member in union.types if subgraph in self._type_subgraphs(member.name))

    def _type_subgraphs(self, name: str) -> frozenset[str]:
        return frozenset(self._subgraph(join["graph"], name) for join in self._applied(self._definitions[name], "type"))

    # ── fields ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _fields(self, node: TypeDefinitionNode, subgraphs: frozenset[str]) -> dict[str, Field]:
        type_ = self._full.type_map[node.name.value]
        if isinstance(type_, GraphQLInputObjectType) or not hasattr(type_, "fields"):
            return {}
        definitions = cast("tuple[FieldDefinitionNode, ...]", getattr(node, "fields", None) or ())
        return {
            definition.name.value: self._field(node.name.value, definition, subgraphs) for definition in definitions
        }

    def _field(self, parent: str, node: FieldDefinitionNode, subgraphs: frozenset[str]) -> Field:
        name = node.name.value
        type_ = print_ast(node.type)
        joins = list(self._applied(node, "field"))
        if self._is_by_owners:
            joins = self._owned(parent, joins)
        elif not joins:
            by_subgraph = {subgraph: SubgraphField(subgraph, type_) for subgraph in sorted(subgraphs)}
            return Field(parent, name, type_, by_subgraph)
        where = f"{parent}.{name}"
        by_subgraph = {}
        for join in joins:
            if join.get("graph") is not None:
                subgraph = self._subgraph(join["graph"], where)
                by_subgraph[subgraph] = self._subgraph_field(subgraph, type_, join, where)
        return Field(parent, name, type_, by_subgraph)

    def _owned(self, parent: str, joins: list[Arguments]) -> list[Arguments]:
        """Up to join v0.1 a field that names no subgraph is the owner's of its type."""
        owners = [owned["graph"] for owned in self._applied(self._definitions[parent], "owner")]
        return [{"graph": owner, **join} for owner in owners for join in joins or [{}]] if owners else joins

    def _subgraph_field(self, subgraph: str, type_: str, join: Arguments, where: str) -> SubgraphField:
        return SubgraphField(
            subgraph,
            type=self._subgraph_type(join["type"], where) if join.get("type") else type_,
            external=bool(join.get("external")),
            requires=parse_field_set(join["requires"], where) if join.get("requires") else None,
            provides=parse_field_set(join["provides"], where) if join.get("provides") else None,
            override=join.get("override"),
            override_label=join.get("overrideLabel"),
            overridden=bool(join.get("usedOverridden")),
            context_arguments=tuple(
                self._context_argument(entry, where) for entry in join.get("contextArguments") or ()
            ),
        )

    def _context_argument(self, entry: Arguments, where: str) -> ContextArgument:
        missing = [key for key in ("name", "type", "context", "selection") if not isinstance(entry.get(key), str)]
        if missing:
            raise SupergraphError(f"{where} takes an argument from a @context without saying its {', '.join(missing)}.")
        coordinate = f"{where}({entry['name']}:)"
        if entry["context"] not in self._contexts:
            raise SupergraphError(f'{coordinate} is taken from the context "{entry["context"]}", which no type sets.')
        return ContextArgument(
            name=entry["name"],
            type=self._subgraph_type(entry["type"], coordinate),
            context=entry["context"],
            selection=parse_field_set(entry["selection"], coordinate),
        )

    def _set_by(self, node: TypeDefinitionNode) -> frozenset[str]:
        """The contexts that objects of a type set."""
        applied = (arguments_of(d) for d in node.directives or () if d.name.value == self._context)
        return frozenset(str(arguments.get("name")) for arguments in applied)

    def _subgraph_type(self, text: str, where: str) -> str:
        try:
            type_ = print_ast(parse_type(text))
        except GraphQLError as error:
            raise SupergraphError(f'{where} has the unreadable type "{text}": {error.message}') from error
        if named(type_) not in self._full.type_map:
            raise SupergraphError(f'{where} has the type "{text}", which the supergraph does not define.')
        return type_


def _keys(joins: list[tuple[str, Arguments]], where: str) -> dict[str, tuple[Key, ...]]:
    keys: dict[str, tuple[Key, ...]] = {}
    for subgraph, join in joins:
        if join.get("key"):
            key = Key(parse_field_set(join["key"], where), resolvable=join.get("resolvable", True))
            keys[subgraph] = (*keys.get(subgraph, ()), key)
    return keys


def _labels(types: Mapping[str, Type]) -> dict[str, frozenset[tuple[str, str]]]:
    """The fields of each override label."""
    labels: dict[str, set[tuple[str, str]]] = {}
    for type_ in types.values():
        for field in type_.fields.values():
            for label in {resolved.override_label for resolved in field.by_subgraph.values()} - {None}:
                labels.setdefault(str(label), set()).add((type_.name, field.name))
    return {label: frozenset(fields) for label, fields in sorted(labels.items())}


_KINDS: dict[str, TypeKind] = {
    "object_type_definition": "OBJECT",
    "interface_type_definition": "INTERFACE",
    "union_type_definition": "UNION",
    "enum_type_definition": "ENUM",
    "input_object_type_definition": "INPUT_OBJECT",
    "scalar_type_definition": "SCALAR",
}
