"""QUERY_ROOT_TYPE_INACCESSIBLE: there is no API without queries."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "the query root",
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        at=["Query"],
        places=["a:2"],
        a="type Query @inaccessible { f: Int }",
    ),
    rejected(
        "in one subgraph of two",
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        places=["a:2", "b:2"],
        a="type Query { f: Int }",
        b="type Query @inaccessible { g: Int }",
    ),
    rejected(
        "under another name, and referred to",
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        "REFERENCED_INACCESSIBLE",
        at=["Query"],
        a="""schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@inaccessible"]) { query: Root mutation: Change }
type Root @inaccessible { f: Int }
type Change { query: Root }""",
    ),
    composed("its fields, but for one", a="type Query { f: Int @inaccessible g: Int }"),
    composed("another root", a="type Query { f: Int }\ntype Mutation @inaccessible { g: Int }"),
)


@each(CASES)
def test_query_root_type_inaccessible(case: Case) -> None:
    """The query root is visible, whatever it is called."""
    check("QUERY_ROOT_TYPE_INACCESSIBLE", case)
