"""Every line of SQL of users. Reads answer domain objects, batch first; writes run in the caller's unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.users.domain import Credentials, User
from subgraphs.users.errors import EmailTaken, HandleTaken
from subgraphs.users.tables import users

_PERSON = (users.c.id, users.c.email, users.c.handle, users.c.display_name, users.c.created_at)


async def by_ids(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, User]:
    """Those of the ids that exist."""
    rows = await connection.execute(select(*_PERSON).where(users.c.id.in_(ids)))
    return {row.id: _user(row) for row in rows}


async def by_handles(connection: AsyncConnection, handles: Sequence[str]) -> dict[str, User]:
    """Those of the handles, in normal form, that exist."""
    rows = await connection.execute(select(*_PERSON).where(users.c.handle.in_(handles)))
    return {row.handle: _user(row) for row in rows}


async def credentials_by_email(connection: AsyncConnection, email: str) -> Credentials | None:
    """What to check a log-in against."""
    row = (
        await connection.execute(select(*_PERSON, users.c.password_hash).where(users.c.email == email))
    ).one_or_none()
    return None if row is None else Credentials(_user(row), row.password_hash)


async def add_user(work: UnitOfWork, user: User, *, password_hash: str) -> None:
    """Raises EmailTaken or HandleTaken; the transaction is then of no more use."""
    try:
        await work.connection.execute(
            insert(users).values(
                id=user.id,
                email=user.email,
                handle=user.handle,
                display_name=user.display_name,
                password_hash=password_hash,
                created_at=user.created_at,
            )
        )
    except IntegrityError as error:
        if "users_email_key" in str(error.orig):
            raise EmailTaken from None
        if "users_handle_key" in str(error.orig):
            raise HandleTaken(user.handle) from None
        raise


async def set_password_hash(work: UnitOfWork, user_id: UUID, password_hash: str) -> None:
    await work.connection.execute(update(users).where(users.c.id == user_id).values(password_hash=password_hash))


def _user(row: Row[*tuple[Any, ...]]) -> User:
    return User(row.id, row.email, row.handle, row.display_name, row.created_at)
