"""Has aiokafka's clients close the connection over which they ask for their first metadata, also where that is cut short.

By itself a client forgets it where it is cancelled, or out of time at a broker that hangs, while it waits for that answer. It stays open
then until it is collected as garbage.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

import aiokafka.client
from aiokafka.client import AIOKafkaClient, create_conn

_opened: ContextVar[list[Any] | None] = ContextVar("connections that the bootstrap under way has opened", default=None)
_bootstrap = AIOKafkaClient.bootstrap


async def _noting(*address: Any, **settings: Any) -> Any:
    """`create_conn`, which notes what a bootstrap opens; connections that the client keeps itself are given an `on_close`."""
    connection = await create_conn(*address, **settings)
    if "on_close" not in settings and (opened := _opened.get()) is not None:
        opened.append(connection)
    return connection


async def _closing(client: AIOKafkaClient) -> None:
    """`AIOKafkaClient.bootstrap`, which leaves nothing open where it fails."""
    opened: list[Any] = []
    token = _opened.set(opened)
    try:
        await _bootstrap(client)
    except BaseException:
        for connection in opened:
            connection.close()  # closing twice is harmless
        raise
    finally:
        _opened.reset(token)
        opened.clear()  # the tasks that the client has begun remember this context


def close_what_bootstraps_open() -> None:
    """For all clients of this process, from now on."""
    aiokafka.client.create_conn = _noting
    AIOKafkaClient.bootstrap = _closing
