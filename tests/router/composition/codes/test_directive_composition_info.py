"""DIRECTIVE_COMPOSITION_INFO: a @composeDirective that changes nothing, or a specification of several major versions."""

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
        "what federation carries anyway",
        "DIRECTIVE_COMPOSITION_INFO",
        at=["@tag", "@inaccessible", "@policy", "@context", "@authenticated", "@requiresScopes"],
        says=["its @composeDirective can go"],
        a="""extend schema @composeDirective(name: "@tag") @composeDirective(name: "@inaccessible")
  @composeDirective(name: "@policy") @composeDirective(name: "@context") @composeDirective(name: "@authenticated")
  @composeDirective(name: "@requiresScopes")
type Query { a: Int @tag(name: "x") }""",
    ),
    composed(
        "another major version that is not composed",
        "DIRECTIVE_COMPOSITION_INFO",
        says=['it is v1.0 in subgraph "a" but v2.0 in subgraph "b"'],
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12")
  @link(url: "https://x.test/foo/v2.0", import: ["@foo"])
directive @foo(x: Int) on OBJECT
type Query { b: Int }""",
    ),
    composed(
        "major versions of what nobody composes",
        "DIRECTIVE_COMPOSITION_INFO",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12") @link(url: "https://x.test/foo/v1.0")
type Query { a: Int }""",
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12") @link(url: "https://x.test/foo/v2.0")
type Query { b: Int }""",
    ),
    composed(
        "minor versions go together",
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12") @link(url: "https://x.test/foo/v1.4")
type Query { b: Int }""",
    ),
)


@each(CASES)
def test_directive_composition_info(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("DIRECTIVE_COMPOSITION_INFO", case)
