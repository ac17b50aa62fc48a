"""A part: one server or process of the stack, as data. What runs, how to tell that it answers, and what it waits for."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from payflow.dev.system_user import SystemUser

# What a child may see of the environment it was born in; its settings are added by name, and nothing else.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")

Probe = Callable[[], Awaitable[bool]]
"""Asks a part whether it answers. Never raises; takes at most a second or two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One supervised process."""

    name: str
    command: tuple[str, ...]
    answers: Probe
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int | None = None
    directory: Path | None = None
    run_as: SystemUser | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    after: tuple[str, ...] = ()

    def spawn_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess.Popen` and its asyncio twin: a session of its own, a bare environment."""
        options: dict[str, Any] = {"start_new_session": True, "env": {**inherited_environment(), **self.environment}}
        if self.directory is not None:
            options["cwd"] = self.directory
        if self.run_as is not None:
            options |= {"user": self.run_as.uid, "group": self.run_as.gid, "extra_groups": []}
        return options


def inherited_environment() -> dict[str, str]:
    """The part of our own environment that every child gets."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


async def answers_within(part: Part, seconds: float, *, pause: float = 0.05) -> bool:
    """Ask again and again until the part answers; False when the time is up."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await part.answers():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(pause)
    return True
