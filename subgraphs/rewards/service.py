"""The use cases of rewards: grant, pay, settle: the three steps that turn a completed transfer into money, each repeatable.

grant   commits the reward as PENDING, so that what is to be paid never changes again
pay     credits the wallet over the network, with the reward's id as the key and no transaction open
settle  makes it ISSUED and tells the others, in the transaction that also remembers the event

A crash between any two leaves the event unremembered: it is delivered again, and every step that was done is a no-op.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.outbox import Outbox
from subgraphs.rewards import events, store
from subgraphs.rewards.domain import CompletedTransfer, Reward, RewardStatus, decide
from subgraphs.rewards.wallet import Credit, Wallet


@dataclass(frozen=True, slots=True)
class Rewards:
    """The service; the door opens the units of work and commits."""

    wallet: Wallet
    outbox: Outbox
    clock: Clock

    async def grant(self, transfer: CompletedTransfer, work: UnitOfWork) -> Reward | None:
        """The reward that the transfer earns, stored; the one it has been granted before where there is one."""
        campaigns = await store.campaigns_in(work.connection, transfer.amount.currency)
        reward = decide(transfer, campaigns, now=self.clock.now())
        if reward is not None:
            await store.add_pending(work, reward)
        return (await store.by_transfers(work.connection, [transfer.id])).get(transfer.id)

    async def pay(self, reward: Reward) -> None:
        """Credit a PENDING reward. Raises CreditRefused, DependencyUnavailable."""
        if reward.status is RewardStatus.PENDING:
            await self.wallet.credit(
                Credit(key=reward.id, wallet_id=reward.wallet_id, amount=reward.amount, transfer_id=reward.transfer_id)
            )

    async def settle(self, transfer_id: UUID, work: UnitOfWork) -> None:
        """Mark the transfer's paid reward as ISSUED and tell the others, once. Nothing where it earned none."""
        reward = (await store.by_transfers(work.connection, [transfer_id])).get(transfer_id)
        now = self.clock.now()
        if reward is not None and await store.mark_issued(work, reward.id, now=now):
            issued = replace(reward, status=RewardStatus.ISSUED, issued_at=now)
            await events.reward_issued(self.outbox, issued, work)
