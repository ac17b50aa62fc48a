"""An outbox of before there was an event log is carried over: what was published stays so, what was not is still to be published."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from consumers.memory import MemoryBroker, MemoryPublisher
from payflow.dev.testing import MakeDatabase
from payflow.kernel.db import Database
from payflow.kernel.event_log import passages
from payflow.kernel.outbox import Outbox, outbox_table
from payflow.kernel.relay import Relay
from tests.subgraphs.conftest import REPOSITORY

REVISIONS = {"users": ("0003", "0004"), "transactions": ("0003", "0004"), "rewards": ("0002", "0003")}
Move = Callable[[Config, str], None]
# As the broker has acknowledged them: c overtook b, which was committed late and is not published yet; e neither.
SEED = """
INSERT INTO outbox (event_id, topic, key, value, published_at, partition, "offset") VALUES
    (gen_random_uuid(), 't.v1', 'k', '{"name": "a"}', '2026-01-01', 3, 0),
    (gen_random_uuid(), 't.v1', 'late', '{"name": "b"}', NULL, NULL, NULL),
    (gen_random_uuid(), 't.v1', 'k', '{"name": "c"}', '2026-01-02', 3, 1),
    (gen_random_uuid(), 't.v1', 'other', '{"name": "d"}', '2026-01-03', 7, 0),
    (gen_random_uuid(), 't.v1', 'k', '{"name": "e"}', NULL, NULL, NULL)
"""


async def seeded(service: str, url: str) -> None:
    """A database of the revision before, with events, brought to the revision after."""
    before, after = REVISIONS[service]
    await moved(service, url, to=before)
    await execute(url, SEED)
    await moved(service, url, to=after)


async def moved(service: str, url: str, *, to: str, move: Move = command.upgrade) -> None:
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "payflow" / "kernel" / "migrations"))
    config.set_main_option("version_locations", str(REPOSITORY / "subgraphs" / service / "migrations"))
    config.set_main_option("path_separator", "newline")

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        move(config, to)

    database = Database(url)
    async with database.engine.begin() as connection:
        await connection.run_sync(run)
    await database.close()


async def execute(url: str, statements: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statements)
    await connection.close()


@pytest.mark.parametrize("service", REVISIONS)
async def test_an_outbox_is_carried_over(service: str, make_database: MakeDatabase) -> None:
    """The published are in the log in the order of their ids, with the cursor behind them; the others follow by themselves."""
    url = await make_database(service)
    await seeded(service, url)
    database, broker = Database(url), MemoryBroker()
    outbox = Outbox(outbox_table(MetaData()))
    relay = Relay(service=service, database=database, outbox=outbox, publisher=MemoryPublisher(broker))
    try:
        async with database.read() as connection:
            assert await outbox.count_pending(connection) == 2
            found = await passages(connection, "k")
            assert [(each.pos, each.partition, each.offset, each.is_published) for each in found] == [
                (1, 3, 0, True),
                (2, 3, 1, True),
                (None, None, None, False),
            ]
        async with database.session() as session:
            assert await relay.sequencer.sequence_batch(session) == 2
        cursor = await relay.sink.lead()
        assert (cursor.pos, cursor.marks) == (3, {("t.v1", 3): (1, 2), ("t.v1", 7): (0, 3)})

        cursor = await relay.sink.check(cursor)  # this broker has none of it: it is another one
        assert cursor.pos == 0
        assert (await relay.sink.publish_batch(cursor)).pos == 5
        assert sum(broker.end_offsets("t.v1").values()) == 5
    finally:
        await database.close()


@pytest.mark.parametrize("service", REVISIONS)
async def test_the_way_back_keeps_every_event(service: str, make_database: MakeDatabase) -> None:
    """Downgraded, the outbox has all of them again, published or not, in their order; and up again nothing is missing."""
    url = await make_database(service)
    await seeded(service, url)
    before, after = REVISIONS[service]
    await moved(service, url, to=before, move=command.downgrade)
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(
        """SELECT value ->> 'name' AS name, published_at IS NOT NULL AS published, partition, "offset" FROM outbox ORDER BY id"""
    )
    await connection.close()

    assert [tuple(row) for row in rows] == [
        ("a", True, 3, 0),
        ("c", True, 3, 1),
        ("d", True, 7, 0),
        ("b", False, None, None),
        ("e", False, None, None),
    ]
    await moved(service, url, to=after)
