"""UNKNOWN_FEDERATION_LINK_VERSION: the federation version that a schema links exists."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected

CASES = (
    rejected(
        "too new",
        "UNKNOWN_FEDERATION_LINK_VERSION",
        says=["There is no federation v2.15: link one from v2.0 to v2.14"],
        places=["a:1"],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.15")
type Query { a: Int }""",
    ),
    rejected(
        "federation 1 has no link",
        "UNKNOWN_FEDERATION_LINK_VERSION",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v1.0", import: ["@key"])
type Query { a: Int }""",
    ),
    rejected(
        "another major version, in two subgraphs of three",
        "UNKNOWN_FEDERATION_LINK_VERSION",
        places=["b:2", "c:1"],
        a="type Query { a: Int }",
        b="""extend schema
  @link(url: "https://specs.apollo.dev/federation/v3.0", as: "fed")
type Query { b: Int }""",
        c="""extend schema @link(url: "https://specs.apollo.dev/federation/v0.1")
type Query { c: Int }""",
    ),
    composed(
        "the oldest beside the newest",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
type Query { a: T }
type T @key(fields: "id") { id: ID! a: Int }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.14", as: "f")
type T @f__key(fields: "id") { id: ID! b: Int }""",
    ),
)


@each(CASES)
def test_unknown_federation_link_version(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("UNKNOWN_FEDERATION_LINK_VERSION", case)
