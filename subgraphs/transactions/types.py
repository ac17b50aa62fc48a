"""The GraphQL types of transactions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from payflow.gql.costs import PAGE, list_of
from payflow.gql.money_problems import CurrencyMismatch, InsufficientFunds, SameWallet, WalletNotFound
from payflow.gql.pages import PAGE_DEFAULT, page_of, page_request
from payflow.gql.types import IdempotencyConflict, InvalidInput, Money, MoneyInput, PageInfo, Problem
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.ids import parse_id
from subgraphs.transactions import domain
from subgraphs.transactions.context import Info
from subgraphs.transactions.domain import StepStatus, TransferStatus, states_of
from subgraphs.transactions.store import TransfersQuery

strawberry.enum(TransferStatus)
strawberry.enum(StepStatus, name="SagaStepStatus")


@strawberry.federation.type(keys=[Key(fields=FieldSet("id"), resolvable=False)])
class Wallet:
    id: strawberry.ID


@strawberry.type(description="A step of the saga that carries a transfer out, e.g. HOLD, CAPTURE, RELEASE.")
class SagaStep:
    name: str
    status: StepStatus
    attempts: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None

    @classmethod
    def from_domain(cls, step: domain.SagaStep) -> Self:
        return cls(
            name=step.name,
            status=step.status,
            attempts=step.attempts,
            started_at=step.started_at,
            finished_at=step.finished_at,
            error=step.error,
        )


@strawberry.federation.type(keys=["id"], description="Money on its way from one wallet to another.")
class Transfer:
    id: strawberry.ID
    from_: Wallet = strawberry.field(name="from")
    to: Wallet
    amount: Money
    note: str | None
    status: TransferStatus
    failure_code: str | None = strawberry.field(
        description="Why it failed, a Problem's type name in SCREAMING_SNAKE_CASE, e.g. INSUFFICIENT_FUNDS."
    )
    created_at: datetime
    completed_at: datetime | None
    key: strawberry.Private[UUID]

    @strawberry.field(directives=[list_of(4)])
    async def steps(self, info: Info) -> list[SagaStep]:
        return [SagaStep.from_domain(step) for step in await info.context.loaders.steps_by_transfer.load(self.key)]

    @classmethod
    def from_domain(cls, transfer: domain.Transfer) -> Self:
        return cls(
            id=strawberry.ID(str(transfer.id)),
            from_=Wallet(id=strawberry.ID(str(transfer.from_wallet_id))),
            to=Wallet(id=strawberry.ID(str(transfer.to_wallet_id))),
            amount=Money.of(transfer.amount),
            note=transfer.note,
            status=transfer.status,
            failure_code=transfer.failure_code if transfer.state is domain.State.FAILED else None,
            created_at=transfer.created_at,
            completed_at=transfer.ended_at if transfer.state is domain.State.COMPLETED else None,
            key=transfer.id,
        )

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        """Only for the two who are concerned, and for services; to everybody else it does not exist."""
        transfer = await info.context.loaders.transfer_by_id.load(id)
        return cls.from_domain(transfer) if transfer and info.context.may_see(transfer) else None


@strawberry.type
class TransferEdge:
    cursor: str
    node: Transfer


@strawberry.type
class TransferConnection:
    edges: list[TransferEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"])
class User:
    id: strawberry.ID

    @strawberry.field(
        description="What this user paid and was paid, newest first. Only to the user themself, else empty.",
        directives=[PAGE],
    )
    async def transfers(
        self,
        info: Info,
        first: int | None = PAGE_DEFAULT,
        after: str | None = strawberry.UNSET,
        status: list[TransferStatus] | None = strawberry.UNSET,
    ) -> TransferConnection:
        request = page_request(first, after or None)
        found: list[domain.Transfer] = []
        if info.context.is_self(self.id):
            query = TransfersQuery(
                user_id=UUID(self.id),
                older_than=None if request.after is None else _position(request.after),
                states=None if not isinstance(status, list) else states_of(status),
                most=request.fetch,
            )
            found = await info.context.loaders.transfers_of_user.load(query)
        page = page_of(found, request, lambda transfer: str(transfer.id))
        return TransferConnection(
            edges=[TransferEdge(cursor=cursor, node=Transfer.from_domain(row)) for cursor, row in page.rows],
            page_info=page.info,
        )

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Whoever it is: what this service adds guards itself."""
        return cls(id=id)


def _position(after: str) -> UUID:
    """The transfer that a cursor names. Raises InvalidArgument."""
    position = parse_id(after)
    if position is None:
        raise InvalidArgument("The cursor is not valid; give back one that this connection has answered.")
    return position


@strawberry.type
class RecipientNotFound(Problem):
    pass


@strawberry.input(one_of=True, description="Exactly one of the two.")
class RecipientInput:
    wallet_id: strawberry.ID | None = strawberry.UNSET
    handle: str | None = strawberry.UNSET


@strawberry.input(
    description="idempotencyKey: 1-64 characters chosen by the client; a repeat with the same key and input gives the"
    " first answer and moves no money."
)
class TransferInput:
    from_wallet_id: strawberry.ID
    to: RecipientInput
    amount: MoneyInput
    note: str | None = strawberry.UNSET
    idempotency_key: str

    def to_command(self, payer_id: UUID) -> domain.SendMoney:
        return domain.SendMoney(
            payer_id=payer_id,
            from_wallet_id=self.from_wallet_id,
            to_wallet_id=self.to.wallet_id or None,
            to_handle=self.to.handle or None,
            amount=self.amount.to_domain(),
            note=self.note or None,
            idempotency_key=self.idempotency_key,
        )


TransferResult = Annotated[
    Transfer
    | WalletNotFound
    | RecipientNotFound
    | SameWallet
    | InsufficientFunds
    | CurrencyMismatch
    | IdempotencyConflict
    | InvalidInput,
    strawberry.union("TransferResult"),
]
