"""What every protocol of the edge needs to make a `ClientRequest`: who asks, under which id, and which headers go along."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import uuid4

from router.config import RouterConfig
from router.pipeline import RouterState
from router.security.caller import Authenticator

REQUEST_ID: Final = "x-request-id"
# Made-up ids differ between processes and restarts; to ask for randomness each time would be a system call each time.
_PROCESS: Final = uuid4().hex[:20]
_REQUESTS: Final = count(1)
# An id ends up in logs and in headers to subgraphs, so a client may choose one of harmless characters only.
_REQUEST_ID_RULE: Final = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")


@dataclass(frozen=True, slots=True)
class Gate:
    """The router as its protocols see it."""

    router: RouterState
    authenticate: Authenticator
    config: RouterConfig

    def request_id(self, headers: Mapping[str, str]) -> str:
        """The client's own request id where it sent an acceptable one, else a new one."""
        given = headers.get(REQUEST_ID, "")
        return given if given and _REQUEST_ID_RULE.fullmatch(given) else f"{_PROCESS}{next(_REQUESTS):012x}"

    def forwarded(self, headers: Mapping[str, str], *, request_id: str, authorization: str | None) -> dict[str, str]:
        """The headers for the subgraphs: of the configured names, those that are there."""
        present = {name: headers[name] for name in self.config.forward_headers if name in headers}
        if REQUEST_ID in self.config.forward_headers:
            present[REQUEST_ID] = request_id
        if authorization is not None and "authorization" in self.config.forward_headers:
            present["authorization"] = authorization
        return present
