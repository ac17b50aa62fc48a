"""TYPE_DEFINITION_INVALID: a schema's own definition of a specification's type says what the specification says."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each, rejected


def linking(*definitions: str, imports: str = '"@key"') -> str:
    """A schema with definitions of its own, each on a line of its own, from line 2."""
    header = f'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: [{imports}])'
    return "\n".join((header, *definitions, "type Query { a: T }", 'type T @key(fields: "id") { id: ID! }'))


CASES = (
    rejected(
        "an enum in place of a scalar",
        "TYPE_DEFINITION_INVALID",
        at=["federation__FieldSet"],
        says=["it must be a scalar"],
        places=["a:2"],
        a=linking("enum federation__FieldSet { A }"),
    ),
    rejected(
        "an imported type",
        "TYPE_DEFINITION_INVALID",
        at=["Fields"],
        a=linking("type Fields { a: Int }", imports='"@key", {name: "FieldSet", as: "Fields"}'),
    ),
    rejected(
        "other values",
        "TYPE_DEFINITION_INVALID",
        at=["link__Purpose"],
        says=["its values must be EXECUTION, SECURITY, not SECURITY"],
        a=linking("enum link__Purpose { SECURITY }"),
    ),
    rejected(
        "other fields",
        "TYPE_DEFINITION_INVALID",
        at=["connect__ConnectBatch"],
        says=['it has an unknown field "minSize"'],
        places=["a:4"],
        a=linking(
            "directive @link(url: String, import: [link__Import]) repeatable on SCHEMA scalar link__Import extend schema",
            '@link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/connect/v0.2")',
            "input connect__ConnectBatch { minSize: Int }",
        ),
    ),
    composed(
        "types as the specification has them",
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        a="""extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  @link(url: "https://specs.apollo.dev/connect/v0.2")
input connect__ConnectBatch { maxSize: Int }
scalar federation__FieldSet
enum link__Purpose { EXECUTION SECURITY }
type Query { a: Int }""",
    ),
    composed(
        "a type called like one that is not imported",
        a=linking("type FieldSet { a: Int }", "type Import { a: Int }"),
    ),
    composed(
        "the types that federation adds to every subgraph, whatever they are",
        a=linking("type _Service { a: Int }", "union _Entity = T", "scalar _Any"),
    ),
)


@each(CASES)
def test_type_definition_invalid(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("TYPE_DEFINITION_INVALID", case)
