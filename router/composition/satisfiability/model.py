"""The merged schema as the query graph wants it: the same model that the router reads from a printed supergraph, without the print."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from graphql import BooleanValueNode, EnumValueNode, ListValueNode, ObjectValueNode, StringValueNode

from router.composition.model import schema as merged
from router.composition.model.schema import Applied
from router.composition.model.subgraph import Subgraph
from router.supergraph import model
from router.supergraph.fieldset import parse_field_set
from router.supergraph.fitted import fitted
from router.supergraph.model import ContextArgument, FieldSet, Joined, Key, SubgraphField


def joined_of(schema: merged.Schema, subgraphs: Sequence[Subgraph]) -> Joined:
    """What the join directives of a merged schema say."""
    names = {subgraph.graph: subgraph.name for subgraph in subgraphs}
    reader = _Reader(schema, names)
    return Joined(
        subgraphs={s.name: model.Subgraph(s.name, s.graph, s.url) for s in subgraphs},
        types=fitted({name: reader.type(type_) for name, type_ in schema.types.items()}),
        mutation="Mutation" if "Mutation" in schema.types else None,
        subscription="Subscription" if "Subscription" in schema.types else None,
    )


class _Reader:
    """Reads types, with the names that the graphs have and every interface's implementations at hand."""

    def __init__(self, schema: merged.Schema, names: Mapping[str, str]) -> None:
        self._schema = schema
        self._names = names
        self._implementing: dict[str, set[str]] = defaultdict(set)
        self._implementing_in: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for type_ in schema.types.values():
            if type_.kind == "OBJECT":
                self._note_interfaces(type_)

    def _note_interfaces(self, type_: merged.Type) -> None:
        for interface in type_.interfaces:
            self._implementing[interface].add(type_.name)
        for join in type_.applied("join__implements"):
            interface = join.string("interface") or ""
            self._implementing_in[interface][self._subgraph(join)].add(type_.name)

    def _subgraph(self, join: Applied) -> str:
        graph = join.arguments["graph"]
        assert isinstance(graph, EnumValueNode), "the merge writes graphs as enum values"
        return self._names[graph.value]

    def type(self, type_: merged.Type) -> model.Type:
        joins = [(self._subgraph(join), join) for join in type_.applied("join__type")]
        subgraphs = frozenset(subgraph for subgraph, _ in joins)
        has_fields = type_.kind in ("OBJECT", "INTERFACE")
        return model.Type(
            name=type_.name,
            kind=type_.kind,
            subgraphs=subgraphs,
            fields={field.name: self._field(field, subgraphs) for field in type_.fields.values()} if has_fields else {},
            keys=_keys(joins),
            members=self._members(type_, subgraphs),
            possible=self._possible(type_),
            interface_object_in=frozenset(subgraph for subgraph, join in joins if _is_true(join, "isInterfaceObject")),
            inaccessible=type_.has("inaccessible"),
            contexts=frozenset(context.string("name") or "" for context in type_.applied("context")),
        )

    def _possible(self, type_: merged.Type) -> frozenset[str]:
        match type_.kind:
            case "OBJECT":
                return frozenset({type_.name})
            case "INTERFACE":
                return frozenset(self._implementing[type_.name])
            case "UNION":
                return frozenset(type_.members)
        return frozenset()

    def _members(self, type_: merged.Type, subgraphs: Iterable[str]) -> dict[str, frozenset[str]]:
        if type_.kind == "INTERFACE":
            known = self._implementing_in[type_.name]
            return {subgraph: frozenset(known[subgraph]) for subgraph in subgraphs}
        if type_.kind == "UNION":
            joins = [(self._subgraph(join), join.string("member") or "") for join in type_.applied("join__unionMember")]
            return {s: frozenset(member for subgraph, member in joins if subgraph == s) for s in subgraphs}
        return {}

    def _field(self, field: merged.Field, subgraphs: frozenset[str]) -> model.Field:
        text = str(field.type)
        joins = field.applied("join__field")
        if joins:
            found = (self._subgraph_field(join, text) for join in joins if "graph" in join.arguments)
            by_subgraph = {resolved.subgraph: resolved for resolved in found}
        else:
            by_subgraph = {subgraph: SubgraphField(subgraph, text) for subgraph in sorted(subgraphs)}
        return model.Field(field.parent, field.name, text, by_subgraph)

    def _subgraph_field(self, join: Applied, type_: str) -> SubgraphField:
        return SubgraphField(
            self._subgraph(join),
            type=join.string("type") or type_,
            external=_is_true(join, "external"),
            requires=_field_set(join, "requires"),
            provides=_field_set(join, "provides"),
            override=join.string("override"),
            override_label=join.string("overrideLabel"),
            overridden=_is_true(join, "usedOverridden"),
            context_arguments=tuple(_context_arguments(join)),
        )


def _keys(joins: Iterable[tuple[str, Applied]]) -> dict[str, tuple[Key, ...]]:
    keys: dict[str, tuple[Key, ...]] = {}
    for subgraph, join in joins:
        fields = _field_set(join, "key")
        if fields is not None:
            key = Key(fields, resolvable=_is_true(join, "resolvable", default=True))
            keys[subgraph] = (*keys.get(subgraph, ()), key)
    return keys


def _context_arguments(join: Applied) -> Iterator[ContextArgument]:
    given = join.arguments.get("contextArguments")
    for value in given.values if isinstance(given, ListValueNode) else ():
        assert isinstance(value, ObjectValueNode), "the merge writes context arguments as objects"
        said = {entry.name.value: getattr(entry.value, "value", "") for entry in value.fields}
        yield ContextArgument(said["name"], said["type"], said["context"], _parsed(said["selection"]))


def _is_true(join: Applied, argument: str, *, default: bool = False) -> bool:
    value = join.arguments.get(argument)
    return value.value if isinstance(value, BooleanValueNode) else default


def _field_set(join: Applied, argument: str) -> FieldSet | None:
    value = join.arguments.get(argument)
    return _parsed(value.value) if isinstance(value, StringValueNode) else None


@lru_cache(maxsize=4096)
def _parsed(text: str) -> FieldSet:
    """Most keys are `id`."""
    return parse_field_set(text, "the merged schema")
