"""The sagas' audit: S1 to S4 over every transfer, beside what the wallet's books say of their holds.

Two databases have no common snapshot. Ours is taken first: what a transfer says there of its end, the books have said before, so
they must still say it later. The other way round, a hold is looked for among the transfers as they are later than the books: a
transfer is stored before its hold is placed. So money that moves meanwhile raises no false alarm.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from payflow.kernel.audit import VIOLATIONS_MAX, Check, Tell, Violation, run, silent, snapshot
from payflow.kernel.db import Database
from payflow.kernel.ids import derived_id
from subgraphs.transactions.domain import (
    OUT_OF_REVIEW,
    STEP_BUDGET,
    TRANSITIONS,
    State,
    Step,
    StepStatus,
    TransferKind,
    Transition,
)

INVARIANTS = {
    "S1": "no transfer is stuck: each ends, or goes to review, within its bound, and somebody is on it",
    "S2": "COMPLETED has captured the whole amount, once; FAILED has captured and holds nothing; no hold is without a transfer",
    "S3": "no state has moved backwards and no step has two outcomes: each transfer is where the transitions can take it",
    "S4": "what may have been captured was given back only after the capture's definite answer",
    "S5": "a payment's refunded and refunding are the sums of its refunds, and no more than the payment",
}
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
# A step past its budget goes to review at its next try, and tries are at most a minute apart; four times the budget is stuck.
STUCK_AFTER = 4 * STEP_BUDGET
PAGE = 10_000  # transfers or holds compared at a time: bounds the memory
_FIRST_ID = UUID(int=0)


class Settlement(Protocol):
    """What the books say of a hold, and how many journals paid for its transfer by holds of its purpose."""

    @property
    def captured(self) -> int: ...
    @property
    def open(self) -> int: ...
    @property
    def journals(self) -> int: ...


class Books(Protocol):
    """The wallet's books at one moment, later than our snapshot's."""

    async def settled(self, hold_ids: Sequence[UUID]) -> Mapping[UUID, Settlement]:
        """What became of those holds; of one that was never placed, nothing."""
        ...

    async def holds(self, *, after: UUID, most: int) -> list[tuple[UUID, UUID]]:
        """The next (hold, payment) ids by the hold's."""
        ...


@dataclass(frozen=True, slots=True)
class Audit:
    """One look at the transfers. `since` is None where all are read, else the moment from which on."""

    database: Database
    connection: AsyncConnection

    async def checked(self, since: datetime | None = None) -> int:
        """How many transfers are read."""
        return int((await self.connection.execute(_COUNT, {"since": since or BEGINNING})).scalar_one())

    async def violations(self, books: Books, *, since: datetime | None = None, tell: Tell = silent) -> list[Violation]:
        """Everything that breaks an invariant among the transfers that are under way, or have ended since."""
        parameters = {"since": since or BEGINNING, "stuck_after": STUCK_AFTER, "reachable": sorted(_reachable_keys())}
        found = []
        for check in CHECKS:
            tell(check.about)
            found += await run(self.connection, check, parameters)
        tell("ends of transfers and their holds")
        found += await self._ends_unlike_books(books, since or BEGINNING)
        tell("holds and their transfers")
        found += await self._holds_of_nobody(books)
        return found

    async def _ends_unlike_books(self, books: Books, since: datetime) -> list[Violation]:
        found: list[Violation] = []
        after = _FIRST_ID
        while len(found) < VIOLATIONS_MAX:
            page = (await self.connection.execute(_ENDED, {"after": after, "since": since, "most": PAGE})).all()
            holds = {derived_id(row.id, Step.HOLD): row for row in page}
            settled = await books.settled(list(holds))
            found += _unlike((row, settled.get(hold_id)) for hold_id, row in holds.items())
            if len(page) < PAGE:
                break
            after = page[-1].id
        return found[:VIOLATIONS_MAX]

    async def _holds_of_nobody(self, books: Books) -> list[Violation]:
        found: list[Violation] = []
        after = _FIRST_ID
        while page := await books.holds(after=after, most=PAGE):
            ours = await self._holds_of({payment_id for _, payment_id in page})
            found += [_nobodys(hold_id) for hold_id, _ in page if hold_id not in ours]
            if len(found) >= VIOLATIONS_MAX:
                break
            after = page[-1][0]
        return found[:VIOLATIONS_MAX]

    async def _holds_of(self, payment_ids: set[UUID]) -> set[UUID]:
        """The holds of these payments and of their refunds, as the transfers are now, past the snapshot."""
        async with snapshot(self.database) as connection:
            ids = await connection.scalars(_WITH_REFUNDS, {"ids": list(payment_ids)})
            return {derived_id(transfer_id, Step.HOLD) for transfer_id in ids}


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Audit]:
    """Take the snapshot; to be done before the books are opened. Locks nothing."""
    async with snapshot(database) as connection:
        await connection.execute(text("SELECT 1"))  # the snapshot is that of the first statement
        yield Audit(database, connection)


Place = tuple[State, State | None, frozenset[tuple[Step, StepStatus]]]
"""Where a transfer can be: its state, the state it was escalated from, its steps."""


def reachable() -> frozenset[Place]:
    """Every place that the transitions can take a transfer to."""
    start: Place = (State.HOLDING, None, frozenset({(Step.HOLD, StepStatus.RUNNING)}))
    known, new = {start}, [start]
    while new:
        state, escalated_from, steps = new.pop()
        for transition in _ways_on(state, escalated_from):
            origin = state if transition.to is State.REVIEW else None
            reached = (transition.to, origin, frozenset({**dict(steps), **transition.steps}.items()))
            if reached not in known:
                known.add(reached)
                new.append(reached)
    return frozenset(known)


def _ways_on(state: State, escalated_from: State | None) -> Iterator[Transition]:
    table, origin = (TRANSITIONS, state) if escalated_from is None else (OUT_OF_REVIEW, escalated_from)
    return (transition for (source, _), transition in table.items() if source is origin)


def _reachable_keys() -> Iterator[str]:
    """As CHECKS writes them: state, where it was escalated from, the status of each step; `-` for none."""
    for state, escalated_from, steps in reachable():
        statuses = dict(steps)
        yield " ".join((state, escalated_from or "-", *(statuses.get(step, "-") for step in Step)))


def _unlike(ended: Iterable[tuple[Row[Any], Settlement | None]]) -> Iterator[Violation]:
    for row, settled in ended:
        captured, still_held = (settled.captured, settled.open) if settled else (0, 0)
        if row.state == State.FAILED and (captured or still_held):
            yield Violation("S2", str(row.id), f"FAILED, and its hold has paid {captured} and still holds {still_held}")
        if row.state == State.COMPLETED and (captured, still_held) != (row.amount, 0):
            message = f"COMPLETED with {row.amount}, and its hold has paid {captured} and still holds {still_held}"
            yield Violation("S2", str(row.id), message)
        elif row.state == State.COMPLETED and row.kind == TransferKind.PAYMENT and settled and settled.journals != 1:
            yield Violation("S2", str(row.id), f"COMPLETED, and paid by {settled.journals} journals")


def _nobodys(hold_id: UUID) -> Violation:
    return Violation("S2", str(hold_id), "a hold that no transfer has placed")


_COUNT = text("SELECT count(*) FROM transfers WHERE ended_at IS NULL OR ended_at >= CAST(:since AS timestamptz)")
_ENDED = text("""
    SELECT id, kind, state, amount FROM transfers
     WHERE id > :after AND ended_at >= CAST(:since AS timestamptz) ORDER BY id LIMIT :most
""")
_WITH_REFUNDS = text("""
    SELECT id FROM transfers WHERE id = ANY (CAST(:ids AS uuid[]))
     UNION ALL
    SELECT id FROM transfers WHERE refund_of = ANY (CAST(:ids AS uuid[]))
""")

CHECKS = (
    Check(
        "transfers under way",
        """
        SELECT 'S1' AS invariant, id AS subject,
               format('%s since %s, tried %s times', state, coalesce(state_since, created_at), attempt) AS message
          FROM transfers
         WHERE due_at IS NOT NULL AND state <> 'REVIEW' AND coalesce(state_since, created_at) < now() - CAST(:stuck_after AS interval)
         UNION ALL
        SELECT 'S1', id, format('%s, and nobody has taken it up since %s', state, due_at)
          FROM transfers WHERE due_at < now() - CAST(:stuck_after AS interval)
        """,
    ),
    Check(
        "steps of the sagas",
        """
        WITH story AS (
            SELECT transfers.id, state, escalated_from,
                   max(status) FILTER (WHERE name = 'HOLD') AS hold,
                   max(status) FILTER (WHERE name = 'CAPTURE') AS capture,
                   max(status) FILTER (WHERE name = 'RELEASE') AS release,
                   max(finished_at) FILTER (WHERE name = 'CAPTURE') AS capture_answered_at,
                   max(started_at) FILTER (WHERE name = 'RELEASE') AS release_started_at
              FROM transfers LEFT JOIN transfer_steps ON transfer_id = transfers.id
             WHERE ended_at IS NULL OR ended_at >= CAST(:since AS timestamptz)
             GROUP BY transfers.id
        ), place AS (
            SELECT *, concat_ws(' ', state, coalesce(escalated_from, '-'), coalesce(hold, '-'), coalesce(capture, '-'),
                                coalesce(release, '-')) AS place
              FROM story
        )
        SELECT 'S3' AS invariant, id AS subject,
               format('it is at %s (state, escalated from, hold, capture, release), where no transition leads', place) AS message
          FROM place WHERE place <> ALL (CAST(:reachable AS text[]))
         UNION ALL
        SELECT 'S4', id, format('its release began at %s, its capture was answered at %s', release_started_at,
                                coalesce(capture_answered_at::text, 'no time'))
          FROM place
         WHERE release IS NOT NULL AND release <> 'FAILED' AND capture IS NOT NULL
           AND (capture = 'RUNNING' OR capture_answered_at > release_started_at)
        """,
    ),
    Check(
        "refunds of payments",
        """
        SELECT 'S5' AS invariant, payment.id AS subject,
               format('refunded, refunding are %s, %s of %s; its refunds sum to %s, %s', payment.refunded, payment.refunding,
                      payment.amount, coalesce(refund.done, 0), coalesce(refund.under_way, 0)) AS message
          FROM transfers AS payment
          LEFT JOIN (SELECT refund_of, sum(amount) FILTER (WHERE state = 'COMPLETED') AS done,
                            sum(amount) FILTER (WHERE ended_at IS NULL) AS under_way
                       FROM transfers WHERE refund_of IS NOT NULL GROUP BY refund_of) AS refund ON refund.refund_of = payment.id
         WHERE (payment.refunded, payment.refunding) <> (coalesce(refund.done, 0), coalesce(refund.under_way, 0))
            OR payment.refunded + payment.refunding > payment.amount
        """,
    ),
)
