"""A stack of stand-in processes and real servers, driven through the command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from payflow.dev.testing import private_temporary_folder
from tests.payflow.dev.harness import Cli, free_port_range


@pytest.fixture
def cli() -> Iterator[Cli]:
    """The command line for a data directory and ports of the test's own; nothing of it is left after the test."""
    with private_temporary_folder() as folder:
        command = Cli(folder / ".payflow", free_port_range())
        try:
            yield command
        finally:
            command.run("down")
            for process in command.started:
                process.kill()
                process.communicate()
            left = command.processes()
            for survivor in left:
                survivor.send_signal(signal.SIGKILL)
            assert not left, [process.cmdline() for process in left]
