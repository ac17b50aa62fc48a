"""INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS: a composed directive has different locations in subgraphs of a version.

The reference has the code and never gives it: the cases for both are the near misses.
"""

from __future__ import annotations

from router.composition import Composed, compose, format_text
from tests.router.composition.case import Case, check, composed, each, subgraph


def composing(definition: str, *, name: str, version: str = "v1.0") -> str:
    """A subgraph that composes `@foo`, which it defines like this."""
    return f"""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@composeDirective"])
  @link(url: "https://x.test/foo/{version}", import: ["@foo"]) @composeDirective(name: "@foo")
{definition}
type Query {{ {name}: Int }}"""


CASES = (
    composed(
        "two versions with a definition each: the newest is used",
        a=composing("directive @foo on OBJECT", name="a", version="v1.1"),
        b=composing("directive @foo on OBJECT | ENUM", name="b"),
    ),
    composed(
        "one version, alike in this",
        a=composing("directive @foo on OBJECT", name="a"),
        b=composing("directive @foo(x: Int) on OBJECT", name="b"),
    ),
    composed(
        "a directive that nobody composes",
        a="directive @foo on OBJECT\ntype Query { a: Int }",
        b="directive @foo on OBJECT | ENUM\ntype Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_type_system_directive_locations(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS", case)


def test_one_version_with_two_definitions() -> None:
    """The hint says who defines the directive how, and which definition the supergraph has."""
    outcome = compose(
        [
            subgraph("a", composing("directive @foo on OBJECT", name="a")),
            subgraph("b", composing("directive @foo on OBJECT | ENUM", name="b")),
        ]
    )

    assert isinstance(outcome, Composed), format_text(outcome)
    (hint,) = outcome.hints
    assert hint.code.name == "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS"
    assert hint.coordinates == ("@foo",)
    assert 'ENUM | OBJECT in subgraph "b"' in hint.message
    assert 'subgraph "b"' in hint.message
