"""The use cases of users: register, log in."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.ids import new_id
from payflow.kernel.tokens import AccessTokens
from subgraphs.users import store
from subgraphs.users.domain import USER_SCOPES, LogIn, Register, Session, User, checked, normal_email
from subgraphs.users.errors import InvalidCredentials
from subgraphs.users.passwords import Passwords

REFRESH_TOKEN_BYTES = 32
SESSION_LIFETIME = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Users:
    """The service. `tokens` signs, `passwords` hashes; the door opens the unit of work and commits."""

    tokens: AccessTokens
    passwords: Passwords
    clock: Clock

    async def register(self, command: Register, work: UnitOfWork) -> Session:
        """Make a person and sign them in. Raises InvalidInput, EmailTaken, HandleTaken."""
        command = checked(command)
        password_hash = await self.passwords.hash(command.password)
        user = User(new_id(), command.email, command.handle, command.display_name, self.clock.now())
        await store.add_user(work, user, password_hash=password_hash)
        return await self._open_session(user, work)

    async def log_in(self, command: LogIn, work: UnitOfWork) -> Session:
        """Sign a person in. Raises InvalidCredentials, after the same time whether the address exists or not."""
        found = await store.credentials_by_email(work.connection, normal_email(command.email))
        right = await self.passwords.matches(command.password, found.password_hash if found else None)
        if found is None or not right:
            raise InvalidCredentials
        if self.passwords.is_outdated(found.password_hash):
            await store.set_password_hash(work, found.user.id, await self.passwords.hash(command.password))
        return await self._open_session(found.user, work)

    async def _open_session(self, user: User, work: UnitOfWork) -> Session:
        now, session_id = self.clock.now(), new_id()
        refresh_token = secrets.token_urlsafe(REFRESH_TOKEN_BYTES)
        await store.add_session(
            work,
            session_id=session_id,
            user_id=user.id,
            refresh_token_hash=hashlib.sha256(refresh_token.encode()).digest(),
            now=now,
            expires_at=now + SESSION_LIFETIME,
        )
        access_token = self.tokens.issue(user_id=str(user.id), session_id=str(session_id), scopes=USER_SCOPES, now=now)
        return Session(user, access_token, refresh_token, int(self.tokens.lifetime.total_seconds()))
