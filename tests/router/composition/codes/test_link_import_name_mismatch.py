"""LINK_IMPORT_NAME_MISMATCH: a directive that is carried to the supergraph has one name in all subgraphs that apply it."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "imported and not",
        "LINK_IMPORT_NAME_MISMATCH",
        at=["@tag", "@federation__tag"],
        says=['it is "@tag" in subgraph "a" but "@federation__tag" in subgraph "b"'],
        places=["a:1", "b:2"],
        a='type Query { a: Int @tag(name: "x") }',
        b="""extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3")
type Query { b: Int @federation__tag(name: "x") }""",
    ),
    rejected(
        "renamed in one of three",
        "LINK_IMPORT_NAME_MISMATCH",
        says=['it is "@cost" in subgraphs "a" and "c" but "@price" in subgraph "b"'],
        a="type Query { a: Int @cost(weight: 1) }",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{name: "@cost", as: "@price"}])
type Query { b: Int @price(weight: 1) }""",
        c="type Query { c: Int @cost(weight: 1) }",
    ),
    rejected(
        "a directive that is carried unread",
        "LINK_IMPORT_NAME_MISMATCH",
        a='type Query { a: Int @cacheTag(format: "x") }',
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
type Query { b: Int @federation__cacheTag(format: "x") }""",
    ),
    composed(
        "names that nothing is applied by",
        a='type Query { a: Int @tag(name: "x") }',
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@tag", as: "@label"}])
type Query { b: Int }""",
    ),
    composed(
        "another name in all",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@tag", as: "@label"}])
type Query { a: Int @label(name: "x") }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@tag", as: "@label"}])
type Query { b: Int @label(name: "x") }""",
    ),
    composed(
        "directives that are not carried",
        a='type Query { t: T }\ntype T @key(fields: "id") { id: ID! }',
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", as: "f")
type T @f__key(fields: "id") { id: ID! b: Int }""",
    ),
)


@each(CASES)
def test_link_import_name_mismatch(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("LINK_IMPORT_NAME_MISMATCH", case)


def test_two_links_for_one_directive() -> None:
    """A directive that comes from two specifications has one name too; the reference answers such sets in several ways."""
    sdl = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")
  @link(url: "https://specs.apollo.dev/tag/v0.3", as: "label")
type Query { a: Int @label(name: "x") b: Int @federation__tag(name: "x") }"""

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["LINK_IMPORT_NAME_MISMATCH"]
