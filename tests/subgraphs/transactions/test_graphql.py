"""Transfers through the real application of the transactions service, with fake neighbours."""

from __future__ import annotations

import asyncio
from unittest import mock
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer

from payflow.kernel.db import Database, counting_statements
from payflow.kernel.hints import MemoryHints
from payflow.kernel.tokens import Principal
from subgraphs.transactions.app import create_app
from subgraphs.transactions.context import Context
from subgraphs.transactions.domain import Step
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.loaders import make_loaders
from subgraphs.transactions.schema import schema
from tests.subgraphs.conftest import MakeSettings
from tests.subgraphs.harness import Keys
from tests.subgraphs.transactions.stage import MINE, TRANSFER, WATCH, Stage, staged
from tests.subgraphs.transactions.world import BALANCE


async def test_transfer_by_wallet_id(stage: Stage) -> None:
    """The answer is the completed transfer with both steps of its saga."""
    sent = await stage.send(2_500, note="Lunch")

    assert (sent["__typename"], sent["status"], sent["failureCode"]) == ("Transfer", "COMPLETED", None)
    assert sent["from"] == {"id": str(stage.world.ada_wallet.id)}
    assert sent["to"] == {"id": str(stage.world.bob_wallet.id)}
    assert sent["amount"] == {"amount": 2_500, "currency": "USD", "formatted": "$25.00"}
    assert sent["note"] == "Lunch"
    assert sent["completedAt"] >= sent["createdAt"]
    assert [(step["name"], step["status"], step["attempts"], step["error"]) for step in sent["steps"]] == [
        ("HOLD", "DONE", 1, None),
        ("CAPTURE", "DONE", 1, None),
    ]
    assert stage.world.balances == (BALANCE - 2_500, 0, 2_500)


async def test_transfer_by_handle(stage: Stage) -> None:
    """A handle does as well as a wallet."""
    sent = await stage.send(to={"handle": "bob"})

    assert (sent["status"], sent["to"]["id"]) == ("COMPLETED", str(stage.world.bob_wallet.id))


async def test_refusals_arrive_as_union_members(stage: Stage) -> None:
    """Every refusal is data, with a sentence and what belongs to it."""
    used = uuid4().hex
    await stage.send(1, idempotencyKey=used)
    members = {
        "WalletNotFound": await stage.send(fromWalletId=str(stage.world.bob_wallet.id)),
        "RecipientNotFound": await stage.send(to={"handle": "nobody"}),
        "SameWallet": await stage.send(to={"walletId": str(stage.world.ada_wallet.id)}),
        "CurrencyMismatch": await stage.send(amount={"amount": 5, "currency": "EUR"}),
        "IdempotencyConflict": await stage.send(2, idempotencyKey=used),
        "InvalidInput": await stage.send(0),
        "InsufficientFunds": await stage.send(BALANCE),
    }

    assert {name: member["__typename"] for name, member in members.items()} == {name: name for name in members}
    assert all(member["message"] for member in members.values())
    assert members["InvalidInput"]["field"] == "amount"
    assert members["InsufficientFunds"]["available"] == {"amount": BALANCE - 1}
    assert members["InsufficientFunds"]["requested"] == {"amount": BALANCE}


@pytest.mark.parametrize("code", ["INSUFFICIENT_FUNDS", "WALLET_FROZEN"])
async def test_what_is_in_a_wallet_only_its_owner_is_told(stage: Stage, code: str) -> None:
    """That a payment failed both may see; that the payer had too little, or is frozen, is told to the payer and to our services."""
    if code == "WALLET_FROZEN":
        stage.world.bank.frozen.add(stage.world.ada_wallet.id)
    await stage.send(BALANCE + 1)
    transfer_id = str((await stage.world.only_transfer()).id)
    query = (
        "query ($r: [_Any!]!) { _entities(representations: $r) {"
        " ... on Transfer { status failureCode steps { name status error } } } }"
    )
    reference = {"r": [{"__typename": "Transfer", "id": transfer_id}]}

    async def seen_by(token: str) -> tuple[str, str | None, str | None]:
        (transfer,) = (await stage.client.data(query, reference, token=token))["_entities"]
        (step,) = transfer["steps"]
        assert step["status"] == "FAILED"
        return transfer["status"], transfer["failureCode"], step["error"]

    assert await seen_by(stage.ada) == await seen_by(stage.service) == ("FAILED", code, code)
    assert await seen_by(stage.bob) == ("FAILED", None, None)


async def test_a_repeat_moves_nothing(stage: Stage) -> None:
    """The same mutation sent twice at once is one transfer, refusals included."""
    key = uuid4().hex
    first, second = await asyncio.gather(stage.send(idempotencyKey=key), stage.send(idempotencyKey=key))
    poor = [await stage.send(BALANCE, idempotencyKey="poor") for _ in range(2)]

    assert first == second
    assert stage.world.balances == (BALANCE - 2_500, 0, 2_500)
    assert poor[0] == poor[1]
    assert poor[0]["__typename"] == "InsufficientFunds"


async def test_the_recipient_is_exactly_one_of_the_two(stage: Stage) -> None:
    """Both or neither is an error of the request, before anything happens."""
    for to in ({}, {"handle": "bob", "walletId": str(stage.world.bob_wallet.id)}, {"handle": None}):
        fields = {
            "fromWalletId": str(stage.world.ada_wallet.id),
            "to": to,
            "amount": {"amount": 1, "currency": "USD"},
            "idempotencyKey": "k",
        }
        answer = await stage.client.execute(TRANSFER, {"input": fields}, token=stage.ada)
        assert answer["errors"]
        assert not answer.get("data")
    assert stage.world.network.calls == []


async def test_only_the_parties_and_services_see_a_transfer(stage: Stage) -> None:
    """By root field and as an entity: for payer and payee, as an entity for services, for nobody else."""
    transfer_id = (await stage.send(note="Secret"))["id"]
    query = "query ($id: ID!) { transfer(id: $id) { note } }"

    for token, sees in ((stage.ada, True), (stage.bob, True), (stage.eve, False)):
        expected = {"note": "Secret"} if sees else None
        assert (await stage.client.data(query, {"id": transfer_id}, token=token))["transfer"] == expected
        assert (await stage.entity(transfer_id, token)) == ({"id": transfer_id, "note": "Secret"} if sees else None)
    assert await stage.entity(transfer_id, stage.service) is not None
    assert await stage.entity(transfer_id, None) is None
    assert await stage.entity("nonsense", stage.ada) is None
    assert (await stage.client.data(query, {"id": str(uuid4())}, token=stage.ada))["transfer"] is None


async def test_nobody_is_turned_away(stage: Stage) -> None:
    """Without a token neither the query nor the mutation nor the subscription answers."""
    query = "query ($id: ID!) { transfer(id: $id) { note } }"
    fields = {
        "fromWalletId": "w",
        "to": {"handle": "bob"},
        "amount": {"amount": 1, "currency": "USD"},
        "idempotencyKey": "k",
    }

    for document, variables in ((query, {"id": str(uuid4())}), (TRANSFER, {"input": fields})):
        answer = await stage.client.execute(document, variables)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    async with stage.client.subscribe(WATCH, {"id": str(uuid4())}) as subscription:
        event = await subscription.next()
        assert event is not None
        assert event["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_pages_of_ones_own_transfers(stage: Stage) -> None:
    """Newest first, page by page, by status; to anybody else the connection is empty."""
    sent = [(await stage.send(10))["id"] for _ in range(5)]
    await stage.send(BALANCE)
    newest_first = sent[::-1]

    first = await stage.mine(stage.ada, first=2, status=["COMPLETED"])
    second = await stage.mine(stage.ada, first=9, after=first["pageInfo"]["endCursor"], status=["COMPLETED"])
    failed = await stage.mine(stage.ada, status=["FAILED", "PENDING"])
    everything = await stage.mine(stage.ada, first=None)

    assert [edge["node"]["id"] for edge in first["edges"]] == newest_first[:2]
    assert first["pageInfo"]["hasNextPage"]
    assert [edge["node"]["id"] for edge in second["edges"]] == newest_first[2:]
    assert second["pageInfo"]["hasPreviousPage"]
    assert not second["pageInfo"]["hasNextPage"]
    assert [edge["node"]["status"] for edge in failed["edges"]] == ["FAILED"]
    assert len(everything["edges"]) == 6
    for token in (stage.bob, stage.eve, stage.service):
        assert (await stage.mine(token))["edges"] == []


async def test_a_bad_page_is_named(stage: Stage) -> None:
    """A cursor that is none of ours, and a page that is too large, are errors with a way out."""
    for variables in ({"after": "nonsense"}, {"after": "bm8gaWQ"}, {"first": 101}, {"first": 0}):
        answer = await stage.client.execute(
            MINE, {"user": str(stage.world.ada), "first": 5, **variables}, token=stage.ada
        )
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_entities_cost_one_statement_each(stage: Stage) -> None:
    """However many references: one statement for the transfers, one for all their steps, one for a page asked for twice."""
    ids = [(await stage.send(10))["id"] for _ in range(5)]
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
    references = [{"__typename": "Transfer", "id": each} for each in ids]
    references += [{"__typename": "User", "id": str(world.ada)} for _ in range(3)]
    references += [{"__typename": "User", "id": str(uuid4())} for _ in range(20)]
    query = """query ($r: [_Any!]!) { _entities(representations: $r) {
      ... on Transfer { steps { name } } ... on User { transfers { edges { cursor } } } } }"""

    async with counting_statements(world.database.engine) as statements:
        result = await schema.execute(query, {"r": references}, context_value=context)

    assert result.errors is None
    assert result.data is not None
    assert [len(entity["steps"]) for entity in result.data["_entities"][:5]] == [2] * 5
    assert [len(entity["transfers"]["edges"]) for entity in result.data["_entities"][5:9]] == [5, 5, 5, 0]
    selects = [statement for statement in statements if "FROM transfer" in statement or "FROM (SELECT" in statement]
    assert len(selects) == 3, selects


async def test_a_transfer_is_followed_to_its_end(stage: Stage) -> None:
    """transferUpdated tells the state now, then each change, then completes; for payer and payee alike."""
    network = stage.world.network
    network.disturb(Step.CAPTURE, Fault.HANG_BEFORE)
    sending = asyncio.create_task(stage.send())
    while Step.CAPTURE not in network.calls:
        await asyncio.sleep(0.01)
    network.down = True
    transfer_id = str((await stage.world.only_transfer()).id)

    async with stage.client.subscribe(WATCH, {"id": transfer_id}, token=stage.bob) as subscription:
        seen = []
        while (event := await subscription.next()) is not None:
            seen.append(event["data"]["transferUpdated"])
            network.down = len(seen) < 2

    await sending
    assert seen[0]["status"] == "PENDING"
    assert seen[0]["steps"] == [{"name": "HOLD", "status": "DONE"}, {"name": "CAPTURE", "status": "RUNNING"}]
    assert [each["status"] for each in seen[:-1]] == ["PENDING"] * (len(seen) - 1)
    assert len(seen) > 2
    assert seen[-1]["status"] == "COMPLETED"
    assert seen[-1]["steps"][1] == {"name": "CAPTURE", "status": "DONE"}


async def test_an_ended_transfer_is_told_once(stage: Stage) -> None:
    """Who subscribes too late gets the end, and the subscription completes at once."""
    sent = await stage.send()

    async with stage.client.subscribe(WATCH, {"id": sent["id"]}, token=stage.ada) as subscription:
        event = await subscription.next()
        assert event is not None
        assert event["data"]["transferUpdated"]["status"] == "COMPLETED"
        assert await subscription.next() is None


async def test_strangers_follow_nothing(stage: Stage) -> None:
    """A transfer of others, and one that does not exist, are refused alike."""
    transfer_id = (await stage.send())["id"]
    answers = []

    for wanted in (transfer_id, str(uuid4()), "nonsense"):
        async with stage.client.subscribe(WATCH, {"id": wanted}, token=stage.eve) as subscription:
            event = await subscription.next()
            assert event is not None
            answers.append([(error["message"], error["extensions"]["code"]) for error in event["errors"]])

    assert answers[0] == answers[1] == answers[2] == [("There is no such transfer of yours.", "FORBIDDEN")]


async def test_the_end_reaches_the_broker(make_settings: MakeSettings, keys: Keys, kafka_bootstrap: str) -> None:
    """The relay in the service's own process publishes the event, keyed by the transfer."""
    settings = await make_settings(
        "transactions", kafka_bootstrap_servers=kafka_bootstrap, kafka_enable_idempotence=False
    )
    async with staged(settings, keys, hints=MemoryHints()) as stage:
        transfer_id = (await stage.send())["id"]
        consumer = AIOKafkaConsumer(bootstrap_servers=kafka_bootstrap, auto_offset_reset="earliest")
        await published(stage.world.database)
        await consumer.start()
        try:
            await consumer.topics()
            consumer.subscribe(["transfers.v1"])
            async with asyncio.timeout(20):
                while (message := await consumer.getone()).key != transfer_id.encode():
                    pass
        finally:
            await consumer.stop()

    assert b"transfer.completed.v1" in message.value


async def published(database: Database) -> None:
    """Wait until the outbox has nothing to publish."""
    from subgraphs.transactions.tables import make_outbox

    async with asyncio.timeout(20):
        while True:
            async with database.read() as connection:
                if not await make_outbox().count_pending(connection):
                    return
            await asyncio.sleep(0.05)


async def test_without_broker_and_redis_money_still_moves(make_settings: MakeSettings, keys: Keys) -> None:
    """Both are away from the start: the service starts, transfers complete, the event waits in the outbox."""
    settings = await make_settings(
        "transactions", kafka_bootstrap_servers="127.0.0.1:1", redis_url="redis://127.0.0.1:1/0"
    )
    async with staged(settings, keys, hints=None) as stage:
        sent = await stage.send()
        status, _ = await stage.client.get("/ready")
        waiting = await stage.world.events()

    assert (sent["status"], status) == ("COMPLETED", 200)
    assert [event["type"] for event in waiting] == ["transfer.completed.v1"]


async def test_a_missing_service_key_is_said_at_start(make_settings: MakeSettings) -> None:
    """Without its key the service cannot ask the wallet, so it does not start."""
    from payflow.kernel.errors import SettingsError

    settings = await make_settings("transactions", service_key_file=None)

    with pytest.raises(SettingsError, match="PAYFLOW_SERVICE_KEY_FILE"):
        create_app(settings)
