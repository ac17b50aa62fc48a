"""Hand-written plans in few words: an API schema, a client operation, fetches, and what the subgraphs answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLAbstractType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_enum_type,
    is_specified_scalar_type,
    parse,
)

from router.executor import ExecutionResult, execute
from router.plan import (
    EACH,
    Anchor,
    Entities,
    Fetch,
    Introspection,
    OutputField,
    OutputSelection,
    Path,
    PathKey,
    QueryPlan,
    Representation,
    RepresentationField,
)
from router.supergraph.model import Supergraph
from router.transport import FakeTransport
from router.transport.fake import Answer

Sources = Mapping[tuple[str, str], str]
"""Where the tree holds a client key of a type, if not under that key."""


def supergraph_of(api: str, full: str = "") -> Supergraph:
    """A supergraph for the executor, which reads its two schemas only. `full` adds inaccessible definitions."""
    return Supergraph({}, {}, full=build_schema(f"{api}\n{full}"), api=build_schema(api))


def path_of(text: str) -> Path:
    """`a.@.b` as a plan path; `b|A,B` steps into `b` only from objects of type A or B."""
    return tuple(EACH if part == "@" else _key(part) for part in text.split(".") if part)


def _key(part: str) -> PathKey:
    key, _, guard = part.partition("|")
    return PathKey(key, tuple(guard.split(",")) if guard else ())


def root_fetch(
    subgraph: str,
    operation: str,
    *,
    number: int = 0,
    path: str = "",
    after: Sequence[int] = (),
    variables: Sequence[str] = (),
) -> Fetch:
    """A fetch without representations."""
    kind = cast("Any", operation.split()[0] if operation.split()[0] in ("mutation", "subscription") else "query")
    return Fetch(number, subgraph, kind, operation, None, tuple(variables), path_of(path), after=tuple(after))


def entity_fetch(
    subgraph: str,
    selection: str,
    *,
    number: int,
    path: str,
    on: str | Sequence[Representation],
    after: Sequence[int] = (0,),
    key: str = "id",
) -> Fetch:
    """A fetch of entities by the key field `key`, or by the representations given."""
    representations = (entity(on, key),) if isinstance(on, str) else tuple(on)
    operation = (
        f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {{ {selection} }} }}"
    )
    return Fetch(
        number,
        subgraph,
        "query",
        operation,
        None,
        (),
        entities=(Entities((Anchor(path_of(path), representations),)),),
        after=tuple(after),
    )


def entity(
    on: str, *keys: str, inputs: Sequence[RepresentationField] = (), typename: str | None = None
) -> Representation:
    """How objects of one type are put: key fields by name, and other inputs."""
    fields = tuple(RepresentationField(key, key, nullable=False, is_key=True) for key in keys)
    return Representation(on, typename or on, (*fields, *inputs))


def output_of(schema: GraphQLSchema, operation: str, sources: Sources | None = None) -> OutputSelection:
    """The output selection of an operation with inline fragments, merged as the specification collects fields."""
    (definition,) = parse(operation).definitions
    assert isinstance(definition, OperationDefinitionNode)
    root = schema.get_root_type(definition.operation)
    assert root is not None
    return _Output(schema, sources or {}).select(root, [definition.selection_set])


@dataclass(frozen=True)
class _Output:
    schema: GraphQLSchema
    sources: Sources

    def select(
        self, parent: GraphQLObjectType | GraphQLAbstractType, sets: Sequence[SelectionSetNode]
    ) -> OutputSelection:
        possible = (
            self.schema.get_possible_types(parent) if is_abstract_type(parent) else [cast("GraphQLObjectType", parent)]
        )
        return OutputSelection(parent.name, {each.name: self._fields(each, sets) for each in possible})

    def _fields(self, concrete: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> tuple[OutputField, ...]:
        collected: dict[str, list[FieldNode]] = {}
        for node in self._nodes(concrete, sets):
            collected.setdefault(node.alias.value if node.alias else node.name.value, []).append(node)
        return tuple(self._field(concrete, key, nodes) for key, nodes in collected.items())

    def _nodes(self, concrete: GraphQLObjectType, sets: Sequence[SelectionSetNode]) -> Iterator[FieldNode]:
        for selection in (selection for each in sets for selection in each.selections):
            if isinstance(selection, FieldNode):
                yield selection
                continue
            assert isinstance(selection, InlineFragmentNode)
            condition = selection.type_condition
            declared = self.schema.get_type(condition.name.value) if condition else concrete
            if declared is concrete or self.schema.is_sub_type(cast("GraphQLAbstractType", declared), concrete):
                yield from self._nodes(concrete, [selection.selection_set])

    def _field(self, concrete: GraphQLObjectType, key: str, nodes: Sequence[FieldNode]) -> OutputField:
        name = nodes[0].name.value
        source = self.sources.get((concrete.name, key), key)
        if name == "__typename":
            return OutputField(key, name, source, GraphQLNonNull(GraphQLString))
        if name.startswith("__"):
            return OutputField(key, name, source, self.schema.get_field(concrete, name).type, opaque=True)  # type: ignore[union-attr]
        declared: GraphQLOutputType = concrete.fields[name].type
        named = get_named_type(declared)
        if is_composite_type(named):
            sets = [node.selection_set for node in nodes if node.selection_set]
            return OutputField(key, name, source, declared, self.select(cast("GraphQLObjectType", named), sets))
        return OutputField(
            key, name, source, declared, opaque=not (is_enum_type(named) or is_specified_scalar_type(named))
        )


@dataclass
class Case:
    """One execution: a client operation, the plan for it, and the script of the subgraphs."""

    supergraph: Supergraph
    operation: str
    fetches: Sequence[Fetch]
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    denied: Sequence[tuple[str, ...]] = ()
    sources: Sources = field(default_factory=dict)
    introspection: Introspection | None = None

    def __post_init__(self) -> None:
        self.transport = FakeTransport(self.answers)

    @property
    def plan(self) -> QueryPlan:
        """The plan as the planner would have written it."""
        kind = self.fetches[0].kind if self.fetches else "query"
        output = output_of(self.supergraph.api, self.operation, self.sources)
        return QueryPlan(kind, tuple(self.fetches), output, self.introspection)

    async def run(self) -> ExecutionResult:
        """Execute it."""
        return await execute(
            self.plan,
            supergraph=self.supergraph,
            variables=self.variables,
            transport=self.transport,
            headers=self.headers,
            denied=self.denied,
        )

    def sent_to(self, subgraph: str) -> list[list[dict[str, Any]]]:
        """The representations of each request to a subgraph."""
        return [
            list(request.payload["variables"]["representations"]) for request in self.transport.requests_to(subgraph)
        ]


def entities(*values: Any, errors: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The body of an entity fetch's answer."""
    return {"data": {"_entities": list(values)}, **({"errors": list(errors)} if errors else {})}


def paths(result: ExecutionResult) -> list[list[str | int] | None]:
    """Where the errors stand."""
    return [error.get("path") for error in result.errors]
