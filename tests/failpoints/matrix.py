"""The matrix as data: the journeys of money, the points that each comes by, and what may go wrong at each of them.

A cell is one journey with one action at one point. A journey's points stand in the order it comes by them.
"""

from __future__ import annotations

from dataclasses import dataclass

from payflow.kernel.failpoint_catalogue import ACTIONS_OF, CATALOGUE, Action

_ASKED = ("saga.before_route", "saga.after_route", "saga.beginning", "saga.begun")
_HELD = (
    "saga.before_hold",
    "ledger.before_post#1",
    "ledger.after_post#1",
    "saga.after_hold",
    "saga.recording_hold",
    "saga.recorded_hold",
)
_CAPTURED = (
    "saga.before_capture",
    "ledger.before_post#2",
    "ledger.after_post#2",
    "saga.after_capture",
    "saga.recording_capture",
    "saga.recorded_capture",
)
_RELEASED = (
    "saga.before_release",
    "ledger.before_post#3",
    "ledger.after_post#3",
    "saga.after_release",
    "saga.recording_release",
    "saga.recorded_release",
)
_TOLD = (
    "relay.sequencing",
    "relay.sequenced",
    "relay.before_publish",
    "relay.after_publish",
    "relay.marking",
    "relay.marked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One way that a transfer takes. `led_by` is armed beside the cell's own point, and leads it there.

    `#2` behind a point: the second time that the journey comes by it. What it has in common with a journey before it is left out.
    """

    name: str
    sentence: str
    points: tuple[str, ...]
    led_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One journey, and what goes wrong where on it."""

    journey: Journey
    point: str
    action: Action

    @property
    def name(self) -> str:
        return f"{self.journey.name}-{self.point}-{self.action}"

    @property
    def failpoint(self) -> str:
        return self.point.partition("#")[0]

    @property
    def applies(self) -> bool:
        """Whether the action means anything at the point: a commit is no message, and can be neither lost nor doubled."""
        return self.action in ACTIONS_OF[CATALOGUE[self.failpoint]]


PAYMENT = Journey(
    name="payment",
    sentence="Ada pays Bob",
    points=(*_ASKED, *_HELD, *_CAPTURED, *_TOLD),
)
REFUSED = Journey(
    name="refused",
    sentence="Ada has not enough, and is told so",
    points=_HELD,
)
RESCUED = Journey(
    name="rescued",
    sentence="the first answer to the hold is lost, and the worker takes the payment up",
    points=("saga.postponing", "saga.postponed", "recovery.claiming", "recovery.claimed"),
    led_by=("saga.after_hold=drop",),
)
LAPSED = Journey(
    name="lapsed",
    sentence="the hold runs out before it is captured, and Ada gets her money back",
    points=(*_CAPTURED, *_RELEASED),
)
GIVEN_UP = Journey(
    name="given-up",
    sentence="the hold gets no answer in time, and is cancelled or released, whichever it takes",
    points=(
        "saga.recording_hold",
        "saga.recorded_hold",
        "saga.before_release",
        "saga.after_release",
        "saga.recording_release",
        "saga.recorded_release",
    ),
    led_by=("saga.before_hold=drop",),
)
CANCELLED = Journey(
    name="cancelled",
    sentence="the capture has an answer that cannot be, and a person decides to give the money back",
    points=(
        "saga.escalating",
        "saga.escalated",
        "saga.before_extend",
        "saga.after_extend",
        "review.deciding",
        "review.decided",
        "saga.recording_release",
        "saga.recorded_release",
    ),
)
REFUND = Journey(
    name="refund",
    sentence="Bob, who was paid, gives it all back",
    points=("saga.beginning", "saga.begun", *_HELD, *_CAPTURED),
)

JOURNEYS = (PAYMENT, REFUSED, RESCUED, LAPSED, GIVEN_UP, CANCELLED, REFUND)


def cells(*journeys: Journey) -> list[Cell]:
    """Every point of the journeys with every action, whether it applies there or not."""
    return [
        Cell(journey, point, action)
        for journey in journeys or JOURNEYS
        for point in journey.points
        for action in Action
    ]


def applicable(*journeys: Journey) -> list[Cell]:
    """The cells to run."""
    return [cell for cell in cells(*journeys) if cell.applies]


def summary() -> str:
    """The size of the matrix in a sentence."""
    every = cells()
    absent = [cell for cell in every if not cell.applies]
    points = {cell.failpoint for cell in every}
    return (
        f"{len(JOURNEYS)} journeys by {len(points)} points x {len(Action)} actions = {len(every)} cells,"
        f" {len(every) - len(absent)} run, {len(absent)} not applicable (a commit is neither lost nor doubled)"
    )
