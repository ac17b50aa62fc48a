"""The GraphQL types of wallet that clients see."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from payflow.gql.costs import PAGE, list_of
from payflow.gql.money_problems import CurrencyMismatch, WalletNotFound
from payflow.gql.pages import PAGE_DEFAULT, PageRequest, encode_cursor, page_of, page_request
from payflow.gql.scalars import CurrencyCode
from payflow.gql.selections import selects
from payflow.gql.types import IdempotencyConflict, InvalidInput, Money, MoneyInput, PageInfo, Problem
from payflow.kernel import money
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import parse_id
from subgraphs.wallet import commands, domain, errors
from subgraphs.wallet.context import Info
from subgraphs.wallet.statements import Lines, Moment, StatementPage, sequence_of
from subgraphs.wallet.store import OwnerCurrency

strawberry.enum(domain.EntryKind, description="What a line of a statement tells.")
strawberry.enum(domain.HoldStatus, description="OPEN until it is captured or released.")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Transfer:
    id: strawberry.ID


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(description="Only to the user themself, else empty.", directives=[list_of(3)])
    async def wallets(self, info: Info) -> list[Wallet]:
        if not info.context.is_self(self.id):
            return []
        found = await info.context.loaders.wallets_by_owner.load(UUID(self.id))
        return [Wallet.from_domain(wallet) for wallet in found]

    @strawberry.field(description="Anybody signed in may learn of it, to pay into it.")
    async def wallet(self, info: Info, currency: CurrencyCode) -> Wallet | None:
        info.context.require_reader()
        return await Wallet.of_owner(info, self.id, currency)

    @classmethod
    def resolve_reference(cls, info: Info, id: str) -> Self:
        """Whether the person exists is for users to say; here they may have wallets. Somebody signed in, or a service, may ask."""
        info.context.require_reader()
        return cls(id=strawberry.ID(id))


@strawberry.type(description="total = available + held, always.")
class Balance:
    available: Money
    held: Money
    total: Money

    @classmethod
    def of(cls, *, posted: int, held: int, currency: str) -> Self:
        """From minor units."""
        return cls(
            available=Money.of(money.Money(posted - held, currency)),
            held=Money.of(money.Money(held, currency)),
            total=Money.of(money.Money(posted, currency)),
        )


@strawberry.type(description="One line of a wallet's statement. amount is signed: credits positive, debits negative.")
class Entry:
    id: strawberry.ID
    kind: domain.EntryKind
    amount: Money
    balance_after: Money
    transfer: Transfer | None
    created_at: datetime

    @classmethod
    def from_domain(cls, entry: domain.Entry) -> Self:
        return cls(
            id=strawberry.ID(f"{entry.wallet_id}:{entry.seq}"),
            kind=entry.kind,
            amount=Money.of(entry.amount),
            balance_after=Money.of(entry.balance_after),
            transfer=_transfer(entry.transfer_id),
            created_at=entry.at,
        )


@strawberry.type
class EntryEdge:
    cursor: str
    node: Entry


@strawberry.type
class EntryConnection:
    edges: list[EntryEdge]
    page_info: PageInfo

    @classmethod
    def of(cls, lines: Lines, request: PageRequest) -> Self:
        """A page. Where the search stopped at its bound, the page may be short, even empty, and goes on from where it stopped."""
        page = page_of(lines.found, request, lambda entry: str(entry.seq))
        edges = [EntryEdge(cursor=cursor, node=Entry.from_domain(entry)) for cursor, entry in page.rows]
        if lines.resume is None:
            return cls(edges=edges, page_info=page.info)
        page_info = replace(page.info, has_next_page=True, end_cursor=encode_cursor(str(lines.resume)))
        return cls(edges=edges, page_info=page_info)


@strawberry.type(description="Money set aside: out of the available balance, not yet anybody else's.")
class Hold:
    id: strawberry.ID
    amount: Money
    status: domain.HoldStatus
    transfer: Transfer | None
    expires_at: datetime
    created_at: datetime

    @classmethod
    def from_domain(cls, hold: domain.Hold) -> Self:
        return cls(
            id=strawberry.ID(str(hold.id)),
            amount=Money.of(hold.amount),
            status=hold.status,
            transfer=_transfer(hold.transfer_id),
            expires_at=hold.expires_at,
            created_at=hold.created_at,
        )


@strawberry.federation.type(keys=["id"])
class Wallet:
    """One person's money in one currency."""

    id: strawberry.ID
    currency: CurrencyCode
    owner: User
    created_at: datetime
    record: strawberry.Private[domain.Wallet]

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


@strawberry.type(description="There is a wallet of this currency already: this one.")
class WalletExists(Problem):
    wallet_id: strawberry.Private[UUID]

    @strawberry.field
    async def wallet(self, info: Info) -> Wallet:
        found = await info.context.loaders.wallet_by_id.load(str(self.wallet_id))
        assert found is not None, self.wallet_id
        return Wallet.from_domain(found)

    @classmethod
    def of(cls, refusal: Refusal) -> Self:
        assert isinstance(refusal, errors.WalletExists)
        return cls(message=refusal.message, wallet_id=refusal.wallet_id)


@strawberry.input(
    description="idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the first"
    " answer and moves no money."
)
class DepositInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    idempotency_key: str

    def to_command(self, owner_id: UUID) -> commands.Deposit:
        """Raises WalletNotFound."""
        return commands.Deposit(owner_id, wallet_id(self.wallet_id), self.amount.to_domain(), self.idempotency_key)


OpenWalletResult = Annotated[Wallet | WalletExists | InvalidInput, strawberry.union("OpenWalletResult")]
DepositResult = Annotated[
    Entry | WalletNotFound | CurrencyMismatch | IdempotencyConflict | InvalidInput, strawberry.union("DepositResult")
]


def wallet_id(text: str) -> UUID:
    """Raises WalletNotFound: an id of another form names no wallet, now or later, so the key need not remember it."""
    parsed = parse_id(text)
    if parsed is None:
        raise errors.WalletNotFound
    return parsed


def _transfer(transfer_id: UUID | None) -> Transfer | None:
    return None if transfer_id is None else Transfer(id=strawberry.ID(str(transfer_id)))
