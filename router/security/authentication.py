"""The authenticator of a router with issuers: finds the token in a request, verifies it, asks whether it was revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Container, Mapping
from time import time
from typing import Any

import structlog

from router.config.jwt import JwtSettings
from router.errors import ClientError, KeysUnavailable, Unauthenticated
from router.security.caller import ANONYMOUS, Caller
from router.security.jwt import TokenVerifier
from router.security.revocation import Revocations
from router.security.session import EXPIRED, REVOKED, SessionEnd, forever
from router.security.sources import TokenSources

log = structlog.get_logger(__name__)


class Authentication:
    """Believes the tokens of the configured issuers, unless one of `revocations` knows better.

    With `required`, a request without a token is refused. `origins` are the web origins, besides the router's own, whose pages
    may use cookies on a socket.
    """

    def __init__(
        self,
        settings: JwtSettings,
        *,
        required: bool = False,
        revocations: Collection[Revocations] = (),
        origins: Container[str] = (),
    ) -> None:
        self._sources = TokenSources(settings.sources, lenient=settings.ignore_other_prefixes, origins=origins)
        self._verifier = TokenVerifier(settings)
        self._revocations = tuple(revocations)
        self._continues = settings.on_error == "continue"
        self._required = required
        self._leeway_s = settings.leeway_s
        self._keeping_up: asyncio.Task[None] | None = None

    async def __call__(self, headers: Mapping[str, str]) -> Caller:
        try:
            token = self._sources.find(headers)
            caller = ANONYMOUS if token is None else await self.verify(token)
        except (Unauthenticated, KeysUnavailable) as refusal:
            caller = self._anonymous_in_spite_of(refusal)
        if self._required and not caller.authenticated:
            raise Unauthenticated("Sign in first: every request needs an access token here.")
        return caller

    async def verify(self, token: str) -> Caller:
        """Who holds this token. Raises Unauthenticated, KeysUnavailable."""
        caller = await self._verifier.verify(token)
        for revocations in self._revocations:
            if await revocations.is_revoked(caller):
                raise Unauthenticated("The access token was revoked: sign in again.")
        return caller

    def issuers_without_keys(self) -> tuple[str, ...]:
        return self._verifier.issuers_without_keys()

    def with_payload(self, payload: Mapping[str, Any], headers: Mapping[str, str]) -> Mapping[str, str]:
        return self._sources.with_payload(payload, headers)

    async def ended(self, caller: Caller) -> SessionEnd:
        if not caller.authenticated:
            return await forever()
        left_s = None if caller.expires_at is None else caller.expires_at + self._leeway_s - time()
        try:
            async with asyncio.timeout(left_s):
                await self._revoked(caller)
        except TimeoutError:
            return EXPIRED
        return REVOKED

    def start(self) -> None:
        """Begin to keep up with what changes outside: keys and revocations. Idempotent."""
        if self._keeping_up is None:
            self._keeping_up = asyncio.create_task(self._keep_up())

    async def close(self) -> None:
        """Stop that."""
        if self._keeping_up is not None:
            self._keeping_up.cancel()
            await asyncio.wait([self._keeping_up])

    async def _keep_up(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._verifier.poll_keys())
            for revocations in self._revocations:
                tasks.create_task(revocations.stay_current())

    async def _revoked(self, caller: Caller) -> None:
        """Return once one of those who may know says so."""
        if not self._revocations:
            await forever()
        asked = [asyncio.ensure_future(revocations.revoked(caller)) for revocations in self._revocations]
        try:
            await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in asked:
                task.cancel()

    def _anonymous_in_spite_of(self, refusal: ClientError) -> Caller:
        if not self._continues:
            raise refusal
        log.info("a token is ignored", reason=str(refusal))
        return ANONYMOUS
