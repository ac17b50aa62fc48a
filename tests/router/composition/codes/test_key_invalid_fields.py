"""KEY_INVALID_FIELDS: the fields of a @key parse and exist."""

from __future__ import annotations

from router.composition import Composed, Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

CASES = (
    rejected(
        "unknown field",
        "KEY_INVALID_FIELDS",
        at=["T"],
        says=['cannot query field "code" on type "T"', "@external if another resolves it"],
        places=["a:3"],
        a="""type Query { t: T }
            type T @key(fields: "id code") { id: ID! }""",
    ),
    rejected(
        "unknown field below",
        "KEY_INVALID_FIELDS",
        says=['cannot query field "code" on type "U"'],
        a="""type Query { t: T }
            type T @key(fields: "u { code }") { u: U }
            type U { id: ID! }""",
    ),
    rejected(
        "does not parse",
        "KEY_INVALID_FIELDS",
        says=["do not parse"],
        a="""type Query { t: T }
            type T @key(fields: "id {") { id: ID! }""",
    ),
    rejected(
        "empty",
        "KEY_INVALID_FIELDS",
        a="""type Query { t: T }
            type T @key(fields: " ") { id: ID! }""",
    ),
    rejected(
        "two sets",
        "KEY_INVALID_FIELDS",
        a="""type Query { t: T }
            type T @key(fields: "{ id } { code }") { id: ID! code: ID! }""",
    ),
    rejected(
        "alias",
        "KEY_INVALID_FIELDS",
        says=['cannot use the alias "key"'],
        a="""type Query { t: T }
            type T @key(fields: "key: id") { id: ID! }""",
    ),
    rejected(
        "named fragment",
        "KEY_INVALID_FIELDS",
        says=["named fragments"],
        a="""type Query { t: T }
            type T @key(fields: "...Fields") { id: ID! }""",
    ),
    rejected(
        "object without selection",
        "KEY_INVALID_FIELDS",
        says=['write "u { … }"'],
        a="""type Query { t: T }
            type T @key(fields: "u") { u: U }
            type U { id: ID! }""",
    ),
    rejected(
        "argument that the field does not have",
        "KEY_INVALID_FIELDS",
        says=['has no argument "at"'],
        a="""type Query { t: T }
            type T @key(fields: "id(at: 1)") { id: ID! }""",
    ),
    rejected(
        "required argument that is not given",
        "KEY_INVALID_FIELDS",
        says=['"at" of "T.id" is required'],
        a="""type Query { t: T }
            type T @key(fields: "id") { id(at: Int!): ID! }""",
    ),
    rejected(
        "every key is looked at",
        "KEY_INVALID_FIELDS",
        at=["T", "U"],
        places=["a:3", "b:2"],
        a="""type Query { t: T }
            type T @key(fields: "id") @key(fields: "a") { id: ID! }""",
        b='type U @key(fields: "b") { id: ID! }',
    ),
    composed(
        "braces, commas, nested fields and __typename",
        a="""type Query { t: T }
            type T @key(fields: "{ __typename, id, u { id } }") { id: ID! u: U }
            type U { id: ID! }""",
    ),
    composed(
        "a fragment on the type itself or an interface of it",
        a="""type Query { t: T }
            interface Node { id: ID! }
            type T implements Node @key(fields: "... on Node { id } ... on T { code }") { id: ID! code: ID! }""",
    ),
    composed(
        "a field of an extension",
        a="""type Query { t: T }
            type T @key(fields: "code") { id: ID! }
            extend type T { code: ID! }""",
    ),
)


@each(CASES)
def test_key_invalid_fields(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("KEY_INVALID_FIELDS", case)


def test_fragments_that_never_apply() -> None:
    """A fragment on a type that is unknown, or that the entity can never be, is a mistake and not an empty key."""
    for fields in ("id ... on Nobody { id }", "id ... on U { id }", "id ... on String { id }"):
        sdl = f'type Query {{ t: T }} type T @key(fields: "{fields}") {{ id: ID! }} type U {{ id: ID! }}'

        outcome = compose([subgraph("a", sdl)])

        assert [error.code.name for error in getattr(outcome, "errors", ())] == ["KEY_INVALID_FIELDS"], fields


def test_fragments_on_renamed_roots() -> None:
    """A fragment names a root type as its subgraph does; the supergraph has it under the standard name."""
    sdl = """
        extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key"])
        schema { query: Root }
        type Root { t: T at: ID! }
        type T @key(fields: "root { ... on Root { at } }") { root: Root }
    """

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Composed)
    assert 'key: "root { ... on Query { at } }"' in outcome.sdl


def test_selections_on_leaves() -> None:
    """A selection below a scalar or `__typename` is reported like any other that does not fit."""
    for fields in ("id { at }", "id __typename { at }"):
        outcome = compose([subgraph("a", f'type Query {{ t: T }} type T @key(fields: "{fields}") {{ id: ID! }}')])

        assert [error.code.name for error in getattr(outcome, "errors", ())] == ["KEY_INVALID_FIELDS"], fields


def test_every_problem_of_a_key() -> None:
    """A key with a field of union type is not done with: what else is wrong with it is reported too."""
    sdl = 'type Query { t: T } type T @key(fields: "code u { __typename }") { u: U } union U = T'

    outcome = compose([subgraph("a", sdl)])

    found = {error.code.name for error in getattr(outcome, "errors", ())}
    assert found == {"KEY_INVALID_FIELDS", "KEY_FIELDS_SELECT_INVALID_TYPE"}


def test_directives_by_other_names() -> None:
    """A message says `@key` whatever the schema imports it as, and its place shows what is written."""
    sdl = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: [{name: "@key", as: "@id"}])
        type Query { t: T }
        type T @id(fields: "code") { id: ID! }"""

    outcome = compose([subgraph("a", sdl)])

    assert isinstance(outcome, Rejected)
    assert [str(place) for error in outcome.errors for place in error.places] == ["a.graphql:3:16"]
