"""`payflow up --detach`: a supervisor of its own session, and the command that waits until it is ready."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TextIO

from rich.console import Console

from payflow.dev.errors import CannotStart
from payflow.dev.logs import Logs
from payflow.dev.reporter import PipeReporter, TerminalReporter
from payflow.dev.up import UpOptions, run_stack
from payflow.kernel.errors import PayflowError


def start_detached(options: UpOptions, console: Console) -> None:
    """Start the supervisor and return when all is ready. Raises CannotStart with its sentence where it cannot start."""
    reading, writing = os.pipe()
    supervisor = _spawn(options, writing)
    os.close(writing)
    reporter = TerminalReporter(console)
    try:
        with reporter.waiting(), os.fdopen(reading) as said:
            _listen(said, reporter, options)
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise
    except CannotStart:
        supervisor.wait()  # it speaks only when all is stopped; now it only has to exit
        raise


def run_detached(options: UpOptions, descriptor: int) -> int:
    """The other side: run the stack and report over the pipe. Answers the exit code."""
    reporter = PipeReporter(descriptor)
    try:
        asyncio.run(run_stack(options, reporter))
    except PayflowError as error:
        reporter.failed(str(error))
        return 1
    return 0


def _spawn(options: UpOptions, descriptor: int) -> subprocess.Popen[bytes]:
    flags = ["--port", str(options.port), "--data-dir", str(options.folders.root), "--project", str(options.project)]
    command = [sys.executable, "-m", "payflow", "up", *flags, "--report-to", str(descriptor)]
    command += [flag for flag, is_set in (("--reset", options.reset), ("--no-web", not options.web)) if is_set]
    with Logs(options.folders.logs).open("supervisor") as log:
        return subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[descriptor], start_new_session=True
        )


def _listen(said: TextIO, reporter: TerminalReporter, options: UpOptions) -> None:
    for line in said:
        match json.loads(line):
            case {"progress": str(doing)}:
                reporter.progress(doing)
            case {"note": str(sentence)}:
                reporter.note(sentence)
            case {"ready": int(port)}:
                reporter.ready(port)
                return
            case {"failed": str(sentence)}:
                raise CannotStart(sentence)
    raise CannotStart(f"The supervisor ended without a word; see {Logs(options.folders.logs).path('supervisor')}")
