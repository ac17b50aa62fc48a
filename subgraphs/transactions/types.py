"""The GraphQL types of transactions."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from payflow.gql.costs import PAGE, list_of
from payflow.gql.pages import PAGE_DEFAULT, PageRequest, page_of, page_request
from payflow.gql.types import Money, PageInfo
from payflow.kernel import money
from payflow.kernel.errors import InvalidArgument
from payflow.kernel.event_log import Passage
from payflow.kernel.ids import parse_id
from subgraphs.transactions import domain, requests
from subgraphs.transactions.context import Info
from subgraphs.transactions.domain import StepStatus, TransferKind, TransferStatus, states_of
from subgraphs.transactions.events import event_id_of_end
from subgraphs.transactions.refunds_store import REFUNDS_SHOWN_MAX
from subgraphs.transactions.requests import PaymentRequestStatus
from subgraphs.transactions.requests_store import RequestsQuery
from subgraphs.transactions.store import TransfersQuery

strawberry.enum(TransferStatus)
strawberry.enum(TransferKind, description="A refund is a transfer back: the payee of a payment pays its payer.")
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
    def from_domain(cls, step: domain.SagaStep, *, error: str | None) -> Self:
        """`error` is as much of the step's as whoever asks may know."""
        return cls(
            name=step.name,
            status=step.status,
            attempts=step.attempts,
            started_at=step.started_at,
            finished_at=step.finished_at,
            error=error,
        )


@strawberry.type(
    description="What other services were told of a transfer, and how far that has come: recorded in the commit that made it true,"
    " given its place in the log of events, published to Kafka."
)
class TransferEvent:
    id: strawberry.ID = strawberry.field(description="The event's own, the same however often it is published.")
    type: str = strawberry.field(description="What happened, with its major version, e.g. transfer.completed.v1.")
    topic: str
    recorded_at: datetime
    sequenced_at: datetime | None
    position: str | None = strawberry.field(description="In the log of events, counted from 1; a whole number.")
    published: bool
    published_at: datetime | None = strawberry.field(description="When Kafka had acknowledged it.")
    partition: int | None
    offset: str | None = strawberry.field(description="Where it stands in its partition; a whole number.")

    @classmethod
    def from_passage(cls, passage: Passage) -> Self:
        return cls(
            id=strawberry.ID(str(passage.event_id)),
            type=passage.type or "",
            topic=passage.topic,
            recorded_at=passage.created_at,
            sequenced_at=passage.sequenced_at,
            position=None if passage.pos is None else str(passage.pos),
            published=passage.is_published,
            published_at=passage.published_at,
            partition=passage.partition,
            offset=None if passage.offset is None else str(passage.offset),
        )


@strawberry.federation.type(keys=["id"], description="Money on its way from one wallet to another.")
class Transfer:
    id: strawberry.ID
    from_: Wallet = strawberry.field(name="from")
    to: Wallet
    kind: TransferKind
    amount: Money
    refunded: Money = strawberry.field(description="What has gone back to the payer so far; of a refund, nothing.")
    note: str | None
    status: TransferStatus
    created_at: datetime
    completed_at: datetime | None
    key: strawberry.Private[UUID]
    payment_id: strawberry.Private[UUID | None]
    payer_id: strawberry.Private[UUID]
    failed_with: strawberry.Private[str | None]

    @strawberry.field(
        description="Why it failed, a Problem's type name in SCREAMING_SNAKE_CASE, e.g. INSUFFICIENT_FUNDS. What tells of the payer's"
        " wallet only the payer is told; to the other it is null."
    )
    def failure_code(self, info: Info) -> str | None:
        return info.context.reason_for_reader(self.failed_with, self.payer_id)

    @strawberry.field(description="The payment that a refund gives back; of a payment, null.")
    async def refund_of(self, info: Info) -> Transfer | None:
        return None if self.payment_id is None else await Transfer.visible(info, str(self.payment_id))

    @strawberry.field(
        description=f"The refunds of a payment, whatever became of them, the newest {REFUNDS_SHOWN_MAX} first.",
        directives=[list_of(2)],
    )
    async def refunds(self, info: Info) -> list[Transfer]:
        return [Transfer.from_domain(refund) for refund in await info.context.loaders.refunds_of_payment.load(self.key)]

    @strawberry.field(directives=[list_of(4)])
    async def steps(self, info: Info) -> list[SagaStep]:
        known = info.context.reason_for_reader
        steps = await info.context.loaders.steps_by_transfer.load(self.key)
        return [SagaStep.from_domain(step, error=known(step.error, self.payer_id)) for step in steps]

    @strawberry.field(
        description="What others were told of it and of its refunds, in the order in which it happened; of a refund, what was told of it."
        " Kept as long as the log of events is. A look under the hood: nothing that concerns the money itself stands here only.",
        directives=[list_of(2)],
    )
    async def events(self, info: Info) -> list[TransferEvent]:
        told = await info.context.loaders.events_by_transfer.load(self.payment_id or self.key)
        ours = (
            told if self.payment_id is None else [each for each in told if each.event_id == event_id_of_end(self.key)]
        )
        return [TransferEvent.from_passage(passage) for passage in ours]

    @classmethod
    def from_domain(cls, transfer: domain.Transfer) -> Self:
        return cls(
            id=strawberry.ID(str(transfer.id)),
            from_=Wallet(id=strawberry.ID(str(transfer.from_wallet_id))),
            to=Wallet(id=strawberry.ID(str(transfer.to_wallet_id))),
            kind=transfer.kind,
            amount=Money.of(transfer.amount),
            refunded=Money.of(money.Money(transfer.refunded, transfer.amount.currency)),
            note=transfer.note,
            status=transfer.status,
            created_at=transfer.created_at,
            completed_at=transfer.ended_at if transfer.state is domain.State.COMPLETED else None,
            key=transfer.id,
            payment_id=transfer.refund_of,
            payer_id=transfer.payer_id,
            failed_with=transfer.failure_code if transfer.state is domain.State.FAILED else None,
        )

    @classmethod
    async def visible(cls, info: Info, id: str) -> Self | None:
        """Only to the two who are concerned, and to services; to everybody else it does not exist."""
        transfer = await info.context.loaders.transfer_by_id.load(id)
        return cls.from_domain(transfer) if transfer and info.context.may_see(transfer) else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        return await cls.visible(info, id)


@strawberry.type
class TransferEdge:
    cursor: str
    node: Transfer


@strawberry.type
class TransferConnection:
    edges: list[TransferEdge]
    page_info: PageInfo


@strawberry.federation.type(keys=["id"], description="Somebody asks somebody else for money. Only the two may see it.")
class PaymentRequest:
    id: strawberry.ID
    requester: User
    payer: User
    amount: Money
    note: str | None
    status: PaymentRequestStatus
    created_at: datetime
    expires_at: datetime
    transfer_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The payment that is under way, or the one that paid it.")
    async def transfer(self, info: Info) -> Transfer | None:
        return None if self.transfer_id is None else await Transfer.visible(info, str(self.transfer_id))

    @classmethod
    def from_domain(cls, request: requests.PaymentRequest) -> Self:
        return cls(
            id=strawberry.ID(str(request.id)),
            requester=User(id=strawberry.ID(str(request.requester_id))),
            payer=User(id=strawberry.ID(str(request.payer_id))),
            amount=Money.of(request.amount),
            note=request.note,
            status=request.status,
            created_at=request.created_at,
            expires_at=request.expires_at,
            transfer_id=request.transfer_id,
        )

    @classmethod
    async def visible(cls, info: Info, id: str) -> Self | None:
        """Only to the two who are concerned, and to services; to everybody else it does not exist."""
        request = await info.context.loaders.request_by_id.load(id)
        return cls.from_domain(request) if request and info.context.may_see(request) else None

    @classmethod
    async def resolve_reference(cls, info: Info, id: str) -> Self | None:
        return await cls.visible(info, id)


@strawberry.type
class PaymentRequestEdge:
    cursor: str
    node: PaymentRequest


@strawberry.type
class PaymentRequestConnection:
    edges: list[PaymentRequestEdge]
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
                older_than=_position(request),
                states=states_of(status) if isinstance(status, list) else None,
                most=request.fetch,
            )
            found = await info.context.loaders.transfers_of_user.load(query)
        page = page_of(found, request, lambda transfer: str(transfer.id))
        return TransferConnection(
            edges=[TransferEdge(cursor=cursor, node=Transfer.from_domain(row)) for cursor, row in page.rows],
            page_info=page.info,
        )

    @strawberry.field(
        description="What this user asked of others and was asked for, newest first. Only to the user themself, else empty.",
        directives=[PAGE],
    )
    async def payment_requests(
        self,
        info: Info,
        first: int | None = PAGE_DEFAULT,
        after: str | None = strawberry.UNSET,
        status: list[PaymentRequestStatus] | None = strawberry.UNSET,
    ) -> PaymentRequestConnection:
        request = page_request(first, after or None)
        found: list[requests.PaymentRequest] = []
        if info.context.is_self(self.id):
            query = RequestsQuery(
                user_id=UUID(self.id),
                older_than=_position(request),
                statuses=frozenset(status) if isinstance(status, list) else None,
                most=request.fetch,
            )
            found = await info.context.loaders.requests_of_user.load(query)
        page = page_of(found, request, lambda asked: str(asked.id))
        return PaymentRequestConnection(
            edges=[
                PaymentRequestEdge(cursor=cursor, node=PaymentRequest.from_domain(row)) for cursor, row in page.rows
            ],
            page_info=page.info,
        )

    @classmethod
    def resolve_reference(cls, id: strawberry.ID) -> Self:
        """Whoever it is: what this service adds guards itself."""
        return cls(id=id)


def _position(request: PageRequest) -> UUID | None:
    """Behind what the page begins, where its cursor says. Raises InvalidArgument."""
    if request.after is None:
        return None
    position = parse_id(request.after)
    if position is None:
        raise InvalidArgument("The cursor is not valid; give back one that this connection has answered.")
    return position
