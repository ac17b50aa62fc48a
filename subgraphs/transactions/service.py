"""The use case of transactions: send money, once per idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from payflow.client.errors import OutcomeUnknown
from payflow.kernel import failpoints
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, Refusal
from payflow.kernel.failpoints import failpoint
from payflow.kernel.idempotency import fingerprint
from payflow.kernel.ids import new_id
from subgraphs.transactions import store
from subgraphs.transactions.domain import SendMoney, Transfer, check
from subgraphs.transactions.gateways import UserDirectory, WalletGateway
from subgraphs.transactions.recipients import Route, find_route
from subgraphs.transactions.runner import Runner
from subgraphs.transactions.saga import Timing
from subgraphs.transactions.store import Given


class _KeyTaken(Exception):
    """Another request with this key was faster; what this one has written is rolled back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """The service. It opens its own units of work, since none may be open while other services are asked."""

    database: Database
    wallets: WalletGateway
    users: UserDirectory
    runner: Runner
    clock: Clock
    timing: Timing

    async def send(self, command: SendMoney) -> Transfer:
        """Carry the transfer out, and answer it as it stands after `timing.answer` seconds at most.

        A repeat of the key answers what the first answered. Raises the refusals of the domain, IdempotencyConflict, and
        DependencyUnavailable where nothing has been begun.
        """
        check(command)
        asked = fingerprint(command.input)
        given = await self._given(command) or await self._begin(command, asked)
        if given.fingerprint != asked:
            raise IdempotencyConflict
        if given.refusal is not None:
            raise given.refusal
        assert given.transfer_id is not None, given
        transfer = await self.runner.settled(given.transfer_id, within_s=self.timing.answer)
        if transfer.refusal is not None:
            raise transfer.refusal
        return transfer

    async def _given(self, command: SendMoney) -> Given | None:
        async with self.database.read() as connection:
            return await store.given(connection, payer_id=command.payer_id, idempotency_key=command.idempotency_key)

    async def _begin(self, command: SendMoney, asked: bytes) -> Given:
        """The first answer under this key, or that of a request that was faster."""
        try:
            route = await failpoints.call(
                "saga.route", lambda: find_route(command, self.wallets, self.users), lost=OutcomeUnknown
            )
        except OutcomeUnknown as unknown:
            raise DependencyUnavailable(
                "Wallets cannot be looked up at the moment. No money has moved; send the same command again."
            ) from unknown
        except Refusal as refusal:
            return await self._give_first(command, Given(asked, None, refusal), None)
        return await self._start(command, asked, route)

    async def _start(self, command: SendMoney, asked: bytes, route: Route) -> Given:
        transfer = Transfer(
            id=new_id(),
            payer_id=route.payer.owner_id,
            payee_id=route.payee.owner_id,
            from_wallet_id=route.payer.id,
            to_wallet_id=route.payee.id,
            amount=command.amount,
            note=command.note,
            created_at=self.clock.now(),
        )
        await failpoint("saga.beginning")
        given = await self._give_first(command, Given(asked, transfer.id, None), transfer)
        if given.transfer_id == transfer.id:
            await failpoint("saga.begun")
            self.runner.start(transfer)
        return given

    async def _give_first(self, command: SendMoney, answer: Given, transfer: Transfer | None) -> Given:
        """Commit the answer under its key, with the transfer it names. Answers what stands there where somebody was faster."""
        try:
            async with self.database.unit_of_work() as work:
                await self._add(work, transfer)
                if not await store.give(work, command, answer, now=self.clock.now()):
                    raise _KeyTaken
        except _KeyTaken:
            first = await self._given(command)
            assert first is not None, "a key that is taken has an answer"
            return first
        return answer

    async def _add(self, work: UnitOfWork, transfer: Transfer | None) -> None:
        if transfer is not None:
            await store.add(work, transfer, lease=timedelta(seconds=self.timing.lease))
