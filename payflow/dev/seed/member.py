"""One of the people as the API sees them: signed in, with wallets, doing one thing at a time under keys of their own."""

from __future__ import annotations

import time
from typing import Any, Final

from payflow.client.api import (
    Client,
    DepositInput,
    LoginInput,
    MoneyInput,
    PayRequestInput,
    RecipientInput,
    RefundInput,
    RegisterInput,
    RequestPaymentInput,
    TransferInput,
    TransferStatus,
    WithdrawInput,
)
from payflow.client.errors import OutcomeUnknown
from payflow.dev.seed.errors import SeedFailed
from payflow.dev.seed.world import Person
from payflow.kernel.money import Money

CALL_TIMEOUT_S: Final = 15.0
_REFRESH_BEFORE_S: Final = 10.0


class Member:
    """A person of the world, with a session. Every command is idempotent by the `key` that it is given."""

    def __init__(self, person: Person, url: str) -> None:
        self.person = person
        self.is_new = False
        self._token: str | None = None
        self._refresh_token = ""
        self._expires_at = 0.0
        self._wallets: dict[str, str] = {}
        self.client = Client(url, token=lambda: self._token, timeout_s=CALL_TIMEOUT_S)

    async def arrive(self) -> None:
        """Sign in, or register where nobody of that name is known; and open the wallets that are missing. Raises SeedFailed.

        In this order because every registration counts among those that a network may make in an hour, known name or not.
        """
        credentials = LoginInput(email=self.person.email, password=self.person.password)
        session = (await self.client.login(credentials)).session
        if session.typename__ == "InvalidCredentials":
            await self._register()
        else:
            self._signed_in(done("Session", session, f"@{self.person.handle} signs in"))
        await self._open_wallets()

    async def deposit(self, amount: Money, key: str) -> None:
        order = DepositInput(wallet_id=self._wallets[amount.currency], amount=_input(amount), idempotency_key=key)
        done("Entry", (await (await self._fresh()).deposit(order)).deposit, f"@{self.person.handle} deposits")

    async def withdraw(self, amount: Money, key: str) -> None:
        order = WithdrawInput(wallet_id=self._wallets[amount.currency], amount=_input(amount), idempotency_key=key)
        done("Entry", (await (await self._fresh()).withdraw(order)).withdraw, f"@{self.person.handle} withdraws")

    async def pay(self, payee: Person, amount: Money, *, note: str, key: str) -> str:
        """Answers the transfer's id."""
        order = TransferInput(
            from_wallet_id=self._wallets[amount.currency],
            to=RecipientInput(handle=payee.handle),
            amount=_input(amount),
            note=note,
            idempotency_key=key,
        )
        transfer = (await (await self._fresh()).transfer(order)).transfer
        return str(completed(transfer, f"@{self.person.handle} pays @{payee.handle}").id)

    async def give_back(self, transfer_id: str, amount: Money, key: str) -> None:
        order = RefundInput(transfer_id=transfer_id, amount=_input(amount), idempotency_key=key)
        refund = (await (await self._fresh()).refund_transfer(order)).refund_transfer
        done("Transfer", refund, f"@{self.person.handle} refunds")

    async def ask(self, payer: Person, amount: Money, *, note: str, key: str) -> str:
        """Answers the request's id."""
        question = RequestPaymentInput(payer_handle=payer.handle, amount=_input(amount), note=note, idempotency_key=key)
        asked = (await (await self._fresh()).request_payment(question)).request_payment
        return str(done("PaymentRequest", asked, f"@{self.person.handle} asks @{payer.handle}").id)

    async def pay_request(self, request_id: str, currency: str, key: str) -> None:
        order = PayRequestInput(id=request_id, from_wallet_id=self._wallets[currency], idempotency_key=key)
        paid = (await (await self._fresh()).pay_request(order)).pay_request
        completed(paid, f"@{self.person.handle} pays a request")

    async def decline(self, request_id: str) -> None:
        """One that was closed before is as it should be."""
        closed = (await (await self._fresh()).decline_request(request_id)).decline_request
        done(("PaymentRequest", "PaymentRequestClosed"), closed, f"@{self.person.handle} declines a request")

    async def cancel(self, request_id: str) -> None:
        """As for `decline`."""
        closed = (await (await self._fresh()).cancel_request(request_id)).cancel_request
        done(("PaymentRequest", "PaymentRequestClosed"), closed, f"@{self.person.handle} cancels a request")

    async def unread(self) -> int:
        """How many notifications wait to be read."""
        return (await (await self._fresh()).my_money()).me.unread_notification_count

    async def read_but(self, latest: int) -> None:
        """Mark all notifications read but the `latest` ones."""
        client = await self._fresh()
        newest = (await client.my_notifications(first=latest + 1)).me.notifications.edges
        if len(newest) > latest:
            await client.mark_all_notifications_read(newest[latest].cursor)

    async def _fresh(self) -> Client:
        """The client, with a token that lives long enough for one more call."""
        if time.monotonic() > self._expires_at:
            session = (await self.client.refresh_session(self._refresh_token)).session
            self._signed_in(done("Session", session, f"@{self.person.handle} stays signed in"))
        return self.client

    def _signed_in(self, session: Any) -> None:
        self._token, self._refresh_token = session.access_token, session.refresh_token
        self._expires_at = time.monotonic() + max(session.expires_in - _REFRESH_BEFORE_S, session.expires_in / 2)

    async def _register(self) -> None:
        person = self.person
        registration = RegisterInput(
            email=person.email, password=person.password, handle=person.handle, display_name=person.name
        )
        session = (await self.client.register(registration)).session
        if session.typename__ in ("EmailTaken", "HandleTaken"):
            raise SeedFailed(
                f"@{person.handle} is there already, with another password: this platform has people of its own;"
                " start one for this with `payflow up --data-dir` and another folder"
            )
        self._signed_in(done("Session", session, f"@{person.handle} registers"))
        self.is_new = True

    async def _open_wallets(self) -> None:
        self._wallets = {wallet.currency: wallet.id for wallet in (await self.client.my_money()).me.wallets}
        for currency in self.person.currencies:
            if currency not in self._wallets:
                opened = (await self.client.open_wallet(currency)).open_wallet
                self._wallets[currency] = done("Wallet", opened, f"@{self.person.handle} opens a wallet").id


def done(typenames: str | tuple[str, ...], result: Any, what: str) -> Any:
    """The success member of a result union. Raises SeedFailed with the problem's sentence."""
    wanted = (typenames,) if isinstance(typenames, str) else typenames
    if result.typename__ not in wanted:
        raise SeedFailed(f"{what}, and was told {result.typename__}: {result.message}")
    return result


def completed(result: Any, what: str) -> Any:
    """A transfer whose money has arrived: the next thing may be done with it.

    Raises SeedFailed, and OutcomeUnknown while it is pending: the same command waits for it once more.
    """
    transfer = done("Transfer", result, what)
    if transfer.status is TransferStatus.PENDING:
        raise OutcomeUnknown(f"{what}, and the money is still on its way")
    if transfer.status is TransferStatus.FAILED:
        raise SeedFailed(f"{what}, and it failed: {transfer.failure_code}")
    return transfer


def _input(amount: Money) -> MoneyInput:
    return MoneyInput(amount=amount.amount, currency=amount.currency)
