"""The algebra of scopes and policies: alternatives, of which one must hold, of sets of requirements, of which all must."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from graphql import ListValueNode, StringValueNode, ValueNode

Alternatives: TypeAlias = list[tuple[str, ...]]
RIGHTS = {"requiresScopes": "scopes", "policy": "policies"}  # directives with alternatives, and their argument


def conjoin(demands: Sequence[Alternatives]) -> Alternatives:
    """The conjunction of alternatives, as alternatives again: (a | b) & c = (a & c) | (b & c).

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


def implies(given: Alternatives, demanded: Alternatives) -> bool:
    """Whether each way to satisfy `given` satisfies `demanded`."""
    return all(any(set(every) <= set(having) for every in demanded or [()]) for having in given or [()])


def read_alternatives(value: ValueNode) -> Alternatives:
    """Read `[["a", "b"], ["c"]]`; a value where a list is expected stands for the list of it."""
    return [tuple(_text(item) for item in items_of(every)) for every in items_of(value)]


def write_alternatives(alternatives: Alternatives) -> ValueNode:
    """Alternatives as a literal, each a list of its own."""
    lists = (ListValueNode(values=tuple(StringValueNode(value=text) for text in every)) for every in alternatives)
    return ListValueNode(values=tuple(lists))


def items_of(value: ValueNode) -> Sequence[ValueNode]:
    """The items of a list; a value where a list is expected stands for the list of it."""
    return value.values if isinstance(value, ListValueNode) else (value,)


def _without_covered(alternatives: Alternatives) -> Alternatives:
    kept: Alternatives = []
    for candidate in sorted(alternatives, key=len):
        if not any(set(other) <= set(candidate) for other in kept):
            kept.append(candidate)
    return kept


def _text(value: ValueNode) -> str:
    assert isinstance(value, StringValueNode), "scopes and policies are strings: checked with the subgraph"
    return value.value
