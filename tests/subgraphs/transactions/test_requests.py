"""Asking for money and being paid, against a real database and fake neighbours."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from payflow.kernel.errors import DependencyUnavailable, IdempotencyConflict, InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import requests_store
from subgraphs.transactions.domain import State, Step, Transfer, TransferStatus
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    InsufficientFunds,
    LimitExceeded,
    PaymentRequestClosed,
    PaymentRequestNotFound,
    RecipientNotFound,
    TooManyOpenRequests,
    WalletNotFound,
)
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.limits import Limits
from subgraphs.transactions.refunds import RefundTransfer
from subgraphs.transactions.requests import (
    OPEN_REQUESTS_MAX,
    REQUEST_LIFETIME,
    PaymentRequest,
    PaymentRequestStatus,
    PayRequest,
    RequestPayment,
)
from subgraphs.transactions.requests_store import RequestsQuery
from subgraphs.transactions.tables import payment_requests, transfers
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.transactions.world import BALANCE, World, make_world

Act = Callable[[World, PaymentRequest], Awaitable[object]]


def asking(world: World, amount: int = 2_500, **others: Any) -> RequestPayment:
    """Bob asks Ada for money."""
    fields: dict[str, Any] = {
        "requester_id": world.bob,
        "payer_handle": "ada",
        "amount": Money(amount, "USD"),
        "note": None,
        "idempotency_key": uuid4().hex,
    }
    return RequestPayment(**{**fields, **others})


def paying(world: World, request: PaymentRequest, **others: Any) -> PayRequest:
    """Ada pays what she was asked for."""
    fields: dict[str, Any] = {
        "payer_id": world.ada,
        "request_id": str(request.id),
        "from_wallet_id": str(world.ada_wallet.id),
        "idempotency_key": uuid4().hex,
    }
    return PayRequest(**{**fields, **others})


async def pay(world: World, request: PaymentRequest) -> Transfer:
    return await world.requests.pay(paying(world, request))


async def decline(world: World, request: PaymentRequest) -> PaymentRequest:
    return await world.requests.decline(world.ada, str(request.id))


async def cancel(world: World, request: PaymentRequest) -> PaymentRequest:
    return await world.requests.cancel(world.bob, str(request.id))


async def request_now(world: World, request: PaymentRequest) -> PaymentRequest:
    async with world.database.read() as connection:
        return (await requests_store.by_ids(connection, [request.id]))[request.id]


async def time_is_up(world: World, request: PaymentRequest) -> None:
    """Let the request's lifetime pass, by the database's clock."""
    async with world.database.unit_of_work() as work:
        past = {"created_at": func.now() - REQUEST_LIFETIME, "expires_at": func.now()}
        await work.connection.execute(
            update(payment_requests).where(payment_requests.c.id == request.id).values(**past)
        )


async def count_transfers(world: World) -> int:
    async with world.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(transfers))).scalar_one())


async def closings(world: World) -> list[dict[str, Any]]:
    """The data of the events that tell of an end."""
    return [event["data"] for event in await world.events() if event["type"] == "payment_request.closed.v1"]


async def test_asked_and_paid(world: World) -> None:
    """The money goes into the wallet that was fixed when it was asked for, and the request names its payment."""
    request = await world.requests.ask(asking(world, note="Pizza"))
    transfer = await pay(world, request)

    assert (request.requester_id, request.payer_id, request.status) == (world.bob, world.ada, PaymentRequestStatus.OPEN)
    assert request.to_wallet_id == world.bob_wallet.id
    assert request.expires_at - request.created_at == REQUEST_LIFETIME
    assert (transfer.status, transfer.amount, transfer.note) == (TransferStatus.COMPLETED, Money(2_500, "USD"), "Pizza")
    assert world.balances == (BALANCE - 2_500, 0, 2_500)
    paid = await request_now(world, request)
    assert (paid.status, paid.transfer_id) == (PaymentRequestStatus.PAID, transfer.id)
    assert paid.closed_at is not None


async def test_both_ends_are_told(world: World) -> None:
    """Asked, paid by a completed transfer; asked, and declined: in this order."""
    first = await world.requests.ask(asking(world, 2_500))
    transfer = await pay(world, first)
    await decline(world, await world.requests.ask(asking(world, 700)))

    told = await world.events()
    assert [event["type"] for event in told] == [
        "payment_request.created.v1",
        "transfer.completed.v1",
        "payment_request.closed.v1",
        "payment_request.created.v1",
        "payment_request.closed.v1",
    ]
    created, _, paid, _, declined = (event["data"] for event in told)
    assert (created["requester_id"], created["payer_id"], created["amount"]) == (str(world.bob), str(world.ada), 2_500)
    assert (paid["status"], paid["transfer_id"]) == ("PAID", str(transfer.id))
    assert (declined["status"], declined["transfer_id"], declined["amount"]) == ("DECLINED", None, 700)


async def test_what_cannot_be_asked_is_refused(world: World) -> None:
    """Each refusal has its type, and leaves no request."""
    refused: list[tuple[type[Refusal], dict[str, Any]]] = [
        (RecipientNotFound, {"payer_handle": "nobody"}),
        (RecipientNotFound, {"payer_handle": "a\x00da"}),
        (InvalidInput, {"payer_handle": "bob"}),
        (WalletNotFound, {"amount": Money(5, "EUR")}),
        (InvalidInput, {"amount": Money(5, "ABC")}),
        (InvalidInput, {"amount": Money(0, "USD")}),
        (InvalidInput, {"idempotency_key": ""}),
    ]

    for refusal, change in refused:
        with pytest.raises(refusal):
            await world.requests.ask(replace(asking(world), **change))

    assert await world.events() == []


async def test_what_cannot_be_paid_is_refused(world: World) -> None:
    """Each refusal has its type, and leaves the request open and the money where it was."""
    request = await world.requests.ask(asking(world))
    euros = world.bank.open(world.ada, "EUR", balance=BALANCE)
    refused: list[tuple[type[Refusal], dict[str, Any]]] = [
        (PaymentRequestNotFound, {"request_id": str(uuid4())}),
        (PaymentRequestNotFound, {"request_id": "no id"}),
        (PaymentRequestNotFound, {"payer_id": new_id()}),
        (PaymentRequestNotFound, {"payer_id": world.bob, "from_wallet_id": str(world.bob_wallet.id)}),
        (WalletNotFound, {"from_wallet_id": str(world.bob_wallet.id)}),
        (WalletNotFound, {"from_wallet_id": "no id"}),
        (CurrencyMismatch, {"from_wallet_id": str(euros.id)}),
        (InvalidInput, {"idempotency_key": "k" * 65}),
    ]

    for refusal, change in refused:
        with pytest.raises(refusal):
            await world.requests.pay(paying(world, request, **change))

    assert await request_now(world, request) == request
    assert world.balances == (BALANCE, 0, 0)
    assert await count_transfers(world) == 0


async def test_only_the_two_answer(world: World) -> None:
    """The payer declines and the requester cancels; to all the others there is no such request."""
    request = await world.requests.ask(asking(world))

    for act, wrong in ((world.requests.decline, world.bob), (world.requests.cancel, world.ada)):
        for user in (wrong, new_id()):
            with pytest.raises(PaymentRequestNotFound):
                await act(user, str(request.id))
        with pytest.raises(PaymentRequestNotFound):
            await act(wrong, "no id")

    assert await request_now(world, request) == request


@pytest.mark.parametrize(
    ("act", "status"),
    [
        (decline, PaymentRequestStatus.DECLINED),
        (cancel, PaymentRequestStatus.CANCELLED),
        (pay, PaymentRequestStatus.PAID),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
async def test_it_ends_once(world: World, act: Act, status: PaymentRequestStatus) -> None:
    """After one end there is no other, and each who tries is told the first."""
    request = await world.requests.ask(asking(world))
    await act(world, request)

    for again in (pay, decline, cancel):
        with pytest.raises(PaymentRequestClosed) as closed:
            await again(world, request)
        assert closed.value.status == status
    assert (await request_now(world, request)).status is status
    assert [told["status"] for told in await closings(world)] == [status]


async def test_its_time_is_up_without_the_sweeper(world: World) -> None:
    """From the instant on it is expired for who reads, who lists and who acts; the sweeper comes later, and tells it once."""
    request = await world.requests.ask(asking(world))
    await time_is_up(world, request)

    assert (await request_now(world, request)).status is PaymentRequestStatus.EXPIRED
    for act in (pay, decline, cancel):
        with pytest.raises(PaymentRequestClosed) as closed:
            await act(world, request)
        assert closed.value.status == PaymentRequestStatus.EXPIRED
    async with world.database.read() as connection:
        for statuses, found in (({PaymentRequestStatus.OPEN}, 0), ({PaymentRequestStatus.EXPIRED}, 1)):
            query = RequestsQuery(user_id=world.ada, older_than=None, statuses=frozenset(statuses), most=5)
            assert len(await requests_store.of_user(connection, query)) == found
    assert await closings(world) == []
    assert (await world.expiry.sweep(), await world.expiry.sweep()) == (1, 0)
    assert [told["status"] for told in await closings(world)] == ["EXPIRED"]


async def test_the_sweeper_leaves_the_others(world: World) -> None:
    """Only what is open, unpaid and over is swept, by any number of sweepers once each."""
    over = [await world.requests.ask(asking(world)) for _ in range(5)]
    declined = await world.requests.ask(asking(world))
    await decline(world, declined)
    open_ = await world.requests.ask(asking(world))
    for request in (*over, declined):
        await time_is_up(world, request)

    swept = await asyncio.gather(*(world.expiry.sweep() for _ in range(4)))

    assert sum(swept) == len(over)
    assert (await request_now(world, open_)).status is PaymentRequestStatus.OPEN
    assert (await request_now(world, declined)).status is PaymentRequestStatus.DECLINED


async def test_two_payments_at_once_are_one(world: World) -> None:
    """However many pay together, each under a key of their own: one payment, and all are told of that."""
    request = await world.requests.ask(asking(world))

    answers = await asyncio.gather(*(pay(world, request) for _ in range(8)), return_exceptions=True)

    paid = {answer.id for answer in answers if isinstance(answer, Transfer)}
    late = [answer for answer in answers if not isinstance(answer, Transfer)]
    assert len(paid) == 1
    assert all(isinstance(answer, PaymentRequestClosed) and answer.status == "PAID" for answer in late)
    assert world.balances == (BALANCE - 2_500, 0, 2_500)
    assert await count_transfers(world) == 1


async def test_while_a_payment_is_under_way(hasty: World) -> None:
    """It is open and names it; who pays too gets that transfer; who declines or cancels waits; and it does not expire."""
    request = await hasty.requests.ask(asking(hasty))
    hasty.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 2)
    first = await pay(hasty, request)
    await time_is_up(hasty, request)

    second = await pay(hasty, request)
    now = await request_now(hasty, request)
    assert first.status is TransferStatus.PENDING
    assert second.id == first.id
    assert (now.status, now.transfer_id) == (PaymentRequestStatus.OPEN, first.id)
    for act in (decline, cancel):
        with pytest.raises(DependencyUnavailable, match="under way"):
            await act(hasty, request)
    assert await hasty.expiry.sweep() == 0

    await hasty.recover(first.id)
    assert (await request_now(hasty, request)).status is PaymentRequestStatus.PAID
    with pytest.raises(PaymentRequestClosed):
        await decline(hasty, request)


async def test_a_payment_that_begins_meanwhile_is_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who declines is told that it is paid, and not to ask again, where the payment came just before."""
    request, close = await world.requests.ask(asking(world)), requests_store.close
    payments: list[asyncio.Task[Transfer]] = []

    async def close_behind_a_payment(*arguments: Any) -> PaymentRequest | None:
        if not payments:
            payments.append(asyncio.create_task(pay(world, request)))
            while (await request_now(world, request)).transfer_id is None:
                await asyncio.sleep(0.005)
        return await close(*arguments)

    monkeypatch.setattr(requests_store, "close", close_behind_a_payment)

    with pytest.raises(PaymentRequestClosed) as closed:
        await decline(world, request)
    assert closed.value.status == "PAID"
    assert (await payments[0]).status is TransferStatus.COMPLETED


async def test_a_failed_payment_leaves_it_open(world: World) -> None:
    """It can be tried again under another key, and the first key keeps its answer."""
    request = await world.requests.ask(asking(world, BALANCE + 1))
    command = paying(world, request)

    with pytest.raises(InsufficientFunds) as poor:
        await world.requests.pay(command)
    now = await request_now(world, request)
    assert (now.status, now.transfer_id) == (PaymentRequestStatus.OPEN, None)
    assert await closings(world) == []
    world.bank.available[world.ada_wallet.id] += 1

    with pytest.raises(InsufficientFunds) as again:
        await world.requests.pay(command)
    assert str(again.value) == str(poor.value)
    assert (await pay(world, request)).status is TransferStatus.COMPLETED


async def test_a_payment_that_lapsed_leaves_it_open(hasty: World) -> None:
    """A definite failure behind the answer frees the request, for a payment or for the decline that waited."""
    request = await hasty.requests.ask(asking(hasty))
    hasty.network.disturb(Step.CAPTURE, *[Fault.LOSE_REQUEST] * 2)
    first = await pay(hasty, request)
    hasty.bank.expire(first.hold_id)

    ended = await hasty.recover(first.id)

    assert ended.state is State.FAILED
    assert (await request_now(hasty, request)).transfer_id is None
    assert (await decline(hasty, request)).status is PaymentRequestStatus.DECLINED


async def test_it_counts_like_any_payment(make_settings: MakeSettings) -> None:
    """A payment by request is held against both limits, which leave the request open; a refund is held against none."""
    settings = await make_settings("transactions")
    limits = Limits.parse(per_transfer="USD=3000", per_day="USD=4000")
    async with make_world(settings.database_url("transactions"), limits=limits) as world:
        dear, some, more = [await world.requests.ask(asking(world, amount)) for amount in (3_001, 3_000, 1_001)]
        paid = await pay(world, some)

        for request, limit in ((dear, 3_000), (more, 4_000)):
            with pytest.raises(LimitExceeded) as exceeded:
                await pay(world, request)
            assert exceeded.value.limit == Money(limit, "USD")
            now = await request_now(world, request)
            assert (now.status, now.transfer_id) == (PaymentRequestStatus.OPEN, None)
        back = RefundTransfer(user_id=world.bob, transfer_id=str(paid.id), amount=None, idempotency_key="back")
        assert (await world.refunds.refund(back)).refunded == 3_000


@pytest.mark.parametrize("round_", range(4))
async def test_races_have_one_winner(world: World, round_: int) -> None:
    """Payments, a decline, a cancel and the expiry that come together end it once, and money has moved just if it was paid."""
    request = await world.requests.ask(asking(world))
    acts: list[Awaitable[object]] = [pay(world, request), decline(world, request), cancel(world, request)]
    acts = acts[round_ % 3 :] + acts[: round_ % 3]
    if round_ == 3:
        acts.append(time_is_up(world, request))

    await asyncio.gather(*acts, world.expiry.sweep(), return_exceptions=True)
    await world.expiry.sweep()

    ended = await request_now(world, request)
    moved = 2_500 if ended.status is PaymentRequestStatus.PAID else 0
    assert ended.status is not PaymentRequestStatus.OPEN
    assert world.balances == (BALANCE - moved, 0, moved)
    assert [told["status"] for told in await closings(world)] == [ended.status]


async def test_one_key_asks_once(world: World) -> None:
    """Repeats, also at once, are one request; another input under the key is a conflict."""
    command = asking(world, idempotency_key="pizza")

    asked = await asyncio.gather(*(world.requests.ask(command) for _ in range(8)))

    assert len({request.id for request in asked}) == 1
    assert Counter(event["type"] for event in await world.events()) == {"payment_request.created.v1": 1}
    with pytest.raises(IdempotencyConflict):
        await world.requests.ask(replace(command, note="Pasta"))


async def test_one_key_pays_once(world: World) -> None:
    """Repeats, also after the request is over, are answered the same; another input under the key is a conflict."""
    request = await world.requests.ask(asking(world))
    other = await world.requests.ask(asking(world))
    command = paying(world, request, idempotency_key="pay")

    answers = await asyncio.gather(*(world.requests.pay(command) for _ in range(8)))
    late = await world.requests.pay(command)

    assert {answer.id for answer in answers} == {late.id}
    assert late.status is TransferStatus.COMPLETED
    with pytest.raises(IdempotencyConflict):
        await world.requests.pay(replace(command, request_id=str(other.id)))
    assert world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_refusals_are_remembered(world: World) -> None:
    """What was refused under a key is refused word for word, though meanwhile it could be done."""
    ask, request = asking(world, payer_handle="carol"), await world.requests.ask(asking(world))
    command = paying(world, request, from_wallet_id=str(new_id()))
    declined = await world.requests.ask(asking(world))
    await decline(world, declined)
    late = paying(world, declined)

    for _ in range(2):
        with pytest.raises(RecipientNotFound):
            await world.requests.ask(ask)
        world.users.handles["carol"] = new_id()
        with pytest.raises(WalletNotFound):
            await world.requests.pay(command)
        with pytest.raises(PaymentRequestClosed) as closed:
            await world.requests.pay(late)
        assert closed.value.status == "DECLINED"


async def test_nobody_is_pestered(world: World) -> None:
    """Only so many requests to one payer are open at a time, also when they come together; another payer has room of their own."""
    world.users.handles["carol"] = new_id()

    answers = await asyncio.gather(
        *(world.requests.ask(asking(world)) for _ in range(OPEN_REQUESTS_MAX + 3)), return_exceptions=True
    )

    assert Counter(type(answer) for answer in answers) == {PaymentRequest: OPEN_REQUESTS_MAX, TooManyOpenRequests: 3}
    await world.requests.ask(asking(world, payer_handle="carol"))
    some = next(answer for answer in answers if isinstance(answer, PaymentRequest))
    await time_is_up(world, some)
    await world.requests.ask(asking(world))
    with pytest.raises(TooManyOpenRequests) as full:
        await world.requests.ask(asking(world))
    assert full.value.limit == OPEN_REQUESTS_MAX


async def test_pages(world: World) -> None:
    """What one asked and was asked for, newest first, page by page and by status."""
    asked = [await world.requests.ask(asking(world, 10 + number)) for number in range(5)]
    await decline(world, asked[1])

    async def page(user: UUID, older_than: UUID | None = None, *statuses: PaymentRequestStatus) -> list[UUID]:
        query = RequestsQuery(
            user_id=user, older_than=older_than, statuses=frozenset(statuses) if statuses else None, most=3
        )
        async with world.database.read() as connection:
            return [found.id for found in await requests_store.of_user(connection, query)]

    newest_first = [request.id for request in reversed(asked)]
    for user in (world.ada, world.bob):
        assert await page(user) == newest_first[:3]
        assert await page(user, newest_first[2]) == newest_first[3:]
        assert await page(user, None, PaymentRequestStatus.DECLINED) == [asked[1].id]
    assert await page(new_id()) == []


async def test_the_database_keeps_its_rules(world: World) -> None:
    """Whatever a bug would write: nobody asks themself, what has ended has an instant, only the paid name a payment."""
    request = await world.requests.ask(asking(world))
    broken: list[dict[str, Any]] = [
        {"payer_id": world.bob},
        {"status": "DECLINED"},
        {"closed_at": func.now()},
        {"status": "PAID", "closed_at": func.now()},
        {"amount": 0},
        {"status": "LOST", "closed_at": func.now()},
        {"expires_at": func.now() - timedelta(days=1)},
    ]

    for values in broken:
        with pytest.raises(IntegrityError):
            async with world.database.unit_of_work() as work:
                await work.connection.execute(
                    update(payment_requests).where(payment_requests.c.id == request.id).values(**values)
                )
