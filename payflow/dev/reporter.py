"""How `payflow up` tells what it is doing: on the terminal, or, from a detached supervisor, to the command that waits."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.status import Status

from payflow.dev.ports import ROUTER_DEFAULT


class Reporter(Protocol):
    """Hears of progress, of what is good to know though nothing stops for it, and that everything answers."""

    def progress(self, doing: str) -> None: ...

    def note(self, sentence: str) -> None: ...

    def ready(self, port: int) -> None: ...


def hints(port: int) -> dict[str, str]:
    """What one can do with a stack that is ready, as it can be typed here."""
    payflow = command_name()
    elsewhere = "" if port == ROUTER_DEFAULT else f" --port {port}"
    return {
        "Page": f"http://127.0.0.1:{port}/",
        "API": f"http://127.0.0.1:{port}/graphql",
        "People": f"{payflow} seed{elsewhere}",
        "Story": f"{payflow} demo{elsewhere}",
        "State": f"{payflow} status",
        "Stop": f"{payflow} down, or Ctrl-C in the foreground",
    }


def command_name() -> str:
    """`payflow` where the shell finds it, else the way to it from here."""
    return "payflow" if shutil.which("payflow") else os.path.relpath(Path(sys.executable).with_name("payflow"))


class TerminalReporter:
    """A spinner on a terminal; one line each where nobody watches."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status: Status | None = None

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Show a spinner until the block ends or all is ready."""
        self._status = self._console.status("Starting PayFlow…")
        self._status.start()
        try:
            yield
        finally:
            self._status.stop()

    def progress(self, doing: str) -> None:
        """Say what takes time now."""
        if self._console.is_terminal and self._status is not None:
            self._status.update(f"{doing}…")
        else:
            self._console.print(f"{doing}…", highlight=False)

    def note(self, sentence: str) -> None:
        """Say something that stays on the screen."""
        self._console.print(sentence, style="yellow", highlight=False, soft_wrap=True, markup=False)

    def ready(self, port: int) -> None:
        """Say that all answers, and where."""
        if self._status is not None:
            self._status.stop()
        for what, where in hints(port).items():
            self._console.print(f"  {what:<8} {where}", highlight=False, soft_wrap=True)
        self._console.print("[bold green]PayFlow is ready[/]")


class PipeReporter:
    """JSON lines over a pipe: `{"progress": …}`, `{"note": sentence}`, `{"ready": port}`, `{"failed": sentence}`."""

    def __init__(self, descriptor: int) -> None:
        self._pipe = os.fdopen(descriptor, "w", buffering=1)

    def progress(self, doing: str) -> None:
        self._tell(progress=doing)

    def note(self, sentence: str) -> None:
        self._tell(note=sentence)

    def ready(self, port: int) -> None:
        """The last word: nobody listens any more."""
        self._tell(ready=port)
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()

    def failed(self, sentence: str) -> None:
        """The other last word."""
        self._tell(failed=sentence)

    def _tell(self, **message: object) -> None:
        if self._pipe.closed:
            return
        with contextlib.suppress(BrokenPipeError):  # whoever waited has gone; the stack goes on
            self._pipe.write(json.dumps(message) + "\n")
