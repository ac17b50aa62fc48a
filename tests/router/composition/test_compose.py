"""What `compose` promises beyond the supergraph: places, shapes, stages, and what the corpus cannot hold."""

from __future__ import annotations

import json

import pytest

from router.composition import Composed, Rejected, SubgraphInput, compose, format_text
from router.composition.codes import Code

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key", "@shareable", "@external"])\n'


def subgraph(name: str, body: str, *, header: str = LINK) -> SubgraphInput:
    return SubgraphInput(name, header + body, f"http://{name}.test/graphql", f"{name}.graphql")


def rejected(*subgraphs: SubgraphInput) -> Rejected:
    outcome = compose(subgraphs)
    assert isinstance(outcome, Rejected)
    return outcome


def composed(*subgraphs: SubgraphInput) -> Composed:
    outcome = compose(subgraphs)
    assert isinstance(outcome, Composed), format_text(outcome)
    return outcome


def test_an_error_says_where_it_is() -> None:
    """Code, coordinates, subgraphs and a place per subgraph, as text and as JSON."""
    outcome = rejected(
        subgraph("fleet", "type Query {\n  vessel: String\n}"),
        subgraph("dock", "type Query { vessel: String @shareable }"),
    )

    (error,) = outcome.errors

    assert error.code is Code.INVALID_FIELD_SHARING
    assert error.coordinates == ("Query.vessel",)
    assert error.subgraphs == ("dock", "fleet")
    assert [str(place) for place in error.places] == ["dock.graphql:2:14", "fleet.graphql:3:3"]
    assert format_text(outcome) == (
        'error INVALID_FIELD_SHARING: Non-shareable field "Query.vessel" is resolved from multiple subgraphs: it is resolved'
        ' from subgraphs "dock" and "fleet" and defined as non-shareable in subgraph "fleet": mark it @shareable'
        " everywhere, or resolve it in one subgraph only.\n"
        "  at dock.graphql:2:14 (dock)\n"
        "  at fleet.graphql:3:3 (fleet)\n"
        "The subgraphs do not compose: 1 error, 0 hints."
    )
    document = json.loads(json.dumps(outcome.as_dict()))
    assert document["success"] is False
    assert document["errors"][0]["code"] == "INVALID_FIELD_SHARING"
    assert document["errors"][0]["places"][0] == {
        "subgraph": "dock",
        "source": "dock.graphql",
        "line": 2,
        "column": 14,
    }


def test_hints_come_with_the_supergraph() -> None:
    """A composed outcome says what may surprise."""
    outcome = composed(
        subgraph("a", "type Query { a: T }\ntype T @shareable { x: Int! }"),
        subgraph("b", "type Query { b: T }\ntype T @shareable { x: Int }"),
    )

    assert [hint.code.name for hint in outcome.hints] == ["INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE"]
    assert outcome.as_dict()["hints"][0]["level"] == "info"
    assert [str(place) for place in outcome.hints[0].places] == ["a.graphql:3:21", "b.graphql:3:21"]
    assert format_text(outcome).endswith("The subgraphs compose: 1 hint.")


def test_all_problems_of_a_stage_are_reported() -> None:
    """Every subgraph and every rule has its say before composition gives up."""
    outcome = rejected(
        subgraph("a", 'type Query { a: T }\ntype T @key(fields: "nope") { x: Int y: Int @external }'),
        subgraph("b", 'type T @key(fields: "x {") { x: Int }'),
    )

    found = {(error.code.name, error.subgraphs) for error in outcome.errors}

    assert found == {
        ("KEY_INVALID_FIELDS", ("a",)),
        ("EXTERNAL_UNUSED", ("a",)),
        ("KEY_INVALID_FIELDS", ("b",)),
    }


def test_an_unknown_directive_gets_advice() -> None:
    """The message names the import that is missing, the version that is too old, or the link that is not there."""
    body = "type Query { a: Int @authenticated }"
    old = LINK.replace("v2.11", "v2.4")

    not_imported = rejected(subgraph("a", body)).errors[0].message
    too_old = rejected(subgraph("a", body, header=old)).errors[0].message

    assert 'Write "@federation__authenticated", or add "@authenticated" to the import' in not_imported
    assert "Federation v2.4, which the schema links, does not have it yet" in too_old


def test_federation_1_is_composed() -> None:
    """A schema that links no federation is read as federation 1: nothing needs importing, and everything is shared."""
    outcome = composed(
        SubgraphInput(
            "new", LINK + "type Query { a: Size @shareable }\ntype Size @shareable { x: Int }", "http://new.test"
        ),
        SubgraphInput("old", "extend type Query { a: Size }\ntype Size { x: Int }", "http://old.test"),
    )

    assert "type Query\n  @join__type(graph: NEW)\n  @join__type(graph: OLD)\n{\n  a: Size\n}" in outcome.sdl


def test_what_federation_1_does_not_know_is_refused_with_the_line_to_add() -> None:
    """A directive of federation 2 in a schema that links none is unknown, and the message says how to link it."""
    (error,) = rejected(SubgraphInput("old", "type Query { a: Int @shareable }", "http://old.test")).errors

    assert error.code is Code.INVALID_GRAPHQL
    assert (
        'extend schema @link(url: "https://specs.apollo.dev/federation/v2.14", import: ["@shareable"])' in error.message
    )


@pytest.mark.parametrize("sdl", ["", " \n\t", "# nothing\n\n  # at all", ",,,"])
def test_an_empty_schema_is_refused(sdl: str) -> None:
    """The message says so, instead of where the parser stopped."""
    (error,) = rejected(SubgraphInput("a", sdl, "http://a.test")).errors

    assert error.code is Code.INVALID_GRAPHQL
    assert error.message.startswith("[a] The SDL is empty")
    assert [place.subgraph for place in error.places] == ["a"]


@pytest.mark.parametrize("names", [("_",), ("",), ("a", "a")])
def test_subgraph_names(names: tuple[str, ...]) -> None:
    """Names are given, not reserved, and differ."""
    outcome = rejected(*(subgraph(name, "type Query { x: Int @shareable }") for name in names))

    assert {error.code for error in outcome.errors} == {Code.INVALID_SUBGRAPH_NAME}


def test_nothing_to_compose() -> None:
    """No subgraphs, no queries."""
    assert [error.code for error in rejected().errors] == [Code.NO_QUERIES]


def test_one_of_reaches_the_supergraph() -> None:
    """@oneOf of any subgraph holds for clients; its definition is printed for tools that do not know it."""
    outcome = composed(
        subgraph("a", "type Query { a(by: By): Int }\ninput By @oneOf { id: ID name: String }"),
        subgraph("b", "type Query { b(by: By): Int }\ninput By { id: ID name: String }"),
    )

    assert "input By\n  @join__type(graph: A)\n  @join__type(graph: B)\n  @oneOf\n{" in outcome.sdl
    assert "directive @oneOf on INPUT_OBJECT" in outcome.sdl
    assert [hint.code.name for hint in outcome.hints] == ["INCONSISTENT_ONE_OF"]


def test_one_of_does_not_allow_a_default() -> None:
    """A merged input that GraphQL does not allow is refused: @oneOf fields have no defaults."""
    outcome = rejected(
        subgraph("a", "type Query { a(by: By): Int }\ninput By @oneOf { id: ID name: String }"),
        subgraph("b", "type Query { b(by: By): Int }\ninput By { id: ID! name: String }"),
    )

    assert {error.code for error in outcome.errors} == {Code.INVALID_GRAPHQL}


def test_a_default_that_merging_breaks_is_refused() -> None:
    """A default value must fit its type as merged, since the supergraph is served as one schema."""
    outcome = rejected(
        subgraph("a", 'type Query { a(by: By = {name: "x"}): Int }\ninput By { size: Int name: String }'),
        subgraph("b", "type Query { b(by: By): Int }\ninput By { size: Int! name: String }"),
    )

    assert [error.code for error in outcome.errors] == [Code.INVALID_GRAPHQL]
    assert "required field 'size'" in outcome.errors[0].message


def test_a_subgraph_may_serve_entities_only() -> None:
    """A Query with nothing but federation's own fields is no query, and no hindrance."""
    outcome = composed(
        subgraph("a", "type Query { a: Int }"),
        SubgraphInput(
            "b",
            'schema @link(url: "https://specs.apollo.dev/federation/v2.11", import: ["@key"]) { query: Query }\n'
            "scalar _Any\nunion _Entity = T\ntype _Service { sdl: String! }\n"
            "type Query { _entities(representations: [_Any!]!): [_Entity]! _service: _Service! }\n"
            'type T @key(fields: "id") { id: ID! }',
            "http://b.test",
        ),
    )

    assert (
        "type Query\n  @join__type(graph: A)\n  @join__type(graph: B)\n{\n  a: Int @join__field(graph: A)\n}"
        in outcome.sdl
    )
    assert "_Entity" not in outcome.sdl
