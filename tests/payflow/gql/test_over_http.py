"""Operations posted as JSON are answered in either media type; what is no such thing is refused as it ever was."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
import strawberry
from starlette.requests import HTTPConnection

from payflow.gql.errors import FAULT_MESSAGE
from payflow.gql.over_http import GRAPHQL_RESPONSE, JSON, GraphQLOverHttp
from payflow.gql.schema import build_schema


@strawberry.type
class Query:
    @strawberry.field
    def twice(self, number: int) -> int:
        return 2 * number

    @strawberry.field
    def caller(self, info: strawberry.Info) -> str | None:
        agent: str | None = info.context["agent"]
        return agent

    @strawberry.field
    def broken(self) -> int | None:
        raise ZeroDivisionError("a secret")


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def once(self, number: int) -> int:
        return number


class View(GraphQLOverHttp):
    async def context_of(self, connection: HTTPConnection) -> Any:
        return {"agent": connection.headers.get("user-agent")}


@dataclass(frozen=True)
class Answer:
    status_code: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        return orjson.loads(self.content)


class Client:
    """Calls the view as a server does."""

    def __init__(self) -> None:
        self._view = View(build_schema(query=Query, mutation=Mutation), graphql_ide=None)

    async def post(self, asked: Any, headers: Mapping[str, str] = {}) -> Answer:
        return await self.post_bytes(orjson.dumps(asked), {"content-type": JSON, **headers})

    async def post_bytes(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        return await self._call("POST", body=body, headers=headers)

    async def get(self, query: str) -> Answer:
        return await self._call("GET", query_string=urlencode({"query": query}).encode())

    async def _call(
        self, method: str, *, body: bytes = b"", query_string: bytes = b"", headers: Mapping[str, str] = {}
    ) -> Answer:
        parts = [
            {"type": "http.request", "body": body[:7], "more_body": True},
            {"type": "http.request", "body": body[7:]},
        ]
        sent: list[Any] = []

        async def receive() -> Any:
            return parts.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": "/graphql",
            "query_string": query_string,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
        await self._view(scope, receive, send)
        start, end = sent
        return Answer(start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, end["body"])


@pytest.fixture
def client() -> Client:
    return Client()


async def test_an_operation_is_answered(client: Client) -> None:
    """With its variables, the operation that is named, and a context made of the request."""
    asked = {
        "query": "query A($n: Int!) { twice(number: $n) caller } mutation B { once(number: 1) }",
        "operationName": "A",
        "variables": {"n": 4},
        "extensions": {"any": 1},
    }
    answer = await client.post(asked, headers={"user-agent": "pytest"})

    assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.json() == {"data": {"twice": 8, "caller": "pytest"}}
    assert (await client.post({**asked, "operationName": "B"})).json() == {"data": {"once": 1}}


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_RESPONSE, 400)])
@pytest.mark.parametrize("query", ["{ twice(", "{ thrice }", "query ($n: Int!) { twice(number: $n) }"])
async def test_what_is_refused_has_no_data(client: Client, query: str, accept: str, status: int) -> None:
    """What does not parse or validate, and variables that do not fit: a 400 in the modern media type."""
    answer = await client.post({"query": query}, headers={"accept": accept})

    assert answer.status_code == status
    assert answer.headers["content-type"] == f"{accept}; charset=utf-8"
    assert set(answer.json()) == {"errors"}


async def test_a_field_that_fails_leaves_the_rest(client: Client) -> None:
    """A fault is masked, and no reason for another status."""
    answer = await client.post({"query": "{ broken caller }"}, headers={"accept": GRAPHQL_RESPONSE})

    assert answer.status_code == 200
    assert answer.json()["data"]["broken"] is None
    assert [error["message"] for error in answer.json()["errors"]] == [FAULT_MESSAGE]


@pytest.mark.parametrize(
    "query",
    [
        "{a" * 20_000,
        " ".join(["{ ...F0 }", *(f"fragment F{level} on Query {{ ...F{level + 1} }}" for level in range(5_000))]),
    ],
    ids=["fields", "fragments"],
)
async def test_an_operation_without_bottom_is_refused(client: Client, query: str) -> None:
    """Nesting that no stack holds is the client's error."""
    answer = await client.post({"query": query}, headers={"accept": GRAPHQL_RESPONSE})

    assert answer.status_code == 400
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b'{"query": ""}',
        b'{"query": 1}',
        b'{"query": "{ twice(number: 1) }", "variables": []}',
        b'{"query": "{ twice(number: 1) }", "extensions": 1}',
        b'{"query": "{ twice(number: 1) }", "operationName": "Other"}',
    ],
)
async def test_what_is_no_request_is_refused(client: Client, body: bytes) -> None:
    """Bodies that are no JSON, no object, or have members of a wrong kind."""
    answer = await client.post_bytes(body, {"content-type": JSON})

    assert answer.status_code == 400
    assert answer.content


async def test_only_json_can_be_posted(client: Client) -> None:
    """An operation in another media type is none, whatever parameters JSON comes with."""
    operation = b'{"query": "{ twice(number: 1) }"}'

    plain = await client.post_bytes(operation, {"content-type": "text/plain"})
    json = await client.post_bytes(operation, {"content-type": "Application/JSON; charset=utf-8"})

    assert plain.status_code == 400
    assert json.json() == {"data": {"twice": 2}}


async def test_queries_may_come_by_get(client: Client) -> None:
    """Queries may, mutations may not."""
    answer = await client.get("{ twice(number: 1) }")
    refused = await client.get("mutation { once(number: 1) }")

    assert answer.json() == {"data": {"twice": 2}}
    assert refused.status_code == 400
