"""What rewards asks of the wallet service, as a port; and a wallet in memory that keeps the same promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.money import Money
from subgraphs.rewards.errors import CreditRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Pay a reward into a wallet. `key` makes a repeat harmless."""

    key: UUID
    wallet_id: UUID
    amount: Money
    transfer_id: UUID


class Wallet(Protocol):
    """The wallet service."""

    async def credit(self, command: Credit) -> None:
        """Pay from the rewards account into the wallet, once per key.

        Raises CreditRefused where the wallet service says no for good, DependencyUnavailable where it cannot be told
        whether it has paid: then the same command is to be sent again.
        """
        ...


@dataclass(slots=True)
class MemoryWallet:
    """Wallets in memory, by id, each with one balance. `unavailable` makes the next that many calls fail after they paid."""

    balances: dict[UUID, Money] = field(default_factory=dict)
    unavailable: int = 0
    _paid: dict[UUID, Credit] = field(default_factory=dict)

    async def credit(self, command: Credit) -> None:
        self._pay(command)
        if self.unavailable:
            self.unavailable -= 1
            raise DependencyUnavailable("The wallet service did not answer in time.")

    def _pay(self, command: Credit) -> None:
        if (before := self._paid.get(command.key)) is not None:
            if before != command:
                raise CreditRefused("IDEMPOTENCY_CONFLICT", "This key was used before with another input.")
            return
        balance = self.balances.get(command.wallet_id)
        if balance is None:
            raise CreditRefused("WALLET_NOT_FOUND", "There is no such wallet.")
        if balance.currency != command.amount.currency:
            raise CreditRefused("CURRENCY_MISMATCH", f"The wallet holds {balance.currency}.")
        self.balances[command.wallet_id] = balance + command.amount
        self._paid[command.key] = command
