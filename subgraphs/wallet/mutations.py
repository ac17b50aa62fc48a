"""The doors of wallet: input → command → service in a unit of work → result union. Two for people, four for services."""

from __future__ import annotations

from typing import TypeVar

import strawberry

from payflow.gql.costs import POSTING
from payflow.gql.scalars import CurrencyCode
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import parse_id
from subgraphs.wallet import service
from subgraphs.wallet.commands import OpenWallet
from subgraphs.wallet.context import POST_SCOPE, Info
from subgraphs.wallet.errors import HoldCancelled, HoldNotFound
from subgraphs.wallet.internal_types import (
    CaptureHoldResult,
    CreditInput,
    CreditResult,
    PlaceHoldInput,
    PlaceHoldResult,
    ReleaseHoldResult,
)
from subgraphs.wallet.types import DepositInput, DepositResult, Entry, Hold, OpenWalletResult, Wallet

Done = TypeVar("Done")


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
        async with info.context.database.unit_of_work() as work:
            outcome = await service.deposit(command, work)
        return Entry.from_domain(_accepted(outcome))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Takes the amount out of the payer's available balance. `id` is chosen by the caller and is the idempotency"
        " key: a repeat with the same input answers the first outcome, refusals included; with another input it is"
        " IdempotencyConflict.",
    )
    async def place_hold(self, info: Info, input: PlaceHoldInput) -> PlaceHoldResult:
        info.context.require_poster()
        command = input.to_command()
        async with info.context.database.unit_of_work() as work:
            outcome = await service.place_hold(command, work)
        return Hold.from_domain(_accepted(outcome))

    @strawberry.federation.mutation(
        inaccessible=True,
        requires_scopes=[[POST_SCOPE]],
        description="Moves the held money to the payee: payer debited and payee credited in one transaction. Idempotent.",
    )
    async def capture_hold(self, info: Info, id: strawberry.ID) -> CaptureHoldResult:
        info.context.require_poster()
        hold_id = parse_id(id)
        if hold_id is None:
            raise HoldNotFound
        async with info.context.database.unit_of_work() as work:
            return Hold.from_domain(await service.capture_hold(hold_id, work))

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
        async with info.context.database.unit_of_work() as work:
            outcome = await service.release_hold(hold_id, work)
        return Hold.from_domain(_accepted(outcome))

    @strawberry.federation.mutation(
        inaccessible=True, requires_scopes=[[POST_SCOPE]], description="Pays into a wallet from a system account."
    )
    async def credit(self, info: Info, input: CreditInput) -> CreditResult:
        info.context.require_poster()
        command = input.to_command()
        async with info.context.database.unit_of_work() as work:
            outcome = await service.credit(command, work)
        return Entry.from_domain(_accepted(outcome))


def _accepted(outcome: Done | Refusal) -> Done:
    """The outcome, once it is committed. Raises the refusal that it is: remembered under its key by now."""
    if isinstance(outcome, Refusal):
        raise outcome
    return outcome
