"""What a revocation names, and the port through which the router asks whether a caller's token still counts.

A token is revoked by its own id (`jti`), with all of its session (`sid`), or with all that its subject (`sub`) had been issued
until then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Final, Literal, NoReturn, Protocol, TypeAlias

import msgspec
import structlog

from router import limits
from router.errors import KeysUnavailable
from router.lru import Lru
from router.security.caller import Caller
from router.security.session import forever
from router.sharing import Sharing

log = structlog.get_logger(__name__)

Named: TypeAlias = Literal["jti", "sid", "sub"]
CLAIMS: Final[tuple[Named, ...]] = ("jti", "sid", "sub")

RevocationCheck: TypeAlias = Callable[[Caller], Awaitable[bool]]
"""Says True where a caller's token or session is revoked."""


class Revocations(Protocol):
    """Knows whose tokens stopped to count before they expired."""

    async def is_revoked(self, caller: Caller) -> bool:
        """Whether this signed-in caller's token is revoked. Raises KeysUnavailable where nobody knows."""
        ...

    async def revoked(self, caller: Caller) -> None:
        """Return once it is. It does not fail, and is given up by cancelling it."""
        ...

    async def stay_current(self) -> NoReturn:
        """Hear of revocations until cancelled. It does not fail."""
        ...


def names_of(caller: Caller) -> Iterator[tuple[Named, str]]:
    """What a revocation may name to mean this caller's token."""
    for claim in CLAIMS:
        if isinstance(value := caller.claims.get(claim), str):
            yield claim, value


def nobody_knows() -> KeysUnavailable:
    """The refusal while it is unknown what was revoked."""
    return KeysUnavailable("Whether access tokens were revoked is not known at the moment: try again in a few seconds.")


class AskedRevocations:
    """Revocations that an async function knows of. Its answer for a token counts for a while."""

    def __init__(self, check: RevocationCheck, *, recheck_s: float, timeout_s: float) -> None:
        self._check = check
        self._recheck_s = recheck_s
        self._timeout_s = timeout_s
        self._answers: Lru[tuple[object, ...], tuple[bool, float]] = Lru(limits.REVOCATION_VERDICTS_MAX)
        self._asking: Sharing[tuple[object, ...], bool] = Sharing(own=lambda _: nobody_knows())

    async def is_revoked(self, caller: Caller) -> bool:
        who = _told_apart(caller)
        now = asyncio.get_running_loop().time()
        if (answer := self._answers.get(who)) is not None and now < answer[1]:
            return answer[0]
        revoked = await self._asking.join(who, lambda: self._ask(caller))
        self._answers.put(who, (revoked, now + self._recheck_s))
        return revoked

    async def revoked(self, caller: Caller) -> None:
        while True:
            await asyncio.sleep(max(self._recheck_s, limits.REVOKED_RETRY_S))
            try:
                if await self.is_revoked(caller):
                    return
            except KeysUnavailable:
                continue  # it is logged; what runs goes on until somebody knows

    async def stay_current(self) -> NoReturn:
        await forever()

    async def _ask(self, caller: Caller) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                return bool(await self._check(caller))
        except Exception as error:
            log.error("the revocation check failed", exc_info=error)
            raise nobody_knows() from None


def _told_apart(caller: Caller) -> tuple[object, ...]:
    """What makes two tokens the same to who is asked: their names or, of those of machines that have none, all that they claim."""
    names = tuple(names_of(caller))
    return (caller.issuer, caller.expires_at, *names) if names else (msgspec.json.encode(caller.claims),)
