"""What the databases say, read as their superuser: all that the checker compares the intents with."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from payflow.dev.folders import Folders
from payflow.dev.passwords import load_or_make_passwords
from payflow.dev.postgres import PostgresServer
from payflow.dev.roles import database_name
from payflow.kernel.ids import derived_id
from tests.chaos.broker import events_at_broker

ENDED = frozenset({"COMPLETED", "FAILED"})
REVIEW = "REVIEW"
MOVES_OF_SAGAS = ("CAPTURE", "REFUND")  # the journals that move the money of a payment, and of a refund


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Of a person (USER) or of the system (EXTERNAL, REWARDS)."""

    id: str
    kind: str
    currency: str
    posted: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """A movement: what it changed on each account."""

    id: str
    kind: str
    transfer_id: str | None
    amount: int
    posted: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A payment or a refund, and where its saga stands."""

    id: str
    kind: str
    payer_id: str
    payee_id: str
    from_wallet_id: str
    to_wallet_id: str
    amount: int
    currency: str
    state: str
    hold_id: str
    refund_of: str | None = None
    refunded: int = 0

    @property
    def journal_kind(self) -> str:
        """What moves its money."""
        return MOVES_OF_SAGAS[self.refund_of is not None]

    @property
    def payment_id(self) -> str:
        """What its journals are filed under."""
        return self.refund_of or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What a service has told, or is about to."""

    id: str
    type: str
    topic: str
    data: Mapping[str, Any]
    published: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Of a transfer, to who paid it."""

    id: str
    transfer_id: str
    user_id: str
    wallet_id: str
    amount: int
    status: str
    clawed_back: int = 0
    refunded_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClawBack:
    """What a refund made undue of a reward, and what of that was taken, in how many rounds."""

    reward_id: str
    refund_id: str
    transfer_id: str
    user_id: str
    amount: int
    taken: int
    round: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What somebody was told."""

    reader_id: str
    kind: str
    transfer_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything at one time. Read it when nothing moves any more: databases and broker have no common snapshot.

    `open_holds` are ids, `at_broker` those of the events in the broker's logs; `campaigns` the currencies that rewards are paid in.
    """

    accounts: list[Account] = field(default_factory=list)
    journals: list[Journal] = field(default_factory=list)
    open_holds: list[str] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    at_broker: frozenset[str] = frozenset()
    campaigns: frozenset[str] = frozenset()
    rewards: list[Reward] = field(default_factory=list)
    clawbacks: list[ClawBack] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    dead_letters: list[str] = field(default_factory=list)


async def read_facts(folders: Folders, *, broker_port: int) -> Facts:
    """From the platform in these folders. Raises asyncpg's errors, KafkaError, OSError and TimeoutError where a server is away."""
    wallet, transactions, rewards, notifications = await asyncio.gather(
        _read(folders, "wallet", _WALLET),
        _read(folders, "transactions", _TRANSACTIONS),
        _read(folders, "rewards", _REWARDS),
        _read(folders, "notifications", _NOTIFICATIONS),
    )
    events = [_event(row) for row in [*transactions["events"], *rewards["events"]]]
    return Facts(
        accounts=[Account(**row) for row in wallet["accounts"]],
        journals=_journals(wallet["lines"]),
        open_holds=[row["id"] for row in wallet["open_holds"]],
        transfers=[_transfer(row) for row in transactions["transfers"]],
        events=events,
        at_broker=await events_at_broker(
            broker_port, {event.topic for event in events}, published={event.id for event in events if event.published}
        ),
        campaigns=frozenset(row["currency"] for row in rewards["campaigns"]),
        rewards=[Reward(**row) for row in rewards["rewards"]],
        clawbacks=[ClawBack(**row) for row in rewards["clawbacks"]],
        notifications=[Notification(**row) for row in notifications["notifications"]],
        dead_letters=[row["reason"] for row in [*rewards["dead_letters"], *notifications["dead_letters"]]],
    )


_EVENTS = """SELECT event_id AS id, topic, value, false AS published FROM outbox
              UNION ALL
             SELECT event_id, topic, value, pos <= coalesce((SELECT min(pos) FROM sink_cursor), 0) FROM event_log"""
_DEAD_LETTERS = "SELECT concat(consumer, ': ', reason) AS reason FROM dead_letters"
_WALLET = {
    "accounts": "SELECT id, kind, currency, posted, held FROM account",
    "lines": """SELECT journal.id, kind, transfer_id, amount, account_id, delta_posted
                  FROM journal JOIN entry ON entry.journal_id = journal.id""",
    "open_holds": "SELECT id FROM hold WHERE captured + released < amount",
}
_TRANSACTIONS = {
    "transfers": """SELECT id, kind, payer_id, payee_id, from_wallet_id, to_wallet_id, amount, currency, state, refund_of, refunded
                      FROM transfers""",
    "events": _EVENTS,
}
_REWARDS = {
    "campaigns": "SELECT currency FROM campaigns WHERE ended_at IS NULL",
    "rewards": "SELECT id, transfer_id, user_id, wallet_id, amount, refunded_before, clawed_back, status FROM rewards",
    "clawbacks": """SELECT reward_id, refund_id, clawbacks.amount, taken, clawbacks.round, state, transfer_id, rewards.user_id
                      FROM clawbacks JOIN rewards ON rewards.id = reward_id""",
    "events": _EVENTS,
    "dead_letters": _DEAD_LETTERS,
}
_NOTIFICATIONS = {
    "notifications": "SELECT reader_id, kind, transfer_id FROM notifications",
    "dead_letters": _DEAD_LETTERS,
}


async def _read(folders: Folders, service: str, queries: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The rows of each query, from one snapshot of a service's database; ids as text."""
    passwords = load_or_make_passwords(folders.secrets)
    server = PostgresServer(folders.postgres, folders.socket_folder("postgres"), passwords.postgres)
    connection = await asyncpg.connect(server.url(database_name(service)))
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return {
                name: [{key: _plain(value) for key, value in row.items()} for row in await connection.fetch(query)]
                for name, query in queries.items()
            }
    finally:
        await connection.close()


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _transfer(row: dict[str, Any]) -> Transfer:
    return Transfer(**row, hold_id=str(derived_id(UUID(row["id"]), "HOLD")))


def _journals(lines: list[dict[str, Any]]) -> list[Journal]:
    posted: defaultdict[str, dict[str, int]] = defaultdict(dict)
    heads = {}
    for line in lines:
        heads[line["id"]] = line
        posted[line["id"]][line["account_id"]] = line["delta_posted"]
    return [
        Journal(id=key, kind=line["kind"], transfer_id=line["transfer_id"], amount=line["amount"], posted=posted[key])
        for key, line in heads.items()
    ]


def _event(row: dict[str, Any]) -> Event:
    value = json.loads(row["value"])
    return Event(id=row["id"], type=value["type"], topic=row["topic"], data=value["data"], published=row["published"])
