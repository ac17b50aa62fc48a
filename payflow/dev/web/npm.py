"""Runs npm: its output in a log, within a time, and nothing left behind of it when we are told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from payflow.dev.logs import Logs
from payflow.dev.web.errors import NotBuilt
from payflow.dev.web.node import Node, told_to_npm

LOG: Final = "web"
INSTALL_TIMEOUT_S: Final = 300.0  # some 400 packages over a slow line; from npm's cache it is ten seconds
BUILD_TIMEOUT_S: Final = 300.0  # ten seconds on a machine with nothing else to do; some have much else
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
# No package runs code of its own while it is installed.
INSTALL: Final = ("ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error")
_WORDS_MAX: Final = 200  # of what npm said, in a sentence of ours
_NOTHING_SAID: Final = ("npm error A complete log", "npm error Log files", "npm error  ")


async def install(web: Path, node: Node, logs: Logs) -> None:
    """Install what the lock file names. Raises NotBuilt."""
    await _run(
        web, node, logs, arguments=INSTALL, timeout_s=INSTALL_TIMEOUT_S, what="npm could not install its packages"
    )


async def build(web: Path, node: Node, logs: Logs) -> None:
    """Write dist anew. Raises NotBuilt."""
    arguments = ("run", "--silent", "build")
    await _run(web, node, logs, arguments=arguments, timeout_s=BUILD_TIMEOUT_S, what="its sources could not be built")


async def _run(web: Path, node: Node, logs: Logs, *, arguments: tuple[str, ...], timeout_s: float, what: str) -> None:
    began = logs.path(LOG).stat().st_size if logs.path(LOG).exists() else 0
    with node.environment() as environment:
        code = await _ended((*node.npm, *arguments), web, told_to_npm(environment), logs, timeout_s=timeout_s)
    if code is None:
        raise NotBuilt(f"{what} within {timeout_s:.0f} s (see {logs.path(LOG)})")
    if code != 0:
        raise NotBuilt(f"{what}: {_words(logs, began) or f'exit code {code}'} (see {logs.path(LOG)})")


async def _ended(
    command: tuple[str, ...], web: Path, environment: Mapping[str, str], logs: Logs, *, timeout_s: float
) -> int | None:
    """The exit code; None where it took too long."""
    with logs.open(LOG) as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=web,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        return await asyncio.wait_for(process.wait(), timeout_s)
    except TimeoutError:
        return None
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what npm started, too
            await process.wait()


def _words(logs: Logs, began: int) -> str:
    """The line that says most of what was said since: the first that calls itself an error, else the last."""
    with logs.path(LOG).open("rb") as log:
        log.seek(began)
        said = _COLOUR.sub("", log.read().decode(errors="replace")).splitlines()
    lines = [line.strip() for line in said if line.strip() and not line.startswith(_NOTHING_SAID)]
    errors = [line for line in lines if "error" in line.lower() and not line.endswith(":")]  # no heading
    return (errors or lines[-1:] or [""])[0][:_WORDS_MAX]
