"""The GraphQL types that only services see: holds, captures, credits. All are @inaccessible, so no client can name them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import strawberry

from payflow.gql.money_problems import CurrencyMismatch, InsufficientFunds, SameWallet, WalletNotFound
from payflow.gql.types import IdempotencyConflict, InvalidInput, MoneyInput, Problem
from payflow.kernel import errors
from payflow.kernel.ids import parse_id
from subgraphs.wallet import commands
from subgraphs.wallet.types import Entry, Hold, wallet_id

strawberry.federation.enum(
    commands.CreditSource, inaccessible=True, description="The system account that a credit is paid from."
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


@strawberry.federation.input(inaccessible=True)
class PlaceHoldInput:
    id: strawberry.ID = strawberry.field(description="A UUID chosen by the caller: hold id and idempotency key in one.")
    from_wallet_id: strawberry.ID
    to_wallet_id: strawberry.ID
    amount: MoneyInput
    transfer_id: strawberry.ID = strawberry.field(description="A UUID.")
    expires_in_seconds: int = strawberry.field(description="After this the hold cannot be captured any more.")

    def to_command(self) -> commands.PlaceHold:
        """Raises InvalidInput, WalletNotFound."""
        return commands.PlaceHold(
            id=_uuid("id", self.id),
            from_wallet_id=wallet_id(self.from_wallet_id),
            to_wallet_id=wallet_id(self.to_wallet_id),
            amount=self.amount.to_domain(),
            transfer_id=_uuid("transferId", self.transfer_id),
            expires_in_s=self.expires_in_seconds,
        )


@strawberry.federation.input(inaccessible=True)
class CreditInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    source: commands.CreditSource
    transfer_id: strawberry.ID | None = None
    idempotency_key: strawberry.ID = strawberry.field(description="1-64 characters; scoped by source.")

    def to_command(self) -> commands.Credit:
        """Raises InvalidInput, WalletNotFound."""
        return commands.Credit(
            wallet_id=wallet_id(self.wallet_id),
            amount=self.amount.to_domain(),
            source=self.source,
            transfer_id=None if self.transfer_id is None else _uuid("transferId", self.transfer_id),
            idempotency_key=self.idempotency_key,
        )


PlaceHoldResult = Annotated[
    Hold
    | WalletNotFound
    | SameWallet
    | CurrencyMismatch
    | InsufficientFunds
    | HoldCancelled
    | IdempotencyConflict
    | InvalidInput,
    strawberry.federation.union("PlaceHoldResult", inaccessible=True),
]
CaptureHoldResult = Annotated[
    Hold | HoldNotFound | HoldReleased | HoldExpired,
    strawberry.federation.union("CaptureHoldResult", inaccessible=True),
]
ReleaseHoldResult = Annotated[
    Hold | HoldCancelled | HoldCaptured, strawberry.federation.union("ReleaseHoldResult", inaccessible=True)
]
CreditResult = Annotated[
    Entry | WalletNotFound | CurrencyMismatch | IdempotencyConflict | InvalidInput,
    strawberry.federation.union("CreditResult", inaccessible=True),
]


def _uuid(input_field: str, text: str) -> UUID:
    parsed = parse_id(text)
    if parsed is None:
        raise errors.InvalidInput(input_field, f"{input_field} must be a UUID")
    return parsed
