"""What wallet tells: how people's accounts change. Topic wallet.v1, keyed by the wallet's id."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from payflow.events.envelope import Currency, EventData
from payflow.kernel.money import MINOR_UNITS_MAX

TOPIC = "wallet.v1"
SOURCE = "payflow/wallet"

Kind = Literal[
    "DEPOSIT",
    "WITHDRAWAL",
    "HOLD",
    "CAPTURE",
    "RELEASE",
    "EXPIRY",
    "REFUND",
    "REWARD",
    "REWARD_CLAWBACK",
    "REVERSAL",
]


Change = Annotated[
    int,
    Field(
        ge=-MINOR_UNITS_MAX, le=MINOR_UNITS_MAX, description="Minor units of the currency; negative where it went down."
    ),
]
Balance = Annotated[
    int,
    Field(ge=-MINOR_UNITS_MAX, le=MINOR_UNITS_MAX, description="Minor units of the currency, after this change."),
]


class AccountChanged(EventData):
    """A journal has changed what is in a wallet, or what of it is held.

    `seq` counts the changes of one wallet without a gap: a reader who has seen n knows that the next is n + 1.
    """

    TYPE: ClassVar[str] = "wallet.account_changed.v1"
    TOPIC: ClassVar[str] = TOPIC
    SOURCE: ClassVar[str] = SOURCE

    wallet_id: UUID
    user_id: UUID
    seq: Annotated[int, Field(ge=1)]
    journal_id: UUID
    kind: Kind | str
    transfer_id: UUID | None = None
    currency: Currency
    posted_change: Change
    held_change: Change
    posted: Balance
    held: Balance
    available: Balance
    changed_at: datetime

    @property
    def subject(self) -> str:
        return str(self.wallet_id)
