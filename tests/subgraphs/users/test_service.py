"""Registering and logging in, against a real database, with a fixed clock."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from payflow.kernel.clock import FixedClock
from payflow.kernel.db import Database
from payflow.kernel.tokens import AccessTokens
from subgraphs.users.domain import LogIn, Register, Session
from subgraphs.users.errors import EmailTaken, HandleTaken, InvalidCredentials
from subgraphs.users.passwords import Passwords
from subgraphs.users.service import Users
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import AUDIENCE, ISSUER, Keys

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
ADA = Register("ada@example.com", "correct horse battery", "ada_l", "Ada Lovelace")


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("users")).database_url("users"))
    yield database
    await database.close()


@pytest.fixture
def users(keys: Keys) -> Users:
    return Users(AccessTokens(keys.users, ISSUER, AUDIENCE, timedelta(minutes=10)), Passwords(), FixedClock(NOW))


async def register(users: Users, database: Database, command: Register = ADA) -> Session:
    async with database.unit_of_work() as work:
        return await users.register(command, work)


async def log_in(users: Users, database: Database, email: str, password: str) -> Session:
    async with database.unit_of_work() as work:
        return await users.log_in(LogIn(email, password), work)


async def test_register_then_log_in(users: Users, database: Database) -> None:
    """The password that registered logs in, whatever the letter case of the address; each session has its own tokens."""
    first = await register(users, database)

    second = await log_in(users, database, "ADA@example.com", "correct horse battery")

    assert second.user == first.user
    assert second.refresh_token != first.refresh_token


async def test_the_access_token_says_who_and_until_when(users: Users, database: Database, keys: Keys) -> None:
    """The token carries issuer, audience, subject, session and expiry, and its key's id."""
    session = await register(users, database)

    claims = jwt.decode(session.access_token, options={"verify_signature": False})
    assert claims["sub"] == str(session.user.id)
    assert (claims["iss"], claims["aud"], claims["scope"]) == (ISSUER, AUDIENCE, "payments")
    assert claims["exp"] - claims["iat"] == session.expires_in_s == 600
    assert jwt.get_unverified_header(session.access_token)["kid"] == keys.users.kid


@pytest.mark.parametrize(("email", "password"), [("ada@example.com", "wrong"), ("nobody@example.com", "wrong")])
async def test_wrong_credentials_are_one_sentence(users: Users, database: Database, email: str, password: str) -> None:
    """An unknown address and a wrong password are refused alike, so that nobody learns who has an account."""
    await register(users, database)

    with pytest.raises(InvalidCredentials, match=r"The e-mail address or the password is wrong\."):
        await log_in(users, database, email, password)


async def test_taken_names(users: Users, database: Database) -> None:
    """A second registration with the address or the handle of another is refused."""
    await register(users, database)

    with pytest.raises(EmailTaken):
        await register(users, database, Register("Ada@Example.com", "correct horse battery", "other", "Other"))
    with pytest.raises(HandleTaken):
        await register(users, database, Register("other@example.com", "correct horse battery", "ADA_L", "Other"))


async def test_passwords_and_refresh_tokens_are_stored_as_hashes(users: Users, database: Database) -> None:
    """Neither secret can be read from the database; the password's hash is argon2id."""
    from sqlalchemy import select

    from subgraphs.users import tables

    session = await register(users, database)

    async with database.read() as connection:
        person = (await connection.execute(select(tables.users))).one()
        row = (await connection.execute(select(tables.sessions))).one()
    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert session.refresh_token.encode() not in row.refresh_token_hash
    assert row.expires_at == NOW + timedelta(days=90)
