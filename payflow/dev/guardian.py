"""The guardian: a small process that ends the stack's servers when their supervisor is gone, however it went.

A supervisor that is killed with SIGKILL cannot stop anything. So it tells the guardian, over a pipe, which processes it
started; the kernel closes the pipe with the supervisor's death, and the guardian ends what is still running. Unlike
PR_SET_PDEATHSIG this works on macOS too, reaches children of children, and lets PostgreSQL stop in its own way.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Self, TextIO


class Guardian:
    """The supervisor's side: start it, tell it about processes, and dismiss it when all is stopped."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", __name__]
        # A session of its own: a signal to the supervisor's group, e.g. Ctrl-C, must not reach it.
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, pid: int, stop_signal: signal.Signals) -> None:
        """End this process, and what it started, if we die."""
        self._tell(f"watch {pid} {stop_signal.value}\n")

    def forget(self, pid: int) -> None:
        """This process has ended."""
        self._tell(f"forget {pid}\n")

    def dismiss(self) -> None:
        """All is stopped. The guardian ends whatever it was not told to forget, then itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.dismiss()

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()


def keep_watch(told: TextIO) -> None:
    """Listen until the pipe closes, then end the processes that are left, the newest first."""
    watched: dict[int, signal.Signals] = {}
    for line in told:
        match line.split():
            case ["watch", pid, stop_signal]:
                watched[int(pid)] = signal.Signals(int(stop_signal))
            case ["forget", pid]:
                watched.pop(int(pid), None)
    if watched:
        _end_all(watched)


def _end_all(watched: dict[int, signal.Signals]) -> None:
    # Imported only now: on every good day the guardian does nothing, and should weigh little.
    from payflow.dev.processes import ProcessId, end

    leaders = [(ProcessId.of(pid), stop_signal) for pid, stop_signal in reversed(watched.items())]
    end([(leader, stop_signal) for leader, stop_signal in leaders if leader is not None])


if __name__ == "__main__":
    os.chdir("/")
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    keep_watch(sys.stdin)
