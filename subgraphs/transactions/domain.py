"""Transfers, and the saga that carries one out, as a table: pure, no I/O.

A transfer touches two databases, ours and the wallet's, and no transaction spans both. So it is a saga: steps that each commit in one
place, and a compensation for the one step that can be undone. The transfer's own row is the saga's log.

Three kinds of answer
---------------------
A call to the wallet ends in one of three ways, and all of the design follows from keeping the third apart from the second:

  * it happened           the wallet says so;
  * it was refused        the wallet says so, and will say the same whenever it is asked again;
  * nobody knows          a time-out, a broken connection, a fault over there, or a crash over here. The call may have happened, may
                          happen yet (a packet still under way), or may never happen.

"Nobody knows" is not a failure. The same step is asked again under the same key (`derived_id(transfer, step)`), to which the wallet
gives the first call's answer, and the saga stays where it is. It is therefore no event of the table below.

The states
----------
A state names the *intent* that was committed before the call was made; what a crash leaves behind is thus always a row that says what
may have been under way, and making that same call again is always right.

    HOLDING ───held───▶ CAPTURING ───captured───▶ COMPLETED
       │  │                 │
       │  │               lapsed
       │  │                 ▼
       │  └─given up─▶ RELEASING ───released────▶ FAILED
       │                                            ▲
       └─────────────────refused────────────────────┘

HOLDING     the payer's money is being set aside. Nothing has been promised to anybody, so this is the only step that may be given up:
            where the wallet leaves us in the dark for longer than HOLD_BUDGET, the saga turns round.
CAPTURING   the pivot: from here there is no way back but the wallet's own word that the hold has lapsed (it was released, or grew too
            old to be captured). However long the wallet is silent, we ask again: giving up could leave a payee paid and a transfer FAILED.
RELEASING   the compensation. The wallet's releaseHold gives back what is held *or*, of a hold it has never seen, leaves a tombstone,
            so that the placeHold that may still be under way finds the tombstone and does nothing. Either answer is definite.
            `failure_code` says why we are here.
COMPLETED   the payee has the money.
FAILED      nobody's money has moved; `failure_code` says why.

Whoever reads TRANSITIONS has read the whole saga; `subgraphs.transactions.saga` only performs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from payflow.kernel.errors import InvalidInput, Refusal
from payflow.kernel.idempotency import key_problem
from payflow.kernel.ids import derived_id
from payflow.kernel.money import MINOR_UNITS_MAX, Money

HOLD_BUDGET = timedelta(minutes=15)  # a payment that could not begin by then is not what its payer expects any more
HOLD_LIFETIME = timedelta(days=1)  # a hold cannot be captured after this; far beyond any outage that we repair
NOTE_LENGTH_MAX = 200


class State(StrEnum):
    """Where a saga stands: the intent committed last, or the end."""

    HOLDING = "HOLDING"
    CAPTURING = "CAPTURING"
    RELEASING = "RELEASING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class Step(StrEnum):
    """What the wallet is asked for."""

    HOLD = "HOLD"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"


class StepStatus(StrEnum):
    """How far a step has come. COMPENSATED: it was, or may have been, done, and has been undone."""

    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    COMPENSATED = "COMPENSATED"


class Event(StrEnum):
    """A definite answer, or our own decision to give up."""

    HELD = "HELD"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"
    CAPTURED = "CAPTURED"
    LAPSED = "LAPSED"
    RELEASED = "RELEASED"


@dataclass(frozen=True, slots=True)
class Transition:
    """The next state, and what becomes of the steps."""

    to: State
    steps: Mapping[Step, StepStatus]


STEP_OF: Mapping[State, Step] = {
    State.HOLDING: Step.HOLD,
    State.CAPTURING: Step.CAPTURE,
    State.RELEASING: Step.RELEASE,
}

_RUNNING, _DONE = StepStatus.RUNNING, StepStatus.DONE
_FAILED, _COMPENSATED = StepStatus.FAILED, StepStatus.COMPENSATED

TRANSITIONS: Mapping[tuple[State, Event], Transition] = {
    (State.HOLDING, Event.HELD): Transition(State.CAPTURING, {Step.HOLD: _DONE, Step.CAPTURE: _RUNNING}),
    (State.HOLDING, Event.REFUSED): Transition(State.FAILED, {Step.HOLD: _FAILED}),
    (State.HOLDING, Event.GIVEN_UP): Transition(State.RELEASING, {Step.HOLD: _FAILED, Step.RELEASE: _RUNNING}),
    (State.CAPTURING, Event.CAPTURED): Transition(State.COMPLETED, {Step.CAPTURE: _DONE}),
    (State.CAPTURING, Event.LAPSED): Transition(State.RELEASING, {Step.CAPTURE: _FAILED, Step.RELEASE: _RUNNING}),
    (State.RELEASING, Event.RELEASED): Transition(State.FAILED, {Step.HOLD: _COMPENSATED, Step.RELEASE: _DONE}),
    # Nothing that may be captured is ever released, so the wallet cannot say this; if it does, the money has moved, and that is the truth.
    (State.RELEASING, Event.CAPTURED): Transition(State.COMPLETED, {Step.HOLD: _DONE, Step.RELEASE: _FAILED}),
}

ENDS = frozenset({State.COMPLETED, State.FAILED})


class TransferStatus(StrEnum):
    """What people are told of a transfer's state."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


STATES_OF: Mapping[TransferStatus, frozenset[State]] = {
    TransferStatus.PENDING: frozenset(STEP_OF),
    TransferStatus.COMPLETED: frozenset({State.COMPLETED}),
    TransferStatus.FAILED: frozenset({State.FAILED}),
}


def states_of(statuses: Iterable[TransferStatus]) -> frozenset[State]:
    """The states that people know under one of these statuses."""
    return frozenset(state for status in statuses for state in STATES_OF[status])


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer and where its saga stands. `version` counts its changes; `attempt` counts the tries of the present step."""

    id: UUID
    payer_id: UUID
    payee_id: UUID
    from_wallet_id: UUID
    to_wallet_id: UUID
    amount: Money
    note: str | None
    created_at: datetime
    state: State = State.HOLDING
    version: int = 1
    attempt: int = 1
    failure_code: str | None = None
    refusal: Refusal | None = field(default=None, compare=False)
    ended_at: datetime | None = None

    @property
    def hold_id(self) -> UUID:
        """The key of the hold, and so of every call that concerns it."""
        return derived_id(self.id, Step.HOLD)

    @property
    def status(self) -> TransferStatus:
        return next(status for status, states in STATES_OF.items() if self.state in states)

    @property
    def has_ended(self) -> bool:
        return self.state in ENDS

    def is_party(self, user_id: str) -> bool:
        """Whether this user pays or is paid."""
        return user_id in (str(self.payer_id), str(self.payee_id))


@dataclass(frozen=True, slots=True)
class SagaStep:
    """One line of a saga's story. `error` is what went wrong last."""

    name: Step
    status: StepStatus
    attempts: int
    started_at: datetime
    finished_at: datetime | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A definite answer: what happened, and where it is a failure its code, a sentence and, if the client is to read it, the refusal."""

    event: Event
    failure_code: str | None = None
    reason: str | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class SendMoney:
    """The command. Exactly one of `to_wallet_id` and `to_handle` is given; ids are as the client wrote them."""

    payer_id: UUID
    from_wallet_id: str
    to_wallet_id: str | None
    to_handle: str | None
    amount: Money
    note: str | None
    idempotency_key: str

    @property
    def input(self) -> dict[str, Any]:
        """What the client sent, for the fingerprint: as received, never as resolved."""
        return {
            "from": self.from_wallet_id,
            "toWallet": self.to_wallet_id,
            "toHandle": self.to_handle,
            "amount": self.amount.amount,
            "currency": self.amount.currency,
            "note": self.note,
        }


def check(command: SendMoney) -> None:
    """Raises InvalidInput for the first field that breaks a rule of form."""
    if problem := key_problem(command.idempotency_key):
        raise InvalidInput("idempotencyKey", problem)
    if not 1 <= command.amount.amount <= MINOR_UNITS_MAX:
        raise InvalidInput("amount", "amount must be at least 1 minor unit, e.g. 1250 for 12.50")
    if command.note is not None and len(command.note) > NOTE_LENGTH_MAX:
        raise InvalidInput(
            "note", f"note must have at most {NOTE_LENGTH_MAX} characters, this one has {len(command.note)}"
        )
    if command.note is not None and "\x00" in command.note:
        raise InvalidInput("note", "note must not contain NUL characters, which no database keeps")


def gives_up(transfer: Transfer, now: datetime) -> bool:
    """Whether the saga turns round rather than ask for the hold again."""
    return transfer.state is State.HOLDING and transfer.attempt > 1 and now - transfer.created_at > HOLD_BUDGET


def after(transfer: Transfer, answer: Answer, now: datetime) -> Transfer:
    """The transfer as the next commit leaves it. Raises KeyError where TRANSITIONS does not know the event in this state."""
    to = TRANSITIONS[transfer.state, answer.event].to
    return replace(
        transfer,
        state=to,
        version=transfer.version + 1,
        attempt=1,
        failure_code=None if to is State.COMPLETED else answer.failure_code or transfer.failure_code,
        refusal=answer.refusal,
        ended_at=now if to in ENDS else None,
    )
