"""How the arguments of a directive combine where subgraphs apply it differently, for directives that have a rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from graphql import BooleanValueNode, IntValueNode, ListValueNode, StringValueNode, ValueNode

from router.composition.model.schema import Applied, value_key

Strategy: TypeAlias = Callable[[Sequence[Applied]], dict[str, ValueNode]]
Alternatives: TypeAlias = list[tuple[str, ...]]


def _heaviest(applications: Sequence[Applied]) -> dict[str, ValueNode]:
    return {"weight": _maximum(application.arguments["weight"] for application in applications)}


def _combined_list_size(applications: Sequence[Applied]) -> dict[str, ValueNode]:
    """The largest assumed size, all slicing arguments and sized fields; one argument is required if all say so."""
    merged: dict[str, ValueNode] = {}
    sizes = _given(applications, "assumedSize")
    if sizes:
        merged["assumedSize"] = _maximum(sizes)
    for name in ("slicingArguments", "sizedFields"):
        lists = _given(applications, name)
        if lists:
            merged[name] = _union(lists)
    demands = [application.arguments.get("requireOneSlicingArgument") for application in applications]
    relaxed = any(isinstance(value, BooleanValueNode) and not value.value for value in demands)
    merged["requireOneSlicingArgument"] = BooleanValueNode(value=not relaxed)
    return merged


def _all_must_hold(argument: str) -> Strategy:
    def conjunction(applications: Sequence[Applied]) -> dict[str, ValueNode]:
        return {
            argument: _write_alternatives(conjoin([read_alternatives(a.arguments[argument]) for a in applications]))
        }

    return conjunction


def conjoin(demands: Sequence[Alternatives]) -> Alternatives:
    """The conjunction of alternatives of requirements, as alternatives again: (a | b) & c = (a & c) | (b & c).

    An empty list of alternatives demands nothing. What another alternative already covers is left out.
    """
    distinct: dict[tuple[tuple[str, ...], ...], None] = {}
    for demand in demands:
        distinct.setdefault(tuple(sorted(tuple(sorted(every)) for every in demand or [()])))
    first, *rest = [list(demand) for demand in distinct]
    merged = first
    for demand in rest:
        products = dict.fromkeys(tuple(sorted({*left, *right})) for left in merged for right in demand)
        merged = _without_covered(list(products))
    return merged


def _without_covered(alternatives: Alternatives) -> Alternatives:
    kept: Alternatives = []
    for candidate in sorted(alternatives, key=len):
        if not any(set(other) <= set(candidate) for other in kept):
            kept.append(candidate)
    return kept


def read_alternatives(value: ValueNode) -> Alternatives:
    """Read `[["a", "b"], ["c"]]`; a value where a list is expected stands for the list of it."""
    return [tuple(_text(item) for item in _items(every)) for every in _items(value)]


def _write_alternatives(alternatives: Alternatives) -> ValueNode:
    lists = (ListValueNode(values=tuple(StringValueNode(value=text) for text in every)) for every in alternatives)
    return ListValueNode(values=tuple(lists))


def _items(value: ValueNode) -> Sequence[ValueNode]:
    return value.values if isinstance(value, ListValueNode) else (value,)


def _text(value: ValueNode) -> str:
    assert isinstance(value, StringValueNode), "scopes and policies are strings: checked with the subgraph"
    return value.value


def _given(applications: Sequence[Applied], argument: str) -> list[ValueNode]:
    values = (application.arguments.get(argument) for application in applications)
    return [value for value in values if isinstance(value, IntValueNode | ListValueNode | StringValueNode)]


def _maximum(values: Iterable[ValueNode]) -> ValueNode:
    numbers = [int(value.value) for value in values if isinstance(value, IntValueNode)]
    return IntValueNode(value=str(max(numbers)))


def _union(values: Iterable[ValueNode]) -> ValueNode:
    distinct = {value_key(item): item for value in values for item in _items(value)}
    return ListValueNode(values=tuple(distinct.values()))


STRATEGIES: Mapping[str, Strategy] = {
    "cost": _heaviest,
    "listSize": _combined_list_size,
    "requiresScopes": _all_must_hold("scopes"),
    "policy": _all_must_hold("policies"),
}
