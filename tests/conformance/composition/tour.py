"""An operation that visits every subgraph: for each, fields of the API that it resolves, those first that only it can resolve."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_input_field,
)

from router.supergraph import Supergraph

DEPTH_MAX = 8
FIELDS_EACH = 4
NESTING_MAX = 3
LEAVES = {"Int": "1", "Float": "1.5", "String": '"x"', "ID": '"1"', "Boolean": "true"}


@dataclass(frozen=True, slots=True)
class Tour:
    """An operation, and the subgraphs that every plan must fetch from: no other so much as mentions a field that is asked."""

    operation: str
    must_visit: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Stop:
    """A field on the way: its parent type, its text, and whether the type before it must be narrowed to the parent."""

    parent: str
    text: str
    narrowed: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """A shortest way from a root to an object type."""

    type_name: str
    stops: tuple[_Stop, ...]

    @property
    def is_certain(self) -> bool:
        """Whether it surely leads there: a plan may know that a subgraph never returns the type that is asked for."""
        return not any(stop.narrowed for stop in self.stops)


def tours(supergraph: Supergraph) -> Iterator[Tour]:
    """An operation for each of query and mutation that leads to any subgraph's field, the second where the first does not."""
    visited: set[str] = set()
    for keyword, root in (("query", supergraph.api.query_type), ("mutation", supergraph.api.mutation_type)):
        if root is not None:
            found = _Finder(supergraph, root, visited).tour(keyword)
            if found is not None:
                visited |= found.must_visit
                yield found


class _Finder:
    """Walks the API schema from one root."""

    def __init__(self, supergraph: Supergraph, root: GraphQLObjectType, visited: set[str]) -> None:
        self._supergraph = supergraph
        self._api = supergraph.api
        self._root = root
        self._visited = visited

    def tour(self, keyword: str) -> Tour | None:
        """The operation, if there is anything to ask for."""
        own: dict[str, list[str]] = {}
        shared: dict[str, list[str]] = {}
        for way in self._ways():
            for field_name, resolvers, is_alone in self._fields(way.type_name):
                for name in resolvers:
                    kept = (own if is_alone and way.is_certain else shared).setdefault(name, [])
                    if len(kept) < FIELDS_EACH:
                        kept.append(self._text(way, field_name))
        wanted = {name: texts for name, texts in {**shared, **own}.items() if name not in self._visited}
        texts = [text for name in sorted(wanted) for text in wanted[name]]
        selections = " ".join(f"t{number}: {text}" for number, text in enumerate(dict.fromkeys(texts)))
        return Tour(f"{keyword} {{ {selections} }}", frozenset(own) - self._visited) if selections else None

    def _ways(self) -> Iterator[_Way]:
        """The shortest way to every object type, nearest first."""
        waiting, seen = deque([_Way(self._root.name, ())]), {self._root.name}
        while waiting:
            way = waiting.popleft()
            yield way
            for name, field in _object(self._api, way.type_name).fields.items():
                target = get_named_type(field.type)
                narrows = is_abstract_type(target)
                reached = self._api.get_possible_types(target) if is_abstract_type(target) else [target]
                for type_ in reached:
                    if isinstance(type_, GraphQLObjectType) and type_.name not in seen and len(way.stops) < DEPTH_MAX:
                        seen.add(type_.name)
                        stop = _Stop(way.type_name, f"{name}{_arguments(field.args)}", narrows)
                        waiting.append(_Way(type_.name, (*way.stops, stop)))

    def _fields(self, type_name: str) -> Iterator[tuple[str, list[str], bool]]:
        """The fields of a type that clients see, the subgraphs that resolve each, and whether one alone knows it."""
        known = self._supergraph.types[type_name].fields
        for name in _object(self._api, type_name).fields:
            by_subgraph = known[name].by_subgraph
            yield name, sorted(graph for graph, field in by_subgraph.items() if field.resolvable), len(by_subgraph) == 1

    def _text(self, way: _Way, field_name: str) -> str:
        field = _object(self._api, way.type_name).fields[field_name]
        below = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
        text = f"{field_name}{_arguments(field.args)}{below}"
        type_name = way.type_name
        for stop in reversed(way.stops):
            inner = f"... on {type_name} {{ {text} }}" if stop.narrowed else text
            text, type_name = f"{stop.text} {{ {inner} }}", stop.parent
        return text


def _object(schema: GraphQLSchema, name: str) -> GraphQLObjectType:
    type_ = schema.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    return type_


def _arguments(arguments: dict[str, GraphQLArgument]) -> str:
    given = [f"{name}: {_value(argument.type)}" for name, argument in arguments.items()]
    return f"({', '.join(given)})" if given else ""


def _value(type_: GraphQLInputType, nesting: int = 0) -> str:
    """A value of the type; below some depth only what is required."""
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type, nesting)
    if isinstance(type_, GraphQLList):
        return f"[{_value(type_.of_type, nesting)}]" if nesting < NESTING_MAX else "[]"
    if isinstance(type_, GraphQLEnumType):
        return str(next(iter(type_.values)))
    if isinstance(type_, GraphQLInputObjectType):
        return _input(type_, nesting)
    return LEAVES.get(type_.name, '"x"')


def _input(type_: GraphQLInputObjectType, nesting: int) -> str:
    if type_.is_one_of:
        chosen = dict([next(iter(type_.fields.items()))])
    else:
        chosen = {name: field for name, field in type_.fields.items() if _is_given(field, nesting)}
    return f"{{{', '.join(f'{name}: {_value(field.type, nesting + 1)}' for name, field in chosen.items())}}}"


def _is_given(field: GraphQLInputField, nesting: int) -> bool:
    return nesting < NESTING_MAX or is_required_input_field(field)
