"""The value types that every subgraph speaks: Money, pages, problems."""

from __future__ import annotations

from typing import Self

import strawberry

from payflow.gql.scalars import CurrencyCode, MinorUnits
from payflow.kernel import errors, money


@strawberry.federation.type(shareable=True)
class Money:
    """An exact amount of one currency."""

    amount: MinorUnits
    currency: CurrencyCode

    @strawberry.field(description='For people, e.g. "$12.34" or "¥500".')
    def formatted(self) -> str:
        return money.Money(self.amount, self.currency).formatted

    @classmethod
    def of(cls, value: money.Money) -> Self:
        return cls(amount=MinorUnits(value.amount), currency=CurrencyCode(value.currency))


@strawberry.input
class MoneyInput:
    amount: MinorUnits
    currency: CurrencyCode

    def to_domain(self) -> money.Money:
        return money.Money(self.amount, self.currency)


@strawberry.federation.type(shareable=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.interface(
    description="What went wrong in the domain, as data: every mutation result is a union of its success type and the"
    " problems it can meet. Malformed input and faults are GraphQL errors with extensions.code."
)
class Problem:
    message: str

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        """The problem as the client sees it; types with more fields override this."""
        return cls(message=refusal.message)


@strawberry.federation.type(
    shareable=True, description="A field of the input breaks a rule, e.g. a weak password or a malformed handle."
)
class InvalidInput(Problem):
    field: str

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        assert isinstance(refusal, errors.InvalidInput)
        return cls(message=refusal.message, field=refusal.field)


@strawberry.federation.type(shareable=True, description="The same idempotency key was used before with another input.")
class IdempotencyConflict(Problem):
    pass
