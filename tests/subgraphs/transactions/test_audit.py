"""The sagas' audit finds what is wrong with transfers, names it, and is silent about what is merely under way."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import text

from payflow.kernel.audit import Violation
from payflow.kernel.ids import derived_id, new_id
from subgraphs.transactions import audit
from subgraphs.transactions.audit import reachable
from subgraphs.transactions.domain import State, Step, StepStatus
from subgraphs.transactions.errors import InsufficientFunds
from subgraphs.transactions.fake_gateways import Fault
from tests.subgraphs.transactions.world import World

AMOUNT = 2_500


class Settled(NamedTuple):
    """What the books say of a hold."""

    captured: int
    open: int = 0
    journals: int = 1


@dataclass
class BooksOfTests:
    """The wallet's side, as a test wants it; holds by id, with their payments."""

    said: dict[UUID, tuple[UUID, Settled]] = field(default_factory=dict)

    def say(self, transfer_id: UUID, settled: Settled) -> None:
        self.said[derived_id(transfer_id, Step.HOLD)] = (transfer_id, settled)

    async def settled(self, hold_ids: Sequence[UUID]) -> Mapping[UUID, Settled]:
        return {hold_id: self.said[hold_id][1] for hold_id in hold_ids if hold_id in self.said}

    async def holds(self, *, after: UUID, most: int) -> list[tuple[UUID, UUID]]:
        later = sorted(hold_id for hold_id in self.said if hold_id > after)
        return [(hold_id, self.said[hold_id][0]) for hold_id in later[:most]]


async def audited(world: World, books: BooksOfTests) -> list[Violation]:
    async with audit.opened(world.database) as transfers:
        return await transfers.violations(books)


@pytest.fixture
async def completed(world: World) -> UUID:
    """A transfer that went well."""
    transfer = await world.transfers.send(world.order(AMOUNT))
    return (await world.recover(transfer.id)).id


async def tamper(world: World, statement: str, **known: object) -> None:
    async with world.database.unit_of_work() as work:
        await work.connection.execute(text(statement), {k: v for k, v in known.items() if f":{k}" in statement})


async def test_sagas_through_every_fault_are_true(world: World) -> None:
    """Whatever the network does to each step, what comes of it is a place that the audit knows, and agrees with the books."""
    books = BooksOfTests()
    for step, fault in itertools.product(
        (Step.HOLD, Step.CAPTURE), (Fault.LOSE_REPLY, Fault.DUPLICATE, Fault.LOSE_REQUEST)
    ):
        world.network.disturb(step, fault)
        transfer = await world.recover((await world.transfers.send(world.order(100))).id)
        assert transfer.state is State.COMPLETED
        books.say(transfer.id, Settled(100))
    with pytest.raises(InsufficientFunds):
        await world.transfers.send(world.order(1_000_000))

    assert await audited(world, books) == []


# What the wallet's books say of a completed transfer → what is wrong.
UNLIKE = {
    "nothing paid": (Settled(0, 0, 0), "its hold has paid 0 and still holds 0"),
    "half paid": (Settled(AMOUNT // 2), "its hold has paid 1250 and still holds 0"),
    "still held": (Settled(0, AMOUNT), "its hold has paid 0 and still holds 2500"),
    "paid twice": (Settled(AMOUNT, 0, 2), "paid by 2 journals"),
}


@pytest.mark.parametrize("case", UNLIKE)
async def test_a_completed_transfer_is_paid_once(world: World, completed: UUID, case: str) -> None:
    """S2: whatever else the books say of its hold is found, by the transfer's id."""
    settled, message = UNLIKE[case]
    books = BooksOfTests()
    books.say(completed, settled)

    (found,) = await audited(world, books)

    assert (found.invariant, found.subject) == ("S2", str(completed))
    assert message in found.message


@pytest.mark.parametrize("settled", [Settled(AMOUNT), Settled(0, AMOUNT, 0)])
async def test_a_failed_transfer_has_paid_and_holds_nothing(world: World, settled: Settled) -> None:
    """S2: money that moved, or that stays held, for a transfer that says it failed."""
    with pytest.raises(InsufficientFunds):
        await world.transfers.send(world.order(1_000_000))
    failed = await world.only_transfer()
    books = BooksOfTests()
    books.say(failed.id, settled)

    assert [(found.invariant, found.subject) for found in await audited(world, books)] == [("S2", str(failed.id))]


async def test_a_hold_that_no_transfer_has_placed(world: World, completed: UUID) -> None:
    """S2: money is set aside, and no saga knows of it; nor does the payment that the hold names make it its own."""
    books = BooksOfTests()
    books.say(completed, Settled(AMOUNT))
    stray, unknown = new_id(), new_id()
    books.said[stray] = (completed, Settled(0, 5))
    books.said[unknown] = (new_id(), Settled(0, 5))

    found = await audited(world, books)

    assert {(violation.invariant, violation.subject) for violation in found} == {
        ("S2", str(stray)),
        ("S2", str(unknown)),
    }


async def test_what_is_under_way_is_no_violation(world: World) -> None:
    """Transfers that begin or end while the audit looks are found true: ours is the older snapshot, and asks once more."""
    books = BooksOfTests()
    async with audit.opened(world.database) as transfers:
        transfer = await world.recover((await world.transfers.send(world.order(AMOUNT))).id)
        books.say(transfer.id, Settled(AMOUNT))

        assert await transfers.violations(books) == []
        assert await transfers.checked() == 0


# What is done to a completed transfer → the invariants that break.
DAMAGE = {
    "a state that went back": (
        "UPDATE transfers SET state = 'CAPTURING', ended_at = NULL, due_at = now(), state_since = now() WHERE id = :id",
        {"S3"},
    ),
    "a step that never was": ("DELETE FROM transfer_steps WHERE transfer_id = :id AND name = 'CAPTURE'", {"S3"}),
    "a step of two minds": (
        "UPDATE transfer_steps SET status = 'COMPENSATED' WHERE transfer_id = :id AND name = 'HOLD'",
        {"S3"},
    ),
    "a release of what was captured": (
        "INSERT INTO transfer_steps (transfer_id, name, status, attempts, started_at, finished_at)"
        " VALUES (:id, 'RELEASE', 'DONE', 1, now() - interval '2 days', now())",
        {"S3", "S4"},
    ),
    "refunds that nobody made": ("UPDATE transfers SET refunded = 1 WHERE id = :id", {"S5"}),
}


@pytest.mark.parametrize("damage", DAMAGE)
async def test_damage_is_found(world: World, completed: UUID, damage: str) -> None:
    """Whatever is done to a transfer past the saga, the audit names the invariants that it breaks, and no others."""
    statement, invariants = DAMAGE[damage]
    books = BooksOfTests()
    books.say(completed, Settled(AMOUNT))
    assert await audited(world, books) == []

    await tamper(world, statement, id=completed)

    found = await audited(world, books)
    assert {violation.invariant for violation in found} == invariants
    assert {violation.subject for violation in found} == {str(completed)}


async def test_a_release_before_the_captures_answer(world: World) -> None:
    """S4: the steps are all there, and in the wrong order: it was given back while the capture might still have happened."""
    world.network.disturb(Step.CAPTURE, Fault.LOSE_REQUEST)
    transfer = await world.transfers.send(world.order(AMOUNT))
    world.bank.expire(transfer.hold_id)
    transfer = await world.recover(transfer.id)
    assert transfer.state is State.FAILED
    assert await audited(world, BooksOfTests()) == []

    await tamper(
        world,
        "UPDATE transfer_steps SET finished_at = finished_at + interval '1 s' WHERE transfer_id = :id AND name = 'CAPTURE'",
        id=transfer.id,
    )

    assert [(found.invariant, found.subject) for found in await audited(world, BooksOfTests())] == [
        ("S4", str(transfer.id))
    ]


@pytest.mark.parametrize(
    ("since", "due", "stuck"),
    [("59 minutes", "1 minute", 0), ("61 minutes", "1 minute", 1), ("10 minutes", "61 minutes", 1)],
)
async def test_a_stuck_transfer(world: World, since: str, due: str, stuck: int) -> None:
    """S1: a step that should long have ended or gone to review, or that nobody takes up."""
    world.network.down = True
    transfer = await world.transfers.send(world.order(AMOUNT))
    await tamper(
        world,
        f"UPDATE transfers SET state_since = now() - interval '{since}', due_at = now() - interval '{due}' WHERE id = :id",
        id=transfer.id,
    )

    found = await audited(world, BooksOfTests())

    assert [(violation.invariant, violation.subject) for violation in found] == [("S1", str(transfer.id))] * stuck


def test_every_end_can_be_reached_and_no_impossible_place() -> None:
    """The places come from the table of transitions alone: each state is among them, and no release beside a running capture."""
    places = reachable()

    assert {state for state, _, _ in places} == set(State)
    for _, _, steps in places:
        assert not {(Step.RELEASE, StepStatus.RUNNING), (Step.CAPTURE, StepStatus.RUNNING)} <= steps
