"""What a supergraph says of costs, as a table for people: the fields that @cost or @listSize stand on, or on whose types."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLInterfaceType, GraphQLObjectType

from router.cost.listsize import ListSize, SizedFields
from router.cost.tariff import Argument, Price, Tariff
from router.graph.tables import table
from router.supergraph.model import Supergraph


def show_prices(supergraph: Supergraph) -> str:
    """Every field whose cost is not what any field's is by its type alone."""
    rows = sorted(_rows(Tariff(supergraph)))
    if not rows:
        return "Nothing has a price of its own: no @cost and no @listSize. Objects cost 1, scalars and enums nothing."
    return "\n".join(table([("field", "cost", "size of the list"), *rows]))


def _rows(tariff: Tariff) -> Iterator[tuple[str, ...]]:
    for name, type_ in tariff.supergraph.full.type_map.items():
        if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) or name.startswith("__"):
            continue
        for field in type_.fields:
            price = tariff.price(name, field, None)
            arguments = [said for argument, given in price.arguments.items() if (said := _argument(argument, given))]
            if price.declared is not None or price.list_sizes or arguments:
                yield (
                    f"{name}.{field}",
                    ", ".join([_weight(price), *arguments]),
                    "; ".join(map(_size, price.list_sizes)),
                )


def _weight(price: Price) -> str:
    return str(price.weight)


def _argument(name: str, given: Argument) -> str:
    return f"{name}: {given.declared}" if given.declared is not None else ""


def _size(size: ListSize) -> str:
    arguments = " or ".join(".".join(path) for path in size.slicing)
    parts = [arguments, str(size.assumed) if size.assumed is not None else ""]
    said = ", else ".join(filter(None, parts)) or "unknown"
    return f"{said}, handed to {_fields(size.sized)}" if size.sized else said


def _fields(sized: SizedFields) -> str:
    return " ".join(f"{name} {{ {_fields(below)} }}" if below else name for name, below in sized.items())
