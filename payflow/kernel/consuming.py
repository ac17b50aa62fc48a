"""The tables that a consumer keeps in the database of its service, declared together."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import MetaData, Table

from payflow.kernel.dead_letters import dead_letters_table
from payflow.kernel.inbox import inbox_table
from payflow.kernel.interventions import interventions_table
from payflow.kernel.parking import parked_table
from payflow.kernel.replays import replays_table


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerTables:
    """What was handled, what waits, what could not be handled, what is to be read again, and who intervened."""

    inbox: Table
    parked: Table
    dead_letters: Table
    replays: Table
    interventions: Table


def consumer_tables(metadata: MetaData) -> ConsumerTables:
    """Declare them among a service's own."""
    return ConsumerTables(
        inbox=inbox_table(metadata),
        parked=parked_table(metadata),
        dead_letters=dead_letters_table(metadata),
        replays=replays_table(metadata),
        interventions=interventions_table(metadata),
    )
