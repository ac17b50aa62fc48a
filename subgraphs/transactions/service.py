"""The use case of transactions: send money, once per idempotency key; and how any command begins a transfer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from payflow.client.errors import OutcomeUnknown
from payflow.kernel import failpoints
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, Refusal
from payflow.kernel.failpoints import failpoint
from payflow.kernel.ids import new_id
from subgraphs.transactions import store
from subgraphs.transactions.domain import Command, SendMoney, Transfer, check
from subgraphs.transactions.limits import NO_LIMITS, Limits
from subgraphs.transactions.recipients import Recipients, Route
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Timing
from subgraphs.transactions.store import Given

Reserve = Callable[[UnitOfWork], Awaitable[Refusal | None]]
"""What else has to be true for a transfer to begin: locks what it depends on, decides, and reserves or answers why not."""


class _Answered(Exception):
    """The key has another answer; what this unit of work has written is rolled back."""

    def __init__(self, given: Given) -> None:
        super().__init__()
        self.given = given


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """The service. It opens its own units of work, since none may be open while other services are asked."""

    database: Database
    recipients: Recipients
    runner: Runner
    clock: Clock
    timing: Timing
    limits: Limits = NO_LIMITS

    async def send(self, order: SendMoney) -> Transfer:
        """Carry the transfer out, and answer it as it stands after `timing.answer` seconds at most.

        A repeat of the key answers what the first answered. Raises the refusals of the domain, IdempotencyConflict, and
        DependencyUnavailable where nothing has been begun.
        """
        check(order)
        command = order.command
        return await self.answer(command, await self._given(order, command))

    async def begin(self, command: Command, transfer: Transfer, *, reserve: Reserve | None = None) -> Given:
        """The first answer to the command: this transfer, which is then carried out, or a refusal. A repeat gets what stands there.

        With `reserve`, the commit that begins the transfer also has what that writes; where it refuses, its refusal is the answer.
        """
        await failpoint("saga.beginning")
        if refusal := self.limits.refusal_of(transfer):
            given = await self.give(command, refusal)
        elif reserve is None:
            given = await self._store(self.database, command, transfer)
        else:
            given = await self._begin_with(command, transfer, reserve)
        if given.transfer_id == transfer.id:
            await failpoint("saga.begun")
            self.runner.start(transfer)
        return given

    async def give(self, command: Command, refusal: Refusal) -> Given:
        """Answer the command with a refusal, unless it has been answered."""
        return await store.give(self.database, command, refusal, now=self.clock.now())

    async def answer(self, command: Command, given: Given) -> Transfer:
        """The transfer that was given, once it has ended or the client has waited long enough. Raises what was given instead."""
        if given.fingerprint != command.fingerprint:
            raise IdempotencyConflict
        if given.refusal is not None:
            raise given.refusal
        assert given.transfer_id is not None, given
        transfer = await self.runner.settled(given.transfer_id, within_s=self.timing.answer)
        if transfer.refusal is not None:
            raise transfer.refusal
        return transfer

    async def _given(self, order: SendMoney, command: Command) -> Given:
        """The answer under the key: of this order or, where the key was used before, of that one."""
        try:
            route = await failpoints.call("saga.route", lambda: self.recipients.route(order), lost=OutcomeUnknown)
        except OutcomeUnknown as unknown:
            if given := await store.given(self.database, command):
                return given
            raise DependencyUnavailable(
                "Wallets cannot be looked up at the moment. No money has moved; send the same command again."
            ) from unknown
        except Refusal as refusal:
            return await self.give(command, refusal)
        return await self.begin(command, _transfer(order, route, self.clock))

    async def _begin_with(self, command: Command, transfer: Transfer, reserve: Reserve) -> Given:
        try:
            async with self.database.unit_of_work() as work:
                if given := await store.given(work, command):
                    return given
                if refusal := await reserve(work):
                    return await store.give(work, command, refusal, now=self.clock.now())
                given = await self._store(work, command, transfer)
                if given.transfer_id != transfer.id:
                    raise _Answered(given)
        except _Answered as other:
            # Somebody was faster with this key, or the payer's day is full: nothing may stay reserved.
            refusal = other.given.refusal
            return other.given if refusal is None else await self.give(command, refusal)
        return given

    async def _store(self, on: store.Calls, command: Command, transfer: Transfer) -> Given:
        lease = timedelta(seconds=self.timing.lease)
        return await store.begin(on, command, transfer, lease=lease, daily=self.limits.daily_of(transfer))


def _transfer(order: SendMoney, route: Route, clock: Clock) -> Transfer:
    return Transfer(
        id=new_id(),
        payer_id=route.payer.owner_id,
        payee_id=route.payee.owner_id,
        from_wallet_id=route.payer.id,
        to_wallet_id=route.payee.id,
        amount=order.amount,
        note=order.note,
        created_at=clock.now(),
    )
