"""Draws a random federation: bare, decorated with a few themes, and half of the time broken in one or two small ways."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from router.composition import SubgraphInput
from tests.conformance.composition.federations.misuse import MISUSES
from tests.conformance.composition.federations.mutations import SHAPES
from tests.conformance.composition.federations.skeleton import Draft, lay_out
from tests.conformance.composition.federations.themes import STRUCTURAL, THEMES

SHARE_BROKEN = 0.6
SEEDS = 2**32


def federation(rng: Random) -> tuple[SubgraphInput, ...]:
    """Random subgraphs; about half of all compose. `rng` decides everything."""
    names = (*THEMES, *STRUCTURAL)
    draft = Draft(rng, frozenset(rng.sample(names, rng.randint(0, 5))))
    lay_out(draft)
    for name, theme in THEMES.items():
        if name in draft.themes:
            theme(draft)
    if draft.chance(SHARE_BROKEN):
        for _ in range(rng.choice((1, 1, 2))):
            rng.choice(rng.choice((SHAPES, MISUSES)))(draft)
    return tuple(subgraph.as_input() for subgraph in draft.subgraphs)


def federations() -> st.SearchStrategy[tuple[SubgraphInput, ...]]:
    """Random federations for hypothesis. It draws a seed only: `shrink` makes them small, knowing what subgraphs are made of."""
    return st.integers(0, SEEDS).map(lambda seed: federation(Random(seed)))
