"""All deliberate differences, in the order in which they are set aside."""

from __future__ import annotations

from tests.conformance.composition.differences.answers import OF_ANSWERS
from tests.conformance.composition.differences.text import OF_TEXT
from tests.conformance.composition.outcome import Outcome, Pair

DIFFERENCES = (*OF_ANSWERS, *OF_TEXT)


def set_aside(pair: Pair) -> tuple[Pair, frozenset[str]]:
    """The pair without the deliberate differences, and the headings of those it had."""
    met: set[str] = set()
    for difference in DIFFERENCES:
        if _agree(pair.ours, pair.theirs):
            break
        adjusted = difference.adjust(pair)
        if adjusted != pair:
            met.add(difference.heading)
            pair = adjusted
    return pair, frozenset(met)


def _agree(ours: Outcome, theirs: Outcome) -> bool:
    """Whether nothing differs; hints count only where there is a supergraph."""
    if ours.broke or theirs.broke:
        return False
    return (ours.composes, ours.errors, ours.facts, ours.api) == (
        theirs.composes,
        theirs.errors,
        theirs.facts,
        theirs.api,
    ) and (not ours.composes or ours.hints == theirs.hints)
