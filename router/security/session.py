"""When what was begun in a caller's name must end: the port for whoever keeps something open."""

from __future__ import annotations

import asyncio
from typing import Literal, NamedTuple, NoReturn, Protocol

from router.security.caller import Caller


class SessionEnd(NamedTuple):
    """Why it may not go on. The message is written for the client."""

    code: Literal["SUBSCRIPTION_JWT_EXPIRED", "SUBSCRIPTION_SESSION_REVOKED"]
    message: str


EXPIRED = SessionEnd("SUBSCRIPTION_JWT_EXPIRED", "The access token has expired: connect again with a new one.")
REVOKED = SessionEnd("SUBSCRIPTION_SESSION_REVOKED", "The session was ended: sign in again.")


class SessionWatch(Protocol):
    """Tells whoever keeps something open for a caller when to end it."""

    async def ended(self, caller: Caller) -> SessionEnd:
        """Return once the caller's token has expired or was revoked; never, where neither can happen.

        Cheap to wait for: thousands may. It does not fail, and is given up by cancelling it.
        """
        ...


async def forever() -> NoReturn:
    """Wait until cancelled."""
    await asyncio.get_running_loop().create_future()
    raise AssertionError("nothing sets it")
