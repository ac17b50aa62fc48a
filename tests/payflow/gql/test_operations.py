"""Operations are parsed and validated once, and answer alike each time."""

from __future__ import annotations

from typing import Any

import pytest
import strawberry
from graphql import GraphQLError, parse
from strawberry.schema.schema import validate_document

from payflow.gql import operations as module
from payflow.gql.schema import SubgraphSchema, build_schema


@strawberry.type
class Query:
    @strawberry.field
    def twice(self, number: int) -> int:
        return 2 * number


@pytest.fixture
def schema() -> SubgraphSchema:
    return build_schema(query=Query)


async def answers(schema: SubgraphSchema, query: str, **variables: Any) -> tuple[Any, list[str]]:
    result = await schema.execute(query, variable_values=variables)
    return result.data, [error.message for error in result.errors or []]


async def test_an_operation_is_looked_at_once(schema: SubgraphSchema, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sent again, with whatever variables, it is executed without being parsed or validated; another text is another operation."""
    looked: list[str] = []

    def validating(*given: Any) -> list[GraphQLError]:
        looked.append("validated")
        return validate_document(*given)

    monkeypatch.setattr(module, "parse", lambda text: looked.append("parsed") or parse(text))  # type: ignore[func-returns-value]
    monkeypatch.setattr(module, "validate_document", validating)
    query = "query ($n: Int!) { twice(number: $n) }"

    assert [(await answers(schema, query, n=n))[0]["twice"] for n in (1, 2, 3)] == [2, 4, 6]
    assert looked == ["parsed", "validated"]
    await answers(schema, query + " ", n=1)
    assert looked == ["parsed", "validated"] * 2


@pytest.mark.parametrize(
    "query", ["{ twice(number: ", "{ thrice }", "{ twice(number: true) }", "query A { x } query B { x }"]
)
async def test_a_wrong_operation_stays_wrong(schema: SubgraphSchema, query: str) -> None:
    """What does not parse or is not valid is refused in the same words each time."""
    first, second = await answers(schema, query), await answers(schema, query)

    assert first == second
    assert first[0] is None
    assert first[1]


async def test_schemas_do_not_share_what_they_know(schema: SubgraphSchema) -> None:
    """An operation that one schema has found valid is judged anew by another."""

    @strawberry.type(name="Query")
    class Other:
        @strawberry.field
        def once(self) -> int:
            return 1

    assert (await answers(schema, "{ once }"))[1]
    assert await answers(build_schema(query=Other), "{ once }") == ({"once": 1}, [])
    assert (await answers(schema, "{ once }"))[1]
