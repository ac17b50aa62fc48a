"""Carries a schedule out: SIGKILL to a part of a running platform, with everything it started. Who starts it again is its supervisor."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from payflow.dev.folders import Folders
from payflow.dev.processes import ProcessId, families, kill
from payflow.dev.state import PartStatus, StackStatus
from tests.chaos.schedule import Kill

VICTIM_WAIT_S = (
    20.0  # for a part to have a process again that was killed a moment ago; longer than a restart is delayed
)
POLL_S = 0.1


class DidNotComeBack(Exception):
    """A part has no process for too long: the supervisor has given up, or is gone itself."""


@dataclass(slots=True)
class Killer:
    """Kills parts of the platform in these folders, and counts."""

    folders: Folders
    kills: Counter[str] = field(default_factory=Counter)
    last_at: float = 0.0

    async def carry_out(self, kills: Sequence[Kill]) -> None:
        """At their times from now on. Raises DidNotComeBack."""
        began = self.last_at = time.monotonic()
        for kill_ in kills:
            await asyncio.sleep(max(0.0, began + kill_.at_s - time.monotonic()))
            await self._kill(kill_.part)

    async def _kill(self, part: str) -> None:
        victim = await self._process(part)
        # PostgreSQL with all its backends at once, as when the power goes: a lone postmaster's death would let them finish.
        await asyncio.to_thread(lambda: kill(families([victim])))
        self.kills[part] += 1
        self.last_at = time.monotonic()

    async def _process(self, part: str) -> ProcessId:
        """A living process of the part: right after a restart too, whether it answers or not."""
        deadline = time.monotonic() + VICTIM_WAIT_S
        while time.monotonic() < deadline:
            for status in _parts(self.folders):
                if status.name == part and status.process is not None and status.process.find() is not None:
                    return status.process
            await asyncio.sleep(POLL_S)
        raise DidNotComeBack(f"{part} had no process for {VICTIM_WAIT_S:.0f} s")


def is_healed(folders: Folders) -> bool:
    """Whether every part runs and answers, as the supervisor says, and really has the process that it says."""
    parts = _parts(folders)
    return bool(parts) and all(part.is_up and part.process and part.process.find() for part in parts)


def _parts(folders: Folders) -> list[PartStatus]:
    status = StackStatus.read(folders.state)
    return [] if status is None else status.parts
