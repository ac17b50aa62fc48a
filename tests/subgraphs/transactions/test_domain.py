"""The saga as a table, and the rules of form."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from payflow.kernel.errors import InvalidInput, Refusal
from payflow.kernel.ids import new_id
from payflow.kernel.money import Money
from subgraphs.transactions import errors
from subgraphs.transactions.domain import (
    ENDS,
    HOLD_BUDGET,
    OUT_OF_REVIEW,
    STEP_BUDGET,
    STEP_OF,
    STEP_TRIES_MAX,
    STEP_TRIES_MIN,
    TRANSITIONS,
    Answer,
    Event,
    SendMoney,
    State,
    Step,
    StepStatus,
    Transfer,
    TransferStatus,
    Transition,
    after,
    check,
    gives_up,
    is_spent,
    states_of,
)
from subgraphs.transactions.forms import NOTE_LENGTH_MAX
from subgraphs.transactions.saga import Timing, pause_before_retry

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TRANSFER = Transfer(new_id(), new_id(), new_id(), new_id(), new_id(), Money(2_500, "USD"), None, NOW)
ORDER = SendMoney(new_id(), str(uuid4()), str(uuid4()), None, Money(1, "USD"), None, "key")


BEGUN = (State.HOLDING, None)
"""A state, and the one that was escalated where it is REVIEW."""


def ways_on(state: State, escalated_from: State | None) -> dict[Event, Transition]:
    """What may happen next."""
    table, at = (TRANSITIONS, state) if escalated_from is None else (OUT_OF_REVIEW, escalated_from)
    return {event: transition for (here, event), transition in table.items() if here is at}


def walks() -> list[list[tuple[State, State | None, Event]]]:
    """Every way from the beginning to an end on which no step is handed to a person twice."""
    unfinished: list[tuple[tuple[State, State | None], list[tuple[State, State | None, Event]]]] = [(BEGUN, [])]
    finished = []
    while unfinished:
        (state, escalated_from), path = unfinished.pop()
        assert len(path) <= 3 * len(State), f"the saga runs in circles: {path}"
        if state in ENDS:
            finished.append(path)
        for event, transition in ways_on(state, escalated_from).items():
            line = (state, escalated_from, event)
            if event is Event.ESCALATED and line in path:
                continue
            origin = state if transition.to is State.REVIEW else None
            unfinished.append(((transition.to, origin), [*path, line]))
    return finished


@pytest.mark.parametrize("walk", walks(), ids=lambda walk: "-".join(event for *_, event in walk))
def test_exactly_the_present_step_runs(walk: list[tuple[State, State | None, Event]]) -> None:
    """On every walk, in each state that calls the wallet its own step and no other is running, in review still the one that was
    escalated, and at the end none.
    """
    steps = {Step.HOLD: StepStatus.RUNNING}
    for state, escalated_from, event in walk:
        present = STEP_OF[escalated_from or state]
        assert [step for step, status in steps.items() if status is StepStatus.RUNNING] == [present]
        steps |= ways_on(state, escalated_from)[event].steps
    assert StepStatus.RUNNING not in steps.values()


@pytest.mark.parametrize("walk", walks(), ids=lambda walk: "-".join(event for *_, event in walk))
def test_the_transfer_walks_as_the_table_says(walk: list[tuple[State, State | None, Event]]) -> None:
    """`after` follows the tables on every walk: versions count up, who fails says why, and only an end has an instant."""
    transfer = TRANSFER
    for state, escalated_from, event in walk:
        assert (transfer.state, transfer.escalated_from) == (state, escalated_from)
        code = "CODE" if event in (Event.REFUSED, Event.GIVEN_UP, Event.LAPSED, Event.CANCELLED) else None
        transfer = after(transfer, Answer(event, code), NOW)
    assert transfer.version == TRANSFER.version + len(walk)
    assert transfer.ended_at == NOW
    assert (transfer.failure_code is not None) is (transfer.state is State.FAILED)


def test_review_is_left_only_by_a_person() -> None:
    """Every state that calls the wallet can be escalated; from there it goes on with the same step, or back by the release."""
    for state in STEP_OF:
        assert ways_on(state, None)[Event.ESCALATED].to is State.REVIEW
        out = {event: transition.to for event, transition in ways_on(State.REVIEW, state).items()}
        assert out == {Event.RESUMED: state, Event.CANCELLED: State.RELEASING}


def test_there_is_no_way_back_from_the_pivot() -> None:
    """Once capturing is intended, only the wallet's own word that it cannot be leads to anything but COMPLETED or a person."""
    events = {event: transition.to for event, transition in ways_on(State.CAPTURING, None).items()}

    assert events == {
        Event.CAPTURED: State.COMPLETED,
        Event.LAPSED: State.RELEASING,
        Event.ESCALATED: State.REVIEW,
    }


def test_a_step_is_spent_by_tries_or_by_time() -> None:
    """Either budget is enough; but time alone is not where the step has hardly been asked, and a hold is given up instead."""
    late = NOW + STEP_BUDGET + timedelta(seconds=1)
    for state in (State.CAPTURING, State.RELEASING):
        step = replace(TRANSFER, state=state, state_since=NOW)

        assert is_spent(replace(step, attempt=STEP_TRIES_MAX), NOW)
        assert not is_spent(replace(step, attempt=STEP_TRIES_MAX - 1), NOW)
        assert is_spent(replace(step, attempt=STEP_TRIES_MIN), late)
        assert not is_spent(replace(step, attempt=STEP_TRIES_MIN - 1), late)
        assert not is_spent(replace(step, attempt=STEP_TRIES_MIN, state_since=late), late)
    assert not is_spent(replace(TRANSFER, attempt=STEP_TRIES_MAX), late)


def test_an_event_that_does_not_belong_is_an_error() -> None:
    """An answer to a question that was not asked moves nothing."""
    with pytest.raises(KeyError):
        after(TRANSFER, Answer(Event.CAPTURED), NOW)


def test_after_a_refusal() -> None:
    """A refused hold ends the transfer with the reason, at once."""
    refusal = errors.SameWallet()

    failed = after(TRANSFER, Answer(Event.REFUSED, "SAME_WALLET", "SAME_WALLET", refusal), NOW)

    assert (failed.status, failed.failure_code, failed.ended_at) == (TransferStatus.FAILED, "SAME_WALLET", NOW)
    assert failed.refusal is refusal
    assert failed.version == TRANSFER.version + 1


def test_the_reason_outlives_the_compensation() -> None:
    """Why a transfer fails is known when it turns round, and still said when the hold has been released."""
    capturing = after(TRANSFER, Answer(Event.HELD), NOW)

    releasing = after(capturing, Answer(Event.LAPSED, "HOLD_EXPIRED", "HOLD_EXPIRED"), NOW)
    failed = after(releasing, Answer(Event.RELEASED), NOW)

    assert (releasing.failure_code, failed.failure_code) == ("HOLD_EXPIRED", "HOLD_EXPIRED")
    assert after(releasing, Answer(Event.CAPTURED), NOW).failure_code is None


def test_only_a_silent_hold_is_given_up() -> None:
    """Giving up takes a try without an answer, a spent budget, and that nothing has been promised yet."""
    late = NOW + HOLD_BUDGET + timedelta(seconds=1)
    tried = replace(TRANSFER, attempt=2)

    assert gives_up(tried, late)
    assert gives_up(replace(TRANSFER, attempt=STEP_TRIES_MAX + 1), NOW)
    assert not gives_up(replace(TRANSFER, attempt=STEP_TRIES_MAX), NOW)
    assert not gives_up(tried, NOW + HOLD_BUDGET)
    assert not gives_up(TRANSFER, late)
    assert not gives_up(replace(tried, state=State.CAPTURING), late)
    assert not gives_up(replace(tried, state=State.RELEASING), late)


def test_every_state_has_one_status() -> None:
    """What people see partitions the states."""
    assert states_of(TransferStatus) == frozenset(State)
    assert sum(len(states_of([status])) for status in TransferStatus) == len(State)


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("idempotencyKey", replace(ORDER, idempotency_key="")),
        ("idempotencyKey", replace(ORDER, idempotency_key="k" * 65)),
        ("idempotencyKey", replace(ORDER, idempotency_key="a\x00b")),
        ("amount", replace(ORDER, amount=Money(0, "USD"))),
        ("amount", replace(ORDER, amount=Money(-5, "USD"))),
        ("amount", replace(ORDER, amount=Money(5, "ABC"))),
        ("note", replace(ORDER, note="n" * (NOTE_LENGTH_MAX + 1))),
        ("note", replace(ORDER, note="a\x00b")),
    ],
)
def test_each_rule_names_its_field(field: str, broken: SendMoney) -> None:
    """An order that breaks a rule of form is refused with the field's GraphQL name."""
    check(ORDER)
    with pytest.raises(InvalidInput) as refusal:
        check(broken)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    "refusal",
    [
        errors.WalletNotFound(),
        errors.RecipientNotFound("Nobody."),
        errors.SameWallet(),
        errors.CurrencyMismatch("No."),
        errors.InsufficientFunds("Too little.", available=Money(3, "USD"), requested=Money(5, "USD")),
        errors.WalletFrozen("Frozen."),
        errors.WalletClosed("Closed."),
        errors.LimitExceeded("Too much.", limit=Money(5, "USD")),
        errors.TransferNotFound(),
        errors.NotRefundable("No."),
        errors.PaymentRequestNotFound("Which?"),
        errors.PaymentRequestClosed("Over.", status="DECLINED"),
        errors.TooManyOpenRequests("Enough.", limit=10),
        InvalidInput("amount", "Too much."),
    ],
)
def test_a_refusal_is_remembered_word_for_word(refusal: Refusal) -> None:
    """What is read back from JSON says the same as what was written."""
    again = errors.from_json(errors.to_json(refusal))

    assert type(again) is type(refusal)
    assert (again.message, vars(again)) == (refusal.message, vars(refusal))


def test_pauses_grow_and_are_bounded() -> None:
    """A pause is random below a bound that doubles up to its maximum, however many tries there were."""
    timing = Timing(pause_base=1, pause_max=8)

    for attempt, longest in ((1, 2), (2, 4), (3, 8), (4, 8), (10_000, 8)):
        pauses = [pause_before_retry(attempt, timing) for _ in range(300)]
        assert 0 <= min(pauses) < longest / 3
        assert longest / 2 < max(pauses) <= longest
