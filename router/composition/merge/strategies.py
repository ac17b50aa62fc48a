"""How the arguments of a directive combine where subgraphs apply it differently, for directives that have a rule of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from graphql import BooleanValueNode, IntValueNode, ListValueNode, StringValueNode, ValueNode

from router.composition.model.alternatives import conjoin, items_of, read_alternatives, write_alternatives
from router.composition.model.schema import Applied, value_key

Strategy: TypeAlias = Callable[[Sequence[Applied]], dict[str, ValueNode]]


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
        demands = [read_alternatives(application.arguments[argument]) for application in applications]
        return {argument: write_alternatives(conjoin(demands))}

    return conjunction


def _given(applications: Sequence[Applied], argument: str) -> list[ValueNode]:
    values = (application.arguments.get(argument) for application in applications)
    return [value for value in values if isinstance(value, IntValueNode | ListValueNode | StringValueNode)]


def _maximum(values: Iterable[ValueNode]) -> ValueNode:
    numbers = [int(value.value) for value in values if isinstance(value, IntValueNode)]
    return IntValueNode(value=str(max(numbers)))


def _union(values: Iterable[ValueNode]) -> ValueNode:
    distinct = {value_key(item): item for value in values for item in items_of(value)}
    return ListValueNode(values=tuple(distinct.values()))


STRATEGIES: Mapping[str, Strategy] = {
    "cost": _heaviest,
    "listSize": _combined_list_size,
    "requiresScopes": _all_must_hold("scopes"),
    "policy": _all_must_hold("policies"),
}
