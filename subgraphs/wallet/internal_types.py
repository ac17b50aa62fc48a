"""The GraphQL types that only services see: holds, captures, credits, debits. All are @inaccessible, so no client can name them."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

import strawberry

from payflow.gql.money_problems import (
    CurrencyMismatch,
    InsufficientFunds,
    SameWallet,
    WalletClosed,
    WalletFrozen,
    WalletNotFound,
)
from payflow.gql.types import IdempotencyConflict, InvalidInput, Money, MoneyInput, Problem
from payflow.kernel import errors
from payflow.kernel.ids import parse_id
from subgraphs.wallet import commands
from subgraphs.wallet.command_types import wallet_id
from subgraphs.wallet.errors import CaptureExceedsHold as Exceeds
from subgraphs.wallet.statement_types import Entry, Hold

strawberry.federation.enum(
    commands.CreditSource,
    inaccessible=True,
    description="What is paid from, or back to. CAMPAIGN: the fund of the campaign that is named beside it. REWARDS: what rewards were"
    " paid from before there were funds.",
)
strawberry.federation.enum(
    commands.Purpose,
    name="HoldPurpose",
    inaccessible=True,
    description="What a hold is for, which its capture reads as on both statements.",
)


@strawberry.federation.type(inaccessible=True, description="Released before it was placed, so it never will be.")
class HoldCancelled(Problem):
    pass


@strawberry.federation.type(inaccessible=True)
class HoldNotFound(Problem):
    pass


@strawberry.federation.type(inaccessible=True)
class HoldReleased(Problem):
    pass


@strawberry.federation.type(inaccessible=True)
class HoldCaptured(Problem):
    pass


@strawberry.federation.type(inaccessible=True, description="Too late to capture. The money stays held until released.")
class HoldExpired(Problem):
    pass


@strawberry.federation.type(inaccessible=True, description="More than the hold still holds.")
class CaptureExceedsHold(Problem):
    remaining: Money
    requested: Money

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        assert isinstance(refusal, Exceeds)
        return cls(
            message=refusal.message, remaining=Money.of(refusal.remaining), requested=Money.of(refusal.requested)
        )


@strawberry.federation.input(inaccessible=True)
class PlaceHoldInput:
    id: strawberry.ID = strawberry.field(description="A UUID chosen by the caller: hold id and idempotency key in one.")
    payer_id: strawberry.ID = strawberry.field(
        description="The user who pays: `fromWalletId` must be theirs, else it is WalletNotFound."
    )
    from_wallet_id: strawberry.ID
    to_wallet_id: strawberry.ID
    amount: MoneyInput
    transfer_id: strawberry.ID = strawberry.field(description="A UUID, which both statements name.")
    expires_in_seconds: int = strawberry.field(description="After this the hold cannot be captured any more.")
    purpose: commands.Purpose = commands.Purpose.TRANSFER

    def to_command(self) -> commands.PlaceHold:
        """Raises InvalidInput, WalletNotFound."""
        return commands.PlaceHold(
            id=_uuid("id", self.id),
            payer_id=_uuid("payerId", self.payer_id),
            from_wallet_id=wallet_id(self.from_wallet_id),
            to_wallet_id=wallet_id(self.to_wallet_id),
            amount=self.amount.to_domain(),
            transfer_id=_uuid("transferId", self.transfer_id),
            expires_in_s=self.expires_in_seconds,
            purpose=self.purpose,
        )


@strawberry.federation.input(inaccessible=True)
class CreditInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    source: commands.CreditSource
    transfer_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID = strawberry.field(description="1-64 characters; scoped by source.")
    campaign_id: strawberry.ID | None = None

    def to_command(self) -> commands.Credit:
        """Raises InvalidInput, WalletNotFound."""
        return commands.Credit(
            wallet_id=wallet_id(self.wallet_id),
            amount=self.amount.to_domain(),
            source=self.source,
            transfer_id=None if self.transfer_id is None else _uuid("transferId", self.transfer_id),
            idempotency_key=self.idempotency_key,
            campaign_id=None if self.campaign_id is None else _uuid("campaignId", self.campaign_id),
        )


@strawberry.federation.input(inaccessible=True)
class DebitInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    source: commands.CreditSource = strawberry.field(
        description="What is paid back to. A campaign gets as much of the amount as the wallet has: the entry says how much."
    )
    transfer_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID = strawberry.field(description="1-64 characters; scoped by source.")
    campaign_id: strawberry.ID | None = None

    def to_command(self) -> commands.Debit:
        """Raises InvalidInput, WalletNotFound."""
        return commands.Debit(
            wallet_id=wallet_id(self.wallet_id),
            amount=self.amount.to_domain(),
            source=self.source,
            transfer_id=None if self.transfer_id is None else _uuid("transferId", self.transfer_id),
            idempotency_key=self.idempotency_key,
            campaign_id=None if self.campaign_id is None else _uuid("campaignId", self.campaign_id),
        )


PlaceHoldResult = Annotated[
    Hold
    | WalletNotFound
    | WalletFrozen
    | WalletClosed
    | SameWallet
    | CurrencyMismatch
    | InsufficientFunds
    | HoldCancelled
    | IdempotencyConflict
    | InvalidInput,
    strawberry.federation.union("PlaceHoldResult", inaccessible=True),
]
CaptureHoldResult = Annotated[
    Hold
    | HoldNotFound
    | HoldReleased
    | HoldExpired
    | HoldCaptured
    | WalletClosed
    | CaptureExceedsHold
    | CurrencyMismatch
    | IdempotencyConflict
    | InvalidInput,
    strawberry.federation.union("CaptureHoldResult", inaccessible=True),
]
ReleaseHoldResult = Annotated[
    Hold | HoldCancelled | HoldCaptured, strawberry.federation.union("ReleaseHoldResult", inaccessible=True)
]
ExtendHoldResult = Annotated[
    Hold | HoldNotFound | HoldReleased | HoldExpired | HoldCaptured | InvalidInput,
    strawberry.federation.union("ExtendHoldResult", inaccessible=True),
]
CreditResult = Annotated[
    Entry | WalletNotFound | WalletClosed | InsufficientFunds | CurrencyMismatch | IdempotencyConflict | InvalidInput,
    strawberry.federation.union("CreditResult", inaccessible=True),
]
DebitResult = Annotated[
    Entry
    | WalletNotFound
    | WalletFrozen
    | WalletClosed
    | InsufficientFunds
    | CurrencyMismatch
    | IdempotencyConflict
    | InvalidInput,
    strawberry.federation.union("DebitResult", inaccessible=True),
]


def _uuid(input_field: str, text: str) -> UUID:
    parsed = parse_id(text)
    if parsed is None:
        raise errors.InvalidInput(input_field, f"{input_field} must be a UUID")
    return parsed
