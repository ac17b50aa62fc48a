"""What goes into the pipeline and what comes out of it, whatever protocol carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from router.errors import ClientError
from router.security.caller import ANONYMOUS, Caller


class Client(NamedTuple):
    """The program that asks, by its own account: `address` is that of the socket's other end."""

    address: str | None = None
    name: str | None = None
    version: str | None = None


UNKNOWN_CLIENT = Client()


class Reply:
    """What goes out beside data and errors, be the request answered or refused: each stage may add to it.

    `extensions` is the member of that name in the response map; `headers` are HTTP's, for protocols that carry them.
    """

    __slots__ = ("extensions", "headers")

    def __init__(self) -> None:
        self.extensions: dict[str, Any] = {}
        self.headers: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """One GraphQL request, whose caller is already known.

    `extensions` are what the client sent under that name. `headers` (names in lower case) go along to every subgraph; with
    `read_only`, a mutation is refused (HTTP GET). `context` is for whoever extends the router: nothing here reads it.
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    extensions: Mapping[str, Any] = field(default_factory=dict)
    caller: Caller = ANONYMOUS
    client: Client = UNKNOWN_CLIENT
    headers: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    read_only: bool = False
    reply: Reply = field(default_factory=Reply)
    context: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientResponse:
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
