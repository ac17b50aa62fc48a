"""What either composition made of a set of subgraphs, reduced to what must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import parse, print_schema

from router.composition import Composed, SubgraphInput, compose
from router.errors import SupergraphError
from router.supergraph.features import linked_features
from router.supergraph.public import api_schema
from tests.conformance.composition.canonical import Fact, facts
from tests.conformance.reference.client import Composition, the_reference

NO_HINTS = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Outcome:
    """`errors` and `hints` are sets of codes; `api` (what clients see) and `facts` are empty where there is no supergraph.

    `words` are the messages: they may differ, and are shown where something else does. `broke` says how a composition
    failed without an answer.
    """

    composes: bool
    errors: frozenset[str] = frozenset()
    hints: frozenset[str] = NO_HINTS
    api: frozenset[Fact] = frozenset()
    facts: frozenset[Fact] = frozenset()
    words: tuple[str, ...] = ()
    sdl: str | None = None
    broke: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What both made of the same subgraphs."""

    subgraphs: tuple[SubgraphInput, ...]
    ours: Outcome
    theirs: Outcome


def compose_both(subgraphs: Sequence[SubgraphInput]) -> Pair:
    """Compose with both."""
    return Pair(tuple(subgraphs), our_outcome(subgraphs), their_outcome(the_reference().compose(subgraphs)))


def our_outcome(subgraphs: Sequence[SubgraphInput]) -> Outcome:
    """What we make of the subgraphs."""
    try:
        outcome = compose(subgraphs)
        api = _our_api(outcome.sdl) if isinstance(outcome, Composed) else frozenset()
    except Exception as error:  # whatever it is, it is a finding of the comparison
        return Outcome(composes=False, broke=f"{type(error).__name__}: {error}")
    found: tuple[Any, ...] = (*getattr(outcome, "errors", ()), *outcome.hints)
    words = tuple(f"{finding.code.name}: {finding.message}" for finding in found)
    if not isinstance(outcome, Composed):
        return Outcome(composes=False, errors=frozenset(error.code.name for error in outcome.errors), words=words)
    hints = frozenset(hint.code.name for hint in outcome.hints)
    return Outcome(composes=True, hints=hints, api=api, facts=facts(outcome.sdl), words=words, sdl=outcome.sdl)


def _our_api(sdl: str) -> frozenset[Fact]:
    """What clients see of a supergraph, whether or not our router serves all its features."""
    document = parse(sdl, no_location=True)
    try:
        return facts(print_schema(api_schema(document, linked_features(document))))
    except SupergraphError as error:
        return frozenset({Fact("schema", f"is not valid: {error}")})


def their_outcome(composition: Composition) -> Outcome:
    """What the reference answered."""
    words = tuple(f"{finding.code}: {finding.message}" for finding in (*composition.errors, *composition.hints))
    return Outcome(
        composes=composition.composes,
        errors=frozenset(error.code for error in composition.errors),
        hints=frozenset(hint.code for hint in composition.hints),
        api=facts(composition.api) if composition.api else frozenset(),
        facts=facts(composition.supergraph) if composition.supergraph else frozenset(),
        words=words,
        sdl=composition.supergraph,
        broke=composition.broke,
    )
