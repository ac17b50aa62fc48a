"""The supervisor: starts parts in their order, keeps them running, and stops all of them with all they started.

Our own asyncio code, because nothing well kept fits inside one command: honcho takes everything down when one process
ends, supervisord and circus bring a daemon, a configuration format and an RPC of their own, systemd and runit need what
a bare machine may not have. What is hard about the task is in files of its own: deaths and restarts in running.py, ends
and used-again pids in processes.py, the supervisor's own death in guardian.py.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from payflow.dev.errors import StackError
from payflow.dev.guardian import Guardian
from payflow.dev.logs import Logs
from payflow.dev.parts import Part
from payflow.dev.processes import STOP_GRACE_S, ProcessId, end
from payflow.dev.running import RunningPart
from payflow.dev.state import PartStatus, StackStatus

HEALTH_INTERVAL_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something to be done once, between parts: e.g. the databases are made when PostgreSQL answers."""

    name: str
    doing: str
    run: Callable[[], Awaitable[None]]
    after: tuple[str, ...] = ()


class Supervisor:
    """Runs the units. `state_file` follows what happens to them; `progress` is told what takes time."""

    def __init__(
        self,
        units: Iterable[Part | Step],
        *,
        logs: Logs,
        guardian: Guardian,
        state_file: Path,
        port: int,
        external: Iterable[str] = (),
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._units = {unit.name: unit for unit in units}
        self._progress = progress
        self._state_file = state_file
        self._status = StackStatus(_known(os.getpid()), _known(guardian.pid), port, external=list(external))
        self._running: dict[str, RunningPart] = {}
        for name, unit in self._units.items():
            if isinstance(unit, Part):
                self._status.parts.append(status := PartStatus(name, unit.port, stop_signal=unit.stop_signal))
                self._running[name] = RunningPart(unit, status, logs, guardian, self._record)
        self._logs = logs
        self._done = {name: asyncio.Event() for name in self._units}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Bring up every unit as soon as those before it are up. Raises StackError at the first that fails."""
        self._record()
        try:
            async with asyncio.TaskGroup() as group:
                for unit in self._units.values():
                    group.create_task(self._bring_up(unit))
        except BaseExceptionGroup as errors:
            raise _first(errors) from None
        self._tasks.append(asyncio.create_task(self._watch_health()))

    async def stop(self) -> None:
        """End all parts, layer by layer from the top, with everything they started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for layer in sorted({running.part.layer for running in self._running.values()}, reverse=True):
            await self._stop_layer([running for running in self._running.values() if running.part.layer == layer])
        self._state_file.unlink(missing_ok=True)

    async def _bring_up(self, unit: Part | Step) -> None:
        for name in unit.after:
            if name in self._done:  # otherwise somebody else runs that server
                await self._done[name].wait()
        if isinstance(unit, Step):
            self._progress(unit.doing)
            await unit.run()
        else:
            self._progress(f"Starting {unit.name}")
            await self._running[unit.name].start()
            self._tasks.append(asyncio.create_task(self._running[unit.name].keep()))
        self._done[unit.name].set()

    async def _watch_health(self) -> None:
        while True:
            await asyncio.sleep(HEALTH_INTERVAL_S)
            self._logs.bound()
            await asyncio.gather(*(running.ask() for running in self._running.values()))

    async def _stop_layer(self, layer: list[RunningPart]) -> None:
        leaders = [(leader, running.part.stop_signal) for running in layer if (leader := running.status.process)]
        await asyncio.to_thread(end, leaders, grace_s=STOP_GRACE_S)
        for running in layer:
            running.buried()

    def _record(self) -> None:
        self._status.write(self._state_file)


def _known(pid: int) -> ProcessId:
    found = ProcessId.of(pid)
    assert found is not None, f"process {pid} is ours and not yet waited for"
    return found


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error to tell: the first that is a sentence, else the first."""
    return next((error for error in errors.exceptions if isinstance(error, StackError)), errors.exceptions[0])
