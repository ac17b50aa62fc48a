"""Request and response bodies of GraphQL over JSON, and the sentences clients see when a subgraph does not keep to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import orjson

from router.errors import CircuitOpen, OutOfTime, SubgraphFailure, SubgraphTimedOut, SubgraphUnreachable
from router.transport.base import SubgraphAnswer, SubgraphResponse

DETAIL_BYTES_MAX = 500  # of a body that is no GraphQL: enough to recognise the page, little enough for a log line
OK = 200


def encode_request(query: str, operation_name: str | None = None, variables: Mapping[str, Any] | None = None) -> bytes:
    """The body of a POST; what is not set is left out."""
    payload: dict[str, Any] = {"query": query}
    if operation_name is not None:
        payload["operationName"] = operation_name
    if variables:
        payload["variables"] = dict(variables)
    return orjson.dumps(payload)


def decode_response(
    subgraph: str, answer: SubgraphAnswer, *, decode: Callable[[bytes], Any] = msgspec.json.decode
) -> SubgraphResponse:
    """Read the body of an HTTP answer; a GraphQL body counts whatever the status says.

    Raises SubgraphFailure for anything else.
    """
    try:
        return read_response(subgraph, decode(answer.body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, SubgraphFailure):
        detail = f"HTTP {answer.status}: {answer.body[:DETAIL_BYTES_MAX].decode(errors='replace')}"
        if answer.status != OK:
            raise refused(subgraph, answer.status, detail) from None
        raise not_graphql(subgraph, detail) from None


def read_response(subgraph: str, payload: Any) -> SubgraphResponse:
    """Check that a JSON value is a GraphQL response: `data` is an object or null, `errors` a list of objects.

    Raises SubgraphFailure.
    """
    if not isinstance(payload, dict) or not ("data" in payload or "errors" in payload):
        raise not_graphql(subgraph, "neither data nor errors")
    data, errors, extensions = payload.get("data"), payload.get("errors"), payload.get("extensions")
    if not (data is None or isinstance(data, dict)) or not are_errors(errors or []):
        raise not_graphql(subgraph, "data is no object or errors is no list of objects")
    return SubgraphResponse(data, tuple(errors or ()), extensions if isinstance(extensions, dict) else {})


def are_errors(value: Any) -> bool:
    """Whether a JSON value can be GraphQL's `errors`."""
    return isinstance(value, list) and all(isinstance(error, dict) for error in value)


def not_graphql(subgraph: str, detail: str) -> SubgraphFailure:
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" did not answer with GraphQL.', detail)


def refused(subgraph: str, status: int, detail: str) -> SubgraphFailure:
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" answered with HTTP status {status}.', detail)


def unreachable(subgraph: str, detail: str) -> SubgraphUnreachable:
    return SubgraphUnreachable(subgraph, f'Subgraph "{subgraph}" cannot be reached.', detail)


def not_sent(subgraph: str, detail: str) -> SubgraphFailure:
    """In the same words as `unreachable`, but for a reason of our own: to try again would not help, and the subgraph is not to blame."""
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" cannot be reached.', detail)


def too_slow(subgraph: str, seconds: float) -> SubgraphTimedOut:
    return SubgraphTimedOut(subgraph, f'Subgraph "{subgraph}" did not answer within {seconds:g} seconds.')


def out_of_time(subgraph: str) -> OutOfTime:
    return OutOfTime(subgraph, f'Subgraph "{subgraph}" did not answer before the time for the whole request was over.')


def circuit_open(subgraph: str) -> CircuitOpen:
    return CircuitOpen(subgraph, f'Subgraph "{subgraph}" is not asked for a while: it failed too often.')


def too_large(subgraph: str, bytes_max: int) -> SubgraphFailure:
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" answered more than {bytes_max} bytes.')


def unknown_subgraph(subgraph: str) -> SubgraphFailure:
    return SubgraphFailure(subgraph, f'Subgraph "{subgraph}" has no address.', "the transport was not told its URL")
