"""The database of a service: an engine, short read connections, and units of work that commit as one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from asyncpg import InternalClientError
from sqlalchemy import event, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from payflow.kernel import tracing
from payflow.kernel.calls import Calls
from payflow.kernel.errors import DependencyUnavailable, SettingsError

POOL_CONNECTIONS = 10  # per process; five services times ten stays under PostgreSQL's default of 100
POOL_OVERFLOW_MAX = (
    0  # a connection that is opened for a moment costs a hundred times the statement it is for: rather wait
)
POOL_WAIT_S = 5.0  # a request that gets no connection in this time fails rather than queues for ever
# The server ends what a bug would leave running: a lock wait, a statement, a transaction nobody finishes.
SESSION_LIMITS = {
    "lock_timeout": "2s",
    "statement_timeout": "5s",
    "idle_in_transaction_session_timeout": "5s",
}
_SESSION = {**SESSION_LIMITS, "timezone": "UTC"}

# Serialization failure, deadlock, lock not available: PostgreSQL has rolled back, and the same command may be sent again.
BUSY_STATES = frozenset({"40001", "40P01", "55P03"})
# Classes of states: a connection that broke, a server that stops or is not up yet, one with no connection left.
AWAY_STATES = ("08", "57P0", "53300")
BUSY_MESSAGE = "The database is too busy at the moment. Nothing has happened; send the same command again."


@dataclass(slots=True)
class UnitOfWork:
    """One transaction, opened and committed by a door (a mutation, an event handler, a worker)."""

    connection: AsyncConnection
    _after_commit: list[Callable[[], None]] = field(default_factory=list)

    async def call(self, statement: str, *arguments: object) -> list[Any]:
        """The rows of one statement such as `Database.call` runs, as part of this transaction. JSON goes in and comes out as text."""
        rows = await self.connection.exec_driver_sql(statement, arguments)
        return list(rows.mappings()) if rows.returns_rows else []

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` once the commit has succeeded; it must not block or raise."""
        self._after_commit.append(callback)

    def committed(self) -> None:
        """Run what waits for the commit."""
        for callback in self._after_commit:
            callback()


class Database:
    """A service's own PostgreSQL database, by URL (`postgresql://role:password@host/database`)."""

    def __init__(self, url: str) -> None:
        address = parse_database_url(url)
        self._engine = _create_engine(address)
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")  # the same connections
        self._calls = Calls(address, server_settings=_SESSION)
        tracing.watch_statements(self._engine.sync_engine)

    @asynccontextmanager
    async def unit_of_work(self) -> AsyncIterator[UnitOfWork]:
        """A transaction that commits when the block ends and rolls back when it raises.

        Raises DependencyUnavailable where the database is too busy for it; nothing has happened then.
        """
        try:
            async with self._engine.begin() as connection:
                work = UnitOfWork(connection)
                yield work
        except (DBAPIError, PoolTimeout) as error:
            if not _was_busy(error):
                raise
            raise DependencyUnavailable(BUSY_MESSAGE) from error
        work.committed()

    async def call(self, statement: str, *arguments: object) -> list[Any]:
        """The rows of one statement ($1, $2 … are its arguments), which commits by itself: one round trip, for hot paths.

        Raises as `unit_of_work` does.
        """
        try:
            return await self._calls.fetch(statement, *arguments)
        except (DBAPIError, PoolTimeout) as error:
            if not _was_busy(error):
                raise
            raise DependencyUnavailable(BUSY_MESSAGE) from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A short connection for reading: each statement is by itself, without the round trips of BEGIN and ROLLBACK around it.

        What one statement reads is consistent.
        """
        async with self._reading.connect() as connection:
            yield connection

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncConnection]:
        """A connection in autocommit mode to hold for long, e.g. for an advisory lock. Its loss is the lock's loss."""
        async with self._engine.connect() as connection:
            yield await connection.execution_options(isolation_level="AUTOCOMMIT")

    async def ping(self) -> None:
        """Raise where the database does not answer."""
        async with self.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._calls.close()
        await self._engine.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """For migrations and for tests that count statements."""
        return self._engine


def is_away(error: BaseException) -> bool:
    """Whether this says that the server cannot be reached, or has gone under a connection. What was being done may have happened."""
    if not isinstance(error, DBAPIError):
        return isinstance(error, OSError)
    return error.connection_invalidated or str(getattr(error.orig, "sqlstate", "")).startswith(AWAY_STATES)


def _was_busy(error: DBAPIError | PoolTimeout) -> bool:
    return isinstance(error, PoolTimeout) or getattr(error.orig, "sqlstate", None) in BUSY_STATES


def parse_database_url(url: str) -> URL:
    """The parts of a `postgresql://` URL. Raises SettingsError where it is none."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(
            "A database URL is not valid; give it as postgresql://role:password@host/database"
        ) from None
    if parsed.get_backend_name() != "postgresql":
        raise SettingsError(f"A database URL names {parsed.get_backend_name()}; only postgresql:// is supported")
    return parsed


def _create_engine(address: URL) -> AsyncEngine:
    engine = create_async_engine(
        address.set(drivername="postgresql+asyncpg"),
        pool_size=POOL_CONNECTIONS,
        max_overflow=POOL_OVERFLOW_MAX,
        pool_timeout=POOL_WAIT_S,
        hide_parameters=True,  # an error that is logged names the statement, and nobody's name, note or password
        connect_args={"server_settings": _SESSION},
    )
    event.listen(engine.sync_engine, "checkout", _refuse_closed)
    event.listen(engine.sync_engine, "handle_error", _tell_ending)
    return engine


def _refuse_closed(adapted: Any, _: object, __: object) -> None:
    """Have the pool connect anew where the server has closed a connection that waited: the driver knows, it need not be asked."""
    if adapted.driver_connection.is_closed():
        raise DisconnectionError("the server has closed this connection")


def _tell_ending(context: ExceptionContext) -> DBAPIError | None:
    """A connection whose end the server has announced, and which is still open, takes no statement: it is as good as closed."""
    ending = context.original_exception
    if not isinstance(ending, InternalClientError):
        return None
    context.is_disconnect = True
    return DBAPIError(context.statement, None, ending, connection_invalidated=True)


@asynccontextmanager
async def counting_statements(engine: AsyncEngine) -> AsyncIterator[list[str]]:
    """Collect the SQL that runs inside the block: how tests show that N entities cost one query."""
    statements: list[str] = []

    def record(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", record)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", record)
