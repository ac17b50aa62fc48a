"""`payflow up`: everything from the first check to the last process stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from payflow.dev.environment import passed_on
from payflow.dev.external import ExternalServers
from payflow.dev.folders import Folders
from payflow.dev.guardian import Guardian
from payflow.dev.logs import Logs
from payflow.dev.ports import ROUTER_DEFAULT, ports_from, refuse_taken
from payflow.dev.probes import page_answers
from payflow.dev.recovery import end_leftovers
from payflow.dev.reporter import Reporter
from payflow.dev.stack import PROJECT, Stack
from payflow.dev.state import exclusively
from payflow.dev.supervisor import Supervisor
from payflow.dev.web.step import web_step
from payflow.kernel.settings import check_environment

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpOptions:
    """The options of the command; `project` is the checkout to run, `web` whether its web client is built first."""

    port: int = ROUTER_DEFAULT
    data_dir: Path = Path(".payflow")
    reset: bool = False
    web: bool = True
    project: Path = PROJECT

    @property
    def folders(self) -> Folders:
        """The data directory, by its absolute path."""
        return Folders(self.data_dir.resolve())


class Interrupted(Exception):
    """Told to stop before everything answered. All is stopped again."""


async def run_stack(options: UpOptions, reporter: Reporter) -> None:
    """Check, start, keep running and, when a signal says so, stop.

    Raises PayflowError (one sentence) where it cannot start, and Interrupted where the signal came first; either way
    nothing is left running.
    """
    check_environment(os.environ)
    stack = _stack(options)
    with exclusively(stack.folders), _stop_requested() as stop:
        await asyncio.to_thread(end_leftovers, stack.folders)
        if options.reset:
            await asyncio.to_thread(forget, stack.folders)
        refuse_taken(stack.own_ports)
        await stack.external.check()
        await _supervise(stack, reporter, stop, web=options.web)


def forget(folders: Folders) -> None:
    """Remove databases, passwords and logs. Keys stay: they are not the stack's state, and tokens may be out there."""
    sockets = (folders.socket_folder("postgres"), folders.socket_folder("valkey"))
    for folder in (folders.postgres, folders.valkey, folders.logs, *sockets):
        shutil.rmtree(folder, ignore_errors=True)
    folders.secrets.unlink(missing_ok=True)


def _stack(options: UpOptions) -> Stack:
    return Stack(
        folders=options.folders,
        ports=ports_from(options.port),
        external=ExternalServers.named_in(os.environ),
        extra=passed_on(os.environ),
        project=options.project,
    )


async def _supervise(stack: Stack, reporter: Reporter, stop: asyncio.Event, *, web: bool) -> None:
    logs = Logs(stack.folders.logs)
    logs.bound()
    units = [*stack.units(), *([web_step(stack.project, logs, reporter)] if web else [])]
    with Guardian() as guardian:
        supervisor = Supervisor(
            units,
            logs=logs,
            guardian=guardian,
            state_file=stack.folders.state,
            port=stack.ports["router"],
            external=stack.external.replaced,
            progress=reporter.progress,
        )
        try:
            await _start_unless(stop, supervisor)
            await page_answers(stack.ports["router"])
            logs.journal("every part answers", port=stack.ports["router"])
            reporter.ready(stack.ports["router"])
            await stop.wait()
            reporter.progress("Stopping PayFlow")
        finally:
            await supervisor.stop()


async def _start_unless(stop: asyncio.Event, supervisor: Supervisor) -> None:
    start, stopped = asyncio.create_task(supervisor.start()), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({start, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not start.done():
            raise Interrupted
        start.result()
    finally:
        for task in (start, stopped):
            task.cancel()
        await asyncio.gather(start, stopped, return_exceptions=True)


@contextlib.contextmanager
def _stop_requested() -> Iterator[asyncio.Event]:
    """An event that the stop signals set; a second Ctrl-C changes nothing, stopping is bounded in time."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield stop
    finally:
        for number in STOP_SIGNALS:
            loop.remove_signal_handler(number)
