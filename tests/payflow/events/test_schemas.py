"""The committed JSON Schemas are what the code renders, and what the code sends satisfies them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payflow.events.catalogue import EVENTS, TOPICS
from payflow.events.envelope import EventData
from payflow.events.schemas import DIALECT, render, schema_of, write

FOLDER = Path(__file__).parents[3] / "schema" / "events"


def test_the_committed_schemas_are_current() -> None:
    """Where this fails, run `python -m payflow.events.schemas schema/events` and commit what changed."""
    assert {path.name: path.read_text() for path in FOLDER.glob("*.json")} == render()


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.TYPE)
def test_a_schema_pins_type_and_source_and_says_the_topic(event: type[EventData]) -> None:
    """A reader of the file alone knows where the event comes from, and that more fields may follow."""
    schema = schema_of(event)

    assert schema["$schema"] == DIALECT
    assert schema["properties"]["type"]["const"] == event.TYPE
    assert schema["properties"]["source"]["const"] == event.SOURCE
    assert event.TOPIC in schema["description"]
    assert {"specversion", "id", "type", "source", "subject", "time", "data"} <= set(schema["required"])
    assert "additionalProperties" not in json.dumps(schema)


def test_writing_removes_what_is_gone(tmp_path: Path) -> None:
    """A type that was dropped leaves no file behind."""
    (tmp_path / "old.thing.v1.json").write_text("{}")

    write(tmp_path)

    assert {path.name for path in tmp_path.glob("*.json")} == set(render())


def test_the_catalogue_has_no_type_twice() -> None:
    """Types name events, and their topics are those that are created."""
    assert len({event.TYPE for event in EVENTS}) == len(EVENTS)
    assert {event.TOPIC for event in EVENTS} == set(TOPICS)
