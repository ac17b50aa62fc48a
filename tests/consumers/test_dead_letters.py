"""Which failures pass, and which bury a message."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from consumers.broker import Message
from consumers.dead_letters import UNEXPECTED_ATTEMPTS_MAX, is_permanent, letter_of
from consumers.handlers import UnknownVersion
from payflow.client.errors import OutcomeUnknown
from payflow.events.envelope import MalformedEvent
from payflow.kernel.errors import DependencyUnavailable
from subgraphs.rewards.errors import CampaignNotFound
from tests.consumers.world import completed, record_of


class FromDatabase(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("from the database")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "error",
    [
        DependencyUnavailable("away"),
        OutcomeUnknown("no answer"),
        ConnectionRefusedError(),
        TimeoutError(),
        OperationalError("", {}, FromDatabase("57P01")),
        DBAPIError("", {}, FromDatabase("40P01")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_passes_is_never_given_up(error: Exception) -> None:
    """However often another part was away, the message waits."""
    assert not is_permanent(error, attempts=1_000_000)


@pytest.mark.parametrize(
    "error",
    [
        MalformedEvent("no JSON"),
        UnknownVersion("v9"),
        CampaignNotFound(),
        DBAPIError("", {}, FromDatabase("22021")),
        IntegrityError("", {}, FromDatabase("23514")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_cannot_help_is_given_up_at_once(error: Exception) -> None:
    """A malformed event, a refusal, and values that the database will not store stay so."""
    assert is_permanent(error, attempts=1)


def test_a_bug_gets_a_few_attempts() -> None:
    """An error nobody foresaw does not hold up the log for ever, and is not given up at the first sight."""
    assert not is_permanent(KeyError("oops"), attempts=UNEXPECTED_ATTEMPTS_MAX - 1)
    assert is_permanent(KeyError("oops"), attempts=UNEXPECTED_ATTEMPTS_MAX)


def test_a_letter_says_what_is_known() -> None:
    """Topic, key, event id, the reason in one line, and the payload as it came."""
    record = record_of(completed())
    message = Message(record.topic, 3, 7, record.key, orjson.dumps(record.value))

    letter = letter_of(message, consumer="rewards", error=ValueError("first\nsecond"))

    assert str(letter.event_id) == record.value["id"]
    assert (letter.topic, letter.key, letter.reason) == (record.topic, record.key, "ValueError: first")
    assert letter.payload == message.value


def test_a_repeat_is_the_same_letter() -> None:
    """What was received decides the letter's id, wherever in the log it stood."""
    letters = [
        letter_of(Message("t", 0, offset, "k", payload), consumer="rewards", error=ValueError())
        for offset, payload in ((1, b"{"), (2, b"{"), (3, b"["))
    ]

    assert letters[0].event_id is None
    assert letters[0].id == letters[1].id != letters[2].id
