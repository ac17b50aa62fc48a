"""The deliberate differences from the reference: each a narrow change to the two outcomes that makes them equal in just that.

`docs/composition-differences.md` has a paragraph with the reason for each, under a heading with its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from router.composition.model.fieldset import FieldSetError, normalized
from tests.conformance.composition.canonical import Fact
from tests.conformance.composition.outcome import Outcome, Pair


@dataclass(frozen=True, slots=True)
class Difference:
    """`anchor` is the heading's in the document. `adjust` returns the pair itself where the difference is not met."""

    name: str
    anchor: str
    adjust: Callable[[Pair], Pair]


def set_aside(pair: Pair) -> tuple[Pair, frozenset[str]]:
    """The pair without the deliberate differences, and the names of those it had."""
    met: set[str] = set()
    if pair.ours.composes and pair.ours.facts == pair.theirs.facts and pair.ours.api == pair.theirs.api:
        return pair, frozenset()
    for difference in DIFFERENCES:
        adjusted = difference.adjust(pair)
        if adjusted != pair:
            met.add(difference.name)
            pair = adjusted
    return pair, frozenset(met)


def _join_version(pair: Pair) -> Pair:
    """The reference writes the join version that the subgraphs' highest federation version asks for."""
    written = {fact for fact in pair.theirs.facts if _JOIN_LINK.search(fact.says)}
    if not written or written <= pair.ours.facts:
        return pair
    ours = {fact for fact in pair.ours.facts if _JOIN_LINK.search(fact.says)}
    return replace(pair, theirs=replace(pair.theirs, facts=pair.theirs.facts - written | ours))


def _field_set_spacing(pair: Pair) -> Pair:
    """The reference keeps the spacing of a field set as its author wrote it."""
    if not pair.theirs.composes:
        return pair
    facts = frozenset(Fact(fact.coordinate, _single_spaced(fact.says)) for fact in pair.theirs.facts)
    return replace(pair, theirs=replace(pair.theirs, facts=facts))


def _single_spaced(says: str) -> str:
    return _FIELD_SET.sub(lambda match: f'{match[1]}: "{_normalized(match[2])}"', says) if "@join__" in says else says


def _normalized(field_set: str) -> str:
    try:
        return normalized(field_set.replace('\\"', '"').replace("\\n", "\n")).replace('"', '\\"')
    except FieldSetError:
        return field_set


def _one_of(pair: Pair) -> Pair:
    """The reference forgets @oneOf."""
    ours = pair.ours
    one_ofs = {fact for fact in ours.facts if fact.says == "@oneOf" or fact.coordinate == "@oneOf"}
    if not one_ofs or not pair.theirs.composes:
        return pair
    return replace(pair, ours=_without_one_of(ours, one_ofs))


def _without_one_of(ours: Outcome, one_ofs: set[Fact]) -> Outcome:
    return replace(
        ours,
        facts=ours.facts - one_ofs,
        api=ours.api - one_ofs,
        hints=ours.hints - {"INCONSISTENT_ONE_OF"},
    )


def _broken_default(pair: Pair) -> Pair:
    """The reference composes a default value that does not fit its type as merged, or that @oneOf forbids."""
    ours, theirs = pair.ours, pair.theirs
    if not theirs.composes or ours.errors != {"INVALID_GRAPHQL"} or not all(map(_BROKEN_DEFAULT.search, ours.words)):
        return pair
    return replace(pair, ours=replace(theirs, words=ours.words))


_JOIN_LINK = re.compile(r"@link\(.*specs\.apollo\.dev/join/v")
_FIELD_SET = re.compile(r'\b(key|requires|provides|selection): "((?:[^"\\]|\\.)*)"')
_BROKEN_DEFAULT = re.compile(r"default", re.IGNORECASE)

DIFFERENCES = (
    Difference("join version", "the-join-version", _join_version),
    Difference("field set spacing", "the-spacing-of-field-sets", _field_set_spacing),
    Difference("oneOf", "oneof", _one_of),
    Difference("broken default", "defaults-that-do-not-fit", _broken_default),
)
