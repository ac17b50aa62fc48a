"""The GraphQL types of what people may do with wallets: inputs, problems of wallets alone, results."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

import strawberry

from payflow.gql.money_problems import CurrencyMismatch, InsufficientFunds, WalletClosed, WalletFrozen, WalletNotFound
from payflow.gql.types import IdempotencyConflict, InvalidInput, MoneyInput, Problem
from payflow.kernel.errors import Refusal
from payflow.kernel.ids import parse_id
from subgraphs.wallet import commands, errors
from subgraphs.wallet.context import Info
from subgraphs.wallet.statement_types import Entry
from subgraphs.wallet.types import Wallet

_KEY = "1-64 characters chosen by the client; a repeat with the same key and input gives the first answer and moves no money."


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


@strawberry.type(description="Only a wallet without money, on hold or not, can be closed.")
class WalletNotEmpty(Problem):
    pass


@strawberry.input(description=f"idempotencyKey: {_KEY}")
class DepositInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    idempotency_key: str

    def to_command(self, owner_id: UUID) -> commands.Deposit:
        """Raises WalletNotFound."""
        return commands.Deposit(owner_id, wallet_id(self.wallet_id), self.amount.to_domain(), self.idempotency_key)


@strawberry.input(description=f"idempotencyKey: {_KEY}")
class WithdrawInput:
    wallet_id: strawberry.ID
    amount: MoneyInput
    idempotency_key: str

    def to_command(self, owner_id: UUID) -> commands.Withdraw:
        """Raises WalletNotFound."""
        return commands.Withdraw(owner_id, wallet_id(self.wallet_id), self.amount.to_domain(), self.idempotency_key)


OpenWalletResult = Annotated[Wallet | WalletExists | InvalidInput, strawberry.union("OpenWalletResult")]
DepositResult = Annotated[
    Entry | WalletNotFound | WalletClosed | CurrencyMismatch | IdempotencyConflict | InvalidInput,
    strawberry.union("DepositResult"),
]
WithdrawResult = Annotated[
    Entry
    | WalletNotFound
    | WalletFrozen
    | WalletClosed
    | InsufficientFunds
    | CurrencyMismatch
    | IdempotencyConflict
    | InvalidInput,
    strawberry.union("WithdrawResult"),
]
CloseWalletResult = Annotated[
    Wallet | WalletNotFound | WalletFrozen | WalletNotEmpty, strawberry.union("CloseWalletResult")
]


def wallet_id(text: str) -> UUID:
    """Raises WalletNotFound: an id of another form names no wallet, now or later, so the key need not remember it."""
    parsed = parse_id(text)
    if parsed is None:
        raise errors.WalletNotFound
    return parsed
