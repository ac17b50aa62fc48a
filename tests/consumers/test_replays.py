"""Replays in the database: open until every partition of the topic has gone back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection

import pytest

from payflow.kernel.db import Database
from payflow.kernel.replays import ask_for, mark_rewound, open_replays
from subgraphs.rewards.tables import consuming
from tests.subgraphs.conftest import MakeSettings


@pytest.fixture
async def database(make_settings: MakeSettings) -> AsyncIterator[Database]:
    database = Database((await make_settings("rewards")).database_url("rewards"))
    yield database
    await database.close()


async def test_a_replay_is_open_until_all_partitions_have_gone_back(database: Database) -> None:
    """Also while it is not known how many there are: a member that has lost sight of the topic completes nothing."""
    async with database.unit_of_work() as work:
        await ask_for(work, consuming.replays, consumer="rewards", topic="t.v1", since=None)

    assert await rewound(database, {0}, of={0, 1}) == [{0}]
    assert await rewound(database, {0}, of=()) == [{0}]
    assert await rewound(database, {1}, of={0, 1}) == []


async def rewound(database: Database, partitions: Collection[int], *, of: Collection[int]) -> list[frozenset[int]]:
    """These have gone back; answers which have of each replay that is still open."""
    async with database.unit_of_work() as work:
        [replay] = await open_replays(work.connection, consuming.replays, consumer="rewards")
        await mark_rewound(work, consuming.replays, replay, partitions, of=of)
        return [each.rewound for each in await open_replays(work.connection, consuming.replays, consumer="rewards")]
