"""The use case of notifications: write what has happened into the streams of those it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from payflow.kernel.clock import Clock
from payflow.kernel.db import UnitOfWork
from payflow.kernel.hints import Hints
from subgraphs.notifications import store
from subgraphs.notifications.domain import Notice, stream_subject


@dataclass(frozen=True, slots=True)
class Notifications:
    """The service. `hints` wakes open subscriptions after the commit; the door opens the unit of work."""

    hints: Hints
    clock: Clock

    async def tell(self, notices: Sequence[Notice], work: UnitOfWork) -> None:
        """Append those that are new to their readers' streams, in this order; who is new to nobody changes nothing."""
        for reader_id in await store.append(work, notices, now=self.clock.now()):
            work.after_commit(partial(self.hints.publish, stream_subject(reader_id)))
