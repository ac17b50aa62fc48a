"""Differences in the text of a supergraph that both compose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from router.composition.model.fieldset import FieldSetError, normalized
from tests.conformance.composition.canonical import Fact
from tests.conformance.composition.differences.difference import Difference
from tests.conformance.composition.outcome import Outcome, Pair


def _join_version(pair: Pair) -> Pair:
    """The reference writes the join version that the subgraphs' highest federation version asks for."""
    written = {fact for fact in pair.theirs.facts if _JOIN_LINK.search(fact.says)}
    ours = {fact for fact in pair.ours.facts if _JOIN_LINK.search(fact.says)}
    if not written or not ours:
        return pair
    return replace(pair, theirs=replace(pair.theirs, facts=pair.theirs.facts - written | ours))


def _field_set_spacing(pair: Pair) -> Pair:
    """The reference keeps the spacing of a field set as its author wrote it."""
    return replace(pair, ours=_with_facts(pair.ours, _single_spaced), theirs=_with_facts(pair.theirs, _single_spaced))


def _with_facts(outcome: Outcome, change: Callable[[str], str]) -> Outcome:
    return replace(outcome, facts=frozenset(Fact(fact.coordinate, change(fact.says)) for fact in outcome.facts))


def _single_spaced(says: str) -> str:
    return _FIELD_SET.sub(lambda match: f'{match[1]}: "{_normalized(match[2])}"', says) if "@join__" in says else says


def _normalized(field_set: str) -> str:
    try:
        return normalized(field_set.replace('\\"', '"').replace("\\n", "\n")).replace('"', '\\"')
    except FieldSetError:
        return field_set


def _default_of_resolvable(pair: Pair) -> Pair:
    """The reference keeps `resolvable: true` where a key says it, though that is what a key is without it."""
    return replace(pair, theirs=_with_facts(pair.theirs, lambda says: says.replace(", resolvable: true", "")))


def _one_of(pair: Pair) -> Pair:
    """The reference forgets @oneOf."""
    one_ofs = {fact for fact in pair.ours.facts if "@oneOf" in (fact.says, fact.coordinate)}
    if not one_ofs or not pair.theirs.composes:
        return pair
    hints = pair.ours.hints - {"INCONSISTENT_ONE_OF"}
    return replace(
        pair, ours=replace(pair.ours, facts=pair.ours.facts - one_ofs, api=pair.ours.api - one_ofs, hints=hints)
    )


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


def _types_of_specifications(pair: Pair) -> Pair:
    """The reference takes the types that a linked specification brings for some of the subgraph's own."""
    return replace(pair, ours=_without_scalars(pair.ours), theirs=_without_scalars(pair.theirs))


def _without_scalars(outcome: Outcome) -> Outcome:
    return replace(
        outcome,
        facts=frozenset(fact for fact in outcome.facts if not _SPECIFIED_SCALAR.fullmatch(fact.coordinate)),
        api=frozenset(fact for fact in outcome.api if not _SPECIFIED_SCALAR.fullmatch(fact.coordinate)),
    )


def _definitions_of_one_version(pair: Pair) -> Pair:
    """The reference has hints for definitions that differ, and never gives them."""
    hints = {hint for hint in pair.ours.hints if not hint.startswith("INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_")}
    return replace(pair, ours=replace(pair.ours, hints=frozenset(hints)))


_JOIN_LINK = re.compile(r"@link\(.*specs\.apollo\.dev/join/v")
_FIELD_SET = re.compile(r'\b(key|requires|provides|selection): "((?:[^"\\]|\\.)*)"')
_DIGITS = re.compile(r'"(-?\d+)"')
_SPECIFIED_SCALAR = re.compile(r"_FieldSet|\w+__(Scope|Policy|ContextFieldValue)")

OF_TEXT = (
    Difference("Types of specifications", _types_of_specifications),
    Difference("Definitions of one version", _definitions_of_one_version),
    Difference("The join version", _join_version),
    Difference("The spacing of field sets", _field_set_spacing),
    Difference("Keys that say they are resolvable", _default_of_resolvable),
    Difference("@oneOf", _one_of),
    Difference("Defaults of type ID", _digits_as_id),
)
