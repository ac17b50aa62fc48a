"""Failpoints: named places where a test makes a process die, fail or hang on purpose. Unarmed, each costs one dictionary look-up.

`PAYFLOW_FAILPOINTS="saga.after_hold=kill@/path/marker,saga.before_capture=raise"` arms two. With a marker a point acts once: it makes the
file as it acts and does nothing where the file exists, so that a restarted process survives.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from payflow.kernel.errors import SettingsError

ACTIONS = ("kill", "raise", "hang")


class FailpointReached(Exception):
    """What the action `raise` raises: a fault like any other."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a point does: `kill` this process as SIGKILL does, `raise` FailpointReached, or `hang` until cancelled."""

    action: str
    marker: Path | None = None


_armed: dict[str, Trigger] = {}


async def failpoint(name: str) -> None:
    """Do what the point is armed with, if it is."""
    trigger = _armed.get(name)
    if trigger is None or (trigger.marker is not None and not _first_time(trigger.marker)):
        return
    match trigger.action:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            await asyncio.Event().wait()
        case _:
            raise FailpointReached(name)


def arm(specification: str) -> None:
    """Replace what is armed by `name=action[@marker],…`; "" disarms all. Raises SettingsError."""
    triggers = parse(specification)
    _armed.clear()
    _armed.update(triggers)


@contextmanager
def armed(specification: str) -> Iterator[None]:
    """Arm while the block runs: for tests."""
    before = dict(_armed)
    arm(specification)
    try:
        yield
    finally:
        _armed.clear()
        _armed.update(before)


def parse(specification: str) -> Mapping[str, Trigger]:
    """Read a specification. Raises SettingsError naming the part that is wrong."""
    triggers = {}
    for part in filter(None, (part.strip() for part in specification.split(","))):
        name, _, what = part.partition("=")
        action, _, marker = what.partition("@")
        if not name or action not in ACTIONS:
            raise SettingsError(
                f"PAYFLOW_FAILPOINTS has {part!r}; give it as name=action or name=action@marker-file,"
                f" the action one of {', '.join(ACTIONS)}"
            )
        triggers[name] = Trigger(action, Path(marker) if marker else None)
    return triggers


def _first_time(marker: Path) -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
