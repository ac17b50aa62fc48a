"""The door of transactions: input → command → service → result union.

The services open their own units of work: a saga commits between the calls it makes, and no transaction stays open during one.
"""

from __future__ import annotations

from uuid import UUID

import strawberry

from payflow.gql.costs import SAGA
from subgraphs.transactions.context import Info
from subgraphs.transactions.inputs import PayRequestInput, RefundInput, RequestPaymentInput, TransferInput
from subgraphs.transactions.results import (
    ClosePaymentRequestResult,
    PayRequestResult,
    RefundResult,
    RequestPaymentResult,
    TransferResult,
)
from subgraphs.transactions.types import PaymentRequest, Transfer


@strawberry.type
class Mutation:
    @strawberry.federation.mutation(
        authenticated=True,
        description="Waits for the saga up to a few seconds, then answers with the transfer as it stands.",
        directives=[SAGA],
    )
    async def transfer(self, info: Info, input: TransferInput) -> TransferResult:
        command = input.to_command(_user(info))
        return Transfer.from_domain(await info.context.transfers.send(command))

    @strawberry.federation.mutation(
        authenticated=True,
        description="Gives back some of a completed transfer that one was paid by, or the rest of it; several times, never more than it"
        " was. Answers that transfer: `refunded` is what has gone back, `refunds` tells how each is doing.",
        directives=[SAGA],
    )
    async def refund_transfer(self, info: Info, input: RefundInput) -> RefundResult:
        command = input.to_command(_user(info))
        return Transfer.from_domain(await info.context.refunds.refund(command))

    @strawberry.federation.mutation(
        authenticated=True,
        description="Asks somebody to pay into one's own wallet of that currency. Open until paid, declined, cancelled or expired.",
    )
    async def request_payment(self, info: Info, input: RequestPaymentInput) -> RequestPaymentResult:
        command = input.to_command(_user(info))
        return PaymentRequest.from_domain(await info.context.requests.ask(command))

    @strawberry.federation.mutation(
        authenticated=True,
        description="Pays what one was asked for, once however often it is called, and waits as `transfer` does.",
        directives=[SAGA],
    )
    async def pay_request(self, info: Info, input: PayRequestInput) -> PayRequestResult:
        command = input.to_command(_user(info))
        return Transfer.from_domain(await info.context.requests.pay(command))

    @strawberry.federation.mutation(authenticated=True, description="The one who was asked will not pay.")
    async def decline_request(self, info: Info, id: strawberry.ID) -> ClosePaymentRequestResult:
        return PaymentRequest.from_domain(await info.context.requests.decline(_user(info), id))

    @strawberry.federation.mutation(authenticated=True, description="The one who asked does not ask any more.")
    async def cancel_request(self, info: Info, id: strawberry.ID) -> ClosePaymentRequestResult:
        return PaymentRequest.from_domain(await info.context.requests.cancel(_user(info), id))


def _user(info: Info) -> UUID:
    """Who is signed in. Raises Unauthenticated."""
    return UUID(info.context.principal.require_user())
