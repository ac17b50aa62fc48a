"""The problems that only transactions has, as GraphQL types; those of money and of form are shared (payflow.gql)."""

from __future__ import annotations

from typing import Self

import strawberry

from payflow.gql.types import Money, Problem
from payflow.kernel import errors
from subgraphs.transactions.errors import LimitExceeded as LimitRefusal
from subgraphs.transactions.errors import PaymentRequestClosed as ClosedRefusal
from subgraphs.transactions.errors import TooManyOpenRequests as OpenRefusal
from subgraphs.transactions.requests import PaymentRequestStatus


@strawberry.type(description="Nobody to be paid, or to be asked for money, goes by this handle or wallet.")
class RecipientNotFound(Problem):
    pass


@strawberry.type(description="A per-transfer or rolling 24 h limit.")
class LimitExceeded(Problem):
    limit: Money

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        assert isinstance(refusal, LimitRefusal)
        return cls(message=refusal.message, limit=Money.of(refusal.limit))


@strawberry.type(description="No transfer has this id, or it is not one's own.")
class TransferNotFound(Problem):
    pass


@strawberry.type(
    description="Refunding more than is left, a transfer that never completed, or one that another was paid by."
)
class NotRefundable(Problem):
    pass


@strawberry.type(description="No payment request has this id, or it is another's to pay, to decline or to cancel.")
class PaymentRequestNotFound(Problem):
    pass


@strawberry.type(description="The request is not open any more; `status` is how it ended.")
class PaymentRequestClosed(Problem):
    status: PaymentRequestStatus

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        assert isinstance(refusal, ClosedRefusal)
        return cls(message=refusal.message, status=PaymentRequestStatus(refusal.status))


@strawberry.type(description="So many requests to the same payer are open already; `limit` is how many may be.")
class TooManyOpenRequests(Problem):
    limit: int

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        assert isinstance(refusal, OpenRefusal)
        return cls(message=refusal.message, limit=refusal.limit)
