"""Brings the web client up to date: installs where the lock file changed, builds where the sources did, one at a time."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from payflow.dev.logs import Logs
from payflow.dev.web import npm
from payflow.dev.web.errors import NotBuilt, WebError
from payflow.dev.web.freshness import LOCK_FILE, Freshness, sources_digest
from payflow.dev.web.node import Node, find_node

Tell: TypeAlias = Callable[[str], None]

OTHERS_TIMEOUT_S: Final = npm.INSTALL_TIMEOUT_S + npm.BUILD_TIMEOUT_S  # what somebody else's build may take
_LOOK_S: Final = 0.3


async def bring_up_to_date(project: Path, logs: Logs, tell: Tell, *, anew: bool = False) -> bool:
    """Install and build what is not current; `anew` builds whatever is there. `tell` hears what takes time.

    False where nothing was to be done, also where the checkout has no web client. Raises WebError.
    """
    known = Freshness(project)
    with _refusals_in_words():
        if not known.is_there or (not anew and await asyncio.to_thread(lambda: known.is_built)):
            return False
        async with _alone(known.web):
            if not anew and await asyncio.to_thread(lambda: known.is_built):  # by whom we waited for
                return False
            await _make(known, logs, tell)
        return True


async def install_what_is_named(project: Path, logs: Logs, tell: Tell) -> Node:
    """Install the packages of the lock file, unless that was done. Answers the Node to run them on. Raises WebError."""
    require_web_client(project)
    known = Freshness(project)
    with _refusals_in_words():
        async with _alone(known.web):
            return await _install(known, logs, tell)


def require_web_client(project: Path) -> None:
    """Raises WebError where the checkout has none, for commands that are about nothing else."""
    known = Freshness(project)
    if not known.is_there:
        raise WebError(f"{known.web} has no {LOCK_FILE}; run this in a checkout of PayFlow's repository")


async def _make(known: Freshness, logs: Logs, tell: Tell) -> None:
    node = await _install(known, logs, tell)
    tell("Building the web client")
    digest = await asyncio.to_thread(sources_digest, known.project)
    await npm.build(known.web, node, logs)
    known.mark_built(digest)


async def _install(known: Freshness, logs: Logs, tell: Tell) -> Node:
    node = await asyncio.to_thread(find_node)
    if not known.is_installed:
        tell("Installing the web client's packages")
        await npm.install(known.web, node, logs)
        known.mark_installed()
    return node


@contextlib.contextmanager
def _refusals_in_words() -> Iterator[None]:
    """Of the operating system: a file that may not be read or written or is gone meanwhile, a program that does not start."""
    try:
        yield
    except OSError as error:
        raise NotBuilt(f"one of its files or tools cannot be used: {error}") from None


@contextlib.asynccontextmanager
async def _alone(web: Path) -> AsyncIterator[None]:
    """One build of a checkout at a time, whoever asks. The kernel lets go of it with the process. Raises NotBuilt."""
    deadline = time.monotonic() + OTHERS_TIMEOUT_S
    with (web / LOCK_FILE).open() as held:
        while not _is_held(held.fileno()):
            if time.monotonic() > deadline:
                raise NotBuilt(f"somebody else has been building it for {OTHERS_TIMEOUT_S:.0f} s")
            await asyncio.sleep(_LOOK_S)
        yield


def _is_held(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
