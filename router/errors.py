"""Everything the router can refuse or fail with.

RouterError
├── ConfigError                a setting or file is wrong; said at start, exit 1
│   └── SupergraphError        the supergraph SDL cannot be read
├── ClientError                answered in place of a result; the message is written for the client
│   ├── BadRequest             not a GraphQL-over-HTTP request                        BAD_REQUEST
│   ├── CsrfSuspected          a page of another site could have sent it             CSRF_PREVENTION_FAILED
│   ├── BatchRefused           several operations at once, or too many               BATCHING_NOT_ENABLED or BATCH_LIMIT_EXCEEDED
│   ├── NothingHere            no such path                                          NOT_FOUND
│   ├── OperationInvalid       does not parse or validate                GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED
│   │   └── VariablesInvalid   a variable does not coerce                            BAD_USER_INPUT
│   ├── Unauthenticated        the token sent is not acceptable                      UNAUTHENTICATED
│   ├── Unauthorized           a field is denied, and part of the operation will not do UNAUTHORIZED_FIELD_OR_TYPE
│   ├── KeysUnavailable        no token can be verified just now                     AUTHENTICATION_UNAVAILABLE
│   ├── TooLarge               over a named limit                                    LIMIT_EXCEEDED, MAX_TOKENS_LIMIT and its kin
│   ├── IntrospectionDisabled  the schema is not given out                           INTROSPECTION_DISABLED
│   ├── PersistedQueryNotFound the hash is not known here: send the text, too        PERSISTED_QUERY_NOT_FOUND
│   ├── PersistedQueryNotSupported  nothing can be sent by name here                 PERSISTED_QUERY_NOT_SUPPORTED
│   ├── PersistedQueryMismatch the text has another hash than it came with           PERSISTED_QUERY_HASH_MISMATCH
│   ├── NotTrusted             the safelist does not let it pass                     QUERY_NOT_IN_SAFELIST, PERSISTED_QUERY_NOT_IN_LIST,
│   │                                                                PERSISTED_QUERY_ID_REQUIRED, CANNOT_SEND_PQ_ID_AND_BODY
│   ├── RateLimited            the client has spent its budget for now               RATE_LIMIT_EXCEEDED
│   ├── DearerThanBurst        the operation costs more than that budget ever holds  RATE_LIMIT_OPERATION_TOO_EXPENSIVE
│   ├── SubscriptionNotAccepted  one for a client that accepts no stream             SUBSCRIPTION_BAD_HEADER
│   ├── DeferNotAccepted       @defer for a client that accepts no answer in parts   DEFER_BAD_HEADER
│   ├── SubscriptionRefused    none is served, or too many are open                  SUBSCRIPTIONS_DISABLED or SUBSCRIPTION_MAX_LIMIT
│   ├── ReservationsExhausted  too many streams are reserved                         SUBSCRIPTION_MAX_LIMIT
│   ├── StreamEnded            an answer in pieces ends before its time              SUBSCRIPTION_… or DEFERRED_RESPONSE_…
│   │   └── TooSlow            more events wait for a client than may                SUBSCRIPTION_TOO_SLOW
│   ├── CostUnknown            no cost follows from the arguments that were given    COST_QUERY_PARSE_FAILURE
│   ├── TooExpensive           is estimated to cost more than an operation may       COST_ESTIMATED_TOO_EXPENSIVE
│   ├── SourceTooExpensive     so is a subscription, in the subgraph it listens to   SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE
│   ├── RequestTimedOut        the time for it was over before there was anything    GATEWAY_TIMEOUT
│   ├── Unplannable            no way through the subgraphs serves this selection    QUERY_NOT_PLANNABLE
│   └── Unexpected             a fault of ours, told by its request id alone         INTERNAL_SERVER_ERROR
├── RedisUnavailable           Redis gave no answer: whoever asked does without it
└── SubgraphFailure            a subgraph gave no GraphQL answer                      DOWNSTREAM_SERVICE_ERROR
    ├── SubgraphUnreachable    no connection, or one that broke off: another try may help
    ├── SubgraphTimedOut       it took longer than it may                             GATEWAY_TIMEOUT
    ├── OutOfTime              the client's whole request did                         GATEWAY_TIMEOUT
    ├── CircuitOpen            is not asked: it failed too often of late              SUBGRAPH_CIRCUIT_BREAKER_REJECTED
    └── SubgraphTooExpensive   is not asked: what it would cost is over its budget   SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE

Only a ClientError's message and a SubgraphFailure's public sentence reach a client. Any other exception is logged under the
request id and answered as `Unexpected`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class CsrfSuspected(ClientError):
    """A browser would have sent the request for a page of any site, and nothing shows that none did."""

    code = "CSRF_PREVENTION_FAILED"

    def __init__(self, required_headers: Sequence[str]) -> None:
        super().__init__(
            "A page of another site could have sent this request (CSRF), so it is refused: send content-type: application/json,"
            f" or the header {' or '.join(required_headers)} with any value."
        )


class BatchRefused(ClientError):
    """The body is a list of operations, and lists are not answered, or not such long ones."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class NothingHere(ClientError):
    """No such path."""

    code = "NOT_FOUND"
    status = 404


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


class Unauthorized(ClientError):
    """Some field of the operation is denied to its caller, and operations are set to run whole or not at all.

    Answered with `data: null`, as if every field had been denied; `told` are the errors that the client gets to see.
    """

    code = "UNAUTHORIZED_FIELD_OR_TYPE"
    status = 200

    def __init__(self, told: Sequence[dict[str, Any]]) -> None:
        super().__init__("Some of the fields asked for are denied to this caller.")
        self.told = told

    def formatted(self) -> list[dict[str, Any]]:
        return list(self.told)


class KeysUnavailable(ClientError):
    """The keys that verify access tokens cannot be had, so no token is trusted until they can."""

    code = "AUTHENTICATION_UNAVAILABLE"
    status = 503


class TooLarge(ClientError):
    """The request passes a bound; `code` says which, where it is one of the configuration's `limits`."""

    code = "LIMIT_EXCEEDED"
    always = False

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or self.code


class IntrospectionDisabled(ClientError):
    """The client asks for the schema, which is not given out."""

    code = "INTROSPECTION_DISABLED"
    status = 403
    always = False


class PersistedQueryNotFound(ClientError):
    """Nobody registered this hash. Clients know the message by heart, and a status other than 200 would keep some from reading it."""

    code = "PERSISTED_QUERY_NOT_FOUND"
    status = 200

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotFound")


class PersistedQueryNotSupported(ClientError):
    """Nothing can be sent by hash or id here. Message and status are what clients look for, as above."""

    code = "PERSISTED_QUERY_NOT_SUPPORTED"
    status = 200

    def __init__(self) -> None:
        super().__init__("PersistedQueryNotSupported")


class PersistedQueryMismatch(ClientError):
    """A text came with a hash that is not its own."""

    code = "PERSISTED_QUERY_HASH_MISMATCH"

    def __init__(self) -> None:
        super().__init__('The "sha256Hash" is not the SHA-256 of the text that came with it.')


class NotTrusted(ClientError):
    """The safelist of trusted documents does not let the request pass."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class RateLimited(ClientError):
    """The client has spent its budget: `retry-after` says when there is enough for this operation."""

    code = "RATE_LIMIT_EXCEEDED"
    status = 429


class DearerThanBurst(ClientError):
    """The operation costs more than the client's budget ever holds: waiting does not help."""

    code = "RATE_LIMIT_OPERATION_TOO_EXPENSIVE"
    always = False


class SubscriptionNotAccepted(ClientError):
    """A subscription is answered event by event, and the client accepts no way in which that is done."""

    code = "SUBSCRIPTION_BAD_HEADER"
    status = 406

    def __init__(self) -> None:
        super().__init__(
            "A subscription is answered event by event: send accept: multipart/mixed;subscriptionSpec=1.0 or"
            " accept: text/event-stream, or use a WebSocket with the subprotocol graphql-transport-ws."
        )


class DeferNotAccepted(ClientError):
    """The operation has @defer, and its client accepts no answer in parts."""

    code = "DEFER_BAD_HEADER"
    status = 406

    def __init__(self) -> None:
        super().__init__(
            "The operation has @defer, and its client accepts no answer in parts:"
            " send accept: multipart/mixed;deferSpec=20220824, or leave @defer out."
        )


class SubscriptionRefused(ClientError):
    """A subscription may not begin: none is served here, or too many are open."""

    def __init__(self, message: str, code: str, status: int) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class ReservationsExhausted(ClientError):
    """As many streams of graphql-sse's single connection mode are reserved or open as may be."""

    code = "SUBSCRIPTION_MAX_LIMIT"
    status = 503

    def __init__(self, reservations_max: int) -> None:
        super().__init__(f"{reservations_max} streams are reserved or open: try again later.")


class StreamEnded(ClientError):
    """An answer that comes in pieces ends before its time. The message says why, and what its client can do."""

    status = 200  # of what was sent before

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class TooSlow(StreamEnded):
    """More events wait for a client that reads slowly than may."""

    def __init__(self) -> None:
        super().__init__("Events arrive faster than they are read: subscribe again.", "SUBSCRIPTION_TOO_SLOW")


class CostUnknown(ClientError):
    """What an operation costs does not follow from the arguments that it gives (@listSize)."""

    code = "COST_QUERY_PARSE_FAILURE"
    always = False


class TooExpensive(ClientError):
    """The operation is estimated to cost more than any may. No subgraph has been asked."""

    code = "COST_ESTIMATED_TOO_EXPENSIVE"
    always = False

    def __init__(self, estimated: float, limit: float) -> None:
        super().__init__(
            f"The operation is estimated to cost {estimated:.16g}, more than the {limit:.16g} that one may: "
            "ask for fewer fields or for shorter lists."
        )
        self.estimated = estimated
        self.limit = limit

    def formatted(self) -> list[dict[str, Any]]:
        told = {"code": self.code, "cost.estimated": self.estimated, "cost.max": self.limit}
        return [{"message": str(self), "extensions": told}]


class SourceTooExpensive(ClientError):
    """A subscription is estimated to cost more than the subgraph that it listens to may be asked for."""

    code = "SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE"
    always = False

    def __init__(self, failure: SubgraphTooExpensive) -> None:
        super().__init__(str(failure))
        self.extensions = failure.extensions

    def formatted(self) -> list[dict[str, Any]]:
        return [{"message": str(self), "extensions": {"code": self.code, **self.extensions}}]


class RequestTimedOut(ClientError):
    """The time for the request was over before there was anything to answer with. A mutation may have taken effect all the same."""

    code = "GATEWAY_TIMEOUT"
    status = 504

    def __init__(self) -> None:
        super().__init__("The request could not be answered in time.")


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

    `str()` is the sentence clients may see; `detail` is for the log. One that is `passing` may be over soon: a subscription is then
    opened again.
    """

    code: ClassVar[str] = "DOWNSTREAM_SERVICE_ERROR"
    extensions: Mapping[str, Any] = {}
    passing: bool = False

    def __init__(self, subgraph: str, public: str, detail: str = "") -> None:
        super().__init__(public)
        self.subgraph = subgraph
        self.detail = detail


class SubgraphUnreachable(SubgraphFailure):
    """There was no connection to be had, or it broke off before a whole answer."""


class SubgraphTimedOut(SubgraphFailure):
    """The subgraph took longer than it may."""

    code: ClassVar[str] = "GATEWAY_TIMEOUT"


class OutOfTime(SubgraphFailure):
    """The time for the client's whole request was over, which says nothing of the subgraph."""

    code: ClassVar[str] = "GATEWAY_TIMEOUT"


class CircuitOpen(SubgraphFailure):
    """The subgraph is not asked for a while, for it failed too often."""

    code: ClassVar[str] = "SUBGRAPH_CIRCUIT_BREAKER_REJECTED"


class SubgraphTooExpensive(SubgraphFailure):
    """The subgraph is not asked, for what the operation would cost there is more than it may."""

    code: ClassVar[str] = "SUBGRAPH_COST_ESTIMATED_TOO_EXPENSIVE"

    def __init__(self, subgraph: str, estimated: float, limit: float) -> None:
        super().__init__(
            subgraph,
            f'Subgraph "{subgraph}" was not asked: the operation is estimated to cost {estimated:.16g} there, '
            f"more than the {limit:.16g} that one may.",
        )
        self.extensions = {
            "service": subgraph,
            "cost.subgraph": subgraph,
            "cost.subgraph.estimated": estimated,
            "cost.subgraph.max": limit,
        }
