"""What was told of a transfer, and how far that has come, as its parties may look it up."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any
from unittest import mock

from payflow.kernel.db import counting_statements
from payflow.kernel.hints import MemoryHints
from payflow.kernel.tokens import Principal
from subgraphs.transactions.context import Context
from subgraphs.transactions.loaders import make_loaders
from subgraphs.transactions.schema import schema
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.transactions.stage import Stage, staged

EVENTS = """
query ($id: ID!) {
  transfer(id: $id) {
    events { id type topic recordedAt sequencedAt position published publishedAt partition offset }
    refunds { events { id type } }
  }
}
"""


async def events_of(stage: Stage, transfer_id: str, token: str | None = None) -> Any:
    """The events of a transfer as one of its parties sees them, Ada unless said otherwise; None where there is no transfer."""
    transfer = (await stage.client.data(EVENTS, {"id": transfer_id}, token=token or stage.ada))["transfer"]
    return transfer and transfer["events"]


async def test_an_event_is_seen_before_it_is_published(make_settings: MakeSettings, keys: Keys) -> None:
    """From the commit that made it true, though no broker is there; to the two parties alone."""
    settings = await make_settings("transactions", kafka_bootstrap_servers="127.0.0.1:1")
    async with staged(settings, keys, hints=MemoryHints()) as stage:
        transfer_id = (await stage.send())["id"]
        [event] = await events_of(stage, transfer_id)

        assert (event["type"], event["topic"]) == ("transfer.completed.v1", "transfers.v1")
        assert datetime.fromisoformat(event["recordedAt"]).tzinfo is not None
        assert (event["published"], event["publishedAt"], event["partition"], event["offset"]) == (
            False,
            None,
            None,
            None,
        )
        assert [each["id"] for each in await events_of(stage, transfer_id, stage.bob)] == [event["id"]]
        assert await events_of(stage, transfer_id, stage.eve) is None


async def test_a_published_event_says_where_it_stands(
    make_settings: MakeSettings, keys: Keys, kafka_bootstrap: str
) -> None:
    """Its position in the log, its partition and its offset; each stage after the one before it."""
    settings = await make_settings(
        "transactions", kafka_bootstrap_servers=kafka_bootstrap, kafka_enable_idempotence=False
    )
    async with staged(settings, keys, hints=MemoryHints()) as stage:
        transfer_id = (await stage.send())["id"]
        async with asyncio.timeout(30):
            while not (event := (await events_of(stage, transfer_id))[0])["published"]:
                await asyncio.sleep(0.05)

    times = [datetime.fromisoformat(event[name]) for name in ("recordedAt", "sequencedAt", "publishedAt")]
    assert times == sorted(times)
    assert int(event["position"]) >= 1
    assert event["partition"] in range(12)
    assert int(event["offset"]) >= 0


async def test_a_refund_is_told_of_its_payment(stage: Stage) -> None:
    """The payment's events have it; the refund's own are those that are about it."""
    transfer_id = (await stage.send(2_500))["id"]
    for minor_units in (500, 700):
        await stage.refund(transfer_id, minor_units)
    payment = (await stage.client.data(EVENTS, {"id": transfer_id}, token=stage.ada))["transfer"]

    assert [event["type"] for event in payment["events"]] == [
        "transfer.completed.v1",
        "transfer.refunded.v1",
        "transfer.refunded.v1",
    ]
    told = [event["id"] for event in payment["events"]]
    assert [[event["id"] for event in refund["events"]] for refund in payment["refunds"]] == [[told[2]], [told[1]]]


async def test_a_failed_transfer_is_told_too(stage: Stage) -> None:
    """That nothing moved is an event like any other."""
    sent = await stage.send(10**9)
    failed = (await stage.mine(stage.ada, status=["FAILED"]))["edges"]

    assert sent["__typename"] == "InsufficientFunds"
    assert [event["type"] for event in await events_of(stage, failed[0]["node"]["id"])] == ["transfer.failed.v1"]


async def test_events_of_many_transfers_cost_one_statement(stage: Stage) -> None:
    """However many transfers a page shows."""
    ids = [(await stage.send(10))["id"] for _ in range(4)]
    world = stage.world
    context = Context(
        principal=Principal("user", str(world.ada)),
        database=world.database,
        hints=world.hints,
        loaders=make_loaders(world.database),
        transfers=mock.sentinel.unused,
        refunds=mock.sentinel.unused,
        requests=mock.sentinel.unused,
    )
    query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Transfer { events { type } } } }"
    references = [{"__typename": "Transfer", "id": each} for each in ids]

    async with counting_statements(world.database.engine) as statements:
        result = await schema.execute(query, {"r": references}, context_value=context)

    assert result.errors is None
    assert result.data is not None
    assert [len(entity["events"]) for entity in result.data["_entities"]] == [1] * 4
    assert len([statement for statement in statements if "event_log" in statement and "unnest(" in statement]) == 1
