"""`payflow demo`: two people, a deposit, a transfer, a request that is paid, a refund, the reward and the notifications, told live through
the generated client.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from payflow.client.api import (
    Client,
    DepositInput,
    MoneyInput,
    PaymentRequestStatus,
    PayRequestInput,
    RecipientInput,
    RefundInput,
    RegisterInput,
    RequestPaymentInput,
    TransferInput,
)
from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.kernel.errors import PayflowError

DEPOSIT, AMOUNT, ASKED, GIVEN_BACK, CURRENCY = 100_00, 25_00, 12_50, 2_50, "USD"
API_TIMEOUT_S = 15.0
ARRIVAL_TIMEOUT_S = 20.0  # for the reward and the notifications, which travel through the broker
STEP_COLOURS = {"DONE": "green", "RUNNING": "yellow", "FAILED": "red", "COMPENSATED": "magenta"}


class DemoFailed(PayflowError):
    """The story did not come to its end; the message says where."""


@dataclass
class Story:
    """Prints what happens, each line with the milliseconds since the beginning."""

    console: Console
    started: float = field(default_factory=time.perf_counter)

    def chapter(self, title: str) -> None:
        self.console.print()
        self.console.rule(f"[bold]{title}", align="left", style="blue")

    def tell(self, who: str, what: str) -> None:
        elapsed_ms = (time.perf_counter() - self.started) * 1000
        self.console.print(
            f"[dim]{elapsed_ms:7.0f} ms[/]  [bold cyan]{who:<8}[/] {what}", highlight=False, soft_wrap=True
        )


@dataclass
class Person:
    """Somebody in the story, signed in, with a wallet and an open ear for notifications."""

    name: str
    handle: str
    client: Client
    story: Story
    wallet_id: str = ""
    heard: Counter[str] = field(default_factory=Counter)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self) -> None:
        """Print each notification as it arrives."""
        async for event in self.client.notifications():
            notification = event.notifications
            self.story.tell(self.name, f"[yellow]🔔 {notification.title}[/] [dim]{notification.body}[/]")
            async with self.news:
                self.heard[notification.kind.value] += 1
                self.news.notify_all()

    async def hears(self, *kinds: str) -> None:
        """Wait until all of these have arrived, each kind as often as it is named."""
        try:
            async with asyncio.timeout(ARRIVAL_TIMEOUT_S), self.news:
                await self.news.wait_for(lambda: Counter(kinds) <= self.heard)
        except TimeoutError:
            missing = ", ".join(sorted((Counter(kinds) - self.heard).elements()))
            raise DemoFailed(f"{self.name} heard nothing of {missing} within {ARRIVAL_TIMEOUT_S:.0f} s") from None


async def tell_story(url: str, console: Console) -> None:
    """Run the demo against the API at `url`. Raises DemoFailed."""
    story = Story(console)
    try:
        await _the_story(url, story)
    except OutcomeUnknown as error:
        raise DemoFailed(f"The API does not answer ({error}); is the platform up? Start it with: payflow up") from error
    except CallRejected as error:
        raise DemoFailed(f"The API refused a request: {error}") from error


async def _the_story(url: str, story: Story) -> None:
    async with contextlib.AsyncExitStack() as stack:
        story.chapter("What is on offer")
        await _show_campaigns(url, story)

        story.chapter("Two people open wallets")
        ada = await stack.enter_async_context(_person("Ada", "Ada Lovelace", url, story))
        bob = await stack.enter_async_context(_person("Bob", "Bob Kahn", url, story))

        story.chapter("Money comes in")
        await _deposit(ada)

        story.chapter(f"Ada sends $25.00 to @{bob.handle}")
        await _transfer(ada, bob)

        story.chapter(f"Bob asks @{ada.handle} for $12.50")
        pizza = await _request_and_pay(bob, ada)

        story.chapter("Bob gives $2.50 of it back")
        await _refund(bob, pizza)

        story.chapter("What follows, live")
        refunded = ("TRANSFER_REFUNDED", "REWARD_CLAWED_BACK")
        await ada.hears(*["TRANSFER_SENT", "REWARD_ISSUED"] * 2, "PAYMENT_REQUESTED", *refunded)
        await bob.hears(*["TRANSFER_RECEIVED"] * 2, "PAYMENT_REQUEST_CLOSED", "TRANSFER_REFUNDED")

        story.chapter("In the end")
        await _show_money(story.console, ada, bob)


async def _show_campaigns(url: str, story: Story) -> None:
    async with Client(url, timeout_s=API_TIMEOUT_S) as anybody:
        for campaign in (await anybody.campaigns()).campaigns:
            story.tell("anybody", f"{campaign.name}: {campaign.rate / 100:g} % cashback in {campaign.currency}")


@asynccontextmanager
async def _person(name: str, display_name: str, url: str, story: Story) -> AsyncIterator[Person]:
    handle = f"{name.lower()}_{secrets.token_hex(4)}"
    token: list[str] = []
    async with Client(url, token=lambda: token[0] if token else None, timeout_s=API_TIMEOUT_S) as client:
        registration = RegisterInput(
            email=f"{handle}@example.com",
            password=secrets.token_urlsafe(16),
            handle=handle,
            display_name=display_name,
        )
        session = _expect("Session", (await client.register(registration)).session)
        token.append(session.access_token)
        story.tell(name, f"registers as [bold]@{handle}[/]")
        wallet = _expect("Wallet", (await client.open_wallet(CURRENCY)).open_wallet)
        story.tell(name, f"opens a {wallet.currency} wallet [dim]{wallet.id}[/]")
        person = Person(name, handle, client, story, wallet.id)
        listening = asyncio.create_task(person.listen())
        try:
            yield person
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, PayflowError):
                await listening


async def _deposit(person: Person) -> None:
    deposit = DepositInput(
        wallet_id=person.wallet_id,
        amount=_money(DEPOSIT),
        idempotency_key=secrets.token_hex(16),
    )
    entry = _expect("Entry", (await person.client.deposit(deposit)).deposit)
    person.story.tell(person.name, f"deposits {entry.amount.formatted}, and has {entry.balance_after.formatted}")


async def _transfer(payer: Person, payee: Person) -> None:
    started = time.perf_counter()
    order = TransferInput(
        from_wallet_id=payer.wallet_id,
        to=RecipientInput(handle=payee.handle),
        amount=_money(AMOUNT),
        note="Lunch",
        idempotency_key=secrets.token_hex(16),
    )
    transfer = _expect("Transfer", (await payer.client.transfer(order)).transfer)
    async for event in payer.client.transfer_updated(transfer.id):
        state = event.transfer_updated
    for step in state.steps:
        _tell_step(payer.story, step)
    took_ms = (time.perf_counter() - started) * 1000
    payer.story.tell("transfer", f"[bold green]{state.status.value}[/] after {took_ms:.0f} ms [dim]{transfer.id}[/]")


async def _request_and_pay(requester: Person, payer: Person) -> str:
    """Somebody asks and is paid; answers the payment's id."""
    question = RequestPaymentInput(
        payer_handle=payer.handle, amount=_money(ASKED), note="Pizza", idempotency_key=secrets.token_hex(16)
    )
    asked = _expect("PaymentRequest", (await requester.client.request_payment(question)).request_payment)
    days = (asked.expires_at - datetime.now(UTC)).days + 1
    requester.story.tell(
        requester.name, f"asks {asked.payer.display_name} for {asked.amount.formatted}, within {days} days"
    )
    [request] = (await payer.client.payment_requests(status=[PaymentRequestStatus.OPEN])).me.payment_requests.edges
    payer.story.tell(payer.name, f"finds a request of @{request.node.requester.handle}: {request.node.note}")
    payment = PayRequestInput(id=request.node.id, from_wallet_id=payer.wallet_id, idempotency_key=secrets.token_hex(16))
    paid = _expect("Transfer", (await payer.client.pay_request(payment)).pay_request)
    payer.story.tell(payer.name, f"pays {paid.amount.formatted} [bold green]{paid.status.value}[/] [dim]{paid.id}[/]")
    return str(paid.id)


async def _refund(payee: Person, transfer_id: str) -> None:
    order = RefundInput(transfer_id=transfer_id, amount=_money(GIVEN_BACK), idempotency_key=secrets.token_hex(16))
    payment = _expect("Transfer", (await payee.client.refund_transfer(order)).refund_transfer)
    [refund] = payment.refunds
    payee.story.tell(
        payee.name,
        f"gives {refund.amount.formatted} back [bold green]{refund.status.value}[/]:"
        f" {payment.refunded.formatted} of {payment.amount.formatted} so far",
    )


def _money(minor_units: int) -> MoneyInput:
    return MoneyInput(amount=minor_units, currency=CURRENCY)


def _tell_step(story: Story, step: Any) -> None:
    colour = STEP_COLOURS[step.status.value]
    took = ""
    if step.finished_at is not None:
        took = f" in {(step.finished_at - step.started_at).total_seconds() * 1000:.0f} ms"
    story.tell("saga", f"{step.name:<8} [{colour}]{step.status.value}[/]{took}, attempt {step.attempts}")


async def _show_money(console: Console, *people: Person) -> None:
    table = Table(box=None, padding=(0, 2))
    for heading in ("", "statement", "amount", "balance"):
        table.add_column(heading, justify="right" if heading in ("amount", "balance") else "left")
    for person in people:
        me = (await person.client.my_money()).me
        for wallet in me.wallets:
            lines = list(reversed(wallet.entries.edges if wallet.entries else []))
            for at, edge in enumerate(lines):
                entry = edge.node
                name = Text(f"{person.name} @{me.handle}" if at == 0 else "", style="bold cyan")
                table.add_row(name, entry.kind.value, entry.amount.formatted, entry.balance_after.formatted)
    console.print(table)


def _expect(typename: str, result: Any) -> Any:
    """The success member of a result union. Raises DemoFailed with the problem's sentence."""
    if result.typename__ != typename:
        raise DemoFailed(f"{result.typename__}: {result.message}")
    return result


def run(url: str, console: Console) -> None:
    """Tell the story, to its end or to the first thing that goes wrong."""
    asyncio.run(tell_story(url, console))
