"""The doors of wallet: input → command → service → result union. Four for people, six for services."""

from __future__ import annotations

import strawberry

from payflow.gql.costs import POSTING
from payflow.gql.scalars import CurrencyCode
from payflow.gql.types import MoneyInput
from payflow.kernel.ids import parse_id
from subgraphs.wallet import service
from subgraphs.wallet.command_types import (
    CloseWalletResult,
    DepositInput,
    DepositResult,
    OpenWalletResult,
    WithdrawInput,
    WithdrawResult,
    wallet_id,
)
from subgraphs.wallet.commands import CaptureHold, ChangeStatus, ExtendHold, OpenWallet, ReleaseHold, WalletStatus
from subgraphs.wallet.context import POST_SCOPE, Info
from subgraphs.wallet.errors import HoldCancelled, HoldNotFound
from subgraphs.wallet.internal_types import (
    CaptureHoldResult,
    CreditInput,
    CreditResult,
    DebitInput,
    DebitResult,
    ExtendHoldResult,
    PlaceHoldInput,
    PlaceHoldResult,
    ReleaseHoldResult,
)
from subgraphs.wallet.statement_types import Entry, Hold
from subgraphs.wallet.types import Wallet


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(authenticated=True)
    async def open_wallet(self, info: Info, currency: CurrencyCode) -> OpenWalletResult:
        command = OpenWallet(info.context.require_user_id(), currency)
        async with info.context.database.unit_of_work() as work:
            return Wallet.from_domain(await service.open_wallet(command, work))

    @strawberry.federation.mutation(authenticated=True, directives=[POSTING])
    async def deposit(self, info: Info, input: DepositInput) -> DepositResult:
        command = input.to_command(info.context.require_user_id())
        return Entry.from_domain(await service.deposit(command, info.context.ledger))

    @strawberry.federation.mutation(authenticated=True, directives=[POSTING])
    async def withdraw(self, info: Info, input: WithdrawInput) -> WithdrawResult:
        command = input.to_command(info.context.require_user_id())
        return Entry.from_domain(await service.withdraw(command, info.context.ledger))

    @strawberry.federation.mutation(
        authenticated=True,
        description="Closes an empty wallet of one's own, for ever, unless it is frozen. Closing it again answers the closed wallet.",
    )
    async def close_wallet(self, info: Info, id: strawberry.ID) -> CloseWalletResult:
        owner_id = info.context.require_user_id()
        command = ChangeStatus(
            wallet_id=wallet_id(id),
            to=WalletStatus.CLOSED,
            actor=f"user:{owner_id}",
            reason="closed by its owner",
            owner_id=owner_id,
        )
        return Wallet.from_domain(await service.change_status(command, info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Takes the amount out of the payer's available balance. `id` is chosen by the caller and is the idempotency"
        " key: a repeat with the same input answers the first outcome, refusals included; with another input it is"
        " IdempotencyConflict.",
    )
    async def place_hold(self, info: Info, input: PlaceHoldInput) -> PlaceHoldResult:
        info.context.require_poster()
        return Hold.from_domain(await service.place_hold(input.to_command(), info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Moves held money to the payee, `amount` of it or all: payer debited and payee credited in one transaction."
        " `final` gives the rest back in the same journal. The key is the hold's id where none is given, so several captures of one"
        " hold need keys of their own.",
    )
    async def capture_hold(
        self,
        info: Info,
        id: strawberry.ID,
        amount: MoneyInput | None = None,
        final: bool = True,
        idempotency_key: strawberry.ID | None = None,
    ) -> CaptureHoldResult:
        info.context.require_poster()
        hold_id = parse_id(id)
        if hold_id is None:
            raise HoldNotFound
        command = CaptureHold(
            hold_id=hold_id,
            amount=None if amount is None else amount.to_domain(),
            final=final,
            idempotency_key=idempotency_key,
        )
        return Hold.from_domain(await service.capture_hold(command, info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Gives the held money back. Of an id never seen it leaves a tombstone, so that a placeHold that arrives late"
        " is refused with HoldCancelled. Idempotent.",
    )
    async def release_hold(self, info: Info, id: strawberry.ID) -> ReleaseHoldResult:
        info.context.require_poster()
        hold_id = parse_id(id)
        if hold_id is None:
            raise HoldCancelled
        return Hold.from_domain(await service.release_hold(ReleaseHold(hold_id=hold_id), info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Lets a hold last at least this long from now; one that is past its time stays so. Never shortens. Idempotent.",
    )
    async def extend_hold(self, info: Info, id: strawberry.ID, expires_in_seconds: int) -> ExtendHoldResult:
        info.context.require_poster()
        hold_id = parse_id(id)
        if hold_id is None:
            raise HoldNotFound
        command = ExtendHold(hold_id=hold_id, expires_in_s=expires_in_seconds)
        return Hold.from_domain(await service.extend_hold(command, info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True, requires_scopes=[[POST_SCOPE]], description="Pays into a wallet from a system account."
    )
    async def credit(self, info: Info, input: CreditInput) -> CreditResult:
        info.context.require_poster()
        return Entry.from_domain(await service.credit(input.to_command(), info.context.ledger))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Takes back from a wallet what a system account paid into it.",
    )
    async def debit(self, info: Info, input: DebitInput) -> DebitResult:
        info.context.require_poster()
        return Entry.from_domain(await service.debit(input.to_command(), info.context.ledger))
