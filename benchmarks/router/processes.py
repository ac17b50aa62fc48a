"""Processes that are started on a core of their own, asked for what they have used, and always stopped."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
START_S = 60.0
STOP_S = 10.0
SAID_SHOWN = 3_000


class DidNotStart(Exception):
    """A process that ended, or did not listen in time; the message has the last of what it said."""


@dataclass(frozen=True)
class Cores:
    """Where things run: the gateway alone on one, all the rest on the other."""

    gateway: int
    others: int

    @classmethod
    def of_this_machine(cls) -> Cores:
        first, *rest = sorted(os.sched_getaffinity(0))
        return cls(first, rest[0] if rest else first)


@dataclass(frozen=True)
class Running:
    """A process that listens."""

    port: int
    process: psutil.Process

    def cpu_seconds(self) -> float:
        """User and system time so far, threads and children included."""
        times = [process.cpu_times() for process in (self.process, *self.process.children(recursive=True))]
        return float(sum(time.user + time.system for time in times))

    def peak_bytes(self) -> int:
        """The most resident memory it ever had (`VmHWM`)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


@contextmanager
def started(
    command: Sequence[str], *, port: int, core: int, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Run the command on one core until the block ends. Raises DidNotStart."""
    with tempfile.TemporaryFile() as said:
        with pinned(core):
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | dict(environment or {}), stdout=said, stderr=subprocess.STDOUT
            )
        try:
            if not _listens(process, port):
                said.seek(0)
                raise DidNotStart(f"{' '.join(command)}\n{said.read().decode(errors='replace')[-SAID_SHOWN:]}")
            yield Running(port, psutil.Process(process.pid))
        finally:
            _stop(process)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Run on one core alone; processes started meanwhile stay there, with all their threads."""
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


def _listens(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
