"""The problems of moving money, as GraphQL types that every subgraph which moves some shares."""

from __future__ import annotations

from typing import Protocol, Self, runtime_checkable

import strawberry

from payflow.gql.types import Money, Problem
from payflow.kernel import errors, money


@runtime_checkable
class FundsRefusal(Protocol):
    """A refusal that says how much there is and how much was asked for."""

    available: money.Money
    requested: money.Money


@strawberry.federation.type(shareable=True, description="No wallet has this id, or it is not one's own.")
class WalletNotFound(Problem):
    pass


@strawberry.federation.type(shareable=True, description="Both sides are the same wallet.")
class SameWallet(Problem):
    pass


@strawberry.federation.type(shareable=True, description="The wallet is frozen: money may come in, and none may leave.")
class WalletFrozen(Problem):
    pass


@strawberry.federation.type(shareable=True, description="The wallet is closed, for ever: no money moves in or out.")
class WalletClosed(Problem):
    pass


@strawberry.federation.type(shareable=True, description="The amount is in another currency than a wallet concerned.")
class CurrencyMismatch(Problem):
    pass


@strawberry.federation.type(shareable=True, description="The wallet's available balance is less than the amount.")
class InsufficientFunds(Problem):
    available: Money
    requested: Money

    @classmethod
    def of(cls, refusal: errors.Refusal) -> Self:
        """From a refusal that has `available` and `requested` (see FundsRefusal)."""
        assert isinstance(refusal, FundsRefusal)
        return cls(
            message=refusal.message, available=Money.of(refusal.available), requested=Money.of(refusal.requested)
        )
