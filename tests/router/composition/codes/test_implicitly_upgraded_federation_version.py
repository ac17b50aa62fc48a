"""IMPLICITLY_UPGRADED_FEDERATION_VERSION: a subgraph is read as a later federation version, for what it links needs that."""

from __future__ import annotations

from tests.router.composition.case import Case, check, composed, each

CASES = (
    composed(
        "costs need 2.9",
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        says=['Subgraph "a" links federation v2.0', "needs federation v2.9"],
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.0")'
        ' @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@cost"])\ntype Query { a: Int @cost(weight: 3) }',
    ),
    composed(
        "the latest need counts, used or not",
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        says=["https://specs.apollo.dev/cost/v0.1"],
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")'
        ' @link(url: "https://specs.apollo.dev/authenticated/v0.1") @link(url: "https://specs.apollo.dev/cost/v0.1")'
        "\ntype Query { a: Int }",
    ),
    composed(
        "read as federation 1",
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        says=['Subgraph "a" is read as federation 1'],
        a='extend schema @link(url: "https://specs.apollo.dev/link/v1.0")'
        ' @link(url: "https://specs.apollo.dev/authenticated/v0.1", import: ["@authenticated"])'
        "\ntype Query { a: Int @authenticated }",
    ),
    composed(
        "a version that is late enough",
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.5")'
        ' @link(url: "https://specs.apollo.dev/authenticated/v0.1", import: ["@authenticated"])'
        "\ntype Query { a: Int @authenticated }",
    ),
    composed(
        "a feature that every version has",
        a='extend schema @link(url: "https://specs.apollo.dev/federation/v2.0")'
        ' @link(url: "https://specs.apollo.dev/tag/v0.3", as: "t")\ntype Query { a: Int @t(name: "x") }',
    ),
)


@each(CASES)
def test_implicitly_upgraded_federation_version(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("IMPLICITLY_UPGRADED_FEDERATION_VERSION", case)
