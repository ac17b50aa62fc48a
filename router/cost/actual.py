"""What an answer has cost: each object its weight or 1, each leaf and null its weight or 0, each list the sum of its items.

Arguments count once for each object that their field was asked of. Only what can cost anything is looked at.
Source: the actual cost of Apollo's demand control.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from router.cost.bill import Bill, Field, Line
from router.cost.formula import Formula, Variables, value_of
from router.supergraph.model import Supergraph

Types: TypeAlias = frozenset[str]
NOBODY: Final[Types] = frozenset()


@dataclass(frozen=True, slots=True)
class _Count:
    """How values of one field are counted, of objects of the types `on` and of those that do not tell their type."""

    key: str
    on: Types
    object: int
    leaf: int
    is_leaf: bool
    is_list: bool
    arguments: Formula
    below: tuple[_Count, ...]


@dataclass(frozen=True, slots=True)
class Meter:
    """Counts answers to one request."""

    counts: tuple[_Count, ...]
    surcharge: int

    def read(self, data: Any, variables: Variables) -> int:
        """What an answer with this `data` has cost."""
        return self.surcharge + (_of_object(data, self.counts, variables) if isinstance(data, dict) else 0)

    def __bool__(self) -> bool:
        """Whether an answer can cost anything."""
        return bool(self.counts or self.surcharge)


def meter_of(bill: Bill, supergraph: Supergraph) -> Meter:
    """The meter for answers to the request that a bill is for."""
    return Meter(tuple(_counts(bill.lines, bill.root, supergraph)), bill.surcharge)


def _counts(lines: Iterable[Line], parent: str, supergraph: Supergraph) -> Iterator[_Count]:
    """How to count what is selected of a type. A key that several fragments select is one field: only what is below adds up."""
    seen: dict[str, Types] = {}
    for field, on in _flat(lines, _types(parent, supergraph), supergraph):
        before = seen.get(field.key, NOBODY)
        seen[field.key] = before | on
        count = _count(field, on - before, supergraph)
        again = replace(count, on=on & before, object=0, leaf=0, arguments=0)
        yield from (each for each in (count, again) if each.on and _can_cost(each))


def _flat(lines: Iterable[Line], types: Types, supergraph: Supergraph) -> Iterator[tuple[Field, Types]]:
    """The fields, with the types of the objects that they are selected of; no types are known of entities."""
    for line in lines:
        if isinstance(line, Field):
            yield line, types
        else:
            on = _types(line.on, supergraph)
            yield from _flat(line.lines, on & types if types else on, supergraph)


def _types(name: str, supergraph: Supergraph) -> Types:
    known = supergraph.types.get(name)
    # An @interfaceObject answers with the interface's own name.
    return NOBODY if known is None else known.possible | {name}


def _count(field: Field, on: Types, supergraph: Supergraph) -> _Count:
    price = field.price
    below = tuple(_counts(field.lines, price.target, supergraph))
    return _Count(
        field.key, on, price.weight, price.declared or 0, price.is_leaf, price.is_list, field.arguments, below
    )


def _can_cost(count: _Count) -> bool:
    return bool(count.leaf or count.arguments or count.below or (count.object and not count.is_leaf))


def _of_object(data: dict[str, Any], counts: Sequence[_Count], variables: Variables) -> int:
    name = data.get("__typename")
    cost = 0
    for count in counts:
        if count.key not in data or (name is not None and name not in count.on):
            continue
        cost += _of_value(data[count.key], count, variables)
        if count.arguments:
            cost += value_of(count.arguments, variables)
    return cost


def _of_value(value: Any, count: _Count, variables: Variables) -> int:
    if isinstance(value, list) and count.is_list:
        return sum([_of_value(item, count, variables) for item in value])
    if count.is_leaf or not isinstance(value, dict):
        return count.leaf
    return count.object + (_of_object(value, count.below, variables) if count.below else 0)
