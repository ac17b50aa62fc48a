"""The GraphQL types of what is in a wallet: balance, statement, holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from payflow.gql.pages import PageRequest, encode_cursor, page_of
from payflow.gql.types import Money, PageInfo
from payflow.kernel import money
from subgraphs.wallet import domain
from subgraphs.wallet.statements import Lines

strawberry.enum(
    domain.EntryKind, description="What a line of a statement tells. REVERSAL: an operator took back another line."
)
strawberry.enum(
    domain.HoldStatus,
    description="OPEN while something remains of it; then CAPTURED if any of it was, else EXPIRED or RELEASED.",
)


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Transfer:
    id: strawberry.ID

    @classmethod
    def of(cls, transfer_id: UUID | None) -> Self | None:
        return None if transfer_id is None else cls(id=strawberry.ID(str(transfer_id)))


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
            transfer=Transfer.of(entry.transfer_id),
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
    amount: Money = strawberry.field(description="As it was placed: captured + released + remaining.")
    captured: Money = strawberry.field(description="What has gone to the payee.")
    remaining: Money = strawberry.field(description="What is still held. A wallet's held balance is the sum of these.")
    status: domain.HoldStatus
    transfer: Transfer | None
    expires_at: datetime
    created_at: datetime

    @classmethod
    def from_domain(cls, hold: domain.Hold) -> Self:
        currency = hold.amount.currency
        return cls(
            id=strawberry.ID(str(hold.id)),
            amount=Money.of(hold.amount),
            captured=Money.of(money.Money(hold.captured, currency)),
            remaining=Money.of(money.Money(hold.remaining, currency)),
            status=hold.status,
            transfer=Transfer.of(hold.transfer_id),
            expires_at=hold.expires_at,
            created_at=hold.created_at,
        )
