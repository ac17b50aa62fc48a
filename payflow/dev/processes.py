"""Ending processes for certain: with everything they started, politely first, and only those that are ours."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

STOP_GRACE_S = 8.0  # a subgraph finishes its requests, PostgreSQL writes its checkpoint
KILL_GRACE_S = 2.0
POLL_S = 0.02
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
        """The process if it still lives."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < _SAME_START_S
            return process if same and lives(process) else None
        return None


def lives(process: psutil.Process) -> bool:
    """Whether it runs. A zombie does not: it is gone, though nobody has asked how it ended (in a container, nobody may)."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(processes: Iterable[psutil.Process], *, timeout_s: float) -> None:
    """Wait for their ends, or for the time to be up. Takes no exit code from whoever started them, unlike psutil's."""
    waiting, deadline = list(processes), time.monotonic() + timeout_s
    while (waiting := [process for process in waiting if lives(process)]) and time.monotonic() < deadline:
        time.sleep(POLL_S)


def families(leaders: Iterable[ProcessId]) -> list[psutil.Process]:
    """The processes, what they started, and what those started: by parentage, and by the sessions they lead."""
    wanted = list(leaders)
    found = {process.pid: process for leader in wanted if (process := leader.find())}
    for process in list(found.values()):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.update({child.pid: child for child in process.children(recursive=True)})
    return [*found.values(), *(member for member in session_members(wanted) if member.pid not in found)]


def session_members(leaders: Iterable[ProcessId]) -> list[psutil.Process]:
    """Processes in the sessions that the leaders opened, also after their own deaths. A session's id is its leader's pid."""
    started = {leader.pid: leader.started for leader in leaders}
    members = []
    for pid in psutil.pids():
        with contextlib.suppress(OSError, psutil.NoSuchProcess):
            if (session := os.getsid(pid)) in started:
                process = psutil.Process(pid)
                if process.create_time() >= started[session] - _SAME_START_S:
                    members.append(process)
    return members


def end(leaders: Iterable[tuple[ProcessId, signal.Signals]], *, grace_s: float = STOP_GRACE_S) -> None:
    """Send each leader its stop signal, give it time, then kill what is left of it and of everything it started.

    Blocks for a bounded time. What a leader leaves behind when it ends is not asked: it had its parent to tell it.
    """
    wanted = list(leaders)
    everybody = families(leader for leader, _ in wanted)
    asked = [process for leader, stop_signal in wanted if (process := _ask_to_stop(leader, stop_signal))]
    wait_until_gone(asked, timeout_s=grace_s)
    kill(everybody)
    kill(session_members(leader for leader, _ in wanted))  # who was born meanwhile


def _ask_to_stop(leader: ProcessId, stop_signal: signal.Signals) -> psutil.Process | None:
    process = leader.find()
    if process is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(stop_signal)
    return process


def kill(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL, and wait until they are gone."""
    doomed = [process for process in processes if lives(process)]
    for process in doomed:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    wait_until_gone(doomed, timeout_s=KILL_GRACE_S)
