"""One part while it runs: its process, its status, its deaths and new starts."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from payflow.dev.errors import CannotStart
from payflow.dev.guardian import Guardian
from payflow.dev.logs import Logs
from payflow.dev.parts import FirstWord, Part, first_word, spawn
from payflow.dev.processes import ProcessId, kill, session_members
from payflow.dev.state import Health, PartState, PartStatus

START_TIMEOUT_S = 60.0  # for one part to answer; a first start on a slow disk takes some ten
EXIT_POLL_S = 0.1  # as plain as it is portable: a dozen waitpid calls each tenth of a second are not felt
RESTART_DELAY_MIN_S = 0.5
RESTART_DELAY_MAX_S = 15.0
STABLE_AFTER_S = 10.0  # who ran this long before it died is not in a loop of deaths: the delay starts small again


def restart_delay(deaths: int) -> float:
    """Seconds to wait after the so-many-th death in a row (from 1): doubling, within bounds."""
    return min(RESTART_DELAY_MIN_S * 2.0 ** min(deaths - 1, 10), RESTART_DELAY_MAX_S)


@dataclass(slots=True)
class RunningPart:
    """A part, its present process (None before the first start) and what is known of it. `changed` hears of every change."""

    part: Part
    status: PartStatus
    logs: Logs
    guardian: Guardian
    changed: Callable[[], None]
    process: subprocess.Popen[bytes] | None = None
    spawned_at: float = 0.0

    async def start(self) -> None:
        """Start it and wait until it answers. Raises CannotStart where it dies or stays silent."""
        self._mark(PartState.STARTING)
        match await self._first_word(self._spawn()):
            case FirstWord.DIED:
                raise CannotStart(self._obituary())
            case FirstWord.SILENT:
                raise CannotStart(f"{self.part.name} did not answer within {START_TIMEOUT_S:.0f} s ({self._see()})")
        self._mark(PartState.UP, Health.OK)

    async def keep(self) -> None:
        """Wait for its death, again and again, and start it anew. Ends when cancelled."""
        deaths = 0
        while True:
            await self._death()
            deaths = 1 if time.monotonic() - self.spawned_at > STABLE_AFTER_S else deaths + 1
            delay = restart_delay(deaths)
            await self._bury(delay)
            await asyncio.sleep(delay)
            with contextlib.suppress(CannotStart):  # no process, e.g. no memory for a moment: one more death
                await self._start_again()

    async def ask(self) -> None:
        """See how it is. One that lives and does not answer is reported, not ended: somebody may be debugging it."""
        answered = await self.part.answers()
        if answered and self.process is not None and self.process.poll() is None:
            self._mark(PartState.UP, Health.OK)
        else:
            self._mark(self.status.state, Health.FAILING)

    def buried(self) -> None:
        """Somebody ended the process: take note."""
        if self.process is not None:
            self.process.poll()
            self.guardian.forget(self.process.pid)
        self._mark(PartState.DOWN, Health.UNKNOWN)

    async def _start_again(self) -> None:
        if await self._first_word(self._spawn()) is FirstWord.ANSWERS:
            self._mark(PartState.UP, Health.OK)
            self.logs.journal(f"{self.part.name} is up again", part=self.part.name)

    def _spawn(self) -> subprocess.Popen[bytes]:
        """Start the process and tell the guardian: no await in between, so no cancellation can lose it."""
        self.spawned_at = time.monotonic()
        try:
            with self.logs.open(self.part.name) as log:
                process = self.process = spawn(self.part, log)
        except OSError as error:
            raise CannotStart(f"{self.part.name} cannot be started: {error}") from None
        self.guardian.watch(process.pid, self.part.stop_signal)
        self.status.process = ProcessId.of(process.pid)
        self.changed()
        return process

    async def _first_word(self, process: subprocess.Popen[bytes]) -> FirstWord:
        return await first_word(self.part, process, timeout_s=START_TIMEOUT_S)

    async def _death(self) -> None:
        assert self.process is not None, self.part.name
        while self.process.poll() is None:  # noqa: ASYNC110 - the kernel sets no asyncio.Event
            await asyncio.sleep(EXIT_POLL_S)

    async def _bury(self, delay: float) -> None:
        name = self.part.name
        self.logs.journal(f"{name} {self._end()}; starting it again in {delay:g} s", level="warning", part=name)
        if (leader := self.status.process) is not None:
            # What a dead part had started must not live on beside its successor.
            await asyncio.to_thread(lambda: kill(session_members([leader])))
            self.guardian.forget(leader.pid)
        self.status.process = None
        self.status.restarts += 1
        self.changed()
        self._mark(PartState.RESTARTING, Health.FAILING)

    def _obituary(self) -> str:
        words = self.logs.last_words(self.part.name)
        return f"{self.part.name} {self._end()} while starting{f': {words}' if words else ''} ({self._see()})"

    def _end(self) -> str:
        code = self.process.returncode if self.process else None
        return f"was killed by signal {-code}" if code is not None and code < 0 else f"stopped with exit code {code}"

    def _see(self) -> str:
        return f"see {self.logs.path(self.part.name)}"

    def _mark(self, state: PartState, health: Health | None = None) -> None:
        health = health or self.status.health
        if (state, health) != (self.status.state, self.status.health):
            self.status.state, self.status.health = state, health
            self.changed()
