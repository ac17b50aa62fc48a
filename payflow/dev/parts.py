"""A part: one server or process of the stack, as data. What runs, how to tell that it answers, and what it waits for."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, BinaryIO

from payflow.dev.system_user import SystemUser

# What a child may see of the environment it was born in; its settings are added by name, and nothing else.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")

ASK_AGAIN_S = 0.1

Probe = Callable[[], Awaitable[bool]]
"""Asks a part whether it answers. Never raises; takes at most a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One supervised process. It starts when those named in `after` are up; higher layers are stopped before lower ones."""

    name: str
    command: tuple[str, ...]
    answers: Probe
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    directory: Path | None = None
    run_as: SystemUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    after: tuple[str, ...] = ()
    layer: int = 0

    def spawn_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess.Popen` and its asyncio twin: a session of its own, a bare environment."""
        options: dict[str, Any] = {"start_new_session": True, "env": {**inherited_environment(), **self.environment}}
        if self.directory is not None:
            options["cwd"] = self.directory
        if self.run_as is not None:
            options |= {"user": self.run_as.uid, "group": self.run_as.gid, "extra_groups": []}
        return options


def spawn(part: Part, log: BinaryIO) -> subprocess.Popen[bytes]:
    """Start the part's process, with `log` for its output. Raises OSError where the program cannot be run."""
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
    return subprocess.Popen(part.command, **streams, **part.spawn_options())  # noqa: S603 - commands of our own


def inherited_environment() -> dict[str, str]:
    """The part of our own environment that every child gets."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


class FirstWord(Enum):
    """What became of a process that was started."""

    ANSWERS = auto()
    DIED = auto()
    SILENT = auto()


async def first_word(part: Part, process: subprocess.Popen[bytes], *, timeout_s: float) -> FirstWord:
    """Ask until the part answers, its process has died, or the time is up."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        answered = await part.answers()
        if process.poll() is not None:  # looked at last: on its port, somebody else may have answered
            return FirstWord.DIED
        if answered:
            return FirstWord.ANSWERS
        await asyncio.sleep(ASK_AGAIN_S)
    return FirstWord.SILENT
