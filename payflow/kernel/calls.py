"""Statements sent by the driver itself: prepared once per connection, each a transaction of its own, one round trip.

For hot paths whose work is one statement, e.g. a function call: SQLAlchemy's building, compiling and BEGIN … COMMIT would be the larger
part of the bill there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import asyncpg
import orjson
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from payflow.kernel import tracing

CONNECTIONS_MAX = (
    8  # per process, made when they are needed; more than run at once on a database's cores only wait for each other
)
ACQUIRE_S = 5.0  # a call that gets no connection in this time fails rather than queues for ever
CLOSE_S = 2.0


class Calls:
    """A pool of driver connections, opened by the first call."""

    def __init__(self, url: URL, *, server_settings: Mapping[str, str]) -> None:
        self._dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._server_settings = dict(server_settings)
        self._opening = asyncio.Lock()
        self._pool: asyncpg.Pool | None = None

    async def fetch(self, statement: str, *arguments: object) -> list[Any]:
        """The rows of one statement, committed. Raises DBAPIError and the pool's TimeoutError as SQLAlchemy does, and OSError."""
        with tracing.statement_span(statement):
            try:
                return await self._fetch(statement, *arguments)
            except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                raise DBAPIError(statement, None, error) from error
            except TimeoutError as error:
                raise PoolTimeout(f"no connection within {ACQUIRE_S:.0f} s") from error

    async def _fetch(self, statement: str, *arguments: object) -> list[Any]:
        """Over a connection that is good: one whose end the server has announced takes no statement, so nothing was sent over it."""
        pool = self._pool or await self._open()
        for _ in range(CONNECTIONS_MAX + 1):
            async with pool.acquire(timeout=ACQUIRE_S) as connection:
                try:
                    rows: list[Any] = await connection.fetch(statement, *arguments)
                    return rows
                except asyncpg.InternalClientError:
                    connection.terminate()
        raise asyncpg.ConnectionDoesNotExistError("the server ends every connection")

    async def close(self) -> None:
        """Let what runs finish for CLOSE_S. Idempotent."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), CLOSE_S)
            except TimeoutError:
                pool.terminate()

    async def _open(self) -> asyncpg.Pool:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._dsn,
                    min_size=0,
                    max_size=CONNECTIONS_MAX,
                    init=_set_up,
                    reset=_leave_as_it_is,
                    server_settings=self._server_settings,
                )
            return self._pool


async def _set_up(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=_to_jsonb, decoder=_from_jsonb, schema="pg_catalog", format="binary"
    )


def _to_jsonb(value: object) -> bytes:
    return b"\x01" + orjson.dumps(value)  # the version of jsonb's binary form


def _from_jsonb(value: bytes) -> Any:
    return orjson.loads(value[1:])


async def _leave_as_it_is(_: asyncpg.Connection) -> None:
    """A statement that commits by itself leaves nothing to reset, and asking the server to would be a second round trip."""
