"""What people may do about a transfer that the saga handed to them: ask the same step again, or go back by the release.

There is no way to set a state by hand. A decision is one commit: the transfer moves as the table says, and who decided what and why is
kept beside it, append-only. To decide the same again changes nothing; to decide otherwise, once decided, is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from payflow.kernel.clock import Clock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.failpoints import failpoint
from subgraphs.transactions import store
from subgraphs.transactions.domain import Answer, Event, Review, SagaStep, State, Transfer, after
from subgraphs.transactions.store import Move

SHOWN_MAX = (
    100  # of the transfers that wait; who has more of them has one cause to find, not a hundred decisions to make
)
REASON_LENGTH_MAX = 1000
CANCELLED_CODE = "CANCELLED_BY_OPERATOR"

_WORDS = {Event.RESUMED: "resumed", Event.CANCELLED: "cancelled"}


class ReviewRefused(Refusal):
    """Nothing is to be decided here; the message says why."""


@dataclass(frozen=True, slots=True)
class Case:
    """A transfer in review, or that once was: with its steps and what has been said of it, oldest first."""

    transfer: Transfer
    steps: list[SagaStep]
    reviews: list[Review]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides (RESUMED or CANCELLED), and why."""

    event: Event
    actor: str
    reason: str


async def waiting(database: Database) -> list[Transfer]:
    """What waits for a person, the longest waiting first, SHOWN_MAX at most."""
    return await store.in_review(database, most=SHOWN_MAX)


async def case(database: Database, transfer_id: UUID) -> Case:
    """Everything about one transfer. Raises ReviewRefused where there is none."""
    async with database.read() as connection:
        transfer = (await store.by_ids(connection, [transfer_id])).get(transfer_id)
        steps = await store.steps_of(connection, [transfer_id])
    if transfer is None:
        raise ReviewRefused(f"There is no transfer {transfer_id}.")
    return Case(transfer, steps.get(transfer_id, []), await store.reviews_of(database, transfer_id))


async def decide(database: Database, transfer_id: UUID, decision: Decision, *, clock: Clock) -> Transfer:
    """Carry a decision into the saga; the recovery worker goes on from there. Answers the transfer as it stands then.

    Raises ReviewRefused where there is nothing to decide, or where it was decided otherwise.
    """
    _check(decision)
    await failpoint("review.deciding")
    async with database.unit_of_work() as work:
        decided = await _decide(work, transfer_id, decision, clock=clock)
    await failpoint("review.decided")
    return decided


async def _decide(work: UnitOfWork, transfer_id: UUID, decision: Decision, *, clock: Clock) -> Transfer:
    transfer = await store.locked(work, transfer_id)
    if transfer is None:
        raise ReviewRefused(f"There is no transfer {transfer_id}.")
    if transfer.state is not State.REVIEW:
        return _repeated(transfer, await store.reviews_of(work, transfer_id), decision)
    assert transfer.escalated_from is not None, transfer
    now = clock.now()
    code = CANCELLED_CODE if decision.event is Event.CANCELLED and transfer.failure_code is None else None
    answer = Answer(decision.event, code, code)
    decided = after(transfer, answer, now)
    moved = await store.advance(work, Move(before=transfer, after=decided, answer=answer, now=now, lease=timedelta(0)))
    assert moved, "nobody moves a row that is locked"
    note = Review(decision.event, transfer.escalated_from, decision.actor, decision.reason, now)
    await store.note_decision(work, transfer, note)
    return decided


def _repeated(transfer: Transfer, reviews: list[Review], decision: Decision) -> Transfer:
    """The transfer as it stands, where the same was decided last. Raises ReviewRefused."""
    if not reviews:
        raise ReviewRefused(f"Transfer {transfer.id} is {transfer.state} and was never in review.")
    last = reviews[-1]
    if last.event is not decision.event:
        raise ReviewRefused(
            f"Transfer {transfer.id} was {_WORDS[last.event]} by {last.actor} at {last.at:%Y-%m-%d %H:%M} UTC"
            f" and is {transfer.state} now; what was decided cannot be decided otherwise."
        )
    return transfer


def _check(decision: Decision) -> None:
    if not decision.reason.strip():
        raise ReviewRefused("A decision needs a reason; say why with --reason.")
    if len(decision.reason) > REASON_LENGTH_MAX or "\x00" in decision.reason:
        raise ReviewRefused(f"A reason has at most {REASON_LENGTH_MAX} characters, none of them NUL.")
