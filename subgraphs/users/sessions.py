"""Sessions: opened by whoever proved who they are, kept by refreshing, ended by logging out or by a stolen token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from payflow.kernel import metrics
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.ids import new_id
from payflow.kernel.outbox import Outbox
from payflow.kernel.tokens import AccessTokens
from subgraphs.users import events, refresh, sessions_store, store
from subgraphs.users.domain import USER_SCOPES, EndReason, Session, User
from subgraphs.users.errors import InvalidRefreshToken
from subgraphs.users.refresh import StoredSession, StoredToken, Verdict

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sessions:
    """The service. `tokens` signs; `ended` is called after each commit that has ended a session."""

    database: Database
    outbox: Outbox
    tokens: AccessTokens
    clock: Clock
    ended: Callable[[], None]

    async def open(self, user: User, work: UnitOfWork) -> Session:
        """A new session of somebody who has just proved who they are."""
        now = self.clock.now()
        session = StoredSession(new_id(), user.id, now, now + refresh.LIFETIME)
        token = refresh.new_token()
        await sessions_store.add_session(work, session)
        await sessions_store.add_token(work, session, _unused(session, token, now), parent=None, now=now)
        return self._session(user, session, token, now)

    async def refresh(self, token: str, *, network: str) -> Session:
        """Exchange a refresh token for its successor and a new access token.

        Raises InvalidRefreshToken; where the token was used before, its session has ended by then.
        """
        if not refresh.is_well_formed(token):
            raise InvalidRefreshToken
        async with self.database.unit_of_work() as work:
            session = await self._refreshed(token, network, work)
        if session is None:
            raise InvalidRefreshToken
        return session

    async def log_out(self, token: str) -> bool:
        """End the session of a refresh token, the newest of its family or not. Answers whether that has ended an open one."""
        if not refresh.is_well_formed(token):
            return False
        async with self.database.unit_of_work() as work:
            session = await sessions_store.lock_by_token(work, refresh.token_hash(token))
            if session is None or not session.is_open(self.clock.now()):
                return False
            await self._end(session, EndReason.LOGGED_OUT, work)
        return True

    async def _refreshed(self, token: str, network: str, work: UnitOfWork) -> Session | None:
        """None where the token is refused: what that has changed is to be committed."""
        session = await sessions_store.lock_by_token(work, hashed := refresh.token_hash(token))
        if session is None:
            return None
        stored = await sessions_store.token(work, hashed)
        now, presenter = self.clock.now(), refresh.presenter_of(session.id, network)
        match refresh.judge(session, stored, presenter=presenter, now=now):
            case Verdict.ROTATE:
                successor = await self._rotated(session, token, presenter, work)
            case Verdict.REPEAT:
                assert stored.sealed_successor is not None, "what is repeated is kept"
                successor = refresh.unseal(stored.sealed_successor, token)
            case Verdict.REUSE:
                log.warning("a refresh token was used twice", session=str(session.id), user=str(session.user_id))
                await self._end(session, EndReason.TOKEN_REUSED, work)
                return None
            case Verdict.REFUSE:
                return None
        user = (await store.by_ids(work.connection, [session.user_id]))[session.user_id]
        return self._session(user, session, successor, now)

    async def _rotated(self, session: StoredSession, token: str, presenter: bytes, work: UnitOfWork) -> str:
        now, successor = self.clock.now(), refresh.new_token()
        used = StoredToken(
            hash=refresh.token_hash(token),
            expires_at=session.expires_at,
            used_at=now,
            sealed_successor=refresh.seal(successor, token),
            presenter=presenter,
        )
        await sessions_store.mark_used(work, used, successor=refresh.token_hash(successor))
        await sessions_store.add_token(work, session, _unused(session, successor, now), parent=used.hash, now=now)
        return successor

    async def _end(self, session: StoredSession, reason: EndReason, work: UnitOfWork) -> None:
        now = self.clock.now()
        await sessions_store.end(work, session.id, reason=reason, now=now)
        await events.session_revoked(self.outbox, work, session, reason=reason, now=now)
        metrics.SESSIONS_ENDED.labels(reason.value).inc()
        work.after_commit(self.ended)

    def _session(self, user: User, session: StoredSession, refresh_token: str, now: datetime) -> Session:
        access_token = self.tokens.issue(user_id=str(user.id), session_id=str(session.id), scopes=USER_SCOPES, now=now)
        return Session(user, access_token, refresh_token, int(self.tokens.lifetime.total_seconds()))


def _unused(session: StoredSession, token: str, now: datetime) -> StoredToken:
    return StoredToken(hash=refresh.token_hash(token), expires_at=refresh.expiry(session, now))
