"""DIRECTIVE_COMPOSITION_ERROR: @composeDirective names a directive of one specification, the same in every subgraph."""

from __future__ import annotations

from router.composition import Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph


def composing(directive: str, *, url: str = "https://x.test/foo/v1.0", imports: str = '"@foo"', body: str = "") -> str:
    """A schema that composes a directive of its own specification; `body` begins at line 4."""
    return f"""extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@composeDirective", "@key", "@tag"])
  @link(url: "{url}", import: [{imports}])
  @composeDirective(name: "{directive}")
{body}"""


FOO = "directive @foo(x: Int) on OBJECT | FIELD_DEFINITION"


CASES = (
    rejected(
        "no @",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=['names "foo"; write it with the @'],
        places=["a:3"],
        a=composing("foo", body=f"{FOO}\ntype Query {{ a: Int }}"),
    ),
    rejected(
        "no name",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=["names no directive"],
        a="extend schema @composeDirective\ntype Query { a: Int }",
    ),
    rejected(
        "not defined",
        "DIRECTIVE_COMPOSITION_ERROR",
        at=["@foo"],
        says=["the schema does not define it"],
        places=["a:3"],
        a=composing("@foo", body="type Query { a: Int }"),
    ),
    rejected(
        "not linked",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=["no linked specification brings it"],
        a=f'extend schema @composeDirective(name: "@foo")\n{FOO}\ntype Query {{ a: Int }}',
    ),
    rejected(
        "by the prefixed name of what is imported",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=['the schema imports it as "@bar": compose that'],
        a=composing("@foo__bar", imports='"@bar"', body="directive @foo__bar on OBJECT\ntype Query { a: Int }"),
    ),
    rejected(
        "federation's",
        "DIRECTIVE_COMPOSITION_ERROR",
        at=["@key", "@cost", "@cacheTag", "@listSize"],
        says=["remove the @composeDirective"],
        a="""extend schema @composeDirective(name: "@key") @composeDirective(name: "@cost")
  @composeDirective(name: "@cacheTag") @composeDirective(name: "@listSize")
type Query { a: Int }""",
    ),
    rejected(
        "GraphQL's own",
        "DIRECTIVE_COMPOSITION_ERROR",
        a='extend schema @composeDirective(name: "@deprecated")\ntype Query { a: Int }',
    ),
    rejected(
        "a name that is that of federation's tag elsewhere",
        "DIRECTIVE_COMPOSITION_ERROR",
        at=["@label"],
        says=['subgraph "b" calls federation\'s @tag so'],
        a=composing(
            "@label", imports='{name: "@foo", as: "@label"}', body="directive @label on OBJECT\ntype Query { a: Int }"
        ),
        b="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: [{name: "@tag", as: "@label"}])
type Query { b: Int }""",
    ),
    rejected(
        "two major versions",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=['"https://x.test/foo" cannot be composed: it is v1.0 in subgraph "a" but v2.0 in subgraph "b"'],
        places=["a:2", "b:2"],
        a=composing("@foo", body=f"{FOO}\ntype Query {{ a: Int }}"),
        b=composing("@foo", url="https://x.test/foo/v2.0", body=f"{FOO}\ntype Query {{ b: Int }}"),
    ),
    rejected(
        "one name, two specifications",
        "DIRECTIVE_COMPOSITION_ERROR",
        says=[
            'it is "@foo" of "https://x.test/foo" in subgraph "a" but "@foo" of "https://y.test/foo" in subgraph "b"'
        ],
        places=["a:3", "b:3"],
        a=composing("@foo", body=f"{FOO}\ntype Query {{ a: Int }}"),
        b=composing("@foo", url="https://y.test/foo/v1.0", body=f"{FOO}\ntype Query {{ b: Int }}"),
    ),
    rejected(
        "one name, two directives",
        "DIRECTIVE_COMPOSITION_ERROR",
        a=composing(
            "@baz", imports='{name: "@bar", as: "@baz"}', body="directive @baz on OBJECT\ntype Query { a: Int }"
        ),
        b=composing("@baz", imports='"@baz"', body="directive @baz on OBJECT\ntype Query { b: Int }"),
    ),
    rejected(
        "not defined where the newest version is",
        "DIRECTIVE_COMPOSITION_ERROR",
        at=["@foo"],
        says=['as "https://x.test/foo/v1.1" has it, but subgraph "b"'],
        a=composing("@foo", body=f"{FOO}\ntype Query @foo {{ a: Int }}"),
        b=composing(
            "@bar",
            url="https://x.test/foo/v1.1",
            imports='"@bar"',
            body="directive @bar on OBJECT\ntype Query @bar { b: Int }",
        ),
    ),
    composed(
        "two minor versions",
        a=composing("@foo", body=f"{FOO}\ntype Query @foo(x: 1) {{ a: Int }}"),
        b=composing("@foo", url="https://x.test/foo/v1.1", body=f"{FOO}\ntype Query {{ b: Int @foo(x: 2) }}"),
    ),
    composed(
        "by prefix",
        a=composing("@foo__bar", imports="", body="directive @foo__bar on OBJECT\ntype Query @foo__bar { a: Int }"),
    ),
)


@each(CASES)
def test_directive_composition_error(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("DIRECTIVE_COMPOSITION_ERROR", case)


def test_one_directive_under_two_names() -> None:
    """Where the reference throws, the message says who calls the directive what."""
    other = composing(
        "@bar", imports='{name: "@foo", as: "@bar"}', body="directive @bar on OBJECT\ntype Query { b: Int }"
    )
    outcome = compose([subgraph("a", composing("@foo", body=f"{FOO}\ntype Query {{ a: Int }}")), subgraph("b", other)])

    assert isinstance(outcome, Rejected)
    (error,) = outcome.errors
    assert error.code.name == "DIRECTIVE_COMPOSITION_ERROR"
    assert 'it is "@foo" in subgraph "a" but "@bar" in subgraph "b"' in error.message


def test_a_directive_that_composition_reads() -> None:
    """Tags and policies of their own specifications are carried without a word, as those of federation are."""
    for name in ("tag", "policy", "connect"):
        version = "v0.3" if name in ("tag", "connect") else "v0.1"
        sdl = composing(
            f"@{name}", url=f"https://specs.apollo.dev/{name}/{version}", imports="", body="type Query { a: Int }"
        )
        outcome = compose([subgraph("a", sdl.replace(', "@tag"', ""))])

        assert isinstance(outcome, Rejected)
        assert [error.code.name for error in outcome.errors] == ["DIRECTIVE_COMPOSITION_ERROR"]
