"""Performs the saga that `domain` describes: ask the wallet, record its answer together with the next intent, go on.

No transaction is open during a call, and every write names the version it was decided on, so two that work at one transfer (a request
whose lease ran out, and the worker) cannot both move it; and since a step's key never changes, both may ask.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

import structlog

from payflow.client.errors import OutcomeUnknown
from payflow.kernel import failpoints, metrics
from payflow.kernel.backoff import full_jitter_s
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database, UnitOfWork
from payflow.kernel.errors import Refusal
from payflow.kernel.failpoints import failpoint
from payflow.kernel.hints import Hints
from payflow.kernel.outbox import Outbox
from subgraphs.transactions import store
from subgraphs.transactions.domain import (
    HOLD_BUDGET,
    HOLD_LIFETIME,
    REVIEW_EXTENDS_HOLD_EVERY,
    STEP_OF,
    Answer,
    Event,
    State,
    Transfer,
    TransferKind,
    after,
    gives_up,
    is_spent,
)
from subgraphs.transactions.errors import HoldCancelled, HoldCaptured, HoldRefusal
from subgraphs.transactions.events import end_of
from subgraphs.transactions.gateways import HoldOrder, ImpossibleAnswer, Purpose, WalletGateway
from subgraphs.transactions.retrying import RetryBudget
from subgraphs.transactions.store import Move
from subgraphs.transactions.watching import subject

NO_ANSWER = "The wallet service gave no answer."
IMPOSSIBLE_ANSWER = "The wallet service gave an answer that cannot be."

Ending = Callable[[UnitOfWork, Transfer, Transfer], Awaitable[None]]
"""What else the commit that ends a transfer does: given the unit of work, and the transfer before and after."""

Reply = TypeVar("Reply")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """The bounds of a saga, in seconds."""

    call: float = 2.0  # one call; past it nobody knows whether it happened
    lease: float = (
        10.0  # how long a transfer belongs to who works at it; half of it is longer than a call and its commit
    )
    answer: float = 3.0  # how long a client waits for the end; a saga that takes longer goes on without it
    poll: float = 0.5  # between the recovery worker's looks at what is due
    pause_base: float = 0.2  # the pause before a step is asked again: full jitter below base × 2^attempt …
    pause_max: float = 60.0  # … and this


class Overtaken(Exception):
    """Somebody else has moved the transfer meanwhile; whoever meets this drops his work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saga:
    """Carries transfers out. Whoever calls holds the transfer's lease. The endings are run for all but plain payments."""

    database: Database
    wallets: WalletGateway
    outbox: Outbox
    hints: Hints
    clock: Clock
    timing: Timing
    endings: Sequence[Ending] = ()
    budget: RetryBudget = field(default_factory=RetryBudget)

    async def carry_out(self, transfer: Transfer) -> Transfer:
        """Take the transfer to its end, or to a step that gets no answer now: the recovery worker comes back to that."""
        try:
            while transfer.state in STEP_OF:
                answer = await self._ask(transfer)
                transfer = await self._record(transfer, answer)
            if transfer.state is State.REVIEW:
                await self._keep_held(transfer)
        except OutcomeUnknown as unknown:
            await self._wait(transfer, unknown)
        except Overtaken:
            log.info("saga overtaken", transfer_id=str(transfer.id), state=transfer.state)
        return transfer

    async def _ask(self, transfer: Transfer) -> Answer:
        """One call under the step's key. Raises OutcomeUnknown."""
        if gives_up(transfer, self.clock.now()):
            return Answer(Event.GIVEN_UP, HoldCancelled().failure_code, f"{NO_ANSWER} Given up after {HOLD_BUDGET}.")
        ask = _ASK[transfer.state]
        return await self._call(STEP_OF[transfer.state].lower(), lambda: ask(self.wallets, transfer))

    async def _call(self, name: str, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask within the time that a call has, and keep account of whether the wallet answers."""
        try:
            async with asyncio.timeout(self.timing.call):
                answer = await failpoints.call(f"saga.{name}", ask, lost=OutcomeUnknown)
        except ImpossibleAnswer:
            self.budget.answered()
            raise
        except OutcomeUnknown:
            self.budget.unanswered()
            raise
        except TimeoutError:
            self.budget.unanswered()
            raise OutcomeUnknown(f"no answer within {self.timing.call} s") from None
        self.budget.answered()
        return answer

    async def _record(self, transfer: Transfer, answer: Answer) -> Transfer:
        """Commit the answer with the next intent, or with the end and its event. Raises Overtaken."""
        now, step = self.clock.now(), STEP_OF[transfer.state].lower()
        moved = after(transfer, answer, now)
        await failpoint(f"saga.recording_{step}")
        if not await self._write(transfer, moved, answer):
            raise Overtaken
        self.hints.publish(subject(transfer.id))
        if moved.has_ended:
            self.outbox.wake()
            _note_end(moved)
        await failpoint(f"saga.recorded_{step}")
        return moved

    async def _write(self, transfer: Transfer, moved: Transfer, answer: Answer) -> bool:
        """One statement by itself; with the endings, the same one within a transaction."""
        move = Move(
            before=transfer,
            after=moved,
            answer=answer,
            now=moved.state_since or moved.created_at,
            lease=timedelta(seconds=self.timing.lease),
            event=end_of(moved) if moved.has_ended else None,
        )
        if moved.is_plain or not moved.has_ended:
            return await store.advance(self.database, move)
        async with self.database.unit_of_work() as work:
            if not await store.advance(work, move):
                return False
            for ending in self.endings:
                await ending(work, transfer, moved)
        return True

    async def _wait(self, transfer: Transfer, unknown: OutcomeUnknown) -> None:
        """Nobody knows: leave the step to the worker or, where that has had enough of it, to a person.

        While the wallet answers nobody at all, that is not this transfer's trouble, and no person could tell more.
        """
        if isinstance(unknown, ImpossibleAnswer):
            await self._escalate(transfer, IMPOSSIBLE_ANSWER, why=str(unknown))
        elif is_spent(transfer, self.clock.now()) and not self.budget.wallet_is_silent:
            await self._escalate(transfer, NO_ANSWER, why=f"asked {transfer.attempt} times, last: {unknown}")
        else:
            pause = timedelta(seconds=pause_before_retry(transfer.attempt, self.timing))
            await self._postpone(transfer, pause=pause, why=str(unknown))

    async def _postpone(self, transfer: Transfer, *, pause: timedelta, why: str) -> None:
        log.warning(
            "saga waits", transfer_id=str(transfer.id), state=transfer.state, attempt=transfer.attempt, reason=why
        )
        await failpoint("saga.postponing")
        if await store.postpone(self.database, transfer, error=NO_ANSWER, pause=pause):
            self.hints.publish(subject(transfer.id))
        await failpoint("saga.postponed")

    async def _escalate(self, transfer: Transfer, error: str, *, why: str) -> None:
        now, reason = self.clock.now(), f"{error} {why}"
        log.error("saga needs a person", transfer_id=str(transfer.id), state=transfer.state, reason=reason)
        await failpoint("saga.escalating")
        if await store.escalate(self.database, transfer, error=error, reason=reason, now=now):
            metrics.SAGA_ESCALATED.labels(transfer.state).inc()
            self.hints.publish(subject(transfer.id))
        await failpoint("saga.escalated")

    async def _keep_held(self, transfer: Transfer) -> None:
        """While people think, the money stays held: the hold is extended, and again after a while."""
        pause = REVIEW_EXTENDS_HOLD_EVERY
        try:
            if transfer.escalated_from is not State.RELEASING:
                await self._call("extend", lambda: _extend(self.wallets, transfer))
        except ImpossibleAnswer as unknown:
            log.warning("nothing is held for a transfer in review", transfer_id=str(transfer.id), reason=str(unknown))
        except OutcomeUnknown:
            pause = timedelta(seconds=pause_before_retry(transfer.attempt, self.timing))
        await store.postpone(self.database, transfer, error=None, pause=pause)


def _note_end(transfer: Transfer) -> None:
    metrics.SAGA_OUTCOMES.labels(transfer.status).inc()
    log.info("transfer ended", transfer_id=str(transfer.id), status=transfer.status, failure_code=transfer.failure_code)


def pause_before_retry(attempt: int, timing: Timing) -> float:
    """Seconds until a step that got no answer is asked again."""
    return full_jitter_s(attempt, base_s=timing.pause_base, max_s=timing.pause_max)


async def _hold(wallets: WalletGateway, transfer: Transfer) -> Answer:
    order = HoldOrder(
        hold_id=transfer.hold_id,
        transfer_id=transfer.payment_id,
        payer_id=transfer.payer_id,
        from_wallet_id=transfer.from_wallet_id,
        to_wallet_id=transfer.to_wallet_id,
        amount=transfer.amount,
        lifetime=HOLD_LIFETIME,
        purpose=Purpose.REFUND if transfer.kind is TransferKind.REFUND else Purpose.TRANSFER,
    )
    try:
        await wallets.place_hold(order)
    except HoldRefusal as refusal:
        return Answer(Event.REFUSED, refusal.failure_code, refusal.failure_code)
    except Refusal as refusal:
        return Answer(Event.REFUSED, refusal.failure_code, refusal.failure_code, refusal)
    return Answer(Event.HELD)


async def _capture(wallets: WalletGateway, transfer: Transfer) -> Answer:
    try:
        await wallets.capture_hold(transfer.hold_id)
    except HoldRefusal as refusal:
        return Answer(Event.LAPSED, refusal.failure_code, refusal.failure_code)
    return Answer(Event.CAPTURED)


async def _release(wallets: WalletGateway, transfer: Transfer) -> Answer:
    try:
        await wallets.release_hold(transfer.hold_id)
    except HoldCaptured as refusal:
        return Answer(Event.CAPTURED, reason=refusal.failure_code)
    return Answer(Event.RELEASED)


async def _extend(wallets: WalletGateway, transfer: Transfer) -> None:
    try:
        await wallets.extend_hold(transfer.hold_id, HOLD_LIFETIME)
    except HoldRefusal as refusal:
        log.warning("the hold of a transfer in review has ended", transfer_id=str(transfer.id), reason=str(refusal))


_ASK = {State.HOLDING: _hold, State.CAPTURING: _capture, State.RELEASING: _release}
