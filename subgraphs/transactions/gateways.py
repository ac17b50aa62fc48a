"""What transactions asks of the other services, as ports: domain values in, domain values or definite refusals out.

Every method raises OutcomeUnknown where no definite answer came: the call may have happened. A Refusal is definite: it did not, and
will not under this key. ImpossibleAnswer is no answer either, and no sense in asking again until a person has looked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from payflow.client.errors import OutcomeUnknown
from payflow.kernel.money import Money


class ImpossibleAnswer(OutcomeUnknown):
    """The wallet says what cannot be, e.g. that it does not know a hold which it placed. Nothing is to be concluded from it."""


class Purpose(StrEnum):
    """What a hold is for, and so what its capture is called in the wallet's books."""

    TRANSFER = "TRANSFER"
    REFUND = "REFUND"


@dataclass(frozen=True, slots=True)
class Wallet:
    """What may be known of anybody's wallet."""

    id: UUID
    owner_id: UUID
    currency: str


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """A hold to place. `hold_id` is the key: the same id with the same order is the same hold, however often it is sent."""

    hold_id: UUID
    transfer_id: UUID
    payer_id: UUID
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Money
    lifetime: timedelta
    purpose: Purpose = Purpose.TRANSFER


class WalletGateway(Protocol):
    """The wallet service."""

    async def wallets(self, wallet_ids: Sequence[UUID]) -> dict[UUID, Wallet]:
        """Those of one or two wallets that exist, by id, in one call."""
        ...

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        """The wallet that somebody is paid into: the one of the currency that is not closed."""
        ...

    async def place_hold(self, order: HoldOrder) -> None:
        """Set the payer's money aside.

        Raises WalletNotFound, WalletFrozen, WalletClosed, SameWallet, CurrencyMismatch, InsufficientFunds, InvalidInput, or
        HoldCancelled where it was released before it arrived.
        """
        ...

    async def capture_hold(self, hold_id: UUID) -> None:
        """Move the held money to the payee. Raises HoldReleased; or HoldExpired or PayeeClosed: then it is still to be released."""
        ...

    async def release_hold(self, hold_id: UUID) -> None:
        """Give the held money back, or keep a hold not yet seen from ever being placed. Raises HoldCaptured: it is the payee's."""
        ...

    async def extend_hold(self, hold_id: UUID, lifetime: timedelta) -> None:
        """Let the hold live that long from now on. Raises HoldReleased, HoldExpired, HoldCaptured."""
        ...


class UserDirectory(Protocol):
    """The users service."""

    async def user_by_handle(self, handle: str) -> UUID | None:
        """The id of the person who goes by this handle."""
        ...
