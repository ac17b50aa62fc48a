"""Says in words where two outcomes differ, once the deliberate differences are set aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from router.composition import SubgraphInput
from tests.conformance.composition.differences.listed import set_aside
from tests.conformance.composition.outcome import Outcome, Pair, compose_both


@dataclass(frozen=True, slots=True)
class Comparison:
    """`problems` are the differences in words, none where both agree; `deliberate` names the listed ones that were met."""

    pair: Pair
    problems: tuple[str, ...]
    deliberate: frozenset[str]

    def report(self) -> str:
        """The differences, and what either side said."""
        ours, theirs = self.pair.ours.words, self.pair.theirs.words
        said = [*(f"  ours:   {text}" for text in ours), *(f"  theirs: {text}" for text in theirs)]
        return "\n".join([*self.problems, *said])


def compare(subgraphs: Sequence[SubgraphInput]) -> Comparison:
    """Compose with both and compare."""
    pair = compose_both(subgraphs)
    adjusted, deliberate = set_aside(pair)
    return Comparison(pair, tuple(problems(adjusted.ours, adjusted.theirs)), deliberate)


def problems(ours: Outcome, theirs: Outcome) -> Iterator[str]:
    """Where the outcomes differ."""
    if ours.broke or theirs.broke:
        yield from (f"{side} broke: {text}" for side, text in (("ours", ours.broke), ("theirs", theirs.broke)) if text)
        return
    if ours.composes != theirs.composes:
        yield f"composes: ours {_yes(ours)}, theirs {_yes(theirs)}"
        return
    yield from _sets("errors", ours.errors, theirs.errors)
    if ours.composes:
        yield from _sets("hints", ours.hints, theirs.hints)
        yield from _sets("API schema", map(str, ours.api), map(str, theirs.api))
        yield from _sets("supergraph", map(str, ours.facts), map(str, theirs.facts))


def _yes(outcome: Outcome) -> str:
    return "yes" if outcome.composes else f"no ({', '.join(sorted(outcome.errors))})"


def _sets(what: str, ours: Iterable[str], theirs: Iterable[str]) -> Iterator[str]:
    mine, other = set(ours), set(theirs)
    yield from (f"{what}: only ours: {item}" for item in sorted(mine - other))
    yield from (f"{what}: only theirs: {item}" for item in sorted(other - mine))
