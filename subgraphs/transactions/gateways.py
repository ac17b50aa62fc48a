"""What transactions asks of the other services, as ports: domain values in, domain values or definite refusals out.

Every method raises OutcomeUnknown where no definite answer came: the call may have happened. A Refusal is definite: it did not, and
will not under this key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from payflow.kernel.money import Money


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
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Money
    lifetime: timedelta


class WalletGateway(Protocol):
    """The wallet service."""

    async def wallet(self, wallet_id: UUID) -> Wallet | None: ...

    async def wallet_of(self, owner_id: UUID, currency: str) -> Wallet | None:
        """The wallet that somebody is paid into."""
        ...

    async def place_hold(self, order: HoldOrder) -> None:
        """Set the payer's money aside.

        Raises WalletNotFound, SameWallet, CurrencyMismatch, InsufficientFunds, InvalidInput, or HoldCancelled where it was released
        before it arrived.
        """
        ...

    async def capture_hold(self, hold_id: UUID) -> None:
        """Move the held money to the payee. Raises HoldReleased, or HoldExpired: then it is still to be released."""
        ...

    async def release_hold(self, hold_id: UUID) -> None:
        """Give the held money back, or keep a hold not yet seen from ever being placed. Raises HoldCaptured: it is the payee's."""
        ...


class UserDirectory(Protocol):
    """The users service."""

    async def user_by_handle(self, handle: str) -> UUID | None:
        """The id of the person who goes by this handle."""
        ...
