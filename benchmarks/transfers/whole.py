"""Whole transfers: through the router to the payee's balance, the reward and everybody's notifications."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass

import asyncpg
import orjson

from benchmarks.transfers.load import Answered, Load
from benchmarks.transfers.people import make_people, transfers_between
from benchmarks.transfers.platform import Platform

SETTLE_POLL_S = 0.1
SETTLE_MAX_S = 120.0


class WrongAnswer(Exception):
    """A transfer that was refused or failed."""


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How long and by how many."""

    people: int = 100
    clients: int = 32
    warm_up_s: float = 8.0
    closed_s: float = 20.0
    open_s: float = 20.0


class Answers:
    """Looks at each answer, and counts those that came before the end of their transfer."""

    def __init__(self) -> None:
        self.pending = 0

    def take(self, answer: bytes) -> None:
        """Raises WrongAnswer."""
        match (orjson.loads(answer).get("data") or {}).get("transfer"):
            case {"status": "COMPLETED"}:
                return
            case {"status": "PENDING"}:
                self.pending += 1
            case _:
                raise WrongAnswer(answer.decode(errors="replace")[:500])


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One load. `pending` were answered before their end; `settled_s` after the load the last reward and notification were there."""

    answered: Answered
    pending: int
    settled_s: float
    cpu_ms: Mapping[str, float]  # a transfer, by part, everything that follows from it included


@dataclass(frozen=True, kw_only=True)
class Whole:
    """Throughput, and latency at half of it."""

    closed: Measured
    half: Measured


async def measure_whole(platform: Platform, effort: Effort) -> Whole:
    """Raises WrongAnswer where a transfer does not complete."""
    people = await make_people(f"http://127.0.0.1:{platform.port}/graphql", effort.people)
    answers = Answers()
    load = Load(platform.port, transfers_between(people, platform.port), answers.take)
    await load.closed(clients=effort.clients, seconds=effort.warm_up_s)
    await _all_settled(platform)
    closed = await _measured(platform, answers, load.closed(clients=effort.clients, seconds=effort.closed_s))
    half_load = load.open(per_second=closed.answered.per_second / 2, seconds=effort.open_s)
    half = await _measured(platform, answers, half_load)
    return Whole(closed=closed, half=half)


async def _measured(platform: Platform, answers: Answers, running: Awaitable[Answered]) -> Measured:
    answers.pending, before = 0, platform.cpu_seconds()
    answered = await running
    settled_s = await _all_settled(platform)
    used = platform.cpu_seconds()
    cpu_ms = {part: (used[part] - before[part]) / answered.requests * 1e3 for part in used}
    return Measured(answered=answered, pending=answers.pending, settled_s=settled_s, cpu_ms=cpu_ms)


async def _all_settled(platform: Platform) -> float:
    """Wait until every completed transfer has brought its reward, and everybody knows of it; answers how long that took."""
    start = time.perf_counter()
    databases = [await platform.connect(f"payflow_{name}") for name in ("transactions", "rewards", "notifications")]
    try:
        async with asyncio.timeout(SETTLE_MAX_S):
            while not await _is_settled(*databases):  # noqa: ASYNC110  no event tells of it
                await asyncio.sleep(SETTLE_POLL_S)
    finally:
        for database in databases:
            await database.close()
    return time.perf_counter() - start


async def _is_settled(
    transactions: asyncpg.Connection, rewards: asyncpg.Connection, notifications: asyncpg.Connection
) -> bool:
    """Every transfer is assessed, what it earned is paid, and payer, payee, and the payer once more of the reward, are told."""
    completed, under_way = await transactions.fetchrow(
        "SELECT count(*) FILTER (WHERE state = 'COMPLETED'), count(*) FILTER (WHERE ended_at IS NULL) FROM transfers"
    )
    assessed = await rewards.fetchval("SELECT count(*) FROM assessments")
    issued, pending = await rewards.fetchrow(
        "SELECT count(*) FILTER (WHERE status = 'ISSUED'), count(*) FILTER (WHERE status = 'PENDING') FROM rewards"
    )
    told = await notifications.fetchval("SELECT count(*) FROM notifications")
    return bool(under_way == 0 and assessed == completed and pending == 0 and told == 2 * completed + issued)
