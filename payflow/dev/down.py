"""`payflow down`: ask the supervisor to stop everything, and see to it that nothing is left."""

from __future__ import annotations

import os
import signal
import time

from payflow.dev.errors import CannotStop
from payflow.dev.folders import Folders
from payflow.dev.processes import ProcessId, kill, wait_until_gone
from payflow.dev.recovery import end_leftovers
from payflow.dev.state import holder

STOP_TIMEOUT_S = 60.0  # four layers of parts, each with its grace
EXIT_TIMEOUT_S = 5.0
POLL_S = 0.05


def stop_stack(folders: Folders) -> str:
    """Stop the stack of this data directory; answers what happened, in a sentence. Raises CannotStop."""
    if holder(folders) is None:
        left = end_leftovers(folders)
        return "PayFlow was not running; what an earlier run had left is ended." if left else "PayFlow is not running."
    _stop_supervisor(folders)
    end_leftovers(folders)
    return "PayFlow has stopped."


def _stop_supervisor(folders: Folders) -> None:
    told: ProcessId | None = None
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while (pid := holder(folders)) is not None and time.monotonic() < deadline:
        if told is None and pid and (told := ProcessId.of(pid)):
            os.kill(pid, signal.SIGTERM)
        time.sleep(POLL_S)
    if told is not None and (process := told.find()) is not None:
        wait_until_gone([process], timeout_s=EXIT_TIMEOUT_S)  # it has let go of the lock and is about to exit
        kill([process])  # its guardian ends what it may have left
    if (pid := holder(folders)) is not None:
        raise CannotStop(f"PayFlow does not stop; end process {pid} yourself, then run `payflow down` again")
