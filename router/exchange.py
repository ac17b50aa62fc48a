"""What goes into the pipeline and what comes out of it, whatever protocol carries them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Self, TypeAlias

import msgspec
from msgspec import Struct, field

from router.errors import ClientError
from router.security.caller import ANONYMOUS, Caller

PlanShown: TypeAlias = Literal["beside the data", "instead of data"]
"""How a client wants to see the query plan of its operation."""


class Record(Struct, frozen=True):
    """What is made for each request, and never changes once it is: a frozen dataclass takes six times as long to make."""

    def but(self, **changes: Any) -> Self:
        """The same with other values for some fields."""
        return msgspec.structs.replace(self, **changes)


class Client(Record, frozen=True):
    """The program that asks, and what it says of itself.

    `address` is that of the socket's other end, or what trusted proxies report. `api_key` is the SHA-256 of the key that it shows,
    in hexadecimal, where keys count at all: never the key.
    """

    address: str | None = None
    name: str | None = None
    version: str | None = None
    api_key: str | None = None


UNKNOWN_CLIENT = Client()


class OperationName(NamedTuple):
    """What an operation is: a query, a mutation or a subscription, and its name in the document."""

    kind: str
    name: str | None


class Reply:
    """What goes out beside data and errors, be the request answered or refused: each stage may add to it.

    `extensions` is the member of that name in the response map. The others are HTTP's, for protocols that carry them: `headers`,
    `cookies` that are to be set, each with its attributes, and the `status` of an operation that ran, where it is not to be 200.
    `operation` is for whoever observes requests: what was asked for, once that is known.
    """

    __slots__ = ("cookies", "extensions", "headers", "operation", "status")

    def __init__(self) -> None:
        self.extensions: dict[str, Any] = {}
        self.headers: dict[str, str] = {}
        self.cookies: list[str] = []
        self.status = 200
        self.operation: OperationName | None = None

    def extended(self, extensions: Mapping[str, Any]) -> Reply:
        """Another with these extensions, too."""
        reply = Reply()
        reply.extensions = {**self.extensions, **extensions}
        reply.headers, reply.cookies, reply.status = self.headers, self.cookies, self.status
        return reply


class ClientRequest(Record, frozen=True):
    """One GraphQL request, whose caller is already known.

    Without a text in `query`, `document_id` or an extension names one. `extensions` are what the client sent under that name.
    `headers` are the client's, names in lower case: rules say which go to subgraphs. With `read_only`, a mutation is refused (HTTP
    GET); with `incremental`, the answer may come in parts. After `deadline`, a time of the event loop, subgraphs are neither asked nor
    waited for. `context` is for whoever extends the router: nothing here reads it.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    caller: Caller = ANONYMOUS
    client: Client = UNKNOWN_CLIENT
    headers: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    document_id: str | None = None
    read_only: bool = False
    incremental: bool = False
    query_plan: PlanShown | None = None
    deadline: float | None = None
    reply: Reply = field(default_factory=Reply)
    context: dict[str, Any] = field(default_factory=dict)


class ClientResponse(Record, frozen=True):
    """The answer: `data` (as JSON) and `errors` of an operation that ran, or the `refusal` of one that did not."""

    data: bytes = b"null"
    errors: tuple[dict[str, Any], ...] = ()
    refusal: ClientError | None = None
    reply: Reply = field(default_factory=Reply)

    def json(self) -> bytes:
        """The response map as JSON (GraphQL specification, section 7.1): a refused request has no `data` at all."""
        extensions = (b',"extensions":', msgspec.json.encode(self.reply.extensions)) if self.reply.extensions else ()
        if self.refusal is not None:
            return b"".join((b'{"errors":', msgspec.json.encode(self.refusal.formatted()), *extensions, b"}"))
        errors = (b',"errors":', msgspec.json.encode(self.errors)) if self.errors else ()
        return b"".join((b'{"data":', self.data, *errors, *extensions, b"}"))


class DeferredPart(Record, frozen=True):
    """What a deferred fragment adds to the object at `path` of the answer."""

    data: bytes
    path: tuple[str | int, ...]
    label: str | None = None
    errors: tuple[dict[str, Any], ...] = ()


class IncrementalResponse(ClientResponse, frozen=True):
    """A piece of an answer with deferred parts: the first one has `data` and `errors`, the others bring `parts`.

    Source: the incremental delivery of 2022-08-24, which clients know as deferSpec=20220824.
    """

    parts: tuple[DeferredPart, ...] | None = None
    has_next: bool = False

    def json(self) -> bytes:
        """The piece as JSON. One that is refused is the last."""
        more = b',"hasNext":true}' if self.has_next else b',"hasNext":false}'
        if self.refusal is not None or self.parts is None:
            return super().json()[:-1] + more
        if not self.parts:
            return b"{" + more[1:]
        return b"".join((b'{"incremental":[', b",".join(map(_part, self.parts)), b"]", more))


def _part(part: DeferredPart) -> bytes:
    label = (b',"label":', msgspec.json.encode(part.label)) if part.label is not None else ()
    errors = (b',"errors":', msgspec.json.encode(part.errors)) if part.errors else ()
    return b"".join((b'{"data":', part.data, b',"path":', msgspec.json.encode(part.path), *label, *errors, b"}"))
