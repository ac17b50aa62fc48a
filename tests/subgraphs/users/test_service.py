"""Registering and logging in, against a real database, with a fixed clock."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from payflow.kernel.clock import FixedClock
from payflow.kernel.errors import DependencyUnavailable, InvalidInput
from subgraphs.users import passwords
from subgraphs.users.domain import LogIn, Register, Session
from subgraphs.users.errors import EmailTaken, HandleTaken, InvalidCredentials, TooManyAttempts
from subgraphs.users.service import Users
from subgraphs.users.throttling import Registering
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import AUDIENCE, ISSUER, Keys
from tests.subgraphs.users.bench import HOME, users_service

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ADA = Register("ada@example.com", "correct horse battery", "ada_l", "Ada Lovelace")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
async def users(make_settings: MakeSettings, keys: Keys, clock: FixedClock) -> AsyncIterator[Users]:
    async with users_service((await make_settings("users")).database_url("users"), keys, clock) as users:
        yield users


async def log_in(users: Users, email: str, password: str, *, network: str = HOME) -> Session:
    return await users.log_in(LogIn(email, password), network=network)


async def test_register_then_log_in(users: Users) -> None:
    """The password that registered logs in, whatever the letter case of the address; each session has its own tokens."""
    first = await users.register(ADA, network=HOME)

    second = await log_in(users, "ADA@example.com", "correct horse battery")

    assert second.user == first.user
    assert second.refresh_token != first.refresh_token


async def test_the_access_token_says_who_and_until_when(users: Users, keys: Keys) -> None:
    """The token carries issuer, audience, subject, session and expiry, and its key's id."""
    session = await users.register(ADA, network=HOME)

    claims = jwt.decode(session.access_token, options={"verify_signature": False})
    assert claims["sub"] == str(session.user.id)
    assert (claims["iss"], claims["aud"], claims["scope"]) == (ISSUER, AUDIENCE, "payments")
    assert claims["exp"] - claims["iat"] == session.expires_in_s == 600
    assert jwt.get_unverified_header(session.access_token)["kid"] == keys.users.kid


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", "wrong")])
async def test_wrong_credentials_are_one_sentence(users: Users, email: str, password: str) -> None:
    """An unknown address and a wrong password are refused alike, so that nobody learns who has an account."""
    await users.register(ADA, network=HOME)

    with pytest.raises(InvalidCredentials, match=r"The e-mail address or the password is wrong\."):
        await log_in(users, email, password)


async def test_taken_names(users: Users) -> None:
    """A second registration with the address or the handle of another is refused."""
    await users.register(ADA, network=HOME)

    with pytest.raises(EmailTaken):
        await users.register(Register("Ada@Example.com", "correct horse battery", "other", "Other"), network=HOME)
    with pytest.raises(HandleTaken):
        await users.register(Register("other@example.com", "correct horse battery", "ADA_L", "Other"), network=HOME)


async def test_passwords_and_refresh_tokens_are_stored_as_hashes(users: Users) -> None:
    """Neither secret can be read from the database; the password's hash is argon2id."""
    from sqlalchemy import select

    from subgraphs.users import tables

    session = await users.register(ADA, network=HOME)

    async with users.database.read() as connection:
        person = (await connection.execute(select(tables.users))).one()
        row = (await connection.execute(select(tables.refresh_tokens))).one()
        kept = (await connection.execute(select(tables.sessions))).one()
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert row.token_hash == hashlib.sha256(session.refresh_token.encode()).digest()
    assert row.expires_at == NOW + timedelta(days=14)
    assert kept.expires_at == NOW + timedelta(days=90)


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
async def test_ten_wrong_passwords(users: Users, clock: FixedClock, email: str) -> None:
    """After a few the next ones are refused unseen, with the time to wait, whether there is such an account or not; the wait grows."""
    await users.register(ADA, network=HOME)
    told: list[int | None] = []
    for _ in range(10):
        try:
            await log_in(users, email, "wrong")
        except InvalidCredentials:
            told.append(None)
        except TooManyAttempts as refusal:
            told.append(refusal.retry_after_s)
    assert told == [None] * 5 + [15] * 5

    clock.advance(timedelta(seconds=15))
    with pytest.raises(InvalidCredentials):
        await log_in(users, email, "wrong")
    with pytest.raises(TooManyAttempts) as refused:
        await log_in(users, email, "correct horse battery")
    assert refused.value.retry_after_s == 30


async def test_the_right_password_begins_anew(users: Users, clock: FixedClock) -> None:
    """Once the wait is over the right password is good, and what was mistyped before is forgotten."""
    await users.register(ADA, network=HOME)
    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            await log_in(users, ADA.email, "wrong")
    clock.advance(timedelta(seconds=15))

    await log_in(users, ADA.email, ADA.password)

    for _ in range(5):
        with pytest.raises(InvalidCredentials):
            await log_in(users, ADA.email, "wrong")


async def test_many_attempts_at_once_are_no_way_around(users: Users) -> None:
    """Of thirty that come together no more are looked at than of thirty in a row."""
    await users.register(ADA, network=HOME)

    outcomes = await asyncio.gather(
        *(log_in(users, ADA.email, f"guess {number}") for number in range(30)), return_exceptions=True
    )

    assert sum(isinstance(outcome, InvalidCredentials) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, TooManyAttempts) for outcome in outcomes) == 25


async def test_an_address_that_registers_many(users: Users) -> None:
    """A registration counts unless it breaks a rule; past the bound nobody learns whether there is an account."""
    await users.register(ADA, network=HOME)
    for _ in range(3):
        with pytest.raises(InvalidInput):
            await users.register(replace(ADA, password="short"), network=HOME)
    for _ in range(4):
        await users.throttle.admit_registration(Registering.from_network(HOME))
    with pytest.raises(EmailTaken):
        await users.register(ADA, network=HOME)
    for _ in range(94):
        await users.throttle.admit_registration(Registering.from_network(HOME))

    with pytest.raises(TooManyAttempts, match="Too many accounts have been made from where you are; try again in 15 s"):
        await users.register(ADA, network=HOME)
    with pytest.raises(EmailTaken):
        await users.register(ADA, network="198.51.100.1")


async def test_an_address_that_fails_on_many_accounts(users: Users) -> None:
    """Who tries one password on everybody is stopped by where they come from; others are not."""
    await users.register(ADA, network=HOME)
    for number in range(50):
        with pytest.raises(InvalidCredentials):
            await log_in(users, f"person{number} is no address", "wrong", network="203.0.113.7")
    with pytest.raises(TooManyAttempts):
        await log_in(users, ADA.email, ADA.password, network="203.0.113.7")

    await log_in(users, ADA.email, ADA.password, network="198.51.100.1")


async def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    users: Users, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Either way one hash of the same cost is verified, also for what is no address at all."""
    await users.register(ADA, network=HOME)
    verified: list[str] = []
    verify = passwords._verify

    def noted(password_hash: str, password: str) -> bool:
        verified.append(password_hash.rpartition("$")[0].rpartition("$")[0])
        return verify(password_hash, password)

    monkeypatch.setattr(passwords, "_verify", noted)
    for email in (ADA.email, "nobody@example.com", "no address", "nul\x00@example.com"):
        with pytest.raises(InvalidCredentials):
            await log_in(users, email, "wrong")

    assert verified == ["$argon2id$v=19$m=19456,t=2,p=1"] * 4


async def test_who_was_turned_away_has_not_failed(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt that found the queue full says nothing of the password, and does not count against it."""
    await users.register(ADA, network=HOME)
    with monkeypatch.context() as patch:
        patch.setattr(passwords, "WAITING_MAX", 0)
        for _ in range(10):
            with pytest.raises(DependencyUnavailable):
                await log_in(users, ADA.email, ADA.password)

    assert (await log_in(users, ADA.email, ADA.password)).user.email == ADA.email


async def test_too_many_at_once_are_turned_away(users: Users, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes a bounded queue; past it the answer is to try again, and nothing has happened."""
    monkeypatch.setattr(passwords, "WAITING_MAX", 3)
    people = [Register(f"p{n}@example.com", "correct horse battery", f"person_{n}", "P") for n in range(6)]

    outcomes = await asyncio.gather(
        *(users.register(person, network=HOME) for person in people), return_exceptions=True
    )

    assert sum(isinstance(outcome, Session) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, DependencyUnavailable) for outcome in outcomes) == 3


async def test_somebody_new_is_told_of(users: Users) -> None:
    """user.registered.v1 stands in the outbox with the person, and says no more than the id."""
    from sqlalchemy import select

    from subgraphs.users import tables

    session = await users.register(ADA, network=HOME)

    async with users.database.read() as connection:
        row = (await connection.execute(select(tables.outbox))).one()
    assert (row.topic, row.key, row.value["type"]) == ("users.v1", str(session.user.id), "user.registered.v1")
    assert set(row.value["data"]) == {"user_id", "registered_at"}
