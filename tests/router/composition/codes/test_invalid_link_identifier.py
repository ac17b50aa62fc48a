"""INVALID_LINK_IDENTIFIER: the URL of a @link is https://host/path/name/vX.Y."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

FEDERATION = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")\n'

CASES = (
    rejected(
        "no version",
        "INVALID_LINK_IDENTIFIER",
        says=["does not end in a version such as v1.0", "https://host/path/name/v1.0"],
        places=["a:2"],
        a=FEDERATION
        + """@link(url: "https://specs.x.test/foo/")
type Query { a: Int }""",
    ),
    rejected(
        "no minor version",
        "INVALID_LINK_IDENTIFIER",
        a=FEDERATION
        + """@link(url: "https://specs.x.test/foo/v1")
type Query { a: Int }""",
    ),
    rejected(
        "no name",
        "INVALID_LINK_IDENTIFIER",
        says=["has no name before its version"],
        a=FEDERATION
        + """@link(url: "https://specs.x.test/v1.0")
type Query { a: Int }""",
    ),
    rejected(
        "no path, in one subgraph of two",
        "INVALID_LINK_IDENTIFIER",
        says=["[b] @link"],
        places=["b:2"],
        a="type Query { a: Int }",
        b=FEDERATION
        + """@link(url: "https://specs.x.test")
type Query { b: Int }""",
    ),
    rejected(
        "federation without a number",
        "INVALID_LINK_IDENTIFIER",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.x")
type Query { a: Int }""",
    ),
    composed(
        "a name that is none of GraphQL: nothing goes by it",
        a=FEDERATION
        + """@link(url: "https://specs.x.test/a/b/foo-bar/v01.0?q#h", import: ["@foo"])
type Query { a: Int }""",
    ),
)


@each(CASES)
def test_invalid_link_identifier(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INVALID_LINK_IDENTIFIER", case)


def test_what_is_no_url_at_all() -> None:
    """Where the reference throws, the message says what a link looks like."""
    sdl = FEDERATION + '@link(url: "foo")\ntype Query { a: Int }'

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["INVALID_LINK_IDENTIFIER"]
    assert '"foo" is not an absolute URL' in outcome.errors[0].message
