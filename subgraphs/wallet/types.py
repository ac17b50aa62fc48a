"""The GraphQL entities of wallet: wallets, and users as those who own them."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry

from payflow.gql.costs import PAGE, list_of
from payflow.gql.pages import PAGE_DEFAULT, page_request
from payflow.gql.scalars import CurrencyCode
from payflow.gql.selections import selects
from payflow.kernel.ids import parse_id
from subgraphs.wallet import domain
from subgraphs.wallet.commands import WalletStatus
from subgraphs.wallet.context import Info
from subgraphs.wallet.statement_types import Balance, EntryConnection, Hold
from subgraphs.wallet.statements import Moment, StatementPage, sequence_of
from subgraphs.wallet.store import OwnerCurrency

strawberry.enum(
    WalletStatus,
    description="FROZEN: money may come in, and none may leave. CLOSED: neither, for ever; there is nothing left in it.",
)


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="Closed ones, too. Only to the user themself, else empty.", directives=[list_of(3)])
    async def wallets(self, info: Info) -> list[Wallet]:
        if not info.context.is_self(self.id):
            return []
        found = await info.context.loaders.wallets_by_owner.load(UUID(self.id))
        return [Wallet.from_domain(wallet) for wallet in found]

    @strawberry.field(description="The one that is not closed. Anybody signed in may learn of it, to pay into it.")
    async def wallet(self, info: Info, currency: CurrencyCode) -> Wallet | None:
        info.context.require_reader()
        return await Wallet.of_owner(info, self.id, currency)

    @classmethod
    def resolve_reference(cls, info: Info, id: str) -> Self:
        """Whether the person exists is for users to say; here they may have wallets. Somebody signed in, or a service, may ask."""
        info.context.require_reader()
        return cls(id=strawberry.ID(id))


@strawberry.federation.type(keys=["id"])
class Wallet:
    """One person's money in one currency."""

    id: strawberry.ID
    currency: CurrencyCode
    owner: User
    created_at: datetime
    record: strawberry.Private[domain.Wallet]

    @strawberry.field(
        description="To others than the owner a frozen wallet is OPEN, for it can be paid; why it is frozen is not their business."
    )
    def status(self, info: Info) -> WalletStatus:
        status = self.record.status
        if status is WalletStatus.FROZEN and not info.context.may_know_of(self.record):
            return WalletStatus.OPEN
        return status

    @strawberry.field(
        description="Now; with `at`, as it was at that instant, entries of that very microsecond included. Only to the owner, else"
        " null and a FORBIDDEN error."
    )
    async def balance(self, info: Info, at: datetime | None = None) -> Balance | None:
        info.context.require_self(self.owner.id, "a wallet's balance")
        if at is not None:
            posted, held = await info.context.loaders.stands.load(Moment(self.record.id, at))
            return Balance.of(posted=posted, held=held, currency=self.record.currency)
        shown = self.record
        if selects(info, "holds"):  # seen together, they must agree: one statement reads both
            shown = (await info.context.loaders.funds.load(self.record.id)).wallet
        return Balance.of(posted=shown.posted, held=shown.held, currency=shown.currency)

    @strawberry.field(
        description="The statement, newest first: of these kinds only, written at or after `since` and before `until`. A page may be"
        " shorter than `first` and have a next one all the same, where a filter finds little. Only to the owner, else null and a"
        " FORBIDDEN error.",
        directives=[PAGE],
    )
    async def entries(
        self,
        info: Info,
        first: int | None = PAGE_DEFAULT,
        after: str | None = strawberry.UNSET,
        kinds: list[domain.EntryKind] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> EntryConnection | None:
        info.context.require_self(self.owner.id, "a wallet's entries")
        request = page_request(first, after or None)
        before = None if request.after is None else sequence_of(request.after)
        wanted = None if kinds is None else frozenset(kinds)
        page = StatementPage(self.record.id, before, request.fetch, wanted, since, until)
        return EntryConnection.of(await info.context.loaders.entries.load(page), request)

    @strawberry.field(
        description="The open ones. Only to the owner, else null and a FORBIDDEN error.", directives=[list_of(5)]
    )
    async def holds(self, info: Info) -> list[Hold] | None:
        info.context.require_self(self.owner.id, "a wallet's holds")
        return [Hold.from_domain(hold) for hold in (await info.context.loaders.funds.load(self.record.id)).holds]

    @classmethod
    def from_domain(cls, wallet: domain.Wallet) -> Self:
        return cls(
            id=strawberry.ID(str(wallet.id)),
            currency=CurrencyCode(wallet.currency),
            owner=User(id=strawberry.ID(str(wallet.owner_id))),
            created_at=wallet.created_at,
            record=wallet,
        )

    @classmethod
    async def of_owner(cls, info: Info, owner_id: str, currency: str) -> Self | None:
        """A person's wallet of a currency; the caller has checked who asks."""
        owner = parse_id(owner_id)
        if owner is None:
            return None
        found = await info.context.loaders.wallet_by_owner_and_currency.load(OwnerCurrency(owner, currency))
        return None if found is None else cls.from_domain(found)

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        """Only somebody signed in, or a service, may ask."""
        info.context.require_reader()
        found = await info.context.loaders.wallet_by_id.load(id)
        return None if found is None else cls.from_domain(found)
