"""The use cases of rewards: grant, pay, settle: the three steps that turn a completed transfer into money, each repeatable.

grant   commits the reward as PENDING, so that what is to be paid never changes again
pay     credits the wallet over the network, with the reward's id as the key and no transaction open
settle  makes it ISSUED and tells the others, in the transaction that also remembers the event

A crash between any two leaves the event unremembered: it is delivered again, and every step that was done is a no-op.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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

    async def grant(self, transfers: Sequence[CompletedTransfer], work: UnitOfWork) -> list[Reward]:
        """The rewards that the transfers earn, stored; those they have been granted before where there are such."""
        campaigns = await store.campaigns_in(work.connection, {transfer.amount.currency for transfer in transfers})
        now = self.clock.now()
        decided = [decide(transfer, campaigns, now=now) for transfer in transfers]
        if earned := [reward for reward in decided if reward is not None]:
            await store.add_pending(work, earned)
        granted = await store.by_transfers(work.connection, [transfer.id for transfer in transfers])
        return list(granted.values())

    async def pay(self, reward: Reward) -> None:
        """Credit a PENDING reward. Raises CreditRefused, DependencyUnavailable."""
        if reward.status is RewardStatus.PENDING:
            await self.wallet.credit(
                Credit(key=reward.id, wallet_id=reward.wallet_id, amount=reward.amount, transfer_id=reward.transfer_id)
            )

    async def settle(self, transfers: Sequence[CompletedTransfer], work: UnitOfWork) -> None:
        """Mark the paid rewards of the transfers as ISSUED and tell the others, once. Nothing where they earned none."""
        now = self.clock.now()
        rewards = await store.by_transfers(work.connection, [transfer.id for transfer in transfers])
        marked = await store.mark_issued(work, [reward.id for reward in rewards.values()], now=now)
        issued = {
            transfer_id: replace(reward, status=RewardStatus.ISSUED, issued_at=now)
            for transfer_id, reward in rewards.items()
            if reward.id in marked
        }
        await events.rewards_issued(
            self.outbox, [(issued[one.id], one.request_id) for one in transfers if one.id in issued], work
        )
