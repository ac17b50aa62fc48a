"""NO_CONTEXT_IN_SELECTION: a @fromContext names a context and what to take from it."""

from __future__ import annotations

import pytest

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

USER = """type Query {{ t: T }}
type T @context(name: "ctx") {{ u: U p: String }}
type U @key(fields: "id") {{ id: ID!
  f(a: String {from_context}): Int }}"""

CASES = (
    rejected(
        "a selection alone",
        "NO_CONTEXT_IN_SELECTION",
        at=["U.f(a:)"],
        says=['"$context { … }"'],
        places=["a:5"],
        a=USER.format(from_context='@fromContext(field: "{ p }")'),
    ),
    rejected("a context alone", "NO_CONTEXT_IN_SELECTION", a=USER.format(from_context='@fromContext(field: "$ctx")')),
    rejected("no dollar", "NO_CONTEXT_IN_SELECTION", a=USER.format(from_context='@fromContext(field: "ctx { p }")')),
    rejected("nothing", "NO_CONTEXT_IN_SELECTION", a=USER.format(from_context='@fromContext(field: "")')),
    rejected(
        "a name that is none", "NO_CONTEXT_IN_SELECTION", a=USER.format(from_context='@fromContext(field: "$1 { p }")')
    ),
    rejected(
        "of a type without key nothing else is said",
        "NO_CONTEXT_IN_SELECTION",
        a="""type Query @context(name: "ctx") { u: U p: String }
type U { f(a: String @fromContext(field: "p")): Int }""",
    ),
    composed("spaces and commas", a=USER.format(from_context='@fromContext(field: " , $ ctx  { p }")')),
    composed("without braces", a=USER.format(from_context='@fromContext(field: "$ctx p")')),
    composed("in a block", a=USER.format(from_context='@fromContext(field: """\n  $ctx { p }\n""")')),
)


@each(CASES)
def test_no_context_in_selection(case: Case) -> None:
    """The context stands before the selection, and both are there."""
    check("NO_CONTEXT_IN_SELECTION", case)


@pytest.mark.parametrize("from_context", ["@fromContext", "@fromContext(field: null)", "@fromContext(field: 3)"])
def test_what_is_no_string_names_no_context(from_context: str) -> None:
    """Where the reference breaks down, the argument is reported as any other without a context."""
    outcome = compose([subgraph("a", USER.format(from_context=from_context))])
    assert isinstance(outcome, Rejected)
    assert {error.code.name for error in outcome.errors} == {"NO_CONTEXT_IN_SELECTION"}
