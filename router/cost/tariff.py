"""What a supergraph says things cost: @cost and @listSize under whatever names its @link gives them, and the weights of all else.

Source: Apollo's cost specification v0.1, https://specs.apollo.dev/cost/v0.1/; naming by https://specs.apollo.dev/link/v1.0/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DocumentNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    value_from_ast,
)

from router.cost.listsize import ListSize, read_list_size
from router.supergraph.features import arguments_of, linked_features
from router.supergraph.model import Supergraph, named

MUTATION: Final = 10  # what an operation costs for being a mutation
OBJECT: Final = 1  # an object, interface or union, in an answer or as an argument
ENTITIES: Final = "_entities"


@dataclass(frozen=True, slots=True, eq=False)
class Argument:
    """What the schema says of an argument, or of a field of an input object; `fields` are those of the object that it takes.

    `declared` is the weight that @cost gives it, or else its type.
    """

    default: Any
    is_list: bool
    declared: int | None = None
    fields: Mapping[str, Argument] | None = None

    @property
    def weight(self) -> int:
        """What a value that is no object costs."""
        return self.declared or 0

    @property
    def object_weight(self) -> int:
        """What an object costs, without its fields."""
        return OBJECT if self.declared is None else self.declared


@dataclass(frozen=True, slots=True)
class Price:
    """What the schema says of a field, as one subgraph has it.

    `declared` is the weight that @cost gives the field, or else the type that it leads to.
    """

    target: str
    is_list: bool
    is_leaf: bool
    declared: int | None = None
    list_sizes: tuple[ListSize, ...] = ()
    arguments: Mapping[str, Argument] = field(default_factory=dict)

    @property
    def weight(self) -> int:
        """What one of it costs, without anything below."""
        if self.declared is not None:
            return self.declared
        return 0 if self.is_leaf else OBJECT


@dataclass
class Tariff:
    """The prices of one supergraph; each is looked up once."""

    supergraph: Supergraph
    _names: Mapping[str, str] = field(init=False)
    _prices: dict[tuple[str, str, str | None], Price] = field(default_factory=dict)
    _inputs: dict[str, dict[str, Argument]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._names = dict(_local_names(self.supergraph))

    def check(self) -> None:
        """Raises SupergraphError where a @listSize cannot be read."""
        for type_ in self.supergraph.full.type_map.values():
            for definition in getattr(type_.ast_node, "fields", None) or ():
                for given in self._applied(definition, "listSize"):
                    read_list_size(given)

    def price(self, parent: str, name: str, subgraph: str | None) -> Price:
        """What a field costs in a subgraph, or with None in the eyes of clients."""
        key = (parent, name, subgraph)
        known = self._prices.get(key)
        if known is None:
            known = self._prices[key] = self._price(parent, name, subgraph)
        return known

    def _price(self, parent: str, name: str, subgraph: str | None) -> Price:
        if name == ENTITIES:  # no supergraph has it; in a subgraph it is a list of the union _Entity
            return Price("_Entity", is_list=True, is_leaf=False)
        definition = self._field(parent, name)
        type_ = self._type_of(parent, name, subgraph) or str(definition.type)
        target = named(type_)
        own = self._weight(definition.ast_node)
        return Price(
            target,
            is_list="[" in type_,
            is_leaf=self.supergraph.is_leaf(target),
            declared=self._weight_of_type(target) if own is None else own,
            list_sizes=tuple(read_list_size(given) for given in self._applied(definition.ast_node, "listSize")),
            arguments={name: self._argument(given) for name, given in definition.args.items()},
        )

    def _field(self, parent: str, name: str) -> GraphQLField:
        type_ = self.supergraph.full.type_map[parent]
        assert isinstance(type_, GraphQLObjectType | GraphQLInterfaceType), "only those have fields"
        definition: GraphQLField = type_.fields[name]
        return definition

    def _type_of(self, parent: str, name: str, subgraph: str | None) -> str | None:
        """The type that a subgraph itself gives a field; it may say more or less than the supergraph's."""
        known = self.supergraph.types[parent].fields.get(name)
        says = None if known is None else known.by_subgraph.get(subgraph or "")
        return None if says is None else says.type

    def _argument(self, given: GraphQLArgument | GraphQLInputField) -> Argument:
        type_ = get_named_type(given.type)
        own = self._weight(given.ast_node)
        default = None if given.ast_node is None else given.ast_node.default_value
        return Argument(
            default=None if default is None else value_from_ast(default, given.type),
            is_list=isinstance(get_nullable_type(given.type), GraphQLList),
            declared=self._weight_of_type(type_.name) if own is None else own,
            fields=self._fields_of(type_) if isinstance(type_, GraphQLInputObjectType) else None,
        )

    def _fields_of(self, type_: GraphQLInputObjectType) -> Mapping[str, Argument]:
        known = self._inputs.get(type_.name)
        if known is None:
            known = self._inputs[type_.name] = {}  # before its fields: one of them may lead back to it
            known.update({name: self._argument(given) for name, given in type_.fields.items()})
        return known

    def _weight_of_type(self, name: str) -> int | None:
        type_ = self.supergraph.full.type_map.get(name)
        return None if type_ is None else self._weight(type_.ast_node)

    def _weight(self, node: Any) -> int | None:
        return next((int(given["weight"]) for given in self._applied(node, "cost")), None)

    def _applied(self, node: Any, directive: str) -> Iterator[Mapping[str, Any]]:
        """The arguments of a directive wherever it stands on a definition."""
        directives: tuple[ConstDirectiveNode, ...] = getattr(node, "directives", None) or ()
        return (arguments_of(given) for given in directives if self._names.get(given.name.value) == directive)


def _local_names(supergraph: Supergraph) -> Iterator[tuple[str, str]]:
    """Pairs of a directive's name in this supergraph and its name in the specification."""
    schema = supergraph.full
    nodes = [node for node in (schema.ast_node, *(schema.extension_ast_nodes or ())) if node is not None]
    features = linked_features(DocumentNode(definitions=cast("tuple[DefinitionNode, ...]", tuple(nodes))))
    for element in ("cost", "listSize"):
        if (name := features.directive("cost", element)) is not None:
            yield name, element
