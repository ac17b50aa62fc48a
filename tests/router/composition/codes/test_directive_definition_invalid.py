"""DIRECTIVE_DEFINITION_INVALID: a schema's own definition of a specification's directive says what the specification says."""

from __future__ import annotations

from router.composition import Composed, Rejected, compose
from tests.router.composition.case import Case, check, composed, each, rejected, subgraph

LINK = '@link(url: "https://specs.apollo.dev/link/v1.0")'


def linking(*definitions: str, imports: str = '"@key"') -> str:
    """A schema with definitions of its own, each on a line of its own, from line 2."""
    header = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{imports}])'
    return "\n".join((header, *definitions, "type Query { a: T }", 'type T @key(fields: "id") { id: ID! }'))


CASES = (
    rejected(
        "another argument type",
        "DIRECTIVE_DEFINITION_INVALID",
        at=["@key"],
        says=['its argument "fields" must be of type "federation__FieldSet!", not "Fields!"'],
        places=["a:2"],
        a=linking("directive @key(fields: Fields!, resolvable: Boolean = true) repeatable on OBJECT", "scalar Fields"),
    ),
    rejected(
        "an unknown argument",
        "DIRECTIVE_DEFINITION_INVALID",
        says=['it has an unknown argument "reason"'],
        a=linking("directive @shareable(reason: String) on OBJECT", imports='"@key", "@shareable"'),
    ),
    rejected(
        "a required argument left out",
        "DIRECTIVE_DEFINITION_INVALID",
        says=['it lacks the argument "name"'],
        a=linking("directive @tag repeatable on OBJECT", imports='"@key", "@tag"'),
    ),
    rejected(
        "another default",
        "DIRECTIVE_DEFINITION_INVALID",
        says=['its argument "resolvable" must have the default true'],
        a=linking("directive @key(fields: String!, resolvable: Boolean = false) repeatable on OBJECT"),
    ),
    rejected(
        "a location too many",
        "DIRECTIVE_DEFINITION_INVALID",
        says=["not on UNION"],
        a=linking("directive @federation__shareable on OBJECT | UNION"),
    ),
    rejected(
        "repeatable",
        "DIRECTIVE_DEFINITION_INVALID",
        says=["it must not be repeatable"],
        a=linking("directive @inaccessible repeatable on OBJECT", imports='"@key", "@inaccessible"'),
    ),
    rejected(
        "of another specification, in one subgraph of two",
        "DIRECTIVE_DEFINITION_INVALID",
        places=["b:3"],
        a=linking(),
        b=linking(
            '@link(url: "https://specs.apollo.dev/cost/v0.1", as: "price")',
            "directive @price(weight: String!) on OBJECT",
        ),
    ),
    composed(
        "as libraries write them",
        a=linking(
            "directive @key(fields: String!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE",
            "directive @tag(name: String!) repeatable on OBJECT",
            "directive @federation__override(from: String!) on FIELD_DEFINITION",
            "scalar federation__FieldSet",
            imports='"@key", "@tag"',
        ),
    ),
    composed(
        "a directive called like one that is not imported",
        a=linking("directive @shareable(reason: Int) on OBJECT"),
    ),
    composed(
        "GraphQL's own directives, however they are defined",
        a=linking("directive @deprecated(reason: Int) on FIELD_DEFINITION", "directive @skip(if: Int!) on FIELD"),
    ),
)


@each(CASES)
def test_directive_definition_invalid(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("DIRECTIVE_DEFINITION_INVALID", case)


def test_a_definition_of_link() -> None:
    """It must be what the specification says unless the schema bootstraps it; the reference reports what follows, too."""
    definition = "directive @link(url: String, import: [String], version: Int) repeatable on SCHEMA"

    outcome = compose([subgraph("a", linking(definition))])

    assert isinstance(outcome, Rejected)
    assert [error.code.name for error in outcome.errors] == ["DIRECTIVE_DEFINITION_INVALID"]
    assert isinstance(compose([subgraph("a", linking(LINK, definition))]), Composed)
