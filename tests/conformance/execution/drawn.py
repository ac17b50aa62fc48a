"""Random cases: federations that compose, with directives that the gateway serves too, and operations on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from router.composition import SubgraphInput
from tests.conformance.composition.federations.skeleton import Draft, lay_out
from tests.conformance.composition.federations.themes import THEMES
from tests.conformance.execution.case import Case
from tests.conformance.execution.trial import can_be_tried, served
from tests.router.random_operations import Generator

DRAWS_MAX = 200
SEED_MAX = 9
THEMES_MAX = 4
# The gateway neither enforces rights nor fills arguments from a @context.
SERVED = (
    "requires",
    "provides",
    "override",
    "interface objects",
    "other roots",
    "inaccessible",
    "extensions",
    "external types",
)
STRUCTURAL = ("federation 1", "mixed versions")


def federation(rng: Random) -> Case:
    """Random subgraphs that compose, with nothing asked yet. `rng` decides everything."""
    for _ in range(DRAWS_MAX):
        subgraphs = _draft(rng)
        if len(subgraphs) > 1 and served(subgraphs) is not None:
            return Case(subgraphs)
    raise AssertionError("hardly any federation composes")


def _draft(rng: Random) -> tuple[SubgraphInput, ...]:
    names = (*SERVED, *STRUCTURAL)
    draft = Draft(rng, frozenset(rng.sample(names, rng.randint(0, THEMES_MAX))))
    lay_out(draft)
    for name in SERVED:
        if name in draft.themes:
            THEMES[name](draft)
    return tuple(subgraph.as_input() for subgraph in draft.subgraphs)


def cases(on: Case, rng: Random, count: int) -> Iterator[Case]:
    """Random operations on the federation of a case, fewer where the made-up data do not answer one."""
    known = served(on.subgraphs, on.supergraph)
    assert known is not None, "federations that do not compose have no operations"
    supergraph = known.supergraph
    kinds = ["query"] * 6 + [kind for kind in ("mutation", "subscription") if getattr(supergraph, kind)]
    for _ in range(count):
        generator = Generator(supergraph.api, rng, depth_max=rng.randint(2, 5), width_max=rng.randint(2, 5))
        operation = generator.operation(rng.choice(kinds))
        variables = dict(generator.variables)
        case = replace(on, operation=operation, variables=variables, seed=rng.randint(0, SEED_MAX))
        if can_be_tried(case):
            yield case
