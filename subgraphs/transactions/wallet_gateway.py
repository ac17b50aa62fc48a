"""The wallet service, through its generated client."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from payflow.client import wallet as api
from payflow.client.errors import CallRejected, OutcomeUnknown
from payflow.kernel.errors import InvalidInput
from payflow.kernel.money import Money
from subgraphs.transactions.errors import (
    CurrencyMismatch,
    HoldCancelled,
    HoldCaptured,
    HoldExpired,
    HoldReleased,
    InsufficientFunds,
    SameWallet,
    WalletNotFound,
)
from subgraphs.transactions.gateways import HoldOrder, Wallet


@dataclass(frozen=True, slots=True)
class ClientWallets:
    """A WalletGateway over HTTP."""

    client: api.Client

    async def wallet(self, wallet_id: UUID) -> Wallet | None:
        with definite():
            return _wallet((await self.client.wallet(str(wallet_id))).wallet)

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        with definite():
            return _wallet((await self.client.wallet_of(str(owner_id), currency)).wallet_of)

    async def place_hold(self, order: HoldOrder) -> None:
        with definite():
            answer = (await self.client.place_hold(_input(order))).place_hold
        match answer:
            case api.PlaceHoldPlaceHoldHold():
                return
            case api.PlaceHoldPlaceHoldInsufficientFunds():
                raise InsufficientFunds(
                    answer.message, available=_money(answer.available), requested=_money(answer.requested)
                )
            case api.PlaceHoldPlaceHoldWalletNotFound():
                raise WalletNotFound(answer.message)
            case api.PlaceHoldPlaceHoldSameWallet():
                raise SameWallet(answer.message)
            case api.PlaceHoldPlaceHoldCurrencyMismatch():
                raise CurrencyMismatch(answer.message)
            case api.PlaceHoldPlaceHoldInvalidInput():
                raise InvalidInput(answer.field, answer.message)
            case api.PlaceHoldPlaceHoldHoldCancelled():
                raise HoldCancelled
            case api.PlaceHoldPlaceHoldIdempotencyConflict():
                # The id is derived from the transfer and its order never changes: whatever holds it, it is not ours to judge by.
                raise OutcomeUnknown(f"the wallet has another hold under the id {order.hold_id}")

    async def capture_hold(self, hold_id: UUID) -> None:
        with definite():
            answer = (await self.client.capture_hold(str(hold_id))).capture_hold
        match answer:
            case api.CaptureHoldCaptureHoldHold():
                return
            case api.CaptureHoldCaptureHoldHoldReleased():
                raise HoldReleased
            case api.CaptureHoldCaptureHoldHoldExpired():
                raise HoldExpired
            case api.CaptureHoldCaptureHoldHoldNotFound():
                # It said before that it holds the money. Until somebody has found out, the transfer stays as it is.
                raise OutcomeUnknown(f"the wallet does not know the hold {hold_id} that it placed")

    async def release_hold(self, hold_id: UUID) -> None:
        with definite():
            answer = (await self.client.release_hold(str(hold_id))).release_hold
        if isinstance(answer, api.ReleaseHoldReleaseHoldHoldCaptured):
            raise HoldCaptured


@contextmanager
def definite() -> Iterator[None]:
    """Whatever is no answer in the schema's own terms, e.g. a token refused or another shape, becomes OutcomeUnknown."""
    try:
        yield
    except (CallRejected, ValueError) as error:
        raise OutcomeUnknown(f"no usable answer: {error}") from error


class _Amount(Protocol):
    amount: int
    currency: str


def _money(answer: _Amount) -> Money:
    return Money(answer.amount, answer.currency)


def _wallet(answer: api.WalletWallet | api.WalletOfWalletOf | None) -> Wallet | None:
    return None if answer is None else Wallet(UUID(answer.id), UUID(answer.owner.id), answer.currency)


def _input(order: HoldOrder) -> api.PlaceHoldInput:
    return api.PlaceHoldInput(
        id=str(order.hold_id),
        from_wallet_id=str(order.from_wallet_id),
        to_wallet_id=str(order.to_wallet_id),
        amount=api.MoneyInput(amount=order.amount.amount, currency=order.amount.currency),
        transfer_id=str(order.transfer_id),
        expires_in_seconds=int(order.lifetime.total_seconds()),
    )
