"""Strawberry's view, taught what it leaves out of GraphQL over HTTP: the media type of the answer, and the statuses that go with it.

Source: the GraphQL-over-HTTP specification, sections 6.1 and 6.4, https://graphql.github.io/graphql-over-http/draft/.
"""

from __future__ import annotations

from typing import Any, Final, cast

from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.types import ExecutionResult

JSON: Final = "application/json"
GRAPHQL_RESPONSE: Final = "application/graphql-response+json"


class GraphQLOverHttp(GraphQL[Any, Any]):
    """A view that answers in either media type. A refused request has no `data`; in the modern type it is a 400."""

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        response = await super().get_sub_response(request)
        response.media_type = answered_in(request.headers.get("accept", ""))
        return response

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer = await super().process_result(request, result)
        if was_refused(result):
            del answer["data"]
        return answer

    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        response = super().create_response(response_data, sub_response)
        response.headers["content-type"] = f"{sub_response.media_type}; charset=utf-8"
        if sub_response.media_type == GRAPHQL_RESPONSE and "data" not in response_data:
            response.status_code = cast("int | None", sub_response.status_code) or 400
        return response


def answered_in(accept: str) -> str:
    """The media type that an Accept header names first; one that names neither gets plain JSON."""
    named = (media_range.partition(";")[0].strip().lower() for media_range in accept.split(","))
    return next((name for name in named if name in (JSON, GRAPHQL_RESPONSE)), JSON)


def was_refused(result: ExecutionResult) -> bool:
    """Whether nothing was executed: it did not parse or validate, or a variable did not fit. Errors of execution have a path."""
    return result.data is None and all(error.path is None for error in result.errors or ())
