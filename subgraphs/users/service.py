"""The use cases of users: register, log in."""

from __future__ import annotations

from dataclasses import dataclass

from payflow.kernel import metrics
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.ids import new_id
from payflow.kernel.outbox import Outbox
from subgraphs.users import events, store
from subgraphs.users.domain import Credentials, LogIn, Register, Session, User, checked, is_email, normal_email
from subgraphs.users.errors import InvalidCredentials, TooManyAttempts
from subgraphs.users.passwords import Passwords
from subgraphs.users.sessions import Sessions
from subgraphs.users.throttling import Attempt, Registering, Throttle


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """The service. `passwords` hashes, `throttle` counts who fails to log in and who registers.

    No connection is held while a password is hashed.
    """

    database: Database
    outbox: Outbox
    passwords: Passwords
    throttle: Throttle
    sessions: Sessions
    clock: Clock

    async def register(self, command: Register, *, network: str) -> Session:
        """Make a person and sign them in. Raises InvalidInput, which does not count, TooManyAttempts, EmailTaken, HandleTaken."""
        command = checked(command)
        await self.throttle.admit_registration(Registering.from_network(network))
        password_hash = await self.passwords.hash(command.password)
        user = User(new_id(), command.email, command.handle, command.display_name, self.clock.now())
        async with self.database.unit_of_work() as work:
            await store.add_user(work, user, password_hash=password_hash)
            session = await self.sessions.open(user, work)
            await events.user_registered(self.outbox, work, user)
        return session

    async def log_in(self, command: LogIn, *, network: str) -> Session:
        """Sign a person in. Raises InvalidCredentials, after the same time whether the address exists or not, and TooManyAttempts."""
        attempt = Attempt.of(normal_email(command.email), network)
        try:
            await self.throttle.admit(attempt)
            found = await self._proven(command)
        except (InvalidCredentials, TooManyAttempts) as refusal:
            metrics.LOGINS.labels(refusal.failure_code).inc()
            raise
        except Exception:  # too many wait, or the database is away: whoever comes again is no guesser
            await self.throttle.take_back(attempt)
            raise
        await self.throttle.forgive(attempt)
        rehashed = await self._rehashed(command, found)
        async with self.database.unit_of_work() as work:
            if rehashed is not None:
                await store.set_password_hash(work, found.user.id, rehashed)
            session = await self.sessions.open(found.user, work)
        metrics.LOGINS.labels("OK").inc()
        return session

    async def _proven(self, command: LogIn) -> Credentials:
        """Raises InvalidCredentials."""
        found = await self._credentials(normal_email(command.email))
        right = await self.passwords.matches(command.password, found.password_hash if found else None)
        if found is None or not right:
            raise InvalidCredentials
        return found

    async def _credentials(self, email: str) -> Credentials | None:
        """What is no address is nobody's: the database need not be asked with characters that it does not store."""
        if not is_email(email):
            return None
        async with self.database.read() as connection:
            return await store.credentials_by_email(connection, email)

    async def _rehashed(self, command: LogIn, found: Credentials) -> str | None:
        """The password's hash by today's parameters, where that in the database was made with weaker ones."""
        if not self.passwords.is_outdated(found.password_hash):
            return None
        return await self.passwords.hash(command.password)
