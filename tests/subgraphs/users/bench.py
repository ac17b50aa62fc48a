"""The users service without its application: on a database of its own, with a given clock, throttled in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.tokens import AccessTokens
from subgraphs.users.passwords import Passwords
from subgraphs.users.service import Users
from subgraphs.users.sessions import Sessions
from subgraphs.users.tables import make_outbox
from subgraphs.users.throttling import (
    Attempt,
    Attempts,
    Policies,
    Registering,
    refusal,
    registration_refusal,
    registrations_policy,
)
from tests.subgraphs.harness import AUDIENCE, ISSUER, Keys

HOME, ELSEWHERE = "192.0.2.1", "203.0.113.9"
POLICIES = Policies(registrations=registrations_policy(100))


class OwnThrottle:
    """Throttling by the rules that hold, in this process."""

    def __init__(self, clock: Clock) -> None:
        self._attempts = Attempts(POLICIES)
        self._clock = clock

    async def admit(self, attempt: Attempt) -> None:
        if (wait_s := self._attempts.admit(attempt, self._clock.now().timestamp())) > 0:
            raise refusal(wait_s)

    async def admit_registration(self, registering: Registering) -> None:
        if (wait_s := self._attempts.admit_registration(registering, self._clock.now().timestamp())) > 0:
            raise registration_refusal(wait_s)

    async def take_back(self, attempt: Attempt) -> None:
        self._attempts.take_back(attempt)

    async def forgive(self, attempt: Attempt) -> None:
        self._attempts.forgive(attempt)


@asynccontextmanager
async def users_service(url: str, keys: Keys, clock: Clock) -> AsyncIterator[Users]:
    """The service on the migrated database at `url`."""
    database, outbox, passwords = Database(url), make_outbox(), Passwords()
    tokens = AccessTokens(keys.users, ISSUER, AUDIENCE, timedelta(minutes=10))
    sessions = Sessions(database=database, outbox=outbox, tokens=tokens, clock=clock, ended=lambda: None)
    yield Users(
        database=database,
        outbox=outbox,
        passwords=passwords,
        throttle=OwnThrottle(clock),
        sessions=sessions,
        clock=clock,
    )
    passwords.close()
    await database.close()
