"""What every protocol of the edge needs to make a `ClientRequest`: who asks, with what, under which id, and which headers go along."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Final
from uuid import uuid4

from starlette.types import Scope

from router.config import RouterConfig
from router.edge.addresses import client_address
from router.exchange import Client
from router.parts import Parts
from router.pipeline import RouterState
from router.security.authenticator import Authenticator
from router.security.session import SessionWatch

REQUEST_ID: Final = "x-request-id"
# Made-up ids differ between processes and restarts; to ask for randomness each time would be a system call each time.
_PROCESS: Final = uuid4().hex[:20]
_REQUESTS: Final = count(1)
# An id ends up in logs and in headers to subgraphs, so a client may choose one of harmless characters only.
_REQUEST_ID_RULE: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")


@dataclass(slots=True, eq=False)
class Gate:
    """The router as its protocols see it: what was made from one configuration and one supergraph.

    As a context manager it counts a request as one that uses it. `retire` tells when the last has ended.
    """

    router: RouterState
    authenticate: Authenticator
    config: RouterConfig
    parts: Parts = field(default_factory=Parts)
    in_use: int = 0
    unused: asyncio.Event | None = None
    notes_operations: bool = field(init=False)

    def __post_init__(self) -> None:
        """Whether anything is told of single operations, without traces: which is off by default."""
        told = self.config.telemetry
        self.notes_operations = told.log.access != "off" or told.metrics.operation_names > 0

    def __enter__(self) -> Gate:
        self.in_use += 1
        return self

    def __exit__(self, *_: object) -> None:
        self.in_use -= 1
        if self.unused is not None and not self.in_use:
            self.unused.set()

    def retire(self) -> asyncio.Event:
        """Set once no request uses this gate; for one that gets no new ones."""
        self.unused = asyncio.Event()
        if not self.in_use:
            self.unused.set()
        return self.unused

    def request_id(self, headers: Mapping[str, str]) -> str:
        """The client's own request id where it sent an acceptable one, else a new one."""
        given = headers.get(REQUEST_ID, "")
        return given if given and _REQUEST_ID_RULE.fullmatch(given) else f"{_PROCESS}{next(_REQUESTS):012x}"

    def client(self, scope: Scope, headers: Mapping[str, str]) -> Client:
        """The program at the other end of the socket, under the name that it gives itself."""
        return Client(
            client_address(scope, self.config.listen.trusted_proxies),
            headers.get("apollographql-client-name", headers.get("graphql-client-name")),
            headers.get("apollographql-client-version", headers.get("graphql-client-version")),
            self._api_key(headers),
        )

    def _api_key(self, headers: Mapping[str, str]) -> str | None:
        limit = self.config.rate_limit
        if limit is None or limit.api_keys is None or not (shown := headers.get(limit.api_keys.header)):
            return None
        digest = sha256(shown.encode("latin-1")).hexdigest()
        return digest if limit.api_keys.verified_upstream or digest in limit.api_keys.sha256 else None

    @property
    def sessions(self) -> SessionWatch:
        """Says when what is kept open for a caller must end."""
        return self.authenticate
