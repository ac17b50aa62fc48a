"""How the state of events is printed: JSON for scripts, tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from consumers.broker import Lag
from payflow.dev.event_desk import Found
from payflow.kernel.parking import Parked


def letter_data(found: Found, *, whole: bool = False) -> dict[str, Any]:
    """One dead letter; `whole` with the event as it came and what was done about it."""
    letter = found.letter
    data: dict[str, Any] = {
        "id": str(found.id),
        "consumer": letter.consumer,
        "state": letter.state.value,
        "topic": letter.topic,
        "key": letter.key,
        "eventId": str(letter.event_id) if letter.event_id else None,
        "reason": letter.reason,
        "since": _instant(letter.created_at),
    }
    if whole:
        data["payload"] = _payload(found)
        data["interventions"] = [
            {"at": _instant(done.at), "action": done.action.value, "actor": done.actor, "reason": done.reason}
            for done in found.interventions
        ]
    return data


def letters_table(found: Sequence[Found]) -> RenderableType:
    """A sentence where there are none, else a table."""
    if not found:
        return "There are no dead letters."
    table = Table("id", "consumer", "state", "topic", "since", "why", title=f"{len(found)} dead letters")
    for each in found:
        letter = each.letter
        why = Text(letter.reason)
        table.add_row(str(each.id), letter.consumer, letter.state.value, letter.topic, _time(letter.created_at), why)
    return table


def letter_table(found: Found) -> RenderableType:
    """One, and what was done about it."""
    facts = Table(title=f"Dead letter {found.id}", show_header=False)
    for name, value in letter_data(found, whole=True).items():
        if name not in ("id", "interventions"):
            facts.add_row(name, Text(str(value)))
    done = Table("at", "who", "what", "why", title="Interventions")
    for each in found.interventions:
        done.add_row(_time(each.at), each.actor, each.action.value.lower(), Text(each.reason or ""))
    return Group(facts, done)


def parked_data(parked: Parked) -> dict[str, Any]:
    """One event that waits."""
    return {
        "consumer": parked.consumer,
        "topic": parked.topic,
        "key": parked.key,
        "eventId": str(parked.event_id),
        "attempts": parked.attempts,
        "error": parked.error,
        "parkedAt": _instant(parked.parked_at),
        "nextAt": _instant(parked.next_at),
    }


def parked_table(found: Sequence[Parked]) -> RenderableType:
    """A sentence where nothing waits, else a table. Without an error, an event waits for those in front of it."""
    if not found:
        return "Nothing is parked."
    table = Table("event", "consumer", "key", "tries", "due", "why", title=f"{len(found)} parked events")
    for each in found:
        why = Text(each.error or "behind another of its key")
        names = (str(each.event_id), each.consumer, each.key)
        table.add_row(*names, str(each.attempts), _time(each.next_at), why)
    return table


def lag_data(behind: Mapping[str, Sequence[Lag]], backlog: Mapping[str, int]) -> dict[str, Any]:
    """Every partition that a consumer reads, and every service's outbox."""
    return {
        "consumers": [
            {
                "consumer": consumer,
                "topic": lag.topic,
                "partition": lag.partition,
                "records": lag.records,
                "seconds": round(lag.seconds, 3),
            }
            for consumer, partitions in behind.items()
            for lag in partitions
        ],
        "outboxes": [{"service": service, "records": records} for service, records in backlog.items()],
    }


def lag_table(behind: Mapping[str, Sequence[Lag]], backlog: Mapping[str, int]) -> RenderableType:
    """Only partitions in which something waits; a sum where none does."""
    table = Table("consumer", "topic", "partition", "records", "seconds", title="Behind")
    for consumer, partitions in behind.items():
        for topic in sorted({lag.topic for lag in partitions}):
            waiting = [lag for lag in partitions if lag.topic == topic and lag.records]
            for lag in waiting:
                table.add_row(consumer, topic, str(lag.partition), str(lag.records), f"{lag.seconds:.1f}")
            if not waiting:
                table.add_row(consumer, topic, "all", "0", "0.0")
    outboxes = Table("service", "records", title="Outboxes")
    for service, records in backlog.items():
        outboxes.add_row(service, str(records))
    return Group(table, outboxes)


def _payload(found: Found) -> str:
    return found.letter.payload.decode(errors="backslashreplace")


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()


def _time(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
