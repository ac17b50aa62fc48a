"""Strawberry's view, taught what it leaves out of GraphQL over HTTP: the media type of the answer, and the statuses that go with it.

What nearly every request is, an operation posted as JSON, is executed and answered here. All else, and whatever is refused for more
than its text, goes Strawberry's way, whose layers take as long as a small operation does.

Source: the GraphQL-over-HTTP specification, sections 6.1 and 6.4, https://graphql.github.io/graphql-over-http/draft/.
"""

from __future__ import annotations

from typing import Any, Final, cast

import orjson
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.exceptions import MissingQueryError
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.unset import UNSET

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"


class GraphQLOverHttp(GraphQL[Any, Any]):
    """A view that answers in either media type. A refused request has no `data`; in the modern type it is a 400."""

    async def context_of(self, connection: HTTPConnection) -> Any:
        """What resolvers get of a request, or of the handshake of a socket."""
        raise NotImplementedError

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Any:
        return await self.context_of(request)

    async def run(self, request: Any, context: Any = UNSET, root_value: Any = UNSET) -> Any:
        if request.scope["type"] == "http" and (asked := await posted_operation(request)) is not None:
            try:
                return await self._execute(request, asked)
            except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
                pass  # nothing was executed, and Strawberry has words for it
        return await super().run(request, context, root_value)

    async def _execute(self, request: Request, asked: dict[str, Any]) -> Response:
        result = await self.schema.execute(
            asked["query"],
            variable_values=asked.get("variables"),
            context_value=await self.context_of(request),
            operation_name=asked.get("operationName"),
            operation_extensions=asked.get("extensions"),
        )
        answer, media_type = answer_of(result), answered_in(request.headers.get("accept", ""))
        status = 400 if media_type == GRAPHQL_RESPONSE and "data" not in answer else 200
        return Response(orjson.dumps(answer), status, media_type=f"{media_type}; charset=utf-8")

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = await super().get_sub_response(request)
        response.media_type = answered_in(request.headers.get("accept", ""))
        return response

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        return answer_of(result)

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        response = super().create_response(response_data, sub_response)
        response.headers["content-type"] = f"{sub_response.media_type}; charset=utf-8"
        if sub_response.media_type == GRAPHQL_RESPONSE and "data" not in response_data:
            response.status_code = cast("int | None", sub_response.status_code) or 400
        return response

    def decode_json(self, data: str | bytes) -> object:
        return orjson.loads(data)

    def encode_json(self, data: object) -> str:
        return orjson.dumps(data).decode()  # text: graphql-transport-ws has no binary messages


async def posted_operation(request: Request) -> dict[str, Any] | None:
    """The members of a well-formed request that was posted as JSON; None where it is anything else. The body can be read again."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.method != "POST" or media_type != JSON:
        return None
    try:
        asked = orjson.loads(await request.body())
    except ValueError:
        return None
    return asked if _is_well_formed(asked) else None


def answered_in(accept: str) -> str:
    """The media type that an Accept header names first; one that names neither gets plain JSON."""
    named = (media_range.partition(";")[0].strip().lower() for media_range in accept.split(","))
    return next((name for name in named if name in (JSON, GRAPHQL_RESPONSE)), JSON)


def answer_of(result: ExecutionResult) -> GraphQLHTTPResponse:
    """What is sent of a result."""
    answer = process_result(result)
    if was_refused(result):
        del answer["data"]
    return answer


def was_refused(result: ExecutionResult) -> bool:
    """Whether nothing was executed: it did not parse or validate, or a variable did not fit. Errors of execution have a path."""
    return result.data is None and all(error.path is None for error in result.errors or ())


def _is_well_formed(asked: object) -> bool:
    return (
        isinstance(asked, dict)
        and isinstance(asked.get("query"), str)
        and isinstance(asked.get("operationName"), str | None)
        and isinstance(asked.get("variables"), dict | None)
        and isinstance(asked.get("extensions"), dict | None)
    )
