"""One Loader per key: N representations cost one query.

Loaders batch and do not cache: a context may be a WebSocket connection's, which lives for hours while transfers change.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from payflow.gql.loader import Loader
from payflow.kernel import event_log
from payflow.kernel.db import Database
from payflow.kernel.event_log import Passage
from payflow.kernel.ids import parse_id
from subgraphs.transactions import refunds_store, requests_store, store
from subgraphs.transactions.domain import SagaStep, Transfer
from subgraphs.transactions.requests import PaymentRequest
from subgraphs.transactions.requests_store import RequestsQuery
from subgraphs.transactions.store import TransfersQuery


@dataclass(frozen=True, slots=True)
class Loaders:
    """Batch what is asked at once, and remember nothing: a WebSocket keeps its context, and so these, for long."""

    transfer_by_id: Loader[str, Transfer | None]
    steps_by_transfer: Loader[UUID, list[SagaStep]]
    transfers_of_user: Loader[TransfersQuery, list[Transfer]]
    refunds_of_payment: Loader[UUID, list[Transfer]]
    request_by_id: Loader[str, PaymentRequest | None]
    requests_of_user: Loader[RequestsQuery, list[PaymentRequest]]
    events_by_transfer: Loader[UUID, list[Passage]]


def make_loaders(database: Database) -> Loaders:
    async def by_id(ids: list[str]) -> list[Transfer | None]:
        parsed = {text: parse_id(text) for text in ids}
        async with database.read() as connection:
            found = await store.by_ids(connection, [key for key in parsed.values() if key])
        return [found.get(key) if (key := parsed[text]) else None for text in ids]

    async def steps(ids: list[UUID]) -> list[list[SagaStep]]:
        async with database.read() as connection:
            found = await store.steps_of(connection, ids)
        return [found.get(key, []) for key in ids]

    async def of_user(queries: list[TransfersQuery]) -> list[list[Transfer]]:
        # The user is always the reader, so what differs is the page; equal pages are read once.
        async with database.read() as connection:
            found = {query: await store.of_user(connection, query) for query in dict.fromkeys(queries)}
        return [found[query] for query in queries]

    async def refunds(ids: list[UUID]) -> list[list[Transfer]]:
        async with database.read() as connection:
            found = await refunds_store.of_payments(connection, ids)
        return [found.get(key, []) for key in ids]

    async def requests_by_id(ids: list[str]) -> list[PaymentRequest | None]:
        parsed = {text: parse_id(text) for text in ids}
        async with database.read() as connection:
            found = await requests_store.by_ids(connection, [key for key in parsed.values() if key])
        return [found.get(key) if (key := parsed[text]) else None for text in ids]

    async def requests_of_user(queries: list[RequestsQuery]) -> list[list[PaymentRequest]]:
        async with database.read() as connection:
            found = {query: await requests_store.of_user(connection, query) for query in dict.fromkeys(queries)}
        return [found[query] for query in queries]

    async def events(ids: list[UUID]) -> list[list[Passage]]:
        async with database.read() as connection:
            found = await event_log.passages_of(connection, {str(key) for key in ids})
        return [found.get(str(key), []) for key in ids]

    return Loaders(
        transfer_by_id=Loader(by_id, cache=False),
        steps_by_transfer=Loader(steps, cache=False),
        transfers_of_user=Loader(of_user, cache=False),
        refunds_of_payment=Loader(refunds, cache=False),
        request_by_id=Loader(requests_by_id, cache=False),
        requests_of_user=Loader(requests_of_user, cache=False),
        events_by_transfer=Loader(events, cache=False),
    )
