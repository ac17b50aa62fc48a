"""Performs the saga that `domain` describes: ask the wallet, record its answer together with the next intent, go on.

No transaction is open during a call, and every write names the version it was decided on, so two that work at one transfer (a request
whose lease ran out, and the worker) cannot both move it; and since a step's key never changes, both may ask.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from payflow.client.errors import OutcomeUnknown
from payflow.kernel import failpoints, metrics
from payflow.kernel.backoff import full_jitter_s
from payflow.kernel.clock import Clock
from payflow.kernel.db import Database
from payflow.kernel.errors import Refusal
from payflow.kernel.failpoints import failpoint
from payflow.kernel.hints import Hints
from payflow.kernel.outbox import Outbox
from subgraphs.transactions import store
from subgraphs.transactions.domain import (
    HOLD_BUDGET,
    HOLD_LIFETIME,
    STEP_OF,
    Answer,
    Event,
    State,
    Transfer,
    after,
    gives_up,
)
from subgraphs.transactions.errors import HoldCancelled, HoldCaptured, HoldRefusal
from subgraphs.transactions.events import emit_end
from subgraphs.transactions.gateways import HoldOrder, WalletGateway
from subgraphs.transactions.watching import subject

NO_ANSWER = "The wallet service gave no answer."

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """The bounds of a saga, in seconds."""

    call: float = 2.0  # one call; past it nobody knows whether it happened
    lease: float = (
        10.0  # how long a transfer belongs to who works at it, from each commit on; longer than a call and its commit
    )
    answer: float = 3.0  # how long a client waits for the end; a saga that takes longer goes on without it
    poll: float = 0.5  # between the recovery worker's looks at what is due
    pause_base: float = 0.2  # the pause before a step is asked again: full jitter below base × 2^attempt …
    pause_max: float = 60.0  # … and this


class Overtaken(Exception):
    """Somebody else has moved the transfer meanwhile; whoever meets this drops his work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saga:
    """Carries transfers out. Whoever calls holds the transfer's lease."""

    database: Database
    wallets: WalletGateway
    outbox: Outbox
    hints: Hints
    clock: Clock
    timing: Timing

    async def carry_out(self, transfer: Transfer) -> None:
        """Take the transfer to its end, or to a step that gets no answer now: the recovery worker comes back to that."""
        try:
            while not transfer.has_ended:
                answer = await self._ask(transfer)
                transfer = await self._record(transfer, answer)
        except OutcomeUnknown as unknown:
            await self._postpone(transfer, unknown)
        except Overtaken:
            log.info("saga overtaken", transfer_id=str(transfer.id), state=transfer.state)

    async def _ask(self, transfer: Transfer) -> Answer:
        """One call under the step's key. Raises OutcomeUnknown."""
        if gives_up(transfer, self.clock.now()):
            return Answer(Event.GIVEN_UP, HoldCancelled().failure_code, f"{NO_ANSWER} Given up after {HOLD_BUDGET}.")
        step, ask = STEP_OF[transfer.state], _ASK[transfer.state]
        try:
            async with asyncio.timeout(self.timing.call):
                return await failpoints.call(
                    f"saga.{step.lower()}", lambda: ask(self.wallets, transfer), lost=OutcomeUnknown
                )
        except TimeoutError:
            raise OutcomeUnknown(f"no answer within {self.timing.call} s") from None

    async def _record(self, transfer: Transfer, answer: Answer) -> Transfer:
        """Commit the answer with the next intent, and with the event where this is the end. Raises Overtaken."""
        now, step = self.clock.now(), STEP_OF[transfer.state].lower()
        moved = after(transfer, answer, now)
        await failpoint(f"saga.recording_{step}")
        async with self.database.unit_of_work() as work:
            lease = timedelta(seconds=self.timing.lease)
            if not await store.advance(work, transfer, moved, answer, now=now, lease=lease):
                raise Overtaken
            work.after_commit(lambda: self.hints.publish(subject(transfer.id)))
            if moved.has_ended:
                await emit_end(self.outbox, work, moved)
                work.after_commit(lambda: _note_end(moved))
        await failpoint(f"saga.recorded_{step}")
        return moved

    async def _postpone(self, transfer: Transfer, unknown: OutcomeUnknown) -> None:
        pause = pause_before_retry(transfer.attempt, self.timing)
        log.warning(
            "saga waits",
            transfer_id=str(transfer.id),
            state=transfer.state,
            attempt=transfer.attempt,
            reason=str(unknown),
        )
        await failpoint("saga.postponing")
        async with self.database.unit_of_work() as work:
            if await store.postpone(work, transfer, error=NO_ANSWER, pause=timedelta(seconds=pause)):
                work.after_commit(lambda: self.hints.publish(subject(transfer.id)))
        await failpoint("saga.postponed")


def _note_end(transfer: Transfer) -> None:
    metrics.SAGA_OUTCOMES.labels(transfer.status).inc()
    log.info("transfer ended", transfer_id=str(transfer.id), status=transfer.status, failure_code=transfer.failure_code)


def pause_before_retry(attempt: int, timing: Timing) -> float:
    """Seconds until a step that got no answer is asked again."""
    return full_jitter_s(attempt, base_s=timing.pause_base, max_s=timing.pause_max)


async def _hold(wallets: WalletGateway, transfer: Transfer) -> Answer:
    order = HoldOrder(
        transfer.hold_id, transfer.id, transfer.from_wallet_id, transfer.to_wallet_id, transfer.amount, HOLD_LIFETIME
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


_ASK = {State.HOLDING: _hold, State.CAPTURING: _capture, State.RELEASING: _release}
