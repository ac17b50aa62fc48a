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
    return replace(pair, ours=_with_facts(pair.ours, _single_spaced), theirs=_with_facts(pair.theirs, _single_spaced))


def _with_facts(outcome: Outcome, change: Callable[[str], str]) -> Outcome:
    return replace(outcome, facts=frozenset(Fact(fact.coordinate, change(fact.says)) for fact in outcome.facts))


def _default_of_resolvable(pair: Pair) -> Pair:
    """The reference keeps `resolvable: true` where a key says it, though that is what a key is without it."""
    return replace(pair, theirs=_with_facts(pair.theirs, lambda says: says.replace(", resolvable: true", "")))


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


def _digits_as_id(pair: Pair) -> Pair:
    """The reference prints the default of an ID as an Int where it is all digits."""
    ours, theirs = pair.ours, pair.theirs
    return replace(pair, ours=_with_plain_ids(ours, theirs), theirs=_with_plain_ids(theirs, ours))


def _with_plain_ids(outcome: Outcome, other: Outcome) -> Outcome:
    return replace(
        outcome,
        api=frozenset(_plain_ids(fact) if fact not in other.api else fact for fact in outcome.api),
        facts=frozenset(_plain_ids(fact) if fact not in other.facts else fact for fact in outcome.facts),
    )


def _plain_ids(fact: Fact) -> Fact:
    return Fact(fact.coordinate, _DIGITS.sub(r"\1", fact.says)) if fact.says.startswith("= ") else fact


def _stumbles(pair: Pair) -> Pair:
    """The reference throws where we say what is wrong."""
    broke = pair.theirs.broke or ""
    for pattern, code in _STUMBLES.items():
        if re.search(pattern, broke, re.DOTALL) and any(re.fullmatch(code, error) for error in pair.ours.errors):
            return replace(pair, theirs=pair.ours)
    return pair


_JOIN_LINK = re.compile(r"@link\(.*specs\.apollo\.dev/join/v")
_FIELD_SET = re.compile(r'\b(key|requires|provides|selection): "((?:[^"\\]|\\.)*)"')
_BROKEN_DEFAULT = re.compile(r"default", re.IGNORECASE)
_DIGITS = re.compile(r'"(-?\d+)"')
# What the reference throws, and the code that ours gives there.
_STUMBLES = {
    "Should not have been called for undefined.*ComposeDirectiveManager": "DIRECTIVE_COMPOSITION_ERROR",
    r"Unexpected element: \w+__(key|requires|provides)": "(KEY|REQUIRES|PROVIDES)_.*",
    "Cannot implement non-interface type": "TYPE_KIND_MISMATCH",
    r"Type \w+ already exists in this schema": "INVALID_GRAPHQL",
    "@cost cannot be applied to interface": "COST_APPLIED_TO_INTERFACE_FIELD",
}

DIFFERENCES = (
    Difference("join version", "the-join-version", _join_version),
    Difference("field set spacing", "the-spacing-of-field-sets", _field_set_spacing),
    Difference("resolvable by default", "keys-that-say-they-are-resolvable", _default_of_resolvable),
    Difference("oneOf", "oneof", _one_of),
    Difference("broken default", "defaults-that-do-not-fit", _broken_default),
    Difference("digits as ID", "defaults-of-type-id", _digits_as_id),
    Difference("stumbles", "where-the-reference-throws", _stumbles),
)
