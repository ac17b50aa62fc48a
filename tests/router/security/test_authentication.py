"""Who sent a request: every source, what becomes of bad tokens, whether one is needed, and when a session ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from time import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from router import limits
from router.config import Issuer, JwtSettings
from router.errors import KeysUnavailable, Unauthenticated
from router.security.authentication import Authentication
from router.security.authenticator import EverybodyAnonymous
from router.security.caller import ANONYMOUS, Caller
from router.security.revocation import AskedRevocations, Revocations
from router.security.session import EXPIRED, REVOKED
from tests.router.security.tokens import AUDIENCE, ISSUER, KeyServer, SigningKey

KEY = SigningKey("k1")


@pytest.fixture
async def server() -> AsyncIterator[KeyServer]:
    async with KeyServer(KEY).serving() as server:
        yield server


def authentication(
    server: KeyServer, *, required: bool = False, revocations: Collection[Revocations] = (), **settings: Any
) -> Authentication:
    issuer = Issuer(issuer=ISSUER, audiences=(AUDIENCE,), jwks_url=server.url)
    jwt = JwtSettings.model_validate({"issuers": (issuer,), "leeway_s": 0, **settings})
    return Authentication(jwt, required=required, revocations=revocations)


def bearer(**claims: Any) -> dict[str, str]:
    return {"authorization": f"Bearer {KEY.token(**claims)}"}


async def test_no_token_is_anonymous(server: KeyServer) -> None:
    """Without a token the caller is anonymous, and nobody is asked for keys."""
    assert await authentication(server)({}) is ANONYMOUS
    assert server.reads == 0


async def test_a_token_names_its_caller(server: KeyServer) -> None:
    """From a header as from a cookie."""
    authenticate = authentication(server, sources=({"header": "authorization"}, {"cookie": "session"}))

    assert (await authenticate(bearer(sub="ada"))).subject == "ada"
    assert (await authenticate({"cookie": f"a=b; session={KEY.token(sub='bob')}"})).subject == "bob"


async def test_without_an_issuer_no_token_is_believed() -> None:
    """A router for which no issuer is configured takes everybody for anonymous."""
    assert await EverybodyAnonymous()(bearer()) is ANONYMOUS


async def test_without_an_issuer_a_sockets_token_is_for_the_subgraphs() -> None:
    """They may verify it themselves: it is handed on like a header, and cookies of foreign pages are not."""
    shown = EverybodyAnonymous().with_payload({"authorization": "x"}, {"cookie": "a=b", "origin": "https://evil.test"})
    assert shown == {"authorization": "Bearer x", "origin": "https://evil.test"}


@pytest.mark.parametrize(
    "headers",
    [bearer(exp=1), {"authorization": "Basic x"}, {"authorization": "Bearer x"}],
    ids=["old", "basic", "no jwt"],
)
async def test_a_bad_token_may_be_ignored(server: KeyServer, headers: dict[str, str]) -> None:
    """By default it refuses the request; with `on_error: continue` its bearer is anonymous, and the log says why."""
    with pytest.raises(Unauthenticated):
        await authentication(server)(headers)

    with capture_logs() as logs:
        assert await authentication(server, on_error="continue")(headers) is ANONYMOUS
    assert [line["event"] for line in logs] == ["a token is ignored"]
    assert headers["authorization"].split()[1] not in str(logs)


async def test_unverifiable_is_anonymous_where_bad_is(server: KeyServer) -> None:
    """While no keys can be had, `on_error: continue` serves what needs no token."""
    server.down = True
    with pytest.raises(KeysUnavailable):
        await authentication(server)(bearer())
    assert await authentication(server, on_error="continue")(bearer()) is ANONYMOUS


async def test_every_request_may_need_a_token(server: KeyServer) -> None:
    """`require_authentication` refuses the anonymous, also those whose bad token is ignored."""
    authenticate = authentication(server, required=True, on_error="continue")

    for headers in ({}, bearer(exp=1)):
        with pytest.raises(Unauthenticated, match="Sign in first") as caught:
            await authenticate(headers)
        assert (caught.value.status, caught.value.code) == (401, "UNAUTHENTICATED")
    assert (await authenticate(bearer())).authenticated


async def test_a_revoked_token_is_refused(server: KeyServer) -> None:
    """Though its signature holds; where one of several lists knows it, the others need not."""

    def listing(subject: str) -> AskedRevocations:
        async def check(caller: Caller) -> bool:
            return caller.subject == subject

        return AskedRevocations(check, recheck_s=60, timeout_s=1)

    authenticate = authentication(server, revocations=(listing("bob"), listing("cat")))

    assert (await authenticate(bearer(sub="ada"))).authenticated
    for subject in ("bob", "cat"):
        with pytest.raises(Unauthenticated, match="The access token was revoked: sign in again"):
            await authenticate(bearer(sub=subject))


# ── when a session ends ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_session_ends_with_its_token(server: KeyServer) -> None:
    """At its expiry and the leeway."""
    watch = authentication(server, leeway_s=0.2)
    began = time()

    assert await asyncio.wait_for(watch.ended(Caller(authenticated=True, expires_at=began + 0.2)), 5) == EXPIRED
    assert 0.35 < time() - began < 2
    assert await asyncio.wait_for(watch.ended(Caller(authenticated=True, expires_at=began - 60)), 5) == EXPIRED


async def test_a_session_ends_when_it_is_revoked(server: KeyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before the token expires; by then nobody waits any more."""
    monkeypatch.setattr(limits, "REVOKED_RETRY_S", 0.01)
    revoked = asyncio.Event()

    async def check(caller: Caller) -> bool:
        return revoked.is_set() and caller.subject == "ada"

    before = asyncio.all_tasks()
    watch = authentication(server, revocations=(AskedRevocations(check, recheck_s=0.01, timeout_s=1),))
    ada, bob = await watch(bearer(sub="ada")), await watch(bearer(sub="bob"))
    waiting, other = asyncio.create_task(watch.ended(ada)), asyncio.create_task(watch.ended(bob))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    revoked.set()

    assert await asyncio.wait_for(waiting, 5) == REVOKED
    assert not other.done()
    other.cancel()
    await asyncio.wait([other])
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize("endless", [ANONYMOUS, Caller(authenticated=True)])
async def test_what_has_no_end_never_ends(server: KeyServer, endless: Caller) -> None:
    """Nobody's session, and that of a token without expiry that nothing can revoke."""
    for watch in (authentication(server), EverybodyAnonymous()):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(watch.ended(endless), 0.05)


async def test_keys_are_fetched_before_the_first_token(server: KeyServer) -> None:
    """A started router has them; to start it again changes nothing, and closing leaves no task behind."""
    before = asyncio.all_tasks()
    authenticate = authentication(server)
    authenticate.start()
    authenticate.start()
    async with asyncio.timeout(5):
        while not server.reads:
            await asyncio.sleep(0.005)
    await authenticate(bearer())
    assert server.reads == 1

    await authenticate.close()
    assert asyncio.all_tasks() <= before


async def test_a_token_that_comes_while_keys_are_fetched_waits_for_them(server: KeyServer) -> None:
    """The first fetch serves the tokens that come meanwhile: there is no second, which would be a second later."""
    server.delay_s = 0.2
    authenticate = authentication(server)
    authenticate.start()
    async with asyncio.timeout(5):
        while not server.reads:
            await asyncio.sleep(0.005)

    callers = await asyncio.gather(*(authenticate(bearer(sub=f"p{number}")) for number in range(5)))

    assert [caller.subject for caller in callers] == [f"p{number}" for number in range(5)]
    assert server.reads == 1
    await authenticate.close()


async def test_an_issuer_that_is_down_holds_up_no_start(server: KeyServer) -> None:
    """Prefetching may fail: the first token finds the keys once they are there."""
    server.down = True
    authenticate = authentication(server)
    authenticate.start()
    async with asyncio.timeout(5):
        while not server.reads:
            await asyncio.sleep(0.005)
    server.down = False
    assert (await authenticate(bearer())).authenticated
    await authenticate.close()
