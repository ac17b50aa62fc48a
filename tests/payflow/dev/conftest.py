"""A stack of stand-in processes and real servers, driven through the command line."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.payflow.dev.harness import Cli, command_line


@pytest.fixture
def cli() -> Iterator[Cli]:
    """The command `payflow` for a data directory and ports of the test's own; nothing of it is left after the test."""
    with command_line() as command:
        yield command
