"""What the consumers' tests share: settings and databases of the services that own them, and a broker that can be lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from payflow.dev.broker import broker_part
from payflow.dev.testing import free_port, private_temporary_folder, running
from tests.subgraphs.conftest import keys, make_settings

__all__ = ["keys", "make_settings"]


class MortalBroker:
    """A real broker that keeps its log in memory: when it dies, everything is lost."""

    def __init__(self, logs: Path) -> None:
        self._port = free_port()
        self._logs = logs
        self._process = ExitStack()

    @property
    def servers(self) -> str:
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        self._process.enter_context(running(broker_part(self._port), logs=self._logs))

    def stop(self) -> None:
        self._process.close()

    async def lose_everything(self, *, away_s: float = 0) -> None:
        """Die, and come back empty at the same address."""
        await asyncio.to_thread(self.stop)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(self.start)


@pytest.fixture
def mortal_broker() -> Iterator[MortalBroker]:
    with private_temporary_folder() as folder:
        broker = MortalBroker(folder)
        broker.start()
        yield broker
        broker.stop()
