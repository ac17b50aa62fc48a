"""Everything the router can refuse or fail with.

RouterError
├── ConfigError                a setting or file is wrong; said at start, exit 1
│   └── SupergraphError        the supergraph SDL cannot be read
├── ClientError                answered in place of a result; the message is written for the client
│   ├── BadRequest             not a GraphQL-over-HTTP request                        BAD_REQUEST
│   ├── OperationInvalid       does not parse or validate                GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED
│   │   └── VariablesInvalid   a variable does not coerce                            BAD_USER_INPUT
│   ├── Unauthenticated        the token sent is not acceptable                      UNAUTHENTICATED
│   ├── KeysUnavailable        no token can be verified just now                     AUTHENTICATION_UNAVAILABLE
│   ├── TooLarge               over a named limit                                    LIMIT_EXCEEDED
│   ├── RateLimited            the client has spent its budget for now               RATE_LIMIT_EXCEEDED
│   ├── DearerThanBurst        the operation costs more than that budget ever holds  RATE_LIMIT_OPERATION_TOO_EXPENSIVE
│   ├── Unplannable            no way through the subgraphs serves this selection    QUERY_NOT_PLANNABLE
│   └── Unexpected             a fault of ours, told by its request id alone         INTERNAL_SERVER_ERROR
├── RedisUnavailable           Redis gave no answer: whoever asked does without it
└── SubgraphFailure            a subgraph gave no GraphQL answer                      DOWNSTREAM_SERVICE_ERROR

Only a ClientError's message and a SubgraphFailure's public sentence reach a client. Any other exception is logged under the
request id and answered as `Unexpected`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from graphql import GraphQLError


class RouterError(Exception):
    """The root of the tree."""


class ConfigError(RouterError):
    """A setting, flag or file is wrong. The message is one sentence that names it and the way out."""


class SupergraphError(ConfigError):
    """The supergraph SDL cannot be used."""


class ClientError(RouterError):
    """The whole request is refused.

    `code` goes into `extensions.code`. `status` is the HTTP status; where `always` is false, a client that asked for
    `application/json` gets 200 instead, as GraphQL over HTTP wants for a well-formed request.
    """

    code: str = "BAD_REQUEST"
    status: int = 400
    always: ClassVar[bool] = True

    def formatted(self) -> list[dict[str, Any]]:
        """The errors list of the GraphQL response."""
        return [{"message": str(self), "extensions": {"code": self.code}}]


class BadRequest(ClientError):
    """Not a well-formed GraphQL-over-HTTP request."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


class OperationInvalid(ClientError):
    """The document does not parse, or breaks a validation rule of the API schema."""

    always = False

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.code = code

    def formatted(self) -> list[dict[str, Any]]:
        return [
            {**error.formatted, "extensions": {**(error.extensions or {}), "code": self.code}} for error in self.errors
        ]


class VariablesInvalid(OperationInvalid):
    """The variables do not fit the operation's declarations."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors, "BAD_USER_INPUT")


class Unauthenticated(ClientError):
    """The access token that came with the request is not acceptable."""

    code = "UNAUTHENTICATED"
    status = 401


class KeysUnavailable(ClientError):
    """The keys that verify access tokens cannot be had, so no token is trusted until they can."""

    code = "AUTHENTICATION_UNAVAILABLE"
    status = 503


class TooLarge(ClientError):
    """The request passes a bound of `router.limits`."""

    code = "LIMIT_EXCEEDED"
    always = False


class RateLimited(ClientError):
    """The client has spent its budget: `retry-after` says when there is enough for this operation."""

    code = "RATE_LIMIT_EXCEEDED"
    status = 429


class DearerThanBurst(ClientError):
    """The operation costs more than the client's budget ever holds: waiting does not help."""

    code = "RATE_LIMIT_OPERATION_TOO_EXPENSIVE"
    always = False


class Unplannable(ClientError):
    """The operation is valid, yet no sequence of fetches can answer it."""

    code = "QUERY_NOT_PLANNABLE"
    always = False


class Unexpected(ClientError):
    """A fault of ours. The log has the story under the request id; the client learns that id and nothing else."""

    code = "INTERNAL_SERVER_ERROR"
    status = 500

    def __init__(self, request_id: str) -> None:
        super().__init__("The request could not be answered because of a fault on our side.")
        self.request_id = request_id

    def formatted(self) -> list[dict[str, Any]]:
        return [{"message": str(self), "extensions": {"code": self.code, "requestId": self.request_id}}]


class RedisUnavailable(RouterError):
    """Redis failed, took too long or is known to be away. Never reaches a client."""


class SubgraphFailure(RouterError):
    """A subgraph could not be reached or did not answer GraphQL.

    `str()` is the sentence clients may see; `detail` is for the log.
    """

    code: ClassVar[str] = "DOWNSTREAM_SERVICE_ERROR"

    def __init__(self, subgraph: str, public: str, detail: str = "") -> None:
        super().__init__(public)
        self.subgraph = subgraph
        self.detail = detail
