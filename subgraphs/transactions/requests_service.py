"""The use cases of payment requests: ask, pay, decline, cancel. Each decides under the request's row lock, so each race has one winner."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from payflow.client.errors import OutcomeUnknown
from payflow.kernel import failpoints
from payflow.kernel.db import UnitOfWork
from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, Refusal
from payflow.kernel.ids import new_id, parse_id
from payflow.kernel.outbox import Outbox
from subgraphs.transactions import requests_store, store
from subgraphs.transactions.domain import Transfer
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    RecipientNotFound,
    TooManyOpenRequests,
    WalletNotFound,
)
from subgraphs.transactions.events import emit_closed, emit_created
from subgraphs.transactions.forms import check_key
from subgraphs.transactions.gateways import Wallet
from subgraphs.transactions.requests import (
    OPEN_REQUESTS_MAX,
    RULES,
    PaymentRequest,
    PayRequest,
    RequestPayment,
    Verb,
    allow,
    check_asking,
    check_payer,
    payment_of,
    request_of,
)
from subgraphs.transactions.requests_store import Asked
from subgraphs.transactions.service import Transfers
from subgraphs.transactions.store import Given

NOBODY_TO_ASK = (
    "People and wallets cannot be looked up at the moment. Nothing has happened; send the same command again."
)
CLOSE_TRIES = 2  # a payment that begins between the look at a request and its closing is waited for, too
UNDER_WAY = "A payment of this request is under way. Nothing has happened; ask again when it has ended."


class _KeyTaken(Exception):
    """Another request with this key was faster; what this one has written is rolled back."""


class _UnderWay(Exception):
    """A payment of the request has begun already."""

    def __init__(self, transfer_id: UUID) -> None:
        super().__init__()
        self.transfer_id = transfer_id


@dataclass(frozen=True, slots=True)
class PaymentRequests:
    """The service."""

    transfers: Transfers
    outbox: Outbox

    async def ask(self, order: RequestPayment) -> PaymentRequest:
        """Ask somebody for money; answers the request as it stands, which a repeat of the key names again.

        Raises the refusals of the domain, IdempotencyConflict, and DependencyUnavailable where nothing has happened.
        """
        check_asking(order)
        asked = await self._asked(order) or await self._ask(order)
        if asked.fingerprint != order.command.fingerprint:
            raise IdempotencyConflict
        if asked.refusal is not None:
            raise asked.refusal
        assert asked.request_id is not None, asked
        request = await self._request(str(asked.request_id))
        assert request is not None, asked
        return request

    async def pay(self, order: PayRequest) -> Transfer:
        """Pay what one was asked for, and answer the payment as it stands after `timing.answer` seconds at most.

        While a payment is under way, whoever pays the same request gets that one. Raises as `Transfers.send` does.
        """
        check_key(order.idempotency_key)
        given = await store.given(self.transfers.database, order.command) or await self._pay(order)
        return await self.transfers.answer(order.command, given)

    async def decline(self, payer_id: UUID, request_id: str) -> PaymentRequest:
        """The payer will not pay. Raises PaymentRequestNotFound, PaymentRequestClosed, DependencyUnavailable."""
        return await self._close(Verb.DECLINE, payer_id, request_id)

    async def cancel(self, requester_id: UUID, request_id: str) -> PaymentRequest:
        """The requester does not ask any more. Raises PaymentRequestNotFound, PaymentRequestClosed, DependencyUnavailable."""
        return await self._close(Verb.CANCEL, requester_id, request_id)

    async def _ask(self, order: RequestPayment) -> Asked:
        """The first answer under this key, or that of a request that was faster."""
        try:
            payer_id, wallet = await self._route(order)
        except OutcomeUnknown as unknown:
            raise DependencyUnavailable(NOBODY_TO_ASK) from unknown
        except Refusal as refusal:
            return await self._refuse(order, refusal)
        try:
            request = request_of(order, payer_id, wallet.id, request_id=new_id(), now=self.transfers.clock.now())
            return await self._add(order, request)
        except _KeyTaken:
            asked = await self._asked(order)
            assert asked is not None, "a key that is taken has an answer"
            return asked

    async def _route(self, order: RequestPayment) -> tuple[UUID, Wallet]:
        """Whom to ask, and the wallet to be paid into. Raises RecipientNotFound, InvalidInput, WalletNotFound; OutcomeUnknown."""
        handle, currency = order.payer_handle, order.amount.currency
        recipients = self.transfers.recipients
        payer_id, wallet = await asyncio.gather(
            recipients.person(handle), recipients.wallet_of(order.requester_id, currency)
        )
        if payer_id is None:
            raise RecipientNotFound("Nobody goes by this handle.")
        check_payer(order.requester_id, payer_id)
        if wallet is None:
            raise WalletNotFound(f"You have no {currency} wallet to be paid into; open one first.")
        return payer_id, wallet

    async def _add(self, order: RequestPayment, request: PaymentRequest) -> Asked:
        """Raises _KeyTaken."""
        async with self.transfers.database.unit_of_work() as work:
            stored = await requests_store.add(work, request)
            if stored is not None:
                if not await requests_store.keep_request(work, order.command, request.id):
                    raise _KeyTaken
                await emit_created(self.outbox, work, stored)
        if stored is None:
            return await self._refuse(order, _too_many())
        return Asked(order.command.fingerprint, request.id, None)

    async def _refuse(self, order: RequestPayment, refusal: Refusal) -> Asked:
        await self.transfers.give(order.command, refusal)
        asked = await self._asked(order)
        assert asked is not None, "the key has an answer now"
        return asked

    async def _pay(self, order: PayRequest) -> Given:
        """The payment that this begins or that is under way, or a refusal; what stands under the key where somebody was faster."""
        try:
            request = allow(await self._request(order.request_id), Verb.PAY, order.payer_id)
            if request.transfer_id is not None:
                raise _UnderWay(request.transfer_id)
            wallet = await self._wallet(order, request)
            payment = payment_of(request, wallet.id, transfer_id=new_id(), now=self.transfers.clock.now())
            return await self.transfers.begin(order.command, payment, reserve=lambda work: _take(work, order, payment))
        except Refusal as refusal:
            return await self.transfers.give(order.command, refusal)
        except _UnderWay as other:
            return await requests_store.keep_payment(self.transfers.database, order.command, other.transfer_id)

    async def _wallet(self, order: PayRequest, request: PaymentRequest) -> Wallet:
        """The wallet to pay from. Raises WalletNotFound, CurrencyMismatch, DependencyUnavailable."""
        own = self.transfers.recipients.own_wallet
        try:
            wallet = await failpoints.call(
                "saga.route", lambda: own(order.from_wallet_id, order.payer_id), lost=OutcomeUnknown
            )
        except OutcomeUnknown as unknown:
            raise DependencyUnavailable(NOBODY_TO_ASK) from unknown
        if wallet.currency != request.amount.currency:
            raise CurrencyMismatch(
                f"This wallet holds {wallet.currency}, the request is for {request.amount.currency}."
            )
        return wallet

    async def _close(self, verb: Verb, user_id: UUID, request_id: str) -> PaymentRequest:
        for _ in range(CLOSE_TRIES):
            request = allow(await self._request(request_id), verb, user_id)
            if request.transfer_id is not None:
                # The payer has said yes. That decides, unless it comes to nothing.
                await self.transfers.runner.settled(request.transfer_id, within_s=self.transfers.timing.answer)
            async with self.transfers.database.unit_of_work() as work:
                if closed := await requests_store.close(work, request.id, RULES[verb].to):
                    await emit_closed(self.outbox, work, closed)
            if closed:
                return closed
        allow(await self._request(request_id), verb, user_id)
        raise DependencyUnavailable(UNDER_WAY)

    async def _asked(self, order: RequestPayment) -> Asked | None:
        return await requests_store.asked(self.transfers.database, order.command)

    async def _request(self, text: str) -> PaymentRequest | None:
        request_id = parse_id(text)
        if request_id is None:
            return None
        async with self.transfers.database.read() as connection:
            return (await requests_store.by_ids(connection, [request_id])).get(request_id)


async def _take(work: UnitOfWork, order: PayRequest, payment: Transfer) -> Refusal | None:
    """Have the request name this payment. Raises _UnderWay where it names another."""
    assert payment.request_id is not None, payment
    try:
        request = allow(await requests_store.locked(work, payment.request_id), Verb.PAY, order.payer_id)
    except Refusal as refusal:
        return refusal
    if request.transfer_id is not None:
        raise _UnderWay(request.transfer_id)
    await requests_store.take(work, request.id, payment.id)
    return None


def _too_many() -> TooManyOpenRequests:
    return TooManyOpenRequests(
        f"You have {OPEN_REQUESTS_MAX} requests open to this person already; wait for an answer, or cancel one.",
        limit=OPEN_REQUESTS_MAX,
    )
