"""The cost formula once more, as slowly and directly as it can be said: variables are put in first, then one recursion in floats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLInputObjectType,
    GraphQLSchema,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_input_object_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    parse,
    print_ast,
    value_from_ast_untyped,
)

from router.plan import Fetch
from router.supergraph import Supergraph
from tests.router.cost.sprinkled import Naming


class NoCost(Exception):
    """Not exactly one slicing argument where one is required."""


ABSENT: Any = object()


class Direct:
    """Costs of one supergraph for one set of variables."""

    def __init__(self, supergraph: Supergraph, naming: Naming, variables: Mapping[str, Any], list_size: int) -> None:
        self.supergraph = supergraph
        self.schema: GraphQLSchema = supergraph.full
        self.naming = naming
        self.variables = variables
        self.list_size = list_size

    def fetch(self, fetch: Fetch) -> float:
        """A request of the plan that stands for one path."""
        (operation,) = parse(fetch.operation).definitions
        assert isinstance(operation, OperationDefinitionNode)
        root = {
            "query": self.supergraph.query,
            "mutation": self.supergraph.mutation,
            "subscription": self.supergraph.subscription,
        }[fetch.kind]
        assert root is not None
        surcharge = 10.0 if fetch.kind == "mutation" else 0.0
        return surcharge + self.selections(operation.selection_set, root, fetch.subgraph, [])

    def selections(
        self, node: SelectionSetNode, parent: str, subgraph: str, above: list[tuple[float | None, list[Any]]]
    ) -> float:
        total = 0.0
        for each in node.selections:
            if isinstance(each, FieldNode):
                total += self.field(each, parent, subgraph, above)
            else:
                on = each.type_condition.name.value if each.type_condition else parent  # type: ignore[attr-defined]
                total += self.selections(each.selection_set, on, subgraph, above)  # type: ignore[attr-defined]
        return total

    def field(self, node: FieldNode, parent: str, subgraph: str, above: list[tuple[float | None, list[Any]]]) -> float:
        name = node.name.value
        if name == "__typename":
            return 0.0
        if name == "_entities":
            assert node.selection_set
            return self.list_size * (1.0 + self.selections(node.selection_set, "_Entity", subgraph, []))
        definition: Any = self.schema.type_map[parent].fields[name]  # type: ignore[attr-defined]
        joined = self.supergraph.types[parent].fields[name].by_subgraph.get(subgraph)
        type_text = joined.type if joined else str(definition.type)
        named = self.schema.type_map[type_text.strip("[]!")]

        own = [
            (self.expected(said, node, definition), [f"{{ {text} }}" for text in said.get("sizedFields") or ()])
            for said in self.applied(definition.ast_node, self.naming.list_size)
        ]
        passed: list[tuple[float | None, list[Any]]] = []
        handed: list[float] = []
        for size, sets in above:
            rest = []
            leaf = False
            for text in sets:
                for inner in parse(text).definitions[0].selection_set.selections:  # type: ignore[attr-defined]
                    if inner.name.value == name and inner.selection_set:
                        rest += ["{" + print_ast(deep) + "}" for deep in inner.selection_set.selections]
                    elif inner.name.value == name:
                        leaf = True
            if rest:
                passed.append((size, rest))
            if leaf and not rest and size is not None:
                handed.append(size)
        sizes = [size for size, _ in own + passed if size is not None]
        count = float(self.list_size)
        if "[" not in type_text:
            count = 1.0
        elif handed:
            count = max(handed)
        elif sizes:
            count = max(sizes)

        weight = self.weight(definition.ast_node, named.ast_node)
        if weight is None:
            weight = 0.0 if is_leaf_type(named) else 1.0
        below = self.selections(node.selection_set, named.name, subgraph, own + passed) if node.selection_set else 0.0
        given = sum(
            self.value(self.substituted(argument.value), definition.args[argument.name.value])
            for argument in node.arguments or ()
            if argument.name.value in definition.args
        )
        return count * (weight + below) + given

    # ── arguments ───────────────────────────────────────────────────────────────────────────────────────────────────

    def value(self, value: Any, definition: Any) -> float:
        named = get_named_type(definition.type)
        weight = self.weight(definition.ast_node, named.ast_node)
        if value is None or value is ABSENT:
            return 0.0
        if isinstance(value, list):
            return (weight or 0.0) + sum(self.value(item, definition) for item in value)
        if isinstance(value, dict) and is_input_object_type(named):
            assert isinstance(named, GraphQLInputObjectType)
            inner = sum(self.value(each, named.fields[name]) for name, each in value.items())
            return (1.0 if weight is None else weight) + inner
        return weight or 0.0

    def substituted(self, node: ValueNode) -> Any:
        if isinstance(node, VariableNode):
            return self.variables.get(node.name.value, ABSENT)
        if isinstance(node, ListValueNode):
            return [self.substituted(item) for item in node.values]
        if isinstance(node, ObjectValueNode):
            return {field.name.value: self.substituted(field.value) for field in node.fields}
        return value_from_ast_untyped(node)

    def expected(self, said: Mapping[str, Any], node: FieldNode, definition: Any) -> float | None:
        paths = said.get("slicingArguments") or ()
        if not paths:
            return said.get("assumedSize")
        found = [size for path in paths if (size := self.sliced(path.split("."), node, definition)) is not None]
        if said.get("requireOneSlicingArgument", True) and len(found) != 1:
            raise NoCost
        return max(found) if found else said.get("assumedSize")

    def sliced(self, path: list[str], node: FieldNode, definition: Any) -> float | None:
        argument = definition.args[path[0]]
        given = {each.name.value: self.substituted(each.value) for each in node.arguments or ()}
        by_argument = self.walk(given.get(path[0], ABSENT), path[1:], argument.type)
        return self.walk(_default(argument), path[1:], argument.type) if by_argument is None else by_argument

    def walk(self, value: Any, rest: list[str], type_: Any) -> float | None:
        """The size at a path of a value, where input objects have their defaults."""
        if value is ABSENT or value is None:
            return None
        if not rest:
            if isinstance(value, bool) or not isinstance(value, int | list):
                return None
            listed = is_list_type(type_.of_type if is_non_null_type(type_) else type_)
            size = len(value) if isinstance(value, list) else 1 if listed else value
            return float(max(0, size))
        field = get_named_type(type_).fields[rest[0]]
        inner = value.get(rest[0], ABSENT) if isinstance(value, dict) else ABSENT
        by_value = self.walk(inner, rest[1:], field.type)
        return self.walk(_default(field), rest[1:], field.type) if by_value is None else by_value

    # ── directives ──────────────────────────────────────────────────────────────────────────────────────────────────

    def weight(self, *nodes: Any) -> float | None:
        for node in nodes:
            for said in self.applied(node, self.naming.cost):
                return float(said["weight"])
        return None

    def applied(self, node: Any, name: str) -> Iterator[dict[str, Any]]:
        for directive in getattr(node, "directives", None) or ():
            if directive.name.value == name:
                yield {each.name.value: value_from_ast_untyped(each.value) for each in directive.arguments}


def _default(given: Any) -> Any:
    node = given.ast_node.default_value
    return ABSENT if node is None else value_from_ast_untyped(node)
