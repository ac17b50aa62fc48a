"""Ending processes for certain: with everything they started, politely first, and only those that are ours."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

STOP_GRACE_S = 8.0  # a subgraph finishes its requests, PostgreSQL writes its checkpoint
KILL_GRACE_S = 2.0
_SAME_START_S = 0.05  # the kernel keeps starts in 10 ms ticks


@dataclass(frozen=True, slots=True)
class ProcessId:
    """A process for certain: pids are used again, a pid with its start time (seconds since the epoch) is not."""

    pid: int
    started: float

    @classmethod
    def of(cls, pid: int) -> ProcessId | None:
        """The process that has this pid now; None when there is none."""
        try:
            return cls(pid=pid, started=psutil.Process(pid).create_time())
        except psutil.NoSuchProcess:
            return None

    def find(self) -> psutil.Process | None:
        """The process if it still lives. A zombie does not."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_START_S
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        return None


def family(leader: ProcessId) -> list[psutil.Process]:
    """The process, what it started, and what those started: by parentage, and by the session it leads."""
    found: dict[int, psutil.Process] = {}
    if process := leader.find():
        found[process.pid] = process
        with contextlib.suppress(psutil.NoSuchProcess):
            found.update({child.pid: child for child in process.children(recursive=True)})
    for member in session_members(leader):
        found.setdefault(member.pid, member)
    return list(found.values())


def session_members(leader: ProcessId) -> list[psutil.Process]:
    """Processes in the session that `leader` opened, also after its own death. The session's id is the leader's pid."""
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            if os.getsid(process.pid) == leader.pid and process.create_time() >= leader.started - _SAME_START_S:
                members.append(process)
    return members


def end(leaders: Iterable[tuple[ProcessId, signal.Signals]], *, grace_s: float = STOP_GRACE_S) -> None:
    """Send each leader its stop signal, wait, and kill what is left of all their families. Blocks for a bounded time."""
    wanted = list(leaders)
    doomed: dict[int, psutil.Process] = {}
    for leader, stop_signal in wanted:
        doomed.update({process.pid: process for process in family(leader)})
        if process := leader.find():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(stop_signal)
    _, alive = psutil.wait_procs(doomed.values(), timeout=grace_s)
    kill(alive)
    kill([member for leader, _ in wanted for member in session_members(leader)])


def kill(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL, and wait until they are gone."""
    doomed = list(processes)
    for process in doomed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(doomed, timeout=KILL_GRACE_S)
