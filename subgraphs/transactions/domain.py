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

    HOLDING ───held───▶ CAPTURING ───captured───▶ COMPLETED          HOLDING, CAPTURING, RELEASING ──escalated──▶ REVIEW
       │  │                 │                                                      ▲                                │
       │  │               lapsed                                                   ├───────────resumed──────────────┤
       │  │                 ▼                                                  RELEASING ◀────cancelled─────────────┘
       │  └─given up─▶ RELEASING ───released────▶ FAILED
       │                                            ▲
       └─────────────────refused────────────────────┘

HOLDING     the payer's money is being set aside. Nothing has been promised to anybody, so this is the only step that may be given up:
            where the wallet leaves us in the dark for longer than HOLD_BUDGET or STEP_TRIES_MAX, the saga turns round.
CAPTURING   the pivot: from here there is no way back but the wallet's own word that the hold has lapsed (it was released, or grew too
            old to be captured). However long the wallet is silent, we ask again: giving up could leave a payee paid and a transfer FAILED.
RELEASING   the compensation. The wallet's releaseHold gives back what is held *or*, of a hold it has never seen, leaves a tombstone,
            so that the placeHold that may still be under way finds the tombstone and does nothing. Either answer is definite.
            `failure_code` says why we are here.
REVIEW      a step has spent its budget without an answer, or the wallet said what cannot be: a person decides. The money stays held.
            RESUMED asks the same step again under the same key; CANCELLED goes by RELEASING like every other way back, so even a wrong
            decision cannot lose or double money: if the wallet has paid by then, it says so, and the transfer completes.
COMPLETED   the payee has the money.
FAILED      nobody's money has moved; `failure_code` says why.

Whoever reads TRANSITIONS and OUT_OF_REVIEW has read the whole saga; `subgraphs.transactions.saga` only performs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from payflow.kernel.errors import Refusal
from payflow.kernel.idempotency import fingerprint
from payflow.kernel.ids import derived_id
from payflow.kernel.money import Money
from subgraphs.transactions.forms import check_amount, check_key, check_note

HOLD_BUDGET = timedelta(minutes=15)  # a payment that could not begin by then is not what its payer expects any more
HOLD_LIFETIME = timedelta(days=1)  # a hold cannot be captured after this; far beyond any outage that we repair
STEP_BUDGET = timedelta(minutes=15)  # a step that has had no answer for so long needs a person …
STEP_TRIES_MIN = 3  # … if it has been asked a few times at all: after an outage of our own it has not
STEP_TRIES_MAX = 20  # with pauses of up to a minute, some ten minutes of asking
REVIEW_EXTENDS_HOLD_EVERY = timedelta(hours=6)  # well within HOLD_LIFETIME, so that one missed turn loses nothing


class State(StrEnum):
    """Where a saga stands: the intent committed last, or the end."""

    HOLDING = "HOLDING"
    CAPTURING = "CAPTURING"
    RELEASING = "RELEASING"
    REVIEW = "REVIEW"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class TransferKind(StrEnum):
    """A refund is a transfer back: the payee of a payment pays its payer, by the same saga."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"


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
    """A definite answer, or a decision: our own to give up or to ask a person, or that person's."""

    HELD = "HELD"
    REFUSED = "REFUSED"
    GIVEN_UP = "GIVEN_UP"
    CAPTURED = "CAPTURED"
    LAPSED = "LAPSED"
    RELEASED = "RELEASED"
    ESCALATED = "ESCALATED"
    RESUMED = "RESUMED"
    CANCELLED = "CANCELLED"


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
    # A capture that was asked for before the release and went unheard: the money has moved, and that is the truth.
    (State.RELEASING, Event.CAPTURED): Transition(
        State.COMPLETED, {Step.HOLD: _DONE, Step.CAPTURE: _DONE, Step.RELEASE: _FAILED}
    ),
    # Nobody knows yet what became of the step, so it goes on running.
    (State.HOLDING, Event.ESCALATED): Transition(State.REVIEW, {}),
    (State.CAPTURING, Event.ESCALATED): Transition(State.REVIEW, {}),
    (State.RELEASING, Event.ESCALATED): Transition(State.REVIEW, {}),
}

# The ways out of REVIEW, by the state that was escalated.
OUT_OF_REVIEW: Mapping[tuple[State, Event], Transition] = {
    (State.HOLDING, Event.RESUMED): Transition(State.HOLDING, {}),
    (State.CAPTURING, Event.RESUMED): Transition(State.CAPTURING, {}),
    (State.RELEASING, Event.RESUMED): Transition(State.RELEASING, {}),
    (State.HOLDING, Event.CANCELLED): Transition(State.RELEASING, {Step.HOLD: _FAILED, Step.RELEASE: _RUNNING}),
    (State.CAPTURING, Event.CANCELLED): Transition(State.RELEASING, {Step.CAPTURE: _FAILED, Step.RELEASE: _RUNNING}),
    (State.RELEASING, Event.CANCELLED): Transition(State.RELEASING, {}),
}

ENDS = frozenset({State.COMPLETED, State.FAILED})

# Reasons that tell what is in the payer's wallet, or what has become of it: nobody else's business.
OF_THE_PAYERS_WALLET = frozenset({"INSUFFICIENT_FUNDS", "WALLET_FROZEN"})


class TransferStatus(StrEnum):
    """What people are told of a transfer's state."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


STATES_OF: Mapping[TransferStatus, frozenset[State]] = {
    TransferStatus.PENDING: frozenset({*STEP_OF, State.REVIEW}),
    TransferStatus.COMPLETED: frozenset({State.COMPLETED}),
    TransferStatus.FAILED: frozenset({State.FAILED}),
}


def states_of(statuses: Iterable[TransferStatus]) -> frozenset[State]:
    """The states that people know under one of these statuses."""
    return frozenset(state for status in statuses for state in STATES_OF[status])


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer and where its saga stands.

    `version` counts its changes, `attempt` the tries of the present step, `state_since` is when that step was first intended (None:
    since the beginning). Of a payment, `refunded` has been paid back and `refunding` is on its way back, in its minor units.
    """

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
    kind: TransferKind = TransferKind.PAYMENT
    refund_of: UUID | None = None
    request_id: UUID | None = None
    refunded: int = 0
    refunding: int = 0
    escalated_from: State | None = None
    state_since: datetime | None = None

    @property
    def hold_id(self) -> UUID:
        """The key of the hold, and so of every call that concerns it."""
        return derived_id(self.id, Step.HOLD)

    @property
    def payment_id(self) -> UUID:
        """The payment that the wallet's books name: of a refund, the one that it pays back."""
        return self.refund_of or self.id

    @property
    def refundable(self) -> Money:
        """How much of a payment may still be given back."""
        return Money(self.amount.amount - self.refunded - self.refunding, self.amount.currency)

    @property
    def is_plain(self) -> bool:
        """Whether nothing else waits for its end: it is neither a refund nor the payment of a request."""
        return self.kind is TransferKind.PAYMENT and self.request_id is None

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
class Review:
    """One line of a review's story: who handed the transfer to a person (ESCALATED), or what a person decided, and why."""

    event: Event
    escalated_from: State
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A definite answer: what happened, and where it is a failure its code, a sentence and, if the client is to read it, the refusal."""

    event: Event
    failure_code: str | None = None
    reason: str | None = None
    refusal: Refusal | None = None


class Scope(StrEnum):
    """Which command an idempotency key belongs to: one key may be used once for each."""

    TRANSFER = "transfer"
    REFUND = "refund"
    REQUEST = "request"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Command:
    """A command as its idempotency is kept: whose, which, under which key, and the SHA-256 of its input as received."""

    user_id: UUID
    scope: Scope
    idempotency_key: str
    fingerprint: bytes


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

    @property
    def command(self) -> Command:
        return Command(self.payer_id, Scope.TRANSFER, self.idempotency_key, fingerprint(self.input))


def check(command: SendMoney) -> None:
    """Raises InvalidInput for the first field that breaks a rule of form."""
    check_key(command.idempotency_key)
    check_amount(command.amount)
    check_note(command.note)


def gives_up(transfer: Transfer, now: datetime) -> bool:
    """Whether the saga turns round rather than ask for the hold again."""
    if transfer.state is not State.HOLDING or transfer.attempt == 1:
        return False
    return transfer.attempt > STEP_TRIES_MAX or now - transfer.created_at > HOLD_BUDGET


def is_spent(transfer: Transfer, now: datetime) -> bool:
    """Whether the present step has been asked for often or long enough without an answer that a person is to look at it.

    A hold never is: it can be given up, and needs nobody.
    """
    if transfer.state is State.HOLDING or transfer.attempt < STEP_TRIES_MIN:
        return False
    return transfer.attempt >= STEP_TRIES_MAX or now - (transfer.state_since or transfer.created_at) > STEP_BUDGET


def transition(transfer: Transfer, event: Event) -> Transition:
    """Where the event leads from here. Raises KeyError where the tables do not know it in this state."""
    if transfer.escalated_from is not None:
        return OUT_OF_REVIEW[transfer.escalated_from, event]
    return TRANSITIONS[transfer.state, event]


def after(transfer: Transfer, answer: Answer, now: datetime) -> Transfer:
    """The transfer as the next commit leaves it. Raises KeyError where the tables do not know the event in this state."""
    to = transition(transfer, answer.event).to
    return replace(
        transfer,
        state=to,
        version=transfer.version + 1,
        attempt=1,
        failure_code=None if to is State.COMPLETED else answer.failure_code or transfer.failure_code,
        refusal=answer.refusal,
        ended_at=now if to in ENDS else None,
        escalated_from=transfer.state if to is State.REVIEW else None,
        state_since=now,
    )
