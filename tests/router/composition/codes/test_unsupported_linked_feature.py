"""UNSUPPORTED_LINKED_FEATURE: what a schema links `for:` SECURITY or EXECUTION is known, or composed by the schema itself.

The reference looks at supergraphs only, and passes over such links of a subgraph: the cases for both are the near misses.
"""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, subgraph

FEDERATION = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@composeDirective"])\n'


CASES = (
    composed("no purpose", a=FEDERATION + '@link(url: "https://x.test/guard/v1.0")\ntype Query { a: Int }'),
    composed(
        "known",
        a=FEDERATION
        + '@link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)\ntype Query { a: Int }',
        b=FEDERATION + '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)\ntype Query { b: Int }',
    ),
    composed(
        "carried to whoever understands it",
        a=FEDERATION
        + """@link(url: "https://x.test/guard/v1.0", for: SECURITY) @composeDirective(name: "@guard")
directive @guard on OBJECT
type Query @guard { a: Int }""",
    ),
)


@each(CASES)
def test_unsupported_linked_feature(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("UNSUPPORTED_LINKED_FEATURE", case)


@pytest.mark.parametrize("purpose", ["SECURITY", "EXECUTION"])
def test_an_unknown_feature_that_must_be_understood(purpose: str) -> None:
    """To compose without it might serve what it protects."""
    sdl = f'{FEDERATION}@link(url: "https://x.test/guard/v1.0", for: {purpose})\ntype Query {{ a: Int }}'

    outcome = compose([subgraph("a", "type Query { x: Int }"), subgraph("b", sdl)])

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert error.code.name == "UNSUPPORTED_LINKED_FEATURE"
    assert f'"https://x.test/guard/v1.0" is linked for {purpose}' in error.message
    assert [str(place) for place in error.places] == ["b.graphql:2:1"]


def test_an_unknown_version_of_a_known_feature() -> None:
    """Nobody knows what it adds."""
    sdl = f'{FEDERATION}@link(url: "https://specs.apollo.dev/policy/v0.9", for: SECURITY)\ntype Query {{ a: Int }}'

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["UNSUPPORTED_LINKED_FEATURE"]


def test_the_first_core_specification_has_no_purposes() -> None:
    """What it means there is anybody's guess."""
    sdl = """schema @core(feature: "https://specs.apollo.dev/core/v0.1")
  @core(feature: "https://specs.apollo.dev/federation/v2.3")
  @core(feature: "https://specs.apollo.dev/policy/v0.1", for: SECURITY) { query: Query }
directive @core(feature: String!, as: String, for: String) repeatable on SCHEMA
# instead of @link(
type Query { a: Int }"""

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
