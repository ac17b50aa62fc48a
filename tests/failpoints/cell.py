"""Runs one cell: a process does its work and meets what goes wrong; then the workers start again, and everything has to come right."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

from payflow.kernel.failpoint_catalogue import Action
from payflow.kernel.failpoints import armed
from tests.failpoints.case import (
    AMOUNT,
    TOO_MUCH,
    Answer,
    Case,
    World,
    act,
    ended,
    ready,
    settled,
    taken_over,
    told,
)
from tests.failpoints.checks import assert_right
from tests.failpoints.matrix import REFUSED, Cell, Journey
from tests.failpoints.nursery import Nursery
from tests.failpoints.people import Couple
from tests.failpoints.process import Place, opened

WORK_S = 1.5  # how long a process may work at a case before it is stopped; what is left is the next one's
REACHED_WITHIN_S = 40.0  # how long a journey may take to its point, on a machine that has no time
LOOK_AGAIN_S = 0.01


async def run(cell: Cell, place: Place, couple: Couple, nursery: Nursery, folder: Path) -> None:
    """Raises AssertionError where the point is never reached, and where anything is wrong afterwards."""
    case = prepared(cell.journey, couple, folder)
    marker = folder / "acted"
    specification = ",".join(_armed(cell, marker, folder))
    if cell.action is Action.KILL:
        await nursery.killed(place, case, specification)
        first = None
    else:
        first = await disturbed(place, case, specification, marker, hangs=cell.action is Action.HANG)
    assert marker.exists(), f"nothing came by {cell.point} on the journey {cell.journey.name!r}"
    async with opened(place, World(place, case)) as process:
        last = await settled(process, case)
    await assert_right(place, case, first=first, last=last)


def prepared(journey: Journey, couple: Couple, folder: Path) -> Case:
    """A new command between two who have done nothing yet."""
    return Case(
        journey=journey.name,
        ada=couple.ada,
        bob=couple.bob,
        ada_wallet=couple.ada_wallet,
        bob_wallet=couple.bob_wallet,
        amount=TOO_MUCH if journey is REFUSED else AMOUNT,
        key=uuid4().hex,
        folder=str(folder),
    )


async def disturbed(place: Place, case: Case, specification: str, marker: Path, *, hangs: bool) -> Answer | None:
    """Work at the case in a process of which parts fail; what the client was told, if anything.

    Where a part hangs, a second process takes over; then what hung wakes up, and finds that it is late.
    """
    async with opened(place, World(place, case)) as process:
        await ready(process, case)
        with armed(specification):
            client = asyncio.create_task(act(process, case))
            await _reached(marker)
            if hangs:
                async with opened(place, World(place, case)) as second, asyncio.timeout(REACHED_WITHIN_S):
                    await taken_over(second, case)
            else:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(WORK_S):
                        await ended(process, case)
                        await told(process)
        await asyncio.wait({client}, timeout=WORK_S)
        client.cancel()
        (answer,) = await asyncio.gather(client, return_exceptions=True)
    return None if isinstance(answer, BaseException) else answer


async def _reached(marker: Path) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(REACHED_WITHIN_S):
            while not marker.exists():
                await asyncio.sleep(LOOK_AGAIN_S)


def _armed(cell: Cell, marker: Path, folder: Path) -> Iterable[str]:
    yield f"{cell.point}={cell.action}@{marker}"
    for number, leading in enumerate(cell.journey.led_by):
        yield f"{leading}@{folder / f'led-{number}'}"
