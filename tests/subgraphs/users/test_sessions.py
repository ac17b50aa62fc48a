"""Sessions on a real database: rotation, lost answers, reuse, logging out, races, and what is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from sqlalchemy import select, text

from payflow.kernel.clock import FixedClock
from subgraphs.users import housekeeping, tables
from subgraphs.users.domain import Register, Session
from subgraphs.users.errors import InvalidRefreshToken
from subgraphs.users.housekeeping import Housekeeping
from subgraphs.users.refresh import IDLE, LIFETIME, LOST_ANSWER
from subgraphs.users.service import Users
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.users.bench import ELSEWHERE, HOME, users_service

NOW = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)
ADA = Register("ada@example.com", "correct horse battery", "ada_l", "Ada Lovelace")
A_MOMENT = timedelta(seconds=1)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def users(make_settings: MakeSettings, keys: Keys, clock: FixedClock) -> AsyncIterator[Users]:
    async with users_service((await make_settings("users")).database_url("users"), keys, clock) as users:
        yield users


async def refreshed(users: Users, token: str, *, network: str = HOME) -> Session:
    return await users.sessions.refresh(token, network=network)


async def refused(users: Users, token: str, *, network: str = HOME) -> None:
    with pytest.raises(InvalidRefreshToken, match=r"^This refresh token does not count any more; log in again\.$"):
        await refreshed(users, token, network=network)


async def ends(users: Users) -> list[tuple[str | None, list[str]]]:
    """Of each session why it ended, and what the outbox tells of that."""
    async with users.database.read() as connection:
        found = (await connection.execute(select(tables.sessions).order_by(tables.sessions.c.created_at))).all()
        told = (await connection.execute(select(tables.outbox))).all()
    revoked = [row.value["data"] for row in told if row.value["type"] == "session.revoked.v1"]
    return [
        (row.end_reason, [data["reason"] for data in revoked if data["session_id"] == str(row.id)]) for row in found
    ]


def sid(session: Session) -> Any:
    return jwt.decode(session.access_token, options={"verify_signature": False})["sid"]


async def test_a_chain_of_rotations(users: Users, clock: FixedClock) -> None:
    """Each refresh gives a new token and a new access token of the same session."""
    session = first = await users.register(ADA, network=HOME)
    for _ in range(4):
        clock.advance(timedelta(days=13))
        session, before = await refreshed(users, session.refresh_token), session
        assert session.refresh_token != before.refresh_token
        assert session.access_token != before.access_token
        assert sid(session) == sid(first)
        assert session.user == first.user


async def test_a_lost_answer_is_given_again(users: Users, clock: FixedClock) -> None:
    """The same presenter gets the same successor within 30 s, however often it asks, and goes on with it."""
    session = await users.register(ADA, network=HOME)
    answer = await refreshed(users, session.refresh_token)
    clock.advance(LOST_ANSWER)

    again = [await refreshed(users, session.refresh_token) for _ in range(2)]

    assert {repeat.refresh_token for repeat in again} == {answer.refresh_token}
    await refreshed(users, answer.refresh_token)
    assert await ends(users) == [(None, [])]


@pytest.mark.parametrize(
    ("network", "later"), [(ELSEWHERE, timedelta()), (HOME, LOST_ANSWER + A_MOMENT), (HOME, timedelta(days=5))]
)
async def test_reuse_ends_the_whole_family(users: Users, clock: FixedClock, network: str, later: timedelta) -> None:
    """From elsewhere at once, or from anywhere later: the newest token does not count any more either, and it is told once."""
    session = await users.register(ADA, network=HOME)
    newest = await refreshed(users, session.refresh_token)
    clock.advance(later)

    await refused(users, session.refresh_token, network=network)

    for token in (newest.refresh_token, session.refresh_token):
        await refused(users, token)
    assert await ends(users) == [("TOKEN_REUSED", ["TOKEN_REUSED"])]


async def test_a_token_whose_successor_was_used_is_never_repeated(users: Users) -> None:
    """Whoever used the successor had the answer; so who asks again, even from there and at once, is another."""
    session = await users.register(ADA, network=HOME)
    second = await refreshed(users, session.refresh_token)
    third = await refreshed(users, second.refresh_token)

    await refused(users, session.refresh_token)
    await refused(users, third.refresh_token)


async def test_reuse_leaves_other_sessions_alone(users: Users) -> None:
    """Each sign-in is a family of its own."""
    stolen, other = await users.register(ADA, network=HOME), None
    async with users.database.unit_of_work() as work:
        other = await users.sessions.open(stolen.user, work)
    await refreshed(users, stolen.refresh_token)
    await refused(users, stolen.refresh_token, network=ELSEWHERE)

    assert sid(await refreshed(users, other.refresh_token)) == sid(other)


async def test_many_present_one_token_at_once(users: Users) -> None:
    """One rotates it; the others, from the same place, get the same successor. None of them makes a second one."""
    session = await users.register(ADA, network=HOME)

    answers = await asyncio.gather(*(refreshed(users, session.refresh_token) for _ in range(8)))

    assert len({answer.refresh_token for answer in answers}) == 1
    async with users.database.read() as connection:
        kept = (await connection.execute(select(tables.refresh_tokens))).all()
    assert len(kept) == 2


async def test_a_thief_races_the_owner(users: Users) -> None:
    """Whoever comes first, the second one ends the session for both."""
    session = await users.register(ADA, network=HOME)

    outcomes = await asyncio.gather(
        refreshed(users, session.refresh_token),
        refreshed(users, session.refresh_token, network=ELSEWHERE),
        return_exceptions=True,
    )

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvalidRefreshToken", "Session"]
    [won] = [outcome for outcome in outcomes if isinstance(outcome, Session)]
    await refused(users, won.refresh_token)
    assert await ends(users) == [("TOKEN_REUSED", ["TOKEN_REUSED"])]


async def test_sessions_end_by_themselves(users: Users, clock: FixedClock) -> None:
    """Two weeks without a refresh, or ninety days with them."""
    idle, busy = await users.register(ADA, network=HOME), None
    async with users.database.unit_of_work() as work:
        busy = await users.sessions.open(idle.user, work)
    clock.advance(IDLE - A_MOMENT)
    busy = await refreshed(users, busy.refresh_token)
    clock.advance(A_MOMENT)
    await refused(users, idle.refresh_token)

    while clock.now() < NOW + LIFETIME - timedelta(days=10):
        clock.advance(timedelta(days=10))
        busy = await refreshed(users, busy.refresh_token)
    clock.advance(NOW + LIFETIME - clock.now())
    await refused(users, busy.refresh_token)
    assert await ends(users) == [(None, []), (None, [])]


async def test_logging_out(users: Users) -> None:
    """Any token of the family ends the session, once; an unknown or malformed one ends nothing."""
    session = await users.register(ADA, network=HOME)
    newest = await refreshed(users, session.refresh_token)

    assert await users.sessions.log_out("a" * 43) is False
    assert await users.sessions.log_out("nonsense\x00") is False
    assert await users.sessions.log_out(session.refresh_token) is True
    assert await users.sessions.log_out(newest.refresh_token) is False
    await refused(users, newest.refresh_token)
    assert await ends(users) == [("LOGGED_OUT", ["LOGGED_OUT"])]


async def test_what_is_no_token_is_refused(users: Users) -> None:
    """Malformed or unknown, in one sentence."""
    for token in ("", "nonsense", "\x00" * 43, "a" * 43, "a" * 10_000):
        await refused(users, token)


async def test_no_token_can_be_read_from_the_database(users: Users) -> None:
    """Neither a token nor its successor stands in any row, in no encoding of it."""
    session = await users.register(ADA, network=HOME)
    answer = await refreshed(users, session.refresh_token)

    async with users.database.read() as connection:
        rows = (await connection.execute(select(tables.refresh_tokens))).all()
    stored = b"\n".join(value for row in rows for value in row if isinstance(value, bytes))
    for token in (session.refresh_token, answer.refresh_token):
        assert token.encode() not in stored
    assert answer.refresh_token not in repr(answer)


async def test_the_database_keeps_one_unused_token_a_session(users: Users) -> None:
    """A second one is refused by the database, whoever writes it."""
    from sqlalchemy.exc import IntegrityError

    await users.register(ADA, network=HOME)
    with pytest.raises(IntegrityError, match="refresh_tokens_unused"):
        async with users.database.unit_of_work() as work:
            await work.connection.execute(
                text(
                    "INSERT INTO refresh_tokens (token_hash, session_id, created_at, expires_at)"
                    " SELECT sha256('x'), id, now(), now() FROM sessions"
                )
            )


async def test_forgetting_is_bounded(users: Users, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session that was refreshed a thousand times does not go in one stroke: its tokens go first, a batch at a time."""
    monkeypatch.setattr(housekeeping, "BATCH_MAX", 2)
    keeping = Housekeeping(users.database, clock)
    session = await users.register(ADA, network=HOME)
    for _ in range(2):
        session = await refreshed(users, session.refresh_token)
    clock.advance(LIFETIME + housekeeping.KEEP + A_MOMENT)

    assert [await keeping.forget() for _ in range(3)] == [2, 2, 0]

    async with users.database.read() as connection:
        assert (await connection.execute(select(tables.sessions))).all() == []


async def test_what_expired_long_ago_is_forgotten(
    users: Users, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens and sessions go thirty days after their end, in batches; what may be presented stays."""
    monkeypatch.setattr(housekeeping, "BATCH_MAX", 1)
    keeping = Housekeeping(users.database, clock)
    session = await users.register(ADA, network=HOME)
    newest = await refreshed(users, session.refresh_token)
    clock.advance(timedelta(days=10))
    newest = await refreshed(users, newest.refresh_token)
    assert await keeping.forget() == 0

    clock.advance(IDLE)
    while await keeping.forget():
        pass
    async with users.database.read() as connection:
        assert len((await connection.execute(select(tables.refresh_tokens))).all()) == 3

    clock.advance(LIFETIME + housekeeping.KEEP)
    while await keeping.forget():
        pass
    async with users.database.read() as connection:
        assert (await connection.execute(select(tables.refresh_tokens))).all() == []
        assert (await connection.execute(select(tables.sessions))).all() == []
