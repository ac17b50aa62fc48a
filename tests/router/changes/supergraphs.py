"""Supergraphs to compare, composed of subgraphs that are written in place."""

from __future__ import annotations

from router.changes import Change, Report, check
from router.composition import Composed, SubgraphInput, compose, format_text
from router.supergraph import Supergraph, load_supergraph

LINK = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@override",'
    ' "@inaccessible", "@authenticated", "@requiresScopes", "@policy"])\n'
)


def supergraph(only: str = "", **subgraphs: str) -> Supergraph:
    """The supergraph of these subgraphs; one given without a name is called "only"."""
    named = {"only": only, **subgraphs} if only else subgraphs
    inputs = [SubgraphInput(name, LINK + sdl, f"http://{name}.test/graphql") for name, sdl in named.items()]
    outcome = compose(inputs)
    assert isinstance(outcome, Composed), format_text(outcome)
    return load_supergraph(outcome.sdl)


def compared(old: str, new: str) -> Report:
    """The check of two supergraphs of one subgraph each."""
    return check(supergraph(old), supergraph(new))


def told(changes: tuple[Change, ...]) -> list[str]:
    """The changes as `severity KIND coordinate`."""
    return [f"{change.kind.severity} {change.kind.name} {change.coordinate}" for change in changes]
