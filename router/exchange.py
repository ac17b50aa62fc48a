"""What goes into the pipeline and what comes out of it, whatever protocol carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from router.errors import ClientError
from router.security.caller import ANONYMOUS, Caller


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """One GraphQL request, whose caller is already known.

    `headers` (names in lower case) go along to every subgraph; with `read_only`, a mutation is refused (HTTP GET).
    """

    query: str
    operation_name: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)
    caller: Caller = ANONYMOUS
    headers: Mapping[str, str] = field(default_factory=dict)
    request_id: str = ""
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class ClientResponse:
    """The answer: `data` (as JSON) and `errors` of an operation that ran, or the `refusal` of one that did not."""

    data: bytes = b"null"
    errors: tuple[dict[str, Any], ...] = ()
    refusal: ClientError | None = None

    def json(self) -> bytes:
        """The response map as JSON (GraphQL specification, section 7.1): a refused request has no `data` at all."""
        if self.refusal is not None:
            return msgspec.json.encode({"errors": self.refusal.formatted()})
        errors = (b',"errors":', msgspec.json.encode(self.errors)) if self.errors else ()
        return b"".join((b'{"data":', self.data, *errors, b"}"))
