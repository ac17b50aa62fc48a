"""MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED: the ways through the subgraphs are few enough to be followed."""

from __future__ import annotations

import pytest

from router.composition import Composed, Rejected, SubgraphInput, compose
from router.composition.satisfiability import explore
from tests.router.composition.case import Case, check, composed, each, subgraph

CODE = "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"


def shared(names: str, fields: str) -> dict[str, str]:
    """Subgraphs that share one entity with some fields."""
    sdl = f'type Query {{ t: T @shareable }}\ntype T @key(fields: "id") @shareable {{ id: ID {fields} }}'
    return dict.fromkeys(names, sdl)


# The bound is far above what a test may compose: what stays below it is what both sides can be asked about.
CASES = (
    composed("six subgraphs that share all fields", subgraphs=shared("abcdef", "n: Int t: T")),
    composed("a type that leads to itself by many fields", subgraphs=shared("ab", "q: T r: T s: T u: T v: T")),
    composed(
        "labels that double the ways",
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID t: T u: T v: T }',
        b='type T @key(fields: "id") { id: ID t: T @override(from: "a", label: "t")'
        ' u: T @override(from: "a", label: "u") v: T @override(from: "a", label: "v") }',
    ),
)


@each(CASES)
def test_max_validation_subgraph_paths_exceeded(case: Case) -> None:
    """What ordinary subgraphs make of keys, shared fields and labels stays below the bound."""
    check(CODE, case)


def chain(length: int) -> list[SubgraphInput]:
    """Two subgraphs with a row of types, each of which leads to the next."""
    types = "\n".join(f"type T{n} @shareable {{ n: Int next: T{n + 1} }}" for n in range(length))
    sdl = f"type Query {{ first: T0 @shareable }}\n{types}\ntype T{length} @shareable {{ n: Int }}"
    return [subgraph(name, sdl) for name in ("a", "b")]


@pytest.mark.parametrize(("bound", "outcome"), [(21, Rejected), (22, Composed)])
def test_the_check_is_given_up_past_the_bound(
    monkeypatch: pytest.MonkeyPatch, bound: int, outcome: type[Composed | Rejected]
) -> None:
    """Eleven types, the root among them, in two subgraphs are 22 ways: at 21 the check is given up, and says so."""
    monkeypatch.setattr(explore, "SATISFIABILITY_PATHS_MAX", bound)

    result = compose(chain(9))

    assert isinstance(result, outcome)
    codes = [error.code.name for error in result.errors] if isinstance(result, Rejected) else []
    assert codes == [CODE] * (outcome is Rejected)
