"""UNKNOWN_LINK_VERSION: the link specification that a schema bootstraps is link v1.0, or its predecessor core v0.1 or v0.2."""

from __future__ import annotations

from router.composition import Composed, Rejected, compose, format_text
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "a later minor version",
        "UNKNOWN_LINK_VERSION",
        says=["There is no v1.1 of the link specification", "https://specs.apollo.dev/link/v1.0"],
        places=["a:1"],
        a="""extend schema @link(url: "https://specs.apollo.dev/link/v1.1")
type Query { a: Int }""",
    ),
    rejected(
        "with a definition of its own",
        "UNKNOWN_LINK_VERSION",
        places=["a:2"],
        a="""directive @link(url: String!, as: String) repeatable on SCHEMA
extend schema @link(url: "https://specs.apollo.dev/link/v2.0")
type Query { a: Int }""",
    ),
    rejected(
        "core",
        "UNKNOWN_LINK_VERSION",
        says=["There is no v0.3 of the core specification"],
        a="""schema @core(feature: "https://specs.apollo.dev/core/v0.3") { query: Query }
directive @core(feature: String!, as: String) repeatable on SCHEMA
# instead of @link(
type Query { a: Int }""",
    ),
    composed(
        "link v1.0 under another name, federation under another prefix",
        a="""directive @l(url: String!, as: String, import: [l__Import]) repeatable on SCHEMA
scalar l__Import
extend schema @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/federation/v2.5", as: "fed", import: ["@shareable"])
type Query { a: Int @shareable b: Int @fed__inaccessible }""",
    ),
)


@each(CASES)
def test_unknown_link_version(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("UNKNOWN_LINK_VERSION", case)


def test_beside_a_link_to_federation() -> None:
    """The reference says that link is linked twice, which it is not: the version is what is wrong."""
    sdl = """extend schema @link(url: "https://specs.apollo.dev/link/v1.1")
  @link(url: "https://specs.apollo.dev/federation/v2.3")
type Query { a: Int }"""

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["UNKNOWN_LINK_VERSION"]


def test_core_goes_for_link() -> None:
    """A schema of link's predecessor composes like any other, and nothing of its machinery reaches clients."""
    sdl = """schema @core(feature: "https://specs.apollo.dev/core/v0.2")
  @core(feature: "https://specs.apollo.dev/federation/v2.3", as: "fed") { query: Query }
directive @core(feature: String!, as: String, for: core__Purpose) repeatable on SCHEMA
enum core__Purpose { SECURITY EXECUTION }
# instead of @link(
type Query { a: Int t: T }
type T @fed__key(fields: "id") { id: ID! @fed__inaccessible b: Int }"""

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Composed), format_text(outcome)
    assert "id: ID! @fed__inaccessible" in outcome.sdl
    assert "_FieldSet\n" not in outcome.sdl.replace("join__FieldSet", "")
    assert "core" not in outcome.sdl
