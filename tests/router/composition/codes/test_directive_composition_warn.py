"""DIRECTIVE_COMPOSITION_WARN: a composed directive has another name in a subgraph that does not compose it."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each


def composing(directive: str, *, url: str = "https://x.test/foo/v1.0", imports: str = '"@foo"', body: str = "") -> str:
    """A schema that composes a directive of its own specification; `body` begins at line 4."""
    return f"""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@composeDirective", "@key", "@tag"])
  @link(url: "{url}", import: [{imports}])
  @composeDirective(name: "{directive}")
{body}"""


FOO = "directive @foo(x: Int) on OBJECT | FIELD_DEFINITION"


CASES = (
    composed(
        "imported under another name",
        "DIRECTIVE_COMPOSITION_WARN",
        at=["@foo"],
        says=['"@foo" is "@bar" in subgraph "b"'],
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.0", import: [{name: "@foo", as: "@bar"}])
directive @bar(x: Int) on OBJECT | FIELD_DEFINITION
type Query @bar { b: Int }""",
    ),
    composed(
        "in several subgraphs, defined or not",
        "DIRECTIVE_COMPOSITION_WARN",
        says=['"@bar" in subgraph "b" but "@baz" in subgraph "c"'],
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.0", import: [{name: "@foo", as: "@bar"}])
type Query { b: Int }""",
        c="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.3", import: [{name: "@foo", as: "@baz"}])
type Query { c: Int }""",
    ),
    composed(
        "a second directive of the specification, by prefix where it is composed",
        "DIRECTIVE_COMPOSITION_WARN",
        at=["@foo__bar"],
        says=['"@foo__bar" is "@bar" in subgraph "a"'],
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.0", import: ["@foo", "@bar"])
type Query { a: Int }""",
        b=composing("@foo__bar", body="directive @foo__bar on OBJECT\ntype Query @foo__bar { b: Int }"),
    ),
    composed(
        "the same name without composing it",
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.0", import: ["@foo"])
directive @foo(x: Int) on OBJECT | FIELD_DEFINITION
type Query { b: T }
type T @foo(x: 2) { x: Int }""",
    ),
    composed(
        "not imported",
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v1.0", as: "other")
type Query { b: Int }""",
    ),
)


@each(CASES)
def test_directive_composition_warn(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("DIRECTIVE_COMPOSITION_WARN", case)
