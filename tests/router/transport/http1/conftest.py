"""Runs the tests of our own client on either event loop: a server uses uvloop where there is one, programs and tests need not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loops of an asynchronous test."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}
