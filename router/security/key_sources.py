"""Where a key set document comes from: a URL or a file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import aiohttp

from router import limits
from router.config.jwt import Issuer


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
        return await asyncio.to_thread(self._read)

    def __str__(self) -> str:
        return str(self._path)

    def _read(self) -> bytes:
        with self._path.open("rb") as file:
            return _bounded(file.read(limits.JWKS_BYTES_MAX + 1))


class KeyUrl:
    """A key set behind a URL. A connection is opened per read: reads are minutes apart."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = dict(headers)

    async def read(self) -> bytes:
        timeout = aiohttp.ClientTimeout(total=limits.JWKS_TIMEOUT_S)
        # A redirect could lead from a pinned https address to anywhere, so none is followed.
        async with (
            aiohttp.ClientSession(timeout=timeout, headers=self._headers) as session,
            session.get(self._url, allow_redirects=False, raise_for_status=True) as response,
        ):
            if response.status != 200:
                raise OSError(f"HTTP status {response.status} in place of 200")
            body = await response.content.read(limits.JWKS_BYTES_MAX + 1)
            while len(body) <= limits.JWKS_BYTES_MAX and (more := await response.content.read(limits.JWKS_BYTES_MAX)):
                body += more
        return _bounded(body)

    def __str__(self) -> str:
        return self._url


def key_source(issuer: Issuer) -> KeySource:
    """Where an issuer's keys are, by its settings."""
    if issuer.jwks_file is not None:
        return KeyFile(issuer.jwks_file)
    assert issuer.jwks_url is not None, "the settings demand one source of keys"
    return KeyUrl(issuer.jwks_url, issuer.jwks_headers)


def _bounded(document: bytes) -> bytes:
    if len(document) > limits.JWKS_BYTES_MAX:
        raise OSError(f"more than {limits.JWKS_BYTES_MAX} bytes")
    return document
