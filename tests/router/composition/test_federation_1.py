"""Federation 1: what an upgraded schema becomes in the supergraph, step by step, and what is said where it becomes nothing."""

from __future__ import annotations

import pytest
from graphql import ObjectTypeDefinitionNode, parse, print_ast

from router.composition import Composed, Rejected, SubgraphInput, compose, format_text
from tests.router.composition.case import FEDERATION_1, HEADER

BASE = FEDERATION_1 + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int }'


def composed(**sdls: str) -> dict[str, str]:
    """The object types of the supergraph, each on one line."""
    outcome = compose(
        [SubgraphInput(name, sdl, f"http://{name}.test", f"{name}.graphql") for name, sdl in sdls.items()]
    )
    assert isinstance(outcome, Composed), format_text(outcome)
    types = (node for node in parse(outcome.sdl).definitions if isinstance(node, ObjectTypeDefinitionNode))
    return {node.name.value: " ".join(print_ast(node).split()) for node in types}


def rejected(**sdls: str) -> Rejected:
    outcome = compose(
        [SubgraphInput(name, sdl, f"http://{name}.test", f"{name}.graphql") for name, sdl in sdls.items()]
    )
    assert isinstance(outcome, Rejected)
    return outcome


def test_an_extension_is_a_definition_that_answers_its_key() -> None:
    """Neither `extension:` nor `external:` is left of an `extend type` with its key."""
    types = composed(a=BASE, b=FEDERATION_1 + 'extend type T @key(fields: "id") { id: ID! @external y: Int }')

    assert types["T"] == (
        'type T @join__type(graph: A, key: "id") @join__type(graph: B, key: "id")'
        " { id: ID! x: Int @join__field(graph: A) y: Int @join__field(graph: B) }"
    )


def test_the_extends_directive_stays_visible() -> None:
    """A type with @extends is a definition too, but the supergraph says that its key is an extension's."""
    types = composed(a=BASE, b=FEDERATION_1 + 'type T @extends @key(fields: "id") { id: ID! @external y: Int }')

    assert '@join__type(graph: B, key: "id", extension: true)' in types["T"]
    assert "external" not in types["T"]


def test_an_extension_without_key_goes_by_that_of_others() -> None:
    """Its key fields are its own, as those of the base's first key."""
    types = composed(a=BASE, b=FEDERATION_1 + "type Query { u: T }\nextend type T { id: ID! @external }")

    assert types["T"] == (
        'type T @join__type(graph: A, key: "id") @join__type(graph: B) { id: ID! x: Int @join__field(graph: A) }'
    )


@pytest.mark.parametrize("fields", ['"id x"', '["id", "x"]', "[id, x]", '["id x"]'])
def test_field_sets_may_be_lists_and_names(fields: str) -> None:
    """Whatever way they are written, the supergraph has one string."""
    types = composed(a=FEDERATION_1 + f"type Query {{ t: T }}\ntype T @key(fields: {fields}) {{ id: ID! x: Int }}")

    assert types["T"].startswith('type T @join__type(graph: A, key: "id x")')


def test_a_field_set_that_is_none_is_reported_as_such() -> None:
    """What cannot be read as a set of fields is left to the rule for it."""
    outcome = rejected(a=FEDERATION_1 + "type Query { t: T }\ntype T @key(fields: 12) { id: ID! }")

    assert [error.code.name for error in outcome.errors] == ["KEY_INVALID_FIELDS_TYPE"]


def test_a_key_as_a_list_does_not_make_a_definition_of_an_extension() -> None:
    """The extension stays one, so that its key field is its own: no `external:`, no `extension:`."""
    types = composed(a=BASE, b=FEDERATION_1 + 'extend type T @key(fields: ["id"]) { id: ID! @external y: Int }')

    assert '@join__type(graph: B, key: "id")' in types["T"]
    assert "external" not in types["T"]


def test_provides_and_requires_keep_what_is_external() -> None:
    """Fields that the subgraph has anyway drop out of the set; a set that names only such fields is gone."""
    types = composed(
        a=FEDERATION_1
        + 'type Query { t: T @provides(fields: "id x") s: T @provides(fields: "id") }'
        + '\ntype T @key(fields: "id") { id: ID! x: Int @external own: Int sum: Int @requires(fields: "own") }',
        b=FEDERATION_1 + 'type T @key(fields: "id") { id: ID! x: Int }',
    )

    assert types["Query"].endswith('{ t: T @join__field(graph: A, provides: "x") s: T @join__field(graph: A) }')
    assert "requires" not in types["T"]


def test_unused_externals_are_not_part_of_the_subgraph() -> None:
    """They go, with what only they needed, and so does a type that has nothing else."""
    types = composed(
        a=BASE,
        b=FEDERATION_1
        + 'type T @key(fields: "id") { id: ID! x: Int @external v: V @external @provides(fields: "w") }'
        + "\ntype V { w: Int @external z: Int }\ntype Dead { x: Int @external }",
    )

    assert "external" not in types["T"]
    assert types["V"] == "type V @join__type(graph: B) { z: Int }"
    assert "Dead" not in types


def test_sharing_is_said_for_federation_1_only() -> None:
    """A federation 2 subgraph must still say that it shares."""
    outcome = rejected(
        new=HEADER + 'type Query { t: T }\ntype T @key(fields: "id") { id: ID! x: Int }',
        old=FEDERATION_1 + 'type T @key(fields: "id") { id: ID! x: Int }',
    )

    (error,) = outcome.errors
    assert error.code.name == "INVALID_FIELD_SHARING"
    assert [str(place) for place in error.places] == ["new.graphql:3:37", "old.graphql:2:37"]


def test_problems_of_an_upgraded_schema_stand_where_they_were_written() -> None:
    """A rule of federation 2 speaks of the SDL as it is, and the message says why the rule applies."""
    outcome = rejected(a=BASE, b=FEDERATION_1 + 'type T @key(fields: "nope") {\n  id: ID! }')

    (error,) = outcome.errors
    assert error.code.name == "KEY_INVALID_FIELDS"
    assert 'Subgraph "b" links no federation version and was read as federation 1.' in error.message
    assert [str(place) for place in error.places] == ["b.graphql:2:8"]


def test_a_link_beside_federation_1_gets_the_same_note() -> None:
    """The schema imports nothing itself, so the message says who does."""
    outcome = rejected(
        a='extend schema @link(url: "https://specs.apollo.dev/link/v1.0")'
        ' @link(url: "https://specs.apollo.dev/tag/v0.3", import: ["@tag"])\ntype Query { a: Int @tag(name: "a") }'
    )

    assert {error.code.name for error in outcome.errors} == {"INVALID_LINK_DIRECTIVE_USAGE"}
    assert all("was read as federation 1" in error.message for error in outcome.errors)


def test_extending_the_schema_needs_no_definition_of_it() -> None:
    """`extend schema` names a root of a federation 1 subgraph as it does of any other."""
    types = composed(a=FEDERATION_1 + "extend schema { query: Asks }\ntype Asks { a: Int }")

    assert types["Query"] == "type Query @join__type(graph: A) { a: Int }"


def test_a_schema_is_defined_once() -> None:
    """Federation 1 is GraphQL too: a second definition of the schema would silently replace roots."""
    outcome = rejected(
        a=FEDERATION_1 + "schema { query: Q }\nschema { mutation: M }\ntype Q { a: Int }\ntype M { b: Int }"
    )

    assert {error.code.name for error in outcome.errors} == {"INVALID_GRAPHQL"}
