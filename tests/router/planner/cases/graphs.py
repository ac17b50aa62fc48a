"""What the cases share: a federation written down as SDL, the fetches of a plan a line each, and its answers beside the truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from router.composition import Rejected, SubgraphInput, compose
from tests.router.federations.case import Case, difference, planned
from tests.router.federations.federation import Federation, federation_of
from tests.router.planning import line

FEATURES = "@key @shareable @external @requires @provides @override @inaccessible @interfaceObject @extends @context @fromContext"
LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ['
    + ", ".join(f'"{name}"' for name in FEATURES.split())
    + "])\n"
)
SEEDS = range(4)


def federation(**subgraphs: str) -> Federation:
    """Subgraphs by their names; an SDL that says `extend type` of something it does not define is read as federation 1."""
    inputs = tuple(SubgraphInput(name, LINK + sdl, f"http://{name}.test") for name, sdl in subgraphs.items())
    made = federation_of(inputs)
    if made is None:
        outcome = compose(inputs)
        assert isinstance(outcome, Rejected)
        raise AssertionError(outcome.errors[0].message)
    return made


def fetches(
    of: Federation, query: str, labels: Iterable[str] = (), variables: Mapping[str, Any] | None = None
) -> list[str]:
    """The fetches of a query's plan, once its answers have been found to be those of one schema over the same data."""
    cases = [Case(query, dict(variables or {}), seed, labels=frozenset(labels)) for seed in SEEDS]
    for case in cases:
        found = difference(of, case)
        assert found is None, found.text()
    return [line(fetch) for fetch in planned(of, cases[0]).fetches]
