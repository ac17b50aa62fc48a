"""INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE: a composed directive is repeatable in some subgraphs of a version only.

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
        a=composing("directive @foo(x: Int) repeatable on OBJECT", name="a", version="v1.1"),
        b=composing("directive @foo(x: Int) on OBJECT", name="b"),
    ),
    composed(
        "one version, alike in this",
        a=composing("directive @foo(x: Int) repeatable on OBJECT", name="a"),
        b=composing("directive @foo(x: Int, y: Int) repeatable on OBJECT", name="b"),
    ),
    composed(
        "a directive that nobody composes",
        a="directive @foo(x: Int) repeatable on OBJECT\ntype Query { a: Int }",
        b="directive @foo(x: Int) on OBJECT\ntype Query { b: Int }",
    ),
)


@each(CASES)
def test_inconsistent_type_system_directive_repeatable(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE", case)


def test_one_version_with_two_definitions() -> None:
    """The hint says who defines the directive how, and which definition the supergraph has."""
    outcome = compose(
        [
            subgraph("a", composing("directive @foo(x: Int) repeatable on OBJECT", name="a")),
            subgraph("b", composing("directive @foo(x: Int) on OBJECT", name="b")),
        ]
    )

    assert isinstance(outcome, Composed), format_text(outcome)
    (hint,) = outcome.hints
    assert hint.code.name == "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE"
    assert hint.coordinates == ("@foo",)
    assert "it is not repeatable in the supergraph" in hint.message
    assert 'subgraph "b"' in hint.message
