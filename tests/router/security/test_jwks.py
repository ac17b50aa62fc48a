"""An issuer's key set when things go wrong with it: out of reach, slow, huge, sent elsewhere, replaced while tokens come in."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from time import monotonic

import pytest
from structlog.testing import capture_logs

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import KeysUnavailable, Unauthenticated
from router.security.jwks import KeySet
from router.security.jwt import TokenVerifier
from router.security.key_sources import KeyFile, KeyUrl
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey
from tests.router.security.verifying import KEY

NEXT = SigningKey("k2")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JWKS_REFETCH_INTERVAL_S", 0.02)


def verifier(server: KeyServer) -> TokenVerifier:
    return TokenVerifier(JwtSettings(issuers=(Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=server.url),)))


async def polled(keys: KeySet, generation: int) -> None:
    """Wait until a set that is polled has come this far."""
    async with asyncio.timeout(5):
        while keys.generation < generation:
            await asyncio.sleep(0.005)


async def unreadable(server: KeyServer, reason: str) -> None:
    """A token cannot be verified, and the log says why."""
    with capture_logs() as logs, pytest.raises(KeysUnavailable):
        await verifier(server).verify(KEY.token())
    assert logs[0]["event"] == "keys cannot be read"
    assert logs[0]["source"] == server.url
    assert reason in logs[0]["reason"]


async def test_an_issuer_that_fails(server: KeyServer) -> None:
    """A status other than 200 is no key set, whatever its body says."""
    server.down = True
    await unreadable(server, "500")


async def test_an_issuer_that_is_not_there(server: KeyServer) -> None:
    """Nobody listens at the address."""
    server.url = "http://127.0.0.1:1/jwks.json"
    await unreadable(server, "127.0.0.1:1")


async def test_an_issuer_that_is_slow(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client does not wait longer than the time-out; all who came meanwhile share the one request."""
    monkeypatch.setattr(limits, "JWKS_TIMEOUT_S", 0.2)
    server.delay_s = 5.0
    began, check = monotonic(), verifier(server)
    outcomes = await asyncio.gather(*(check.verify(KEY.token(sub=f"u{n}")) for n in range(20)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [KeysUnavailable] * 20
    assert server.reads == 1
    assert monotonic() - began < 4.5


async def test_a_document_that_is_huge(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read to the end."""
    monkeypatch.setattr(limits, "JWKS_BYTES_MAX", 10_000)
    server.body = b" " * 5_000_000
    await unreadable(server, "more than 10000 bytes")


async def test_a_document_that_is_somewhere_else(server: KeyServer) -> None:
    """A redirect could lead from an address that is trusted to one that is not: it is not followed."""
    async with KeyServer(KEY).serving() as elsewhere:
        server.redirect = elsewhere.url
        await unreadable(server, "HTTP status 302 in place of 200")
        assert elsewhere.reads == 0


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"keys": {}}', b"[" * 100_000])
async def test_a_document_of_another_kind(server: KeyServer, body: bytes) -> None:
    """What is no JWK set is told from an empty one."""
    server.body = body
    await unreadable(server, "keys")


async def test_an_empty_set_is_one(server: KeyServer) -> None:
    """An issuer may withdraw its last key: then its tokens are bad, not unverifiable."""
    server.keys = []
    with pytest.raises(Unauthenticated, match="a key that its issuer does not publish"):
        await verifier(server).verify(KEY.token())


async def test_the_document_is_asked_for_with_headers(server: KeyServer) -> None:
    """An issuer that wants a credential gets it, and no repr shows it."""
    issuer = Issuer(issuer=ISSUER, jwks_url=server.url, jwks_headers={"X-Api-Key": "sesame"})
    await TokenVerifier(JwtSettings(issuers=(issuer,))).verify(KEY.token())

    assert server.headers["x-api-key"] == "sesame"
    assert "sesame" not in repr(issuer)


async def test_keys_rotate_while_tokens_come_in(server: KeyServer) -> None:
    """New and old tokens pass throughout a rotation, at the price of a handful of requests to the issuer."""
    check = verifier(server)

    async def load(key: SigningKey, count: int) -> None:
        for number in range(count):
            assert (await check.verify(key.token(sub=f"{key.kid}-{number}"))).authenticated
            await asyncio.sleep(0)

    await check.verify(KEY.token())
    server.keys.append(NEXT)
    await asyncio.gather(load(KEY, 100), load(NEXT, 100), load(NEXT, 100))

    assert server.reads == 2


async def test_a_set_is_polled(server: KeyServer) -> None:
    """Without any token the keys are read at once and again after each interval; what was read keeps its generation."""
    keys = KeySet(KeyUrl(server.url, {}), poll_interval_s=0.02)
    polling = asyncio.create_task(keys.poll())
    await polled(keys, 1)
    server.keys = [NEXT]
    await polled(keys, 2)
    reads = server.reads
    async with asyncio.timeout(5):
        while server.reads < reads + 3:
            await asyncio.sleep(0.005)

    polling.cancel()
    assert keys.generation == 2
    assert await keys.key("k2", "EdDSA") is not None
    assert await keys.key("k1", "EdDSA") is None


async def test_polling_outlives_an_outage(server: KeyServer) -> None:
    """An issuer that is down at the start is asked again until it answers."""
    server.down = True
    keys = KeySet(KeyUrl(server.url, {}), poll_interval_s=0.02)
    polling = asyncio.create_task(keys.poll())
    async with asyncio.timeout(5):
        while server.reads < 3:
            await asyncio.sleep(0.005)
    server.down = False
    await polled(keys, 1)
    polling.cancel()


async def test_a_rotated_file_is_noticed(tmp_path: Path) -> None:
    """A file that another takes the place of is read again, as is one that is gone for a moment."""
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [KEY.jwk()]}))
    keys = KeySet(KeyFile(file), poll_interval_s=0.02)
    polling = asyncio.create_task(keys.poll())
    await polled(keys, 1)

    file.unlink()
    await asyncio.sleep(0.05)
    fresh = tmp_path / "next.json"
    fresh.write_text(json.dumps({"keys": [NEXT.jwk()]}))
    os.replace(fresh, file)
    await polled(keys, 2)

    polling.cancel()
    assert await keys.key("k2", "EdDSA") is not None


async def test_a_file_that_is_huge_is_not_read_to_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files have the bound of documents from afar."""
    monkeypatch.setattr(limits, "JWKS_BYTES_MAX", 1_000)
    file = tmp_path / "jwks.json"
    file.write_text(" " * 2_000)

    with pytest.raises(OSError, match="more than 1000 bytes"):
        await KeyFile(file).read()
