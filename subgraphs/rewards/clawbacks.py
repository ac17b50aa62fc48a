"""What has to go back of a reward because of what went back of its transfer: pure.

Each refund makes a part of the reward undue, in proportion and rounded down over all refunds so far, so that the parts never come to more
than the reward, and to all of it when all of the transfer has gone back. What the wallet has not got is owed, and taken of what its owner
earns next.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money
from subgraphs.rewards.domain import Reward, RewardStatus


class ClawBackState(StrEnum):
    """PENDING: to be taken. OWED: the wallet had not all of it. SETTLED: all is taken. VOID: its reward was never paid."""

    PENDING = "PENDING"
    OWED = "OWED"
    SETTLED = "SETTLED"
    VOID = "VOID"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded:
    """What rewards knows of money that went back. `refunded` is what has gone back of the transfer in all, this refund included."""

    refund_id: UUID
    transfer_id: UUID
    paid: Money
    refunded: Money
    refunded_at: datetime
    request_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawBack:
    """A part of a reward that is undue since a refund. Amounts in minor units of the reward's currency.

    `taken` is what has been taken of it; `asked` what this round wants of the rest. Each round has a key of its own.
    """

    id: UUID
    reward: Reward
    refund_id: UUID
    amount: int
    asked: int
    state: ClawBackState
    created_at: datetime
    taken: int = 0
    round: int = 0
    attempts: int = 0
    request_id: str | None = None

    @property
    def owed(self) -> int:
        return self.amount - self.taken

    @property
    def key(self) -> UUID:
        """Of the debit of this round."""
        return derived_id(self.id, f"DEBIT:{self.round}")

    def after(self, taken: int) -> ClawBack:
        """As a round leaves it that took so much."""
        left = self.owed - taken
        state = ClawBackState.OWED if left else ClawBackState.SETTLED
        return replace(self, taken=self.taken + taken, round=self.round + 1, state=state, asked=left, attempts=0)


def claw_back(reward: Reward, refunded: Refunded, *, now: datetime) -> ClawBack | None:
    """What a refund makes undue of a reward beyond what was undue before; None where that is nothing."""
    due = reward.due_back(paid=refunded.paid.amount, refunded=refunded.refunded.amount) - reward.reclaimed
    if due <= 0 or reward.status is RewardStatus.REJECTED:
        return None
    return ClawBack(
        id=derived_id(refunded.refund_id, f"CLAWBACK:{reward.id}"),
        reward=reward,
        refund_id=refunded.refund_id,
        amount=due,
        asked=due,
        state=ClawBackState.PENDING,
        created_at=now,
        request_id=refunded.request_id,
    )
