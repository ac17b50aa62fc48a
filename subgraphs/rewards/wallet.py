"""What rewards asks of the wallet service, as a port; and a wallet service in memory that keeps the same promises."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from payflow.kernel.errors import DependencyUnavailable
from payflow.kernel.money import Money
from subgraphs.rewards.errors import FundEmpty, WalletRefused


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Pay a reward into a wallet, from the campaign's fund (None: as was done before there were funds). `key` makes a repeat harmless."""

    key: UUID
    wallet_id: UUID
    amount: Money
    transfer_id: UUID
    campaign_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debit:
    """Take back from a wallet what it has of an amount, into where its reward came from."""

    key: UUID
    wallet_id: UUID
    amount: Money
    transfer_id: UUID
    campaign_id: UUID | None = None


class Wallet(Protocol):
    """The wallet service.

    Both raise WalletRefused where it says no for good, DependencyUnavailable where it cannot be told whether it has happened: then the
    same command is to be sent again.
    """

    async def credit(self, command: Credit) -> None:
        """Pay, once per key. Raises FundEmpty, which the key remembers, too."""
        ...

    async def debit(self, command: Debit) -> Money:
        """Take what is there, once per key; answers how much that was, which may be nothing."""
        ...


@dataclass(slots=True)
class MemoryWallet:
    """Wallets in memory, by id, each with one balance; and the funds of campaigns, by the campaign's id: one that is not there is endless.

    `unavailable` makes the next that many calls fail after they have acted.
    """

    balances: dict[UUID, Money] = field(default_factory=dict)
    funds: dict[UUID, int] = field(default_factory=dict)
    unavailable: int = 0
    _done: dict[UUID, tuple[Credit | Debit, Money | WalletRefused]] = field(default_factory=dict)

    async def credit(self, command: Credit) -> None:
        self._once(command)

    async def debit(self, command: Debit) -> Money:
        return self._once(command)

    def _once(self, command: Credit | Debit) -> Money:
        known = self._done.get(command.key)
        if known is None:
            known = self._done[command.key] = (command, self._outcome(command))
        if self.unavailable:
            self.unavailable -= 1
            raise DependencyUnavailable("The wallet service did not answer in time.")
        if known[0] != command:
            raise WalletRefused("IDEMPOTENCY_CONFLICT", "This key was used before with another input.")
        if isinstance(known[1], WalletRefused):
            raise known[1]
        return known[1]

    def _outcome(self, command: Credit | Debit) -> Money | WalletRefused:
        balance = self.balances.get(command.wallet_id)
        if balance is None:
            return WalletRefused("WALLET_NOT_FOUND", "There is no such wallet.")
        if balance.currency != command.amount.currency:
            return WalletRefused("CURRENCY_MISMATCH", f"The wallet holds {balance.currency}.")
        fund = None if command.campaign_id is None else self.funds.get(command.campaign_id)
        if isinstance(command, Credit):
            if fund is not None and fund < command.amount.amount:
                return FundEmpty("The campaign's fund has too little.")
            moved = command.amount
        else:
            moved = -min(command.amount, balance)
        self.balances[command.wallet_id] = balance + moved
        if fund is not None and command.campaign_id is not None:
            self.funds[command.campaign_id] = fund - moved.amount
        return moved if isinstance(command, Credit) else -moved
