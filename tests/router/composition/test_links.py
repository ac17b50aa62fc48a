"""What the supergraph links and carries: aliases where names clash, cache tags and connectors unread, newest definitions."""

from __future__ import annotations

import re

from router.composition import Composed, SubgraphInput, compose, format_text
from router.supergraph import load_supergraph


def supergraph(**subgraphs: str) -> str:
    """The supergraph of these subgraphs; each SDL begins with what it links beside federation."""
    outcome = compose([SubgraphInput(name, sdl, f"http://{name}.test") for name, sdl in subgraphs.items()])
    assert isinstance(outcome, Composed), format_text(outcome)
    return outcome.sdl


def federation(*imports: str, version: str = "v2.12") -> str:
    listed = ", ".join(entry if entry.startswith("{") else f'"{entry}"' for entry in imports)
    return f'extend schema @link(url: "https://specs.apollo.dev/federation/{version}", import: [{listed}])\n'


def links(sdl: str) -> set[str]:
    """The links beside those to link and join."""
    return {
        link
        for link in re.findall(r"^  (@link\(.*\))$", sdl, re.MULTILINE)
        if "/link/v" not in link and "/join/v" not in link
    }


def test_names_that_nothing_else_has_are_not_imported() -> None:
    """A directive called as its feature's prefix says needs no import; any other name does."""
    plain = supergraph(
        a=federation("@tag", "@inaccessible") + 'type Query { a: Int @tag(name: "x") b: Int @inaccessible }'
    )
    renamed = supergraph(a=federation() + 'type Query { a: Int @federation__tag(name: "x") }')

    assert links(plain) == {
        '@link(url: "https://specs.apollo.dev/tag/v0.3")',
        '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)',
    }
    assert links(renamed) == {
        '@link(url: "https://specs.apollo.dev/tag/v0.3", import: [{name: "@tag", as: "@federation__tag"}])'
    }
    assert "directive @federation__tag(name: String!) repeatable on" in renamed


def test_a_prefix_that_is_taken_gets_another() -> None:
    """Where `@cost` is the tag, the cost specification goes by a prefix that no name begins with."""
    imports = ('{name: "@tag", as: "@cost"}', '{name: "@cost", as: "@price"}')
    sdl = supergraph(a=federation(*imports) + 'type Query { a: Int @cost(name: "x") @price(weight: 2) }')

    assert links(sdl) == {
        '@link(url: "https://specs.apollo.dev/tag/v0.3", import: [{name: "@tag", as: "@cost"}])',
        '@link(url: "https://specs.apollo.dev/cost/v0.1", as: "_0cost", import: [{name: "@cost", as: "@price"}])',
    }
    assert "directive @_0cost__listSize(" in sdl


def test_cache_tags_go_unread() -> None:
    """Each is kept with the graphs that have it, under one name whatever the subgraphs call it."""
    body = 'type T @key(fields: "id") @keep(format: "t-{$key.id}") { id: ID! }'
    header = federation('{name: "@cacheTag", as: "@keep"}', "@key")
    sdl = supergraph(
        a=header + 'type Query { a: T @keep(format: "x") @keep(format: "y") }\n' + body,
        b=header + body,
    )

    assert links(sdl) == {'@link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)'}
    assert '@join__directive(graphs: [A, B], name: "federation__cacheTag", args: {format: "t-{$key.id}"})' in sdl
    assert sdl.count('@join__directive(graphs: [A], name: "federation__cacheTag"') == 2
    assert load_supergraph(sdl).types["T"].keys


def test_connectors_go_unread() -> None:
    """With the links that say what each subgraph calls them; the supergraph's own link is the newest stable version."""
    sdl = supergraph(
        a=federation()
        + '@link(url: "https://specs.apollo.dev/connect/v0.1", import: ["@connect", {name: "@source", as: "@api"}])'
        + '@api(name: "x", http: {baseURL: "http://x"})\n'
        + 'type Query { a: Int @connect(source: "x", http: {GET: "/a"}, selection: "$") }'
    )

    assert '@link(url: "https://specs.apollo.dev/connect/v0.3", for: EXECUTION)' in links(sdl)
    assert '@join__directive(graphs: [A], name: "api", args: {name: "x", http: {baseURL: "http://x"}})' in sdl
    assert 'name: "connect", args: {source: "x", http: {GET: "/a"}, selection: "$"}' in sdl
    assert "JSONSelection" not in sdl
    assert load_supergraph(sdl).subgraphs


def test_the_newest_definition_is_the_supergraphs() -> None:
    """Of the composed minor versions; what an older version lacks, it does not use."""
    sdl = supergraph(
        a=federation("@composeDirective")
        + '@link(url: "https://x.test/foo/v1.10", import: ["@foo"]) @composeDirective(name: "@foo")\n'
        + '"Newer."\ndirective @foo(x: Int, y: E = A) repeatable on OBJECT | FIELD_DEFINITION\nenum E { A B }\n'
        + "type Query @foo(y: B) { a: Int }",
        b=federation("@composeDirective")
        + '@link(url: "https://x.test/foo/v1.9", import: ["@foo"]) @composeDirective(name: "@foo")\n'
        + "directive @foo(x: Int) on OBJECT\ntype Query @foo(x: 1) { b: Int }",
    )

    assert links(sdl) == {'@link(url: "https://x.test/foo/v1.10", import: ["@foo"])'}
    assert '"""Newer."""\ndirective @foo(x: Int, y: E = A) repeatable on OBJECT | FIELD_DEFINITION' in sdl
    assert "\n  @foo(y: B)\n  @foo(x: 1)\n" in sdl
    assert load_supergraph(sdl).types["Query"].fields.keys() == {"a", "b"}


def test_tags_of_the_schema() -> None:
    """All of all subgraphs, each once."""
    header = federation("@tag")
    sdl = supergraph(
        a=header + '@tag(name: "x") @tag(name: "y")\ntype Query { a: Int }',
        b=header + '@tag(name: "y")\ntype Query { b: Int }',
    )

    assert sdl.count('\n  @tag(name: "x")') == 1
    assert sdl.count('\n  @tag(name: "y")') == 1
