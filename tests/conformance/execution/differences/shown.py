"""Differences that the reference's plan shows, whatever the wording."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.conformance.execution.differences.difference import Shown
from tests.conformance.execution.differences.documents import supergraph_of
from tests.conformance.execution.trial import Pair

ALIASED = re.compile(r"(?P<name>\w+)__alias_\d+:(?P=name)\b")
SENT = re.compile(r"Fetch \S+ at \S+ (?P<representation>\{.*\}) => ")
ENTERED = re.compile(
    r"Fetch (?P<subgraph>\S+) at \S+ \{ \.\.\. on (?P<known>\w+) .* => .*\.\.\.on (?P<entered>\w+)\{(?P<first>\w+)"
)


def _names_by_interface_objects(pair: Pair) -> bool:
    """It asks a subgraph for the type of objects of which that subgraph knows the interface alone."""
    return any(found["first"] == "__typename" for found in _into_interface_objects(pair))


def _goes_on_unnamed(pair: Pair) -> bool:
    """It enters such a subgraph with objects of which it knows nothing but the interface."""
    return any(found["known"] == found["entered"] for found in _into_interface_objects(pair))


def _sends_inputs_of_others(pair: Pair) -> bool:
    """It fetches a field under another name for one of two types, and sends what it has under the field's own name for both."""
    sent = [found["representation"] for found in SENT.finditer(pair.theirs.plan)]
    names = {found["name"] for found in ALIASED.finditer(pair.theirs.plan)}
    return any(re.search(rf"\b{name}\b", representation) for name in names for representation in sent)


def _into_interface_objects(pair: Pair) -> Iterator[re.Match[str]]:
    types = supergraph_of(pair.case).types
    for found in ENTERED.finditer(pair.theirs.plan):
        if found["subgraph"] in types[found["entered"]].interface_object_in:
            yield found


SHOWN = (
    Shown("Type names within implementations", _names_by_interface_objects, is_wrong=True),
    Shown("Inputs of one name and two types", _sends_inputs_of_others, is_wrong=True),
    Shown("From one interface object to another", _goes_on_unnamed),
)
