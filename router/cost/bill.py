"""An itemised bill: what each selected field of a request costs, and why. Everything else about costs is read off a bill.

The cost of a field is its size × (its weight + what is selected below it) + its arguments. All fragments add up.
Source: the static cost estimate of Apollo's demand control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from graphql import (
    ArgumentNode,
    FieldNode,
    InlineFragmentNode,
    NamedTypeNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    parse,
)

from router.cost.arguments import cost_of_arguments, items_asked
from router.cost.formula import Formula, Perhaps, added, checked, first, largest, multiplied
from router.cost.listsize import Handed, ListSize
from router.cost.tariff import MUTATION, Price, Tariff
from router.operation.model import FragmentSelection, Operation, OperationKind, Selection
from router.plan import Fetch
from router.supergraph.model import Supergraph


@dataclass(frozen=True, slots=True)
class Field:
    """A selected field. `key` is its response key; `sized_by` says in words where the size of a list comes from.

    `checks` come to nothing: they find arguments from which no cost follows, whether or not the size that they give is used.
    """

    key: str
    name: str
    price: Price
    size: Formula
    arguments: Formula
    lines: tuple[Line, ...] = ()
    sized_by: str = ""
    checks: Formula = 0

    @property
    def cost(self) -> Formula:
        """The whole: this field with all that is below it."""
        one = added([self.price.weight, cost_of(self.lines)])
        return added([multiplied(self.size, one), self.arguments, self.checks])


@dataclass(frozen=True, slots=True)
class Fragment:
    """What is selected of objects of the type `on`."""

    on: str
    lines: tuple[Line, ...]

    @property
    def cost(self) -> Formula:
        """The sum of what is selected."""
        return cost_of(self.lines)


Line: TypeAlias = Field | Fragment


@dataclass(frozen=True, slots=True)
class Bill:
    """What one request costs: fields of the type `root`, and a `surcharge` where it is a mutation."""

    root: str
    lines: tuple[Line, ...]
    surcharge: int = 0

    @property
    def cost(self) -> Formula:
        """The sum."""
        return added([self.surcharge, cost_of(self.lines)])


def cost_of(lines: Iterable[Line]) -> Formula:
    """What lines cost together."""
    return added(line.cost for line in lines)


def bill_of_request(fetch: Fetch, tariff: Tariff, list_size: int) -> Bill:
    """The bill for what is sent to a subgraph, by what that subgraph says of its fields."""
    (operation,) = parse(fetch.operation, no_location=True).definitions
    assert isinstance(operation, OperationDefinitionNode), "a request is one operation"
    root = _root(fetch.kind, tariff.supergraph)
    lines = _Writer(tariff, list_size, fetch.subgraph).lines(operation.selection_set.selections, root)
    return Bill(root, lines, _surcharge(fetch.kind))


def bill_of_operation(operation: Operation, tariff: Tariff, list_size: int) -> Bill:
    """The bill for what a client asks for, whoever answers it."""
    lines = _Writer(tariff, list_size, None).lines(tuple(_nodes(operation.selections)), operation.root)
    return Bill(operation.root, lines, _surcharge(operation.kind))


def _surcharge(kind: OperationKind) -> int:
    return MUTATION if kind == "mutation" else 0


def _root(kind: OperationKind, supergraph: Supergraph) -> str:
    roots = {"query": supergraph.query, "mutation": supergraph.mutation, "subscription": supergraph.subscription}
    root = roots[kind]
    assert root is not None, f"the supergraph has no {kind}"
    return root


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the lines of one request. `list_size` is what a list has where nothing else says so."""

    tariff: Tariff
    list_size: int
    subgraph: str | None

    def lines(self, nodes: Sequence[SelectionNode], parent: str, handed: tuple[Handed, ...] = ()) -> tuple[Line, ...]:
        return tuple(self._lines(nodes, parent, handed))

    def _lines(self, nodes: Sequence[SelectionNode], parent: str, handed: tuple[Handed, ...]) -> Iterator[Line]:
        for node in nodes:
            if isinstance(node, InlineFragmentNode):
                on = node.type_condition.name.value if node.type_condition else parent
                yield Fragment(on, self.lines(node.selection_set.selections, on, handed))
            elif isinstance(node, FieldNode) and not node.name.value.startswith("__"):
                yield self._field(node, parent, handed)

    def _field(self, node: FieldNode, parent: str, handed: tuple[Handed, ...]) -> Field:
        name = node.name.value
        price = self.tariff.price(parent, name, self.subgraph)
        given = node.arguments or ()
        own = [self._handed(each, given, price, f"{parent}.{name}") for each in price.list_sizes]
        passed_on = [rest for each in handed if (rest := each.below(name)) is not None]
        size, sized_by = self._size(name, price, handed, (*own, *passed_on))
        below = node.selection_set.selections if node.selection_set else ()
        return Field(
            key=node.alias.value if node.alias else name,
            name=name,
            price=price,
            size=size,
            arguments=cost_of_arguments(given, price.arguments),
            lines=self.lines(below, price.target, (*own, *passed_on)),
            sized_by=sized_by,
            checks=added(
                checked(each.size) for each, said in zip(own, price.list_sizes, strict=True) if said.requires_one
            ),
        )

    def _handed(self, list_size: ListSize, given: Sequence[ArgumentNode], price: Price, where: str) -> Handed:
        asked = [items_asked(path, given, price.arguments) for path in list_size.slicing]
        return Handed(list_size.size(asked, where), list_size.sized)

    def _size(
        self, name: str, price: Price, handed: tuple[Handed, ...], own: tuple[Handed, ...]
    ) -> tuple[Formula, str]:
        if not price.is_list:
            return 1, ""
        from_above = largest(each.size for each in handed if each.sizes(name))
        from_here = largest(each.size for each in own)
        return first(from_above, from_here, default=self.list_size), _words(from_above, from_here)


def _words(from_above: Perhaps, from_here: Perhaps) -> str:
    if from_above is not None:
        return "@listSize above"
    return "@listSize" if from_here is not None else "list_size"


def _nodes(selections: Iterable[Selection]) -> Iterator[SelectionNode]:
    """A normalised selection as syntax. What the caller may not have is never fetched, so it is left out."""
    for each in selections:
        below = SelectionSetNode(selections=tuple(_nodes(each.selections)))
        if isinstance(each, FragmentSelection):
            on = NamedTypeNode(name=NameNode(value=each.on))
            yield InlineFragmentNode(type_condition=on, selection_set=below)
        elif not each.denied:
            alias, name = NameNode(value=each.key), NameNode(value=each.name)
            yield FieldNode(alias=alias, name=name, arguments=each.arguments, selection_set=below)
