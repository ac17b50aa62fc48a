"""The supergraphs of the corpus load in the reference's gateway, which plans an operation through every subgraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from router.composition import Composed, compose
from router.supergraph import load_supergraph
from tests.conformance.composition.corpus import SubgraphSet, read_subgraphs, whole_corpus
from tests.conformance.composition.tour import Tour, tours
from tests.conformance.reference.client import the_reference
from tests.conformance.reference.loadable import loadable

CONTEXT_ARGUMENTS = re.compile(r', contextArguments: \[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]')
GROUPS: dict[str, list[SubgraphSet]] = {}
for _set in whole_corpus():
    GROUPS.setdefault(_set.name.partition(":")[0], []).append(_set)


REFUSED = """
# --- a
extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@authenticated"])
type Query { a: Int @authenticated }
"""


# What the reference does not compose, it does not plan either: docs/composition-differences.md tells why ours does both.
NOT_PLANNED = re.compile(r'Cannot add selection of field "(\w+)\.\w+" to selection set of parent type "(?!\1")\w+"')


def supergraphs(group: str) -> Iterator[tuple[str, str]]:
    """The name and our supergraph of each set of the group that composes."""
    for subgraph_set in GROUPS[group]:
        outcome = compose(subgraph_set.subgraphs)
        if isinstance(outcome, Composed):
            yield subgraph_set.name, outcome.sdl


def tours_of(sdl: str) -> list[Tour]:
    """Arguments from a context are no part of the API, and our router, which reads the supergraph here, does not serve them."""
    return list(tours(load_supergraph(CONTEXT_ARGUMENTS.sub("", sdl))))


@pytest.mark.parametrize("group", GROUPS)
def test_the_gateway_plans_a_tour(group: str) -> None:
    """It loads what we compose, and plans every operation to all the subgraphs that alone resolve a field of it."""
    for name, sdl in supergraphs(group):
        made = tours_of(sdl)
        assert made, f"{name}: the API has nothing to ask for"
        for tour in made:
            planned = the_reference().plan(loadable(sdl), tour.operation)
            if NOT_PLANNED.match(planned.error or "") and not _is_composed_by_the_reference(group, name):
                continue
            assert planned.error is None, f"{name}: {planned.error}\n{tour.operation}"
            assert tour.must_visit <= set(planned.subgraphs), f"{name}: {tour.operation}"


def _is_composed_by_the_reference(group: str, name: str) -> bool:
    [of_this_name] = [each for each in GROUPS[group] if each.name == name]
    return the_reference().compose(of_this_name.subgraphs).supergraph is not None


def test_most_tours_cross_subgraphs() -> None:
    """They ask of two subgraphs or more, as a rule: a walk that finds nothing would pass everything."""
    composing = [sdl for group in GROUPS for _, sdl in supergraphs(group)]
    crossing = [sdl for sdl in composing if any(len(tour.must_visit) >= 2 for tour in tours_of(sdl))]

    assert len(crossing) >= len(composing) / 3


def test_what_the_gateway_refuses_of_the_reference() -> None:
    """Marked features that it does not know, whoever composed them; the mark apart, it plans."""
    theirs = the_reference().compose(read_subgraphs(REFUSED)).supergraph
    assert theirs is not None

    assert "authenticated/v0.1 is for: SECURITY but is unsupported" in str(the_reference().plan(theirs, "{ a }").error)
    assert the_reference().plan(loadable(theirs), "{ a }").error is None
