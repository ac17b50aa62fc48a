"""ROOT_MUTATION_USED: no other type is called Mutation where the mutation root has a name of its own."""

from __future__ import annotations

from tests.router.composition.case import FEDERATION_1, Case, check, composed, each, rejected

CASES = (
    rejected(
        "a type",
        "ROOT_MUTATION_USED",
        at=["Mutation"],
        says=['"Root" is the mutation root', "another type of that name"],
        places=["a:3", "a:4"],
        a="schema { query: Query mutation: Root }\ntype Root { a: Int }\ntype Mutation { b: Int }\ntype Query { q: Int }",
    ),
    rejected(
        "a scalar, of federation 1",
        "ROOT_MUTATION_USED",
        at=["Mutation"],
        places=["a:3", "a:4"],
        a=FEDERATION_1
        + "schema { query: Query mutation: Root }\ntype Root { a: Int }\nscalar Mutation\ntype Query { q: Int }",
    ),
    composed(
        "no root at all, so a type like any other",
        a="schema { query: Query }\ntype Query { m: Mutation }\ntype Mutation { a: Int }",
    ),
    composed(
        "renamed in one, not in the other",
        a="extend schema { mutation: Root }\ntype Root { a: Int }\ntype Query { q: Int }",
        b="type Mutation { b: Int }",
    ),
)


@each(CASES)
def test_root_mutation_used(case: Case) -> None:
    """Each case gives exactly its codes, at its places."""
    check("ROOT_MUTATION_USED", case)
