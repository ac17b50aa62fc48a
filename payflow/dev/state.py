"""What the supervisor says of itself, in one file that `status` and `down` read and the next `up` recovers from."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from payflow.dev.errors import AlreadyRunning
from payflow.dev.folders import Folders
from payflow.dev.processes import ProcessId

LOCK_ATTEMPTS_MAX = 5
LOCK_PAUSE_S = 0.05


class PartState(StrEnum):
    """Where a part is in its life: down → starting → up → (it dies) restarting → up …"""

    DOWN = "down"
    STARTING = "starting"
    UP = "up"
    RESTARTING = "restarting"


class Health(StrEnum):
    """What the part said when it was last asked."""

    UNKNOWN = "unknown"
    OK = "ok"
    FAILING = "failing"


@dataclass(slots=True)
class PartStatus:
    """One part as the supervisor sees it; `started` in seconds since the epoch."""

    name: str
    port: int | None = None
    state: PartState = PartState.DOWN
    pid: int | None = None
    started: float | None = None
    restarts: int = 0
    health: Health = Health.UNKNOWN
    stop_signal: int = signal.SIGTERM

    @property
    def is_up(self) -> bool:
        return self.state is PartState.UP and self.health is Health.OK

    @property
    def process(self) -> ProcessId | None:
        """The part's process, if it has one now."""
        if self.pid is None or self.started is None:
            return None
        return ProcessId(pid=self.pid, started=self.started)

    @process.setter
    def process(self, process: ProcessId | None) -> None:
        self.pid, self.started = (process.pid, process.started) if process else (None, None)


@dataclass(slots=True)
class StackStatus:
    """The whole stack. `external` names the servers that somebody else runs."""

    supervisor: ProcessId
    guardian: ProcessId
    port: int
    parts: list[PartStatus] = field(default_factory=list)
    external: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Every part is up and answers."""
        return bool(self.parts) and all(part.is_up for part in self.parts)

    def write(self, path: Path) -> None:
        """All or nothing, so that a reader never sees half of it."""
        draft = path.with_name(f".{path.name}")
        draft.write_text(json.dumps({"ready": self.ready, **asdict(self)}, indent=1))
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> StackStatus | None:
        """What was last written; None where there is nothing, or nothing that can be understood."""
        try:
            return cls._from_json(json.loads(path.read_text()))
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None

    @classmethod
    def _from_json(cls, tree: dict[str, Any]) -> StackStatus:
        return cls(
            supervisor=ProcessId(**tree["supervisor"]),
            guardian=ProcessId(**tree["guardian"]),
            port=tree["port"],
            parts=[
                PartStatus(**{**part, "state": PartState(part["state"]), "health": Health(part["health"])})
                for part in tree["parts"]
            ],
            external=tree["external"],
        )


@contextlib.contextmanager
def exclusively(folders: Folders) -> Iterator[None]:
    """Hold the data directory: one supervisor each. The kernel lets go of it with the process, however that ends.

    Raises AlreadyRunning.
    """
    folders.root.mkdir(parents=True, exist_ok=True)
    with folders.lock.open("a+") as lock:
        if not _locked(lock):
            raise AlreadyRunning(_already(folders))
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def holder(folders: Folders) -> int | None:
    """The pid of the supervisor that holds the data directory now; None when nobody does."""
    try:
        with folders.lock.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        text = folders.lock.read_text()
        return int(text) if text.isdigit() else 0
    return None


def _locked(lock: IO[str]) -> bool:
    """Try a few times: `status` holds the lock for a moment while it looks."""
    for _ in range(LOCK_ATTEMPTS_MAX):
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(LOCK_PAUSE_S)
    return False


def _already(folders: Folders) -> str:
    status = StackStatus.read(folders.state)
    where = f" on port {status.port}" if status else ""
    return f"PayFlow is already running{where} (data directory {folders.root}); stop it with `payflow down`"
