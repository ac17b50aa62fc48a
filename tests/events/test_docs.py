"""docs/events.md has every type, its topic, its key, and who reads it."""

from __future__ import annotations

from pathlib import Path

from consumers import notifications, rewards
from payflow.events.catalogue import EVENTS
from payflow.events.envelope import EventData
from tests.events.recorded import SAMPLES

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
CONSUMERS = {"rewards": rewards.EVENTS, "notifications": notifications.EVENTS}


def test_the_table_of_types_is_the_catalogue() -> None:
    """Where this fails, put these rows into the table."""
    written = [
        line for line in PAGE.read_text().splitlines() if line.startswith("| `") and ".v" in line.partition("|")[2]
    ]

    assert [line for line in written if line.count("|") == 5] == [row(event) for event in EVENTS]


def row(event: type[EventData]) -> str:
    readers = ", ".join(name for name, events in CONSUMERS.items() if event in events)
    return f"| `{event.TYPE}` | `{event.TOPIC}` | `{key(event)}` | {readers or '-'} |"


def key(event: type[EventData]) -> str:
    """The field that is the subject, as the recorded events show."""
    [sample, *_] = [sample.event for sample in SAMPLES if sample.type == event.TYPE]
    return next(name for name in event.model_fields if sample.data.get(name) == sample.subject)
