"""INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE: a composed directive is repeatable in some subgraphs of one version only.

The reference has the code and never gives it: so there are no cases for both.
"""

from __future__ import annotations

from router.composition import Composed, compose, format_text
from tests.router.composition.cases import subgraph


def composing(definition: str, *, name: str, version: str = "v1.0") -> str:
    """A subgraph that composes `@foo`, which it defines like this."""
    return f"""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@composeDirective"])
  @link(url: "https://x.test/foo/{version}", import: ["@foo"]) @composeDirective(name: "@foo")
{definition}
type Query {{ {name}: Int }}"""


def hints(*definitions: str, versions: tuple[str, ...] = ("v1.0", "v1.0")) -> list[tuple[str, str]]:
    """The hints of composing subgraphs a, b… with these definitions."""
    subgraphs = [
        subgraph(name, composing(definition, name=name, version=version))
        for name, definition, version in zip("abc", definitions, versions, strict=False)
    ]
    outcome = compose(subgraphs)
    assert isinstance(outcome, Composed), format_text(outcome)
    return [(hint.code.name, hint.message) for hint in outcome.hints]


def test_one_version_with_two_definitions() -> None:
    """The hint says who defines the directive how, and which definition the supergraph has."""
    ((code, message),) = hints("directive @foo(x: Int) repeatable on OBJECT", "directive @foo(x: Int) on OBJECT")

    assert code == "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE"
    assert "it is not repeatable in the supergraph" in message
    assert 'subgraph "b"' in message


def test_two_versions_with_a_definition_each() -> None:
    """Nothing is odd about that: the newest is used."""
    assert (
        hints(
            "directive @foo(x: Int) repeatable on OBJECT", "directive @foo(x: Int) on OBJECT", versions=("v1.1", "v1.0")
        )
        == []
    )


def test_one_definition() -> None:
    """In whatever words."""
    assert (
        hints("directive @foo(x: Int) repeatable on OBJECT", "directive @foo(x: Int, y: Int) repeatable on OBJECT")
        == []
    )


def test_a_directive_that_nobody_composes() -> None:
    """It is each subgraph's own."""
    subgraphs = [
        subgraph("a", "directive @foo(x: Int) repeatable on OBJECT\ntype Query { a: Int }"),
        subgraph("b", "directive @foo(x: Int) on OBJECT\ntype Query { b: Int }"),
    ]
    outcome = compose(subgraphs)

    assert isinstance(outcome, Composed), format_text(outcome)
    assert outcome.hints == ()
