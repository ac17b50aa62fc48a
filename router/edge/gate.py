"""What every protocol of the edge needs to make a `ClientRequest`: who asks, with what, under which id, and which headers go along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import uuid4

from starlette.types import Scope

from router.config import RouterConfig
from router.exchange import Client
from router.pipeline import RouterState
from router.security.caller import Authenticator

REQUEST_ID: Final = "x-request-id"
# Made-up ids differ between processes and restarts; to ask for randomness each time would be a system call each time.
_PROCESS: Final = uuid4().hex[:20]
_REQUESTS: Final = count(1)
# An id ends up in logs and in headers to subgraphs, so a client may choose one of harmless characters only.
_REQUEST_ID_RULE: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")


_CLIENT_NAMES: Final = ("apollographql-client-name", "graphql-client-name")
_CLIENT_VERSIONS: Final = ("apollographql-client-version", "graphql-client-version")


@dataclass(frozen=True, slots=True)
class Gate:
    """The router as its protocols see it: what was made from one configuration and one supergraph."""

    router: RouterState
    authenticate: Authenticator
    config: RouterConfig

    def request_id(self, headers: Mapping[str, str]) -> str:
        """The client's own request id where it sent an acceptable one, else a new one."""
        given = headers.get(REQUEST_ID, "")
        return given if given and _REQUEST_ID_RULE.fullmatch(given) else f"{_PROCESS}{next(_REQUESTS):012x}"

    def client(self, scope: Scope, headers: Mapping[str, str]) -> Client:
        """The program at the other end of the socket, under the name that it gives itself."""
        address = scope.get("client")
        return Client(address and address[0], _first(headers, _CLIENT_NAMES), _first(headers, _CLIENT_VERSIONS))

    def forwarded(self, headers: Mapping[str, str], *, request_id: str, authorization: str | None) -> dict[str, str]:
        """The headers for the subgraphs: of the configured names, those that are there."""
        present = {name: headers[name] for name in self.config.forward_headers if name in headers}
        if REQUEST_ID in self.config.forward_headers:
            present[REQUEST_ID] = request_id
        if authorization is not None and "authorization" in self.config.forward_headers:
            present["authorization"] = authorization
        return present


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((headers[name] for name in names if name in headers), None)
