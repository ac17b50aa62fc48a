"""Every failpoint there is, with what has happened when a process comes by: what may be armed, and what the matrix of tests must cover.

A commit has a point on either side, `x.…ing` and `x.…ed`. A call to somebody else has them, too, `x.before_…` and `x.after_…`; and
since a call is a message, it can also be lost or arrive twice there, which a commit cannot.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Action(StrEnum):
    """What a point can do to whoever comes by."""

    RAISE = "raise"  # a fault like any other
    CANCEL = "cancel"  # the task that comes by is cancelled
    KILL = "kill"  # the process dies as SIGKILL kills it
    HANG = (
        "hang"  # whoever comes by stands still until cancelled, or until the point is disarmed: then he wakes up, late
    )
    DUPLICATE = "duplicate"  # before a call: two copies of it go out at once; after it: a late copy of it arrives
    DROP = "drop"  # before a call: it never arrives; after it: its reply never does


class Kind(StrEnum):
    """What a point stands beside."""

    COMMIT = "commit"
    CALL = "call"


ACTIONS_OF: Mapping[Kind, frozenset[Action]] = {
    Kind.COMMIT: frozenset(Action) - {Action.DUPLICATE, Action.DROP},
    Kind.CALL: frozenset(Action),
}

_COMMITS = {
    "saga.beginning": "who pays whom is known; nothing is stored",
    "saga.begun": "the transfer and its first intent are stored",
    "saga.recording_hold": "the answer to the hold is known; it is not stored",
    "saga.recorded_hold": "the answer to the hold and the next intent are stored",
    "saga.recording_capture": "the answer to the capture is known; it is not stored",
    "saga.recorded_capture": "the answer to the capture is stored, and with it the end",
    "saga.recording_release": "the answer to the release is known; it is not stored",
    "saga.recorded_release": "the answer to the release is stored, and with it the end",
    "saga.postponing": "a step got no answer; that it is to be asked again later is not stored",
    "saga.postponed": "when the step is asked again is stored",
    "saga.escalating": "a step has had enough tries, or an impossible answer; that a person is to decide is not stored",
    "saga.escalated": "the transfer waits for a person",
    "review.deciding": "a person has decided; it is not stored",
    "review.decided": "what a person decided is stored, and the transfer is due",
    "recovery.claiming": "the worker looks for what is due",
    "recovery.claimed": "what was due belongs to the worker, who has not begun with it",
    "relay.sequencing": "events wait in the outbox; they have no position in the log",
    "relay.sequenced": "the events have moved from the outbox to their positions in the log",
    "relay.marking": "the broker has acknowledged events; the cursor has not moved",
    "relay.marked": "the cursor has moved past the events",
}
_CALLS = {
    "saga.route": "the look-up of both wallets",
    "saga.hold": "placeHold, as the saga sends it",
    "saga.capture": "captureHold, as the saga sends it",
    "saga.release": "releaseHold, as the saga sends it",
    "saga.extend": "extendHold, as the saga sends it while a person thinks",
    "ledger.post": "the posting function, as the wallet calls it",
    "relay.publish": "a batch of events to the broker",
}


def before(call: str) -> str:
    """The point before a call, e.g. `saga.before_hold` of `saga.hold`."""
    return call.replace(".", ".before_", 1)


def after(call: str) -> str:
    """The point behind a call, e.g. `saga.after_hold` of `saga.hold`."""
    return call.replace(".", ".after_", 1)


CATALOGUE: Mapping[str, Kind] = {
    **dict.fromkeys(_COMMITS, Kind.COMMIT),
    **{point: Kind.CALL for call in _CALLS for point in (before(call), after(call))},
}

SENTENCES: Mapping[str, str] = {
    **_COMMITS,
    **{before(call): f"{what}: not yet sent" for call, what in _CALLS.items()},
    **{after(call): f"{what}: answered" for call, what in _CALLS.items()},
}
