"""The public keys of one issuer: read from a URL or a file, kept while fresh, read again when a token names an unknown key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import aiohttp
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from router import limits
from router.errors import KeysUnavailable

log = structlog.get_logger(__name__)


class KeySource(Protocol):
    """Where a key set document (RFC 7517, section 5) comes from."""

    async def read(self) -> bytes:
        """The document. Raises `OSError`, `aiohttp.ClientError` or `TimeoutError` where it cannot be had."""
        ...


class KeyFile:
    """A key set in a local file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> bytes:
        return await asyncio.to_thread(self._path.read_bytes)

    def __str__(self) -> str:
        return str(self._path)


class KeyUrl:
    """A key set behind a URL. A connection is opened per read: reads are minutes apart."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def read(self) -> bytes:
        timeout = aiohttp.ClientTimeout(total=limits.JWKS_TIMEOUT_S)
        # A redirect could lead from a pinned https address to anywhere, so none is followed.
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(self._url, allow_redirects=False, raise_for_status=True) as response,
        ):
            if response.status != 200:
                raise OSError(f"HTTP status {response.status} in place of 200")
            body = await response.content.read(limits.JWKS_BYTES_MAX + 1)
            while len(body) <= limits.JWKS_BYTES_MAX and (more := await response.content.read(limits.JWKS_BYTES_MAX)):
                body += more
        if len(body) > limits.JWKS_BYTES_MAX:
            raise OSError(f"more than {limits.JWKS_BYTES_MAX} bytes")
        return body

    def __str__(self) -> str:
        return self._url


class KeySet:
    """The keys of one issuer by key id.

    Reads are shared: whoever needs one while another waits for the same takes that one's outcome. `generation` grows with
    every change of the document, so that what was verified with an earlier one can be forgotten.
    """

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._document = b""
        self._keys: Mapping[str, PyJWK] = {}
        self._read_at = float("-inf")
        self._tried_at = float("-inf")
        self._reading = asyncio.Lock()
        self.generation = 0

    async def key(self, kid: str | None) -> PyJWK | None:
        """The key that a token's header names, or the only one where it names none. None: the issuer has no such key.

        Raises:
            KeysUnavailable: the keys cannot be read, so that nobody knows.
        """
        await self.refresh()
        if (key := self._find(kid)) is None:
            await self._read_again(asked_at=monotonic())
            if (key := self._find(kid)) is None and self._read_at < self._tried_at:
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
        await self._read_again(asked_at=now)
        if not usable and self._read_at < now:
            raise _unavailable()

    def _find(self, kid: str | None) -> PyJWK | None:
        if kid is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(kid)

    async def _read_again(self, *, asked_at: float) -> None:
        async with self._reading:
            if self._tried_at >= asked_at:
                return
            await asyncio.sleep(self._tried_at + limits.JWKS_REFETCH_INTERVAL_S - monotonic())
            started_at = monotonic()
            try:
                document = await self._source.read()
                keys = parse_key_set(document)
            except (OSError, TimeoutError, aiohttp.ClientError, ValueError) as error:
                log.warning("keys cannot be read", source=str(self._source), reason=str(error) or type(error).__name__)
            else:
                self.generation += document != self._document
                self._document, self._keys, self._read_at = document, keys, monotonic()
            # Set only now: were this read cancelled with its request, those who wait would take it for an outcome.
            self._tried_at = started_at


def _unavailable() -> KeysUnavailable:
    return KeysUnavailable("Access tokens cannot be verified at the moment: try again in a few seconds.")


def parse_key_set(document: bytes) -> dict[str, PyJWK]:
    """The signature keys of a JWK set by key id; keys of other uses, secret (`oct`) and unknown kinds are left out.

    Raises:
        ValueError: it is not a JWK set, or has more than `JWKS_KEYS_MAX` keys.
    """
    try:
        entries = json.loads(document)["keys"]
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ValueError('not a JSON object with a list "keys"') from None
    if not isinstance(entries, list) or len(entries) > limits.JWKS_KEYS_MAX:
        raise ValueError(f'"keys" must be a list of at most {limits.JWKS_KEYS_MAX} keys')
    keys = (_signature_key(entry) for entry in entries)
    return {key.key_id or "": key for key in keys if key is not None}


def _signature_key(entry: Any) -> PyJWK | None:
    if not isinstance(entry, dict) or entry.get("kty") == "oct" or entry.get("use", "sig") != "sig":
        return None
    try:
        return PyJWK(entry)
    except PyJWTError:
        return None
