"""After a supervisor that could not clean up: end what it left running, by what it had written down."""

from __future__ import annotations

import signal

from payflow.dev.folders import Folders
from payflow.dev.processes import KILL_GRACE_S, STOP_GRACE_S, end, wait_until_gone
from payflow.dev.state import StackStatus


def end_leftovers(folders: Folders) -> bool:
    """End the processes of a stack whose supervisor is gone. Answers whether there were any. Blocks for a bounded time."""
    status = StackStatus.read(folders.state)
    if status is None:
        return False
    if (guardian := status.guardian.find()) is not None:
        wait_until_gone([guardian], timeout_s=STOP_GRACE_S + 2 * KILL_GRACE_S)  # it is at this very work
    left = [
        (leader, signal.Signals(part.stop_signal))
        for part in reversed(status.parts)
        if (leader := part.process) is not None and leader.find() is not None
    ]
    end(left)
    folders.state.unlink(missing_ok=True)
    return bool(left)
