"""Our composition and Apollo's agree on the corpus."""

from __future__ import annotations

import pytest
from graphql import build_schema, lexicographic_sort_schema, validate_schema

from router.composition import Composed, Rejected, compose, format_text
from router.supergraph import load_supergraph
from tests.router.composition.corpus import COMPOSING, REJECTED, Case, canonical
from tests.router.printed import printed

# Not the same text for a reason that corpus.py explains; all others are equal byte for byte.
OTHER_TEXT = {
    "direct_feature_link",
    "five_services",
    "old_federation",
    "one_of",
    "requires_nested",
    "several_keys",
    "several_keys_shareable",
}

composing = pytest.mark.parametrize("case", COMPOSING, ids=lambda case: case.name)
rejected = pytest.mark.parametrize("case", REJECTED, ids=lambda case: case.name)


def composed(case: Case) -> Composed:
    outcome = compose(case.subgraphs)
    assert isinstance(outcome, Composed), format_text(outcome)
    return outcome


def test_the_corpus_is_there() -> None:
    """An empty folder would pass everything."""
    assert len(COMPOSING) >= 40
    assert len(REJECTED) >= 40


@composing
def test_same_supergraph(case: Case) -> None:
    """The same types, fields, join directives and composed directives."""
    assert case.supergraph is not None

    sdl = composed(case).sdl

    assert canonical(sdl) == canonical(case.supergraph)
    assert (sdl == case.supergraph) == (case.name not in OTHER_TEXT)


@composing
def test_valid_and_same_api(case: Case) -> None:
    """graphql-core builds a valid schema of the text, and clients see the same API."""
    assert case.supergraph is not None

    sdl = composed(case).sdl

    assert validate_schema(build_schema(sdl)) == []
    assert api(sdl) == api(case.supergraph)


def api(sdl: str) -> str:
    """What clients see, without @oneOf."""
    return printed(lexicographic_sort_schema(load_supergraph(sdl).api)).replace(" @oneOf", "")


@rejected
def test_same_codes(case: Case) -> None:
    """The same error codes, each with the subgraphs it is about."""
    outcome = compose(case.subgraphs)

    assert isinstance(outcome, Rejected)
    assert sorted({error.code.name for error in outcome.errors}) == sorted(case.codes), format_text(outcome)
    names = {subgraph.name for subgraph in case.subgraphs}
    for error in outcome.errors:
        assert set(error.subgraphs) <= names
        assert all(place.line > 0 and place.column > 0 for place in error.places)
