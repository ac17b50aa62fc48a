"""Everything the router can refuse or fail with.

RouterError
├── ConfigError                a setting or file is wrong; said at start, exit 1
│   └── SupergraphError        the supergraph SDL cannot be read
├── ClientError                the request's fault; the message is written for the client
│   ├── BadRequest             not a GraphQL-over-HTTP request                        BAD_REQUEST
│   ├── OperationInvalid       does not parse or validate                            GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED
│   ├── VariablesInvalid       a variable does not coerce                            BAD_USER_INPUT
│   ├── Unauthenticated        no valid token where one is needed                    UNAUTHENTICATED
│   ├── TooLarge               over a named limit                                    LIMIT_EXCEEDED
│   └── Unplannable            no way through the subgraphs serves this selection    QUERY_NOT_PLANNABLE
└── SubgraphFailure            a subgraph gave no GraphQL answer                      DOWNSTREAM_SERVICE_ERROR

Only a ClientError's message and a SubgraphFailure's public sentence reach a client; anything else is logged under the
request id and answered as INTERNAL_SERVER_ERROR.
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
    """The request is at fault. `status` is the HTTP status where the response type carries one."""

    code: ClassVar[str] = "BAD_REQUEST"
    status: ClassVar[int] = 400

    def formatted(self) -> list[dict[str, Any]]:
        """The errors list of the GraphQL response."""
        return [{"message": str(self), "extensions": {"code": self.code}}]


class BadRequest(ClientError):
    """Not a well-formed GraphQL-over-HTTP request."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.http_status = status


class OperationInvalid(ClientError):
    """The document does not parse, or breaks a validation rule of the API schema."""

    def __init__(self, errors: Sequence[GraphQLError], code: str) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = tuple(errors)
        self.error_code = code

    def formatted(self) -> list[dict[str, Any]]:
        return [
            {**error.formatted, "extensions": {**(error.extensions or {}), "code": self.error_code}}
            for error in self.errors
        ]


class VariablesInvalid(OperationInvalid):
    """The variables do not fit the operation's declarations."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__(errors, "BAD_USER_INPUT")


class Unauthenticated(ClientError):
    """A token is missing where one is required, or the one sent is not acceptable."""

    code = "UNAUTHENTICATED"
    status = 401


class TooLarge(ClientError):
    """The request passes a bound of `router.limits`."""

    code = "LIMIT_EXCEEDED"


class Unplannable(ClientError):
    """The operation is valid, yet no sequence of fetches can answer it."""

    code = "QUERY_NOT_PLANNABLE"


class SubgraphFailure(RouterError):
    """A subgraph could not be reached or did not answer GraphQL.

    `str()` is the sentence clients may see; `detail` is for the log.
    """

    code: ClassVar[str] = "DOWNSTREAM_SERVICE_ERROR"

    def __init__(self, subgraph: str, public: str, detail: str = "") -> None:
        super().__init__(public)
        self.subgraph = subgraph
        self.detail = detail
