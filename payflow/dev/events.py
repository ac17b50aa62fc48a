"""`payflow events`: dead letters, what is parked, how far consumers are behind, and reading a topic again."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

import typer

from payflow.dev.options import DEFAULT_DATA_DIR, DataDir, Json, Reason

if TYPE_CHECKING:
    from payflow.dev.event_desk import Found
    from payflow.dev.folders import Folders

events = typer.Typer(help="Events between services: what is behind, parked or dead.", no_args_is_help=True)
dead_letters = typer.Typer(
    help="Events that a consumer could not handle: look, redrive, discard.", no_args_is_help=True
)
events.add_typer(dead_letters, name="dead-letters")


class ConsumerName(StrEnum):
    """The consumers that there are."""

    rewards = "rewards"
    notifications = "notifications"


Consumer = Annotated[ConsumerName | None, typer.Option("--consumer", help="Only this one; by default every consumer.")]
Why = Annotated[str | None, typer.Option("--reason", help="Why, for whoever looks later.")]
LetterId = Annotated[UUID, typer.Argument(metavar="ID", help="The dead letter's id, as `dead-letters list` shows it.")]
Answer = TypeVar("Answer")


@dead_letters.command("list")
def list_(
    *,
    consumer: Consumer = None,
    everything: Annotated[bool, typer.Option("--all", help="Those redriven or discarded, too.")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Show what waits for a decision, the oldest first."""
    from payflow.dev import event_desk as desk
    from payflow.dev import event_view as view
    from payflow.kernel.dead_letters import State

    states = list(State) if everything else [State.DEAD]
    found = _run(desk.dead_letters(_folders(data_dir), _consumers(consumer), states))
    _print([view.letter_data(each) for each in found], view.letters_table(found), as_json=as_json)


@dead_letters.command()
def show(
    letter: LetterId, *, consumer: Consumer = None, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False
) -> None:
    """Show one: the event as it came, why it could not be handled, and what was done about it."""
    from payflow.dev import event_desk as desk

    _print_letter(_run(desk.show(_folders(data_dir), _consumers(consumer), letter)), as_json=as_json)


@dead_letters.command()
def redrive(
    letter: LetterId,
    *,
    reason: Why = None,
    consumer: Consumer = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Have it tried again, now that its cause is mended. If it was handled after all, nothing happens twice."""
    from payflow.dev import event_desk as desk

    found = _run(desk.redrive(_folders(data_dir), _consumers(consumer), letter, reason=reason))
    _print_letter(found, as_json=as_json)


@dead_letters.command()
def discard(
    letter: LetterId,
    *,
    reason: Reason,
    consumer: Consumer = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Give it up for good. It stays in the list of --all, with who gave it up and why."""
    from payflow.dev import event_desk as desk

    found = _run(desk.discard(_folders(data_dir), _consumers(consumer), letter, reason=reason))
    _print_letter(found, as_json=as_json)


@events.command()
def parked(*, consumer: Consumer = None, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show what waits to be tried again by itself: how often it was, why it failed, and when it is due."""
    from payflow.dev import event_desk as desk
    from payflow.dev import event_view as view

    found = _run(desk.parked(_folders(data_dir), _consumers(consumer)))
    _print([view.parked_data(each) for each in found], view.parked_table(found), as_json=as_json)


@events.command()
def lag(*, consumer: Consumer = None, data_dir: DataDir = DEFAULT_DATA_DIR, as_json: Json = False) -> None:
    """Show how far consumers are behind, in records and seconds, and what waits in the services' outboxes."""
    from payflow.dev import event_desk as desk
    from payflow.dev import event_view as view

    folders = _folders(data_dir)
    backlog = _run(desk.backlog(folders))
    behind = _run(desk.lag(folders, _consumers(consumer)))
    _print(view.lag_data(behind, backlog), view.lag_table(behind, backlog), as_json=as_json)


@events.command()
def replay(
    *,
    topic: Annotated[str, typer.Option("--topic", help="What to read again, e.g. transfers.v1.")],
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
            help="Only what the broker took from this instant on (UTC where no offset is given).",
        ),
    ] = None,
    reason: Why = None,
    consumer: Consumer = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Json = False,
) -> None:
    """Have consumers read a topic again. What they have handled has no effect a second time.

    Running consumers go back within seconds, those that are stopped when they start.
    """
    from payflow.dev import event_desk as desk

    instant = since.replace(tzinfo=UTC) if since is not None and since.tzinfo is None else since
    readers = _run(desk.replay(_folders(data_dir), _consumers(consumer), topic, since=instant, reason=reason))
    data = {"topic": topic, "since": instant.isoformat() if instant else None, "consumers": readers}
    start = f"from {instant.isoformat()} on" if instant else "from the start"
    _print(data, f"{topic} is read again {start}, by {' and '.join(readers)}.", as_json=as_json)


def _print_letter(found: Found, *, as_json: bool) -> None:
    from payflow.dev import event_view as view

    _print(view.letter_data(found, whole=True), view.letter_table(found), as_json=as_json)


def _run(asked: Coroutine[Any, Any, Answer]) -> Answer:
    return asyncio.run(asked)


def _folders(data_dir: Path) -> Folders:
    from payflow.dev.folders import Folders

    return Folders(data_dir.resolve())


def _consumers(consumer: ConsumerName | None) -> list[str]:
    return sorted(ConsumerName) if consumer is None else [consumer.value]


def _print(data: Any, table: Any, *, as_json: bool) -> None:
    from rich.console import Console

    if as_json:
        typer.echo(json.dumps(data, indent=2))
    else:
        Console().print(table)
