"""The wallet service, through its generated client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
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
    PayeeClosed,
    SameWallet,
    WalletClosed,
    WalletFrozen,
    WalletNotFound,
)
from subgraphs.transactions.gateways import HoldOrder, ImpossibleAnswer, Wallet


@dataclass(frozen=True, slots=True)
class ClientWallets:
    """A WalletGateway over HTTP."""

    client: api.Client

    async def wallets(self, wallet_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
        one, other = wallet_ids[0], wallet_ids[-1]
        with definite():
            if one == other:
                found = [_wallet((await self.client.wallet(str(one))).wallet)]
            else:
                both = await self.client.two_wallets(str(one), str(other))
                found = [_wallet(both.one), _wallet(both.other)]
        return {wallet.id: wallet for wallet in found if wallet is not None}

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
            case api.PlaceHoldPlaceHoldWalletFrozen():
                raise WalletFrozen(answer.message)
            case api.PlaceHoldPlaceHoldWalletClosed():
                raise WalletClosed(answer.message)
            case api.PlaceHoldPlaceHoldIdempotencyConflict():
                # The id is derived from the transfer and its order never changes: whatever holds it, it is not ours to judge by.
                raise ImpossibleAnswer(f"the wallet has another hold under the id {order.hold_id}")

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
            case api.CaptureHoldCaptureHoldWalletClosed():
                raise PayeeClosed
            case _:
                # It said before that it holds the money, and it is asked for all of it. A person is to find out.
                raise ImpossibleAnswer(f"the wallet answers the capture of {hold_id} with {answer.typename__}")

    async def release_hold(self, hold_id: UUID) -> None:
        with definite():
            answer = (await self.client.release_hold(str(hold_id))).release_hold
        if isinstance(answer, api.ReleaseHoldReleaseHoldHoldCaptured):
            raise HoldCaptured

    async def extend_hold(self, hold_id: UUID, lifetime: timedelta) -> None:
        with definite():
            answer = (await self.client.extend_hold(str(hold_id), int(lifetime.total_seconds()))).extend_hold
        match answer:
            case api.ExtendHoldExtendHoldHold():
                return
            case api.ExtendHoldExtendHoldHoldReleased():
                raise HoldReleased
            case api.ExtendHoldExtendHoldHoldExpired():
                raise HoldExpired
            case api.ExtendHoldExtendHoldHoldCaptured():
                raise HoldCaptured
            case _:
                raise ImpossibleAnswer(f"the wallet answers the extension of {hold_id} with {answer.typename__}")


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


class _Owner(Protocol):
    id: str


class _Wallet(Protocol):
    id: str
    currency: str

    @property
    def owner(self) -> _Owner: ...


def _wallet(answer: _Wallet | None) -> Wallet | None:
    return None if answer is None else Wallet(UUID(answer.id), UUID(answer.owner.id), answer.currency)


def _input(order: HoldOrder) -> api.PlaceHoldInput:
    return api.PlaceHoldInput(
        id=str(order.hold_id),
        payer_id=str(order.payer_id),
        purpose=api.HoldPurpose(order.purpose.value),
        from_wallet_id=str(order.from_wallet_id),
        to_wallet_id=str(order.to_wallet_id),
        amount=api.MoneyInput(amount=order.amount.amount, currency=order.amount.currency),
        transfer_id=str(order.transfer_id),
        expires_in_seconds=int(order.lifetime.total_seconds()),
    )
