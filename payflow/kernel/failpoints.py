"""Failpoints: named places where a test makes a process die, fail or hang on purpose. Unarmed, each costs one dictionary look-up.

`PAYFLOW_FAILPOINTS="saga.after_hold=kill@/path/marker,ledger.before_post#2=raise"` arms two; `#2` lets the first who comes by pass. With a
marker a point acts once: it makes the file as it acts and does nothing where the file exists, so that a restarted process survives.
`failpoint_catalogue` has the names.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from payflow.kernel.errors import SettingsError
from payflow.kernel.failpoint_catalogue import ACTIONS_OF, CATALOGUE, Action, after, before

Reply = TypeVar("Reply")


class FailpointReached(Exception):
    """What the action `raise` raises: a fault like any other."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """What a point does, from the nth time on or, with a marker, once. `disarmed` lets go of those who hang there."""

    action: Action
    marker: Path | None = None
    nth: int = 1
    passes: Iterator[int] = field(default_factory=lambda: itertools.count(1), compare=False)
    disarmed: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


_armed: dict[str, Trigger] = {}


async def failpoint(name: str) -> None:
    """Do what the point is armed with, if it is."""
    trigger = _armed.get(name)
    if trigger is not None and _acts(trigger):
        await _act(trigger, name)


async def call(name: str, send: Callable[[], Awaitable[Reply]], *, lost: Callable[[str], Exception]) -> Reply:
    """Send a call to somebody else past the points before and behind it.

    `lost` makes the error that the sender sees where a message does not arrive. A call that is answered by an exception is answered.
    """
    if not _armed:
        return await send()
    copies = 1
    match await _passing(before(name)):
        case Action.DROP:
            raise lost(f"{name} was dropped on its way")
        case Action.DUPLICATE:
            copies = 2
    answer, *_ = await asyncio.gather(*(send() for _ in range(copies)), return_exceptions=True)
    match await _passing(after(name)):
        case Action.DROP:
            raise lost(f"the reply to {name} was dropped on its way")
        case Action.DUPLICATE:
            await asyncio.gather(send(), return_exceptions=True)
    if isinstance(answer, BaseException):
        raise answer
    return answer


def arm(specification: str) -> None:
    """Replace what is armed by `name[#nth]=action[@marker],…`; "" disarms all. Raises SettingsError."""
    _replace(parse(specification))


@contextmanager
def armed(specification: str) -> Iterator[None]:
    """Arm while the block runs: for tests."""
    outside = dict(_armed)
    arm(specification)
    try:
        yield
    finally:
        _replace(outside)


def parse(specification: str) -> Mapping[str, Trigger]:
    """Read a specification. Raises SettingsError naming the part that is wrong."""
    return dict(_trigger(part) for part in filter(None, (part.strip() for part in specification.split(","))))


def _trigger(part: str) -> tuple[str, Trigger]:
    place, _, what = part.partition("=")
    name, _, nth = place.partition("#")
    action, _, marker = what.partition("@")
    if not name or action not in list(Action) or not (nth or "1").isdecimal():
        raise SettingsError(
            f"PAYFLOW_FAILPOINTS has {part!r}; give it as name=action, name#nth=action or name=action@marker-file,"
            f" the action one of {', '.join(Action)}"
        )
    if name not in CATALOGUE:
        raise SettingsError(f"PAYFLOW_FAILPOINTS has {name!r}, which is no failpoint; there are {', '.join(CATALOGUE)}")
    if action not in ACTIONS_OF[CATALOGUE[name]]:
        raise SettingsError(
            f"PAYFLOW_FAILPOINTS has {part!r}; {name} stands beside a commit, which is no message to {action}"
        )
    return name, Trigger(Action(action), Path(marker) if marker else None, int(nth or 1))


def _replace(triggers: Mapping[str, Trigger]) -> None:
    gone = [trigger for name, trigger in _armed.items() if triggers.get(name) is not trigger]
    _armed.clear()
    _armed.update(triggers)
    for trigger in gone:
        trigger.disarmed.set()


async def _passing(name: str) -> Action | None:
    """Do what the point does to a task, or answer what it does to messages."""
    trigger = _armed.get(name)
    if trigger is None or not _acts(trigger):
        return None
    if trigger.action in (Action.DROP, Action.DUPLICATE):
        return trigger.action
    await _act(trigger, name)
    return None


async def _act(trigger: Trigger, name: str) -> None:
    match trigger.action:
        case Action.KILL:
            os.kill(os.getpid(), signal.SIGKILL)
        case Action.HANG:
            await trigger.disarmed.wait()
        case Action.CANCEL:
            task = asyncio.current_task()
            assert task is not None, "a coroutine runs in a task"
            task.cancel(f"failpoint {name}")
            await asyncio.sleep(0)
        case _:
            raise FailpointReached(name)


def _acts(trigger: Trigger) -> bool:
    if next(trigger.passes) < trigger.nth:
        return False
    if trigger.marker is None:
        return True
    try:
        trigger.marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
