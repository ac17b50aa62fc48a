"""The public keys of one issuer, kept while fresh, read again every so often and when a token names an unknown one."""

from __future__ import annotations

import asyncio
from time import monotonic

import aiohttp
import structlog

from router import limits
from router.errors import KeysUnavailable
from router.security.key_sources import KeySource
from router.security.keys import KeysById, VerifyingKey, parse_key_set

log = structlog.get_logger(__name__)


class KeySet:
    """The keys of one issuer by key id.

    Reads are shared: whoever needs one while another waits for the same takes that one's outcome. `generation` grows with
    every change of the document, so that what was verified with an earlier one can be forgotten.
    """

    def __init__(self, source: KeySource, *, poll_interval_s: float = limits.JWKS_POLL_INTERVAL_S) -> None:
        self._source = source
        self._poll_interval_s = poll_interval_s
        self._document: bytes | None = None
        self._keys: KeysById = {}
        self._read_at = float("-inf")
        self._tried_at = float("-inf")
        self._reading = asyncio.Lock()
        self.generation = 0

    @property
    def is_fresh(self) -> bool:
        """Whether the keys may be used without a look at their source."""
        return monotonic() - self._read_at < limits.JWKS_FRESH_S

    @property
    def is_usable(self) -> bool:
        """Whether there are keys, and not too old ones."""
        return monotonic() - self._read_at < limits.JWKS_STALE_MAX_S

    async def key(self, kid: str | None, algorithm: str) -> VerifyingKey | None:
        """The key that a token's header names, or the only one for its algorithm where it names none.

        None: the issuer has no such key, or not for this algorithm.

        Raises:
            KeysUnavailable: the keys cannot be read, so that nobody knows.
        """
        await self.refresh()
        if (key := self._find(kid, algorithm)) is None:
            await self._read_again(asked_at=monotonic())
            if (key := self._find(kid, algorithm)) is None and self._read_at < self._tried_at:
                raise _unavailable()
        return key

    async def refresh(self) -> None:
        """Have keys that are fresh or, while the issuer is out of reach, at least not too old.

        Raises:
            KeysUnavailable: there are none.
        """
        now = monotonic()
        if now - self._read_at < limits.JWKS_FRESH_S:
            return
        usable = now - self._read_at < limits.JWKS_STALE_MAX_S
        if usable and now - self._tried_at < limits.JWKS_RETRY_S:
            return
        async with self._reading:
            pass  # one that is under way, e.g. the first poll, will do
        if self._read_at < now:
            await self._read_again(asked_at=now)
        if not usable and self._read_at < now:
            raise _unavailable()

    async def poll(self) -> None:
        """Read the keys now and then every so often, until cancelled. What fails is logged, and tried again."""
        while True:
            await self._read_again(asked_at=monotonic())
            await asyncio.sleep(self._poll_interval_s)

    def _find(self, kid: str | None, algorithm: str) -> VerifyingKey | None:
        among = self._keys.get(kid, ()) if kid is not None else [key for keys in self._keys.values() for key in keys]
        fitting = [key for key in among if algorithm in key.algorithms]
        return fitting[0] if len(fitting) == 1 or (fitting and kid is not None) else None

    async def _read_again(self, *, asked_at: float) -> None:
        async with self._reading:
            if self._tried_at >= asked_at:
                return
            await asyncio.sleep(self._tried_at + limits.JWKS_REFETCH_INTERVAL_S - monotonic())
            started_at = monotonic()
            try:
                document = await self._source.read()
                keys = self._keys if document == self._document else parse_key_set(document)
            except (OSError, TimeoutError, aiohttp.ClientError, ValueError) as error:
                log.warning("keys cannot be read", source=str(self._source), reason=str(error) or type(error).__name__)
            else:
                self.generation += document != self._document
                self._document, self._keys, self._read_at = document, keys, monotonic()
            # Set only now: were this read cancelled with its request, those who wait would take it for an outcome.
            self._tried_at = started_at


def _unavailable() -> KeysUnavailable:
    return KeysUnavailable("Access tokens cannot be verified at the moment: try again in a few seconds.")
