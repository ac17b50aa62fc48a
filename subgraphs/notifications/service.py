"""The use cases of notifications: write what an event means into the streams of those it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.hints import Hints
from subgraphs.notifications import store
from subgraphs.notifications.domain import (
    Notice,
    Reward,
    Transfer,
    on_reward_issued,
    on_transfer_completed,
    on_transfer_failed,
    stream_subject,
)


@dataclass(frozen=True, slots=True)
class Notifications:
    """The service. `hints` wakes open subscriptions after the commit; the door opens the unit of work."""

    hints: Hints
    clock: Clock

    async def transfer_completed(self, event_id: UUID, transfer: Transfer, work: UnitOfWork) -> None:
        """Tell the payer and the payee."""
        await self._tell(on_transfer_completed(event_id, transfer), work)

    async def transfer_failed(self, event_id: UUID, transfer: Transfer, failure_code: str, work: UnitOfWork) -> None:
        """Tell the payer why."""
        await self._tell(on_transfer_failed(event_id, transfer, failure_code), work)

    async def reward_issued(self, event_id: UUID, reward: Reward, work: UnitOfWork) -> None:
        """Tell the one who earned it."""
        await self._tell(on_reward_issued(event_id, reward), work)

    async def _tell(self, notices: Sequence[Notice], work: UnitOfWork) -> None:
        """Append those that are new. Streams are locked in the order of their readers, so that no two events deadlock."""
        known = await store.known(work, [notice.id for notice in notices])
        new = sorted((notice for notice in notices if notice.id not in known), key=lambda notice: notice.reader_id)
        now = self.clock.now()
        for notice in new:
            await store.append(work, notice, now=now)
        for reader_id in {notice.reader_id for notice in new}:
            work.after_commit(partial(self.hints.publish, stream_subject(reader_id)))
