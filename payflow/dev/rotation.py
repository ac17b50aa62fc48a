"""Rotation of the keys that sign access tokens: a new key is published, becomes active, and the old one is removed.

Each step harms nobody once its wait is over; a platform that runs follows the ring by itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from payflow.dev.errors import CannotStart
from payflow.dev.keys import USERS_KEY_RING, make_key, public_jwk, read_key, read_ring, write_ring
from payflow.kernel.keyring import Ring, Step, StepKind

POLL_MAX_S = 30.0  # how long `--wait` sleeps at most before it looks at the clock and the ring again


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a call has done, and the ring as it stands then."""

    done: tuple[Step, ...]
    ring: Ring

    def as_json(self) -> dict[str, Any]:
        """For scripts: `done`, the ring's `keys`, and the `next` step with the instant from which on it harms nobody."""
        step = self.ring.next_step()
        return {
            "done": [{"step": step.kind.value, "kid": step.kid} for step in self.done],
            **self.ring.as_json(),
            "next": step and {"step": step.kind.value, "kid": step.kid, "at": step.due.isoformat()},
        }


def rotate(folder: Path, *, now: datetime, force: bool = False) -> Rotation:
    """Take every step that is due; where no rotation is under way, begin one. `force` takes the next step whose wait is not over, too.

    Raises CannotStart where the ring or a key cannot be read or written.
    """
    with _alone(folder):
        ring = read_ring(folder / USERS_KEY_RING)
        step = ring.next_step()
        if step is None:
            return _published(folder, ring, now)
        done: list[Step] = []
        while step is not None and (step.due <= now or (force and not done)):
            ring = _taken(folder, ring, step, now)
            done.append(step)
            step = ring.next_step()
        return Rotation(tuple(done), ring)


def _published(folder: Path, ring: Ring, now: datetime) -> Rotation:
    draft = folder / f"users-signing-{now:%Y%m%dT%H%M%S%f}.pem"
    make_key(draft)
    kid = str(public_jwk(read_key(draft))["kid"])
    ring = ring.published(kid, file=draft.name, now=now)
    write_ring(folder / USERS_KEY_RING, ring)
    return Rotation((Step(StepKind.PUBLISH, kid, now),), ring)


def _taken(folder: Path, ring: Ring, step: Step, now: datetime) -> Ring:
    """The ring is written first: a key whose file has gone must stand in no ring."""
    after = ring.after(step, now=now)
    write_ring(folder / USERS_KEY_RING, after)
    if step.kind is StepKind.REMOVE:
        (folder / ring.find(step.kid).file).unlink(missing_ok=True)
    return after


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One rotation at a time."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise CannotStart(f"The folder of the keys cannot be opened: {error}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    except OSError as error:
        raise CannotStart(f"The keys in {folder} cannot be changed: {error}") from None
    finally:
        os.close(lock)


def rotate_until_done(folder: Path, *, tell: Callable[[Rotation], None]) -> None:
    """Take the steps of one rotation as they fall due, over more than an hour; a call that is broken off may be repeated."""
    rotation = rotate(folder, now=datetime.now(UTC))
    tell(rotation)
    while (step := rotation.ring.next_step()) is not None:
        left_s = (step.due - datetime.now(UTC)).total_seconds()
        if left_s > 0:
            time.sleep(min(left_s, POLL_MAX_S))
            continue
        rotation = rotate(folder, now=datetime.now(UTC))
        tell(rotation)
