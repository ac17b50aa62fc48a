"""What is remembered of tokens: good ones until they stop to hold, bad ones briefly, both within bounds."""

from __future__ import annotations

from time import thread_time, time

import pytest

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import Unauthenticated
from router.security import verdicts
from router.security.jwt import TokenVerifier
from router.security.token import UnverifiedToken, read_token
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey

KEY = SigningKey("k1")


class Looks:
    """Counts how often a token is taken apart."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0

        def counting(text: str) -> UnverifiedToken:
            self.count += 1
            return read_token(text)

        monkeypatch.setattr("router.security.jwt.read_token", counting)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(monkeypatch)


def verifier(server: KeyServer, *, leeway_s: float = 0) -> TokenVerifier:
    issuer = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=server.url)
    return TokenVerifier(JwtSettings(issuers=(issuer,), leeway_s=leeway_s))


async def refuse(check: TokenVerifier, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await check.verify(token)


async def test_a_good_token_is_looked_at_once(looks: Looks) -> None:
    """A caller who comes again costs a look-up, and is the same object."""
    async with KeyServer(KEY).serving() as server:
        check, token = verifier(server), KEY.token()
        assert await check.verify(token) is await check.verify(token)
    assert looks.count == 1


async def test_a_good_token_holds_until_it_expires(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The leeway included: at its end the token is looked at again, and refused."""
    async with KeyServer(KEY).serving() as server:
        check, now = verifier(server, leeway_s=5), time()
        token = KEY.token(exp=int(now) + 60)
        await check.verify(token)
        monkeypatch.setattr(verdicts, "time", lambda: int(now) + 64)
        await check.verify(token)
        assert looks.count == 1

        monkeypatch.setattr(verdicts, "time", lambda: int(now) + 66)
        await check.verify(token)  # by the real clock, which the signature's verifier reads, it still holds
    assert looks.count == 2


async def test_changed_keys_end_what_was_remembered(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is looked at again with every new document, and a withdrawn key takes its tokens along."""
    monkeypatch.setattr(limits, "JWKS_REFETCH_INTERVAL_S", 0.0)
    async with KeyServer(KEY).serving() as server:
        check, token, other = verifier(server), KEY.token(), SigningKey("k2")
        await check.verify(token)
        server.keys.append(other)
        await check.verify(other.token())
        await check.verify(token)
        assert looks.count == 3

        server.keys = [other]
        await refuse(check, SigningKey("made-up").token())
        await refuse(check, token)


async def test_a_flood_of_one_bad_token_is_cheap(looks: Looks) -> None:
    """It is looked at once; ten thousand more cost this process less than a fifth of what as many signatures would."""
    async with KeyServer(KEY).serving() as server:
        check, forged = verifier(server), SigningKey("k1").token()
        await refuse(check, forged)
        began_s = thread_time()
        for _ in range(10_000):
            await refuse(check, forged)
        flood_s, looked = thread_time() - began_s, looks.count
        others = [SigningKey("k1").token(sub=f"u{number}") for number in range(500)]
        began_s = thread_time()
        for other in others:
            await refuse(check, other)
        signatures_s = (thread_time() - began_s) * 10_000 / 500
    assert looked == 1
    assert flood_s < signatures_s / 5
    assert server.reads == 1


async def test_a_refusal_is_forgotten_soon(looks: Looks, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that was not valid yet passes a few seconds later."""
    monkeypatch.setattr(limits, "REFUSED_TOKEN_S", 0.0)
    async with KeyServer(KEY).serving() as server:
        check, forged = verifier(server), SigningKey("k1").token()
        await refuse(check, forged)
        await refuse(check, forged)
    assert looks.count == 2


async def test_each_refusal_is_an_exception_of_its_own() -> None:
    """One object raised again and again would collect the tracebacks of all its requests."""
    async with KeyServer(KEY).serving() as server:
        check, forged = verifier(server), SigningKey("k1").token()
        with pytest.raises(Unauthenticated) as first:
            await check.verify(forged)
        with pytest.raises(Unauthenticated) as second:
            await check.verify(forged)
    assert first.value is not second.value
    assert str(first.value) == str(second.value)


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many tokens the newest are remembered; bad ones take the place of no good one."""
    monkeypatch.setattr(limits, "VERIFIED_TOKENS_MAX", 2)
    monkeypatch.setattr(limits, "REFUSED_TOKENS_MAX", 3)
    remembered = verdicts.Verdicts()
    async with KeyServer(KEY).serving() as server:
        check = verifier(server)
        check._verdicts = remembered
        good = [KEY.token(sub=f"u{n}") for n in range(5)]
        for token in good:
            await check.verify(token)
        for number in range(20):
            await refuse(check, f"{good[0]}{number}")

    assert (len(remembered._verified), len(remembered._refused)) == (2, 3)
    assert remembered.caller(good[-1]) is not None
