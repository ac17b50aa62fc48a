"""Every line of SQL of sessions and their refresh tokens. Writes run in the caller's unit of work, under the lock of the session's row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.db import UnitOfWork
from subgraphs.users.domain import EndReason
from subgraphs.users.refresh import StoredSession, StoredToken
from subgraphs.users.tables import refresh_tokens, sessions


async def add_session(work: UnitOfWork, session: StoredSession) -> None:
    await work.connection.execute(
        insert(sessions).values(
            id=session.id, user_id=session.user_id, created_at=session.created_at, expires_at=session.expires_at
        )
    )


async def lock_by_token(work: UnitOfWork, token_hash: bytes) -> StoredSession | None:
    """The session of this token, locked: two that present tokens of one family come one after the other."""
    of_token = select(refresh_tokens.c.session_id).where(refresh_tokens.c.token_hash == token_hash).scalar_subquery()
    query = (
        select(sessions.c.id, sessions.c.user_id, sessions.c.created_at, sessions.c.expires_at, sessions.c.ended_at)
        .where(sessions.c.id == of_token)
        .with_for_update()
    )
    row = (await work.connection.execute(query)).one_or_none()
    return None if row is None else StoredSession(row.id, row.user_id, row.created_at, row.expires_at, row.ended_at)


async def token(work: UnitOfWork, token_hash: bytes) -> StoredToken:
    """The token as it stands, once its session is locked."""
    successor = refresh_tokens.alias("successor")
    query = (
        select(
            refresh_tokens.c.token_hash,
            refresh_tokens.c.expires_at,
            refresh_tokens.c.used_at,
            refresh_tokens.c.sealed_successor,
            refresh_tokens.c.presenter,
            successor.c.used_at.is_not(None).label("successor_used"),
        )
        .outerjoin(successor, successor.c.token_hash == refresh_tokens.c.successor_hash)
        .where(refresh_tokens.c.token_hash == token_hash)
    )
    row = (await work.connection.execute(query)).one()
    return StoredToken(
        row.token_hash, row.expires_at, row.used_at, row.sealed_successor, row.successor_used, row.presenter
    )


async def add_token(
    work: UnitOfWork, session: StoredSession, token: StoredToken, *, parent: bytes | None, now: datetime
) -> None:
    await work.connection.execute(
        insert(refresh_tokens).values(
            token_hash=token.hash,
            session_id=session.id,
            parent_hash=parent,
            created_at=now,
            expires_at=token.expires_at,
        )
    )


async def mark_used(work: UnitOfWork, used: StoredToken, *, successor: bytes) -> None:
    """Note what followed from a token's use. The seal of its parent has done its duty: whoever has the token has had that answer."""
    of_parent = refresh_tokens.c.successor_hash == used.hash
    await work.connection.execute(update(refresh_tokens).where(of_parent).values(sealed_successor=None))
    await work.connection.execute(
        update(refresh_tokens)
        .where(refresh_tokens.c.token_hash == used.hash)
        .values(
            used_at=used.used_at,
            successor_hash=successor,
            sealed_successor=used.sealed_successor,
            presenter=used.presenter,
        )
    )


async def end(work: UnitOfWork, session_id: UUID, *, reason: EndReason, now: datetime) -> None:
    await work.connection.execute(
        update(sessions).where(sessions.c.id == session_id).values(ended_at=now, end_reason=reason.value)
    )


async def ended_since(connection: AsyncConnection, since: datetime, *, most: int) -> Sequence[tuple[UUID, datetime]]:
    """The sessions that were ended since then, each with the instant; the newest, where there are more than `most`."""
    query = (
        select(sessions.c.id, sessions.c.ended_at)
        .where(sessions.c.ended_at >= since)
        .order_by(sessions.c.ended_at.desc())
        .limit(most)
    )
    return [(row.id, row.ended_at) for row in await connection.execute(query)]


async def forget_expired(work: UnitOfWork, *, before: datetime, most: int) -> int:
    """Delete tokens that expired before then, and sessions that have none left, at most so many of each; answers how many rows went.

    A session goes after its tokens: to take them with it would be thousands more rows than were asked for.
    """
    old_tokens = select(refresh_tokens.c.token_hash).where(refresh_tokens.c.expires_at < before).limit(most)
    has_tokens = select(refresh_tokens.c.token_hash).where(refresh_tokens.c.session_id == sessions.c.id).exists()
    old_sessions = select(sessions.c.id).where(sessions.c.expires_at < before, ~has_tokens).limit(most)
    tokens = await work.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.token_hash.in_(old_tokens)))
    gone = await work.connection.execute(delete(sessions).where(sessions.c.id.in_(old_sessions)))
    return int(tokens.rowcount + gone.rowcount)
