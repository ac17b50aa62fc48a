"""One transfer is one trace, from the client to the last consumer, and one id finds it in the logs of all who had a part in it."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Iterable

from tests.e2e.conftest import Platform
from tests.e2e.people import TRANSFER, People, key, usd
from tests.telemetry.collector import Collector, Seen

EVERYBODY = {"router", "transactions", "wallet", "users", "rewards-consumer", "notifications-consumer"}


async def test_a_transfer_is_one_trace(people: People, platform: Platform, collector: Collector) -> None:
    """The client's own trace goes on through router, services, outbox, broker and consumers, with nothing secret in it."""
    ada, bob = await people.person("ada", balance=100_00), await people.person("bob")
    trace_id, span_id, request_id = secrets.token_hex(16), secrets.token_hex(8), f"story-{secrets.token_hex(4)}"
    note = f"Lunch {secrets.token_hex(8)}"
    order = {
        "fromWalletId": ada.wallet_id,
        "to": {"handle": bob.handle},
        "amount": usd(25_00),
        "note": note,
        "idempotencyKey": key(),
    }

    headers = {
        "authorization": f"Bearer {ada.token}",
        "traceparent": f"00-{trace_id}-{span_id}-01",
        "x-request-id": request_id,
    }
    body = {"query": f"mutation Pay {TRANSFER.strip().removeprefix('mutation')}", "variables": {"input": order}}
    async with ada.api.http.post(f"{ada.api.url}/graphql", json=body, headers=headers) as response:
        assert (await response.json())["data"]["transfer"]["status"] == "COMPLETED"
    await ada.waits_for("TRANSFER_SENT", "REWARD_ISSUED")

    def ours() -> list[Seen]:
        return [span for span in collector.spans if span.trace_id == trace_id]

    def is_whole(_: Collector) -> bool:
        names = [(span.service, span.name) for span in ours()]
        return (
            {service for service, _ in names} >= EVERYBODY
            and ("notifications-consumer", "process rewards.v1") in names
            and _ancestors(ours())
            == {span_id}  # what is around a span ends later than it, and may come with a later batch
        )

    await asyncio.to_thread(collector.wait_for, is_whole)
    await asyncio.sleep(1.5)  # another batch of each, for those that ended last
    await asyncio.to_thread(collector.wait_for, is_whole)

    spans = ours()
    [request] = [span for span in spans if span.name == "POST /graphql" and span.service == "router"]
    assert request.parent_id == span_id
    assert request.kind == "server"
    assert request.attributes["graphql.operation.name"] == "Pay"
    assert request.attributes["graphql.operation.type"] == "mutation"
    assert _ancestors(spans) == {span_id}
    assert _chain(spans, "process rewards.v1") == [
        ("notifications-consumer", "process rewards.v1"),
        ("rewards-consumer", "create rewards.v1"),
        ("rewards-consumer", "process transfers.v1"),
        ("transactions", "create transfers.v1"),
        ("transactions", "POST /graphql"),
        ("router", "POST transactions"),
        ("router", "execute"),
        ("router", "POST /graphql"),
    ]
    told = json.dumps([span.attributes for span in spans])
    for secret in (note, ada.token, order["idempotencyKey"], bob.handle):
        assert str(secret) not in told

    for part in ("rewards-consumer", "notifications-consumer"):
        log = (platform.data_dir / "logs" / f"{part}.log").read_text().splitlines()
        lines = [json.loads(line) for line in log if request_id in line]
        assert {line["trace_id"] for line in lines if line["event"] == "event delivered"} == {trace_id}


def _ancestors(spans: Iterable[Seen]) -> set[str]:
    """The parents that nobody of them is: where the trace came from."""
    ids = {span.span_id for span in spans}
    return {span.parent_id for span in spans if span.parent_id not in ids}


def _chain(spans: Iterable[Seen], name: str) -> list[tuple[str, str]]:
    """A span and those around it, outwards."""
    by_id = {span.span_id: span for span in spans}
    at = next(span for span in spans if span.name == name)
    chain = [at]
    while (parent := by_id.get(chain[-1].parent_id)) is not None:
        chain.append(parent)
    return [(span.service, span.name) for span in chain]
