"""The guardian ends what a killed supervisor had started."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from tests.payflow.dev.harness import wait_until

SUPERVISOR = """
import signal, subprocess, sys, time
from payflow.dev.guardian import Guardian
guardian = Guardian()
apart = {"start_new_session": True, "stdout": subprocess.DEVNULL}
watched = subprocess.Popen([sys.executable, "-c", "import subprocess; subprocess.run(['sleep', '60'])"], **apart)
forgotten = subprocess.Popen(["sleep", "60"], **apart)
for child in (watched, forgotten):
    guardian.watch(child.pid, signal.SIGTERM)
guardian.forget(forgotten.pid)
print(guardian.pid, watched.pid, forgotten.pid, flush=True)
if sys.argv[1] == "dismiss":
    guardian.forget(watched.pid)
    guardian.dismiss()
time.sleep(60)
"""


def start(mode: str) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """A small supervisor; answers it and its guardian, the watched and the forgotten child."""
    supervisor = subprocess.Popen([sys.executable, "-c", SUPERVISOR, mode], stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    return supervisor, [psutil.Process(int(pid)) for pid in supervisor.stdout.readline().split()]


def gone(process: psutil.Process) -> Callable[[], bool]:
    """Whether it has ended (a zombie has)."""
    return lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_it_ends_the_watched_with_their_children_and_then_itself(end: str) -> None:
    """However the supervisor goes; what it had forgotten is left alone."""
    supervisor, (guardian, watched, forgotten) = start("stay")
    before = time.monotonic()
    wait_until(lambda: len(watched.children()) == 1, "the grandchild is born")
    (grandchild,) = watched.children()

    getattr(supervisor, end)()
    supervisor.communicate()

    wait_until(gone(watched), "the watched one ends")
    wait_until(gone(grandchild), "its child ends")
    wait_until(gone(guardian), "the guardian ends")
    assert time.monotonic() - before < 30, "they were ended; they sleep for 60 s"
    assert forgotten.is_running()
    forgotten.kill()


def test_dismissed_it_ends_nobody_who_was_forgotten() -> None:
    """The ordinary end: all is stopped, the guardian goes."""
    supervisor, (guardian, watched, forgotten) = start("dismiss")

    wait_until(gone(guardian), "the guardian ends")

    assert watched.is_running()
    for process in (watched, forgotten, supervisor):
        process.kill()
    supervisor.communicate()
