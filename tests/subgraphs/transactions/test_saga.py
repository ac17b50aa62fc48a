"""The saga under fire: a crash at each boundary, each thing a network can do, and both at random; recovery finishes it."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from payflow.kernel.failpoints import FailpointReached, arm, armed
from subgraphs.transactions import store
from subgraphs.transactions.domain import HOLD_BUDGET, State, Step, StepStatus, Transfer, TransferStatus
from subgraphs.transactions.errors import InsufficientFunds, WalletFrozen
from subgraphs.transactions.fake_gateways import Fault
from subgraphs.transactions.retrying import SILENT_AFTER
from tests.subgraphs.transactions.world import BALANCE, World

AMOUNT = 2_500
MOVED = (BALANCE - AMOUNT, 0, AMOUNT)
UNMOVED = (BALANCE, 0, 0)
POINTS = ["saga.begun"] + [
    f"saga.{moment}_{step}" for step in ("hold", "capture") for moment in ("before", "after", "recorded")
]
NETWORK_FAULTS = [fault for fault in Fault if fault is not Fault.DELAY]


@pytest.fixture(autouse=True)
def unarmed() -> Iterator[None]:
    yield
    arm("")


async def begin(world: World) -> Transfer:
    """Send the money, whatever is thrown on the way; the transfer as it stands then."""
    with contextlib.suppress(FailpointReached):
        await world.transfers.send(world.order(AMOUNT))
    return await world.only_transfer()


async def assert_told_once(world: World, kind: str) -> None:
    assert [event["type"] for event in await world.events()] == [kind]


@pytest.mark.parametrize("action", ["raise", "hang"])
@pytest.mark.parametrize("point", POINTS)
async def test_a_crash_at_each_boundary_is_recovered(world: World, tmp_path: Path, point: str, action: str) -> None:
    """Wherever the first run dies or hangs, another takes over from the last commit, and the money moves once."""
    with armed(f"{point}={action}@{tmp_path / 'marker'}"):
        sending = asyncio.create_task(world.transfers.send(world.order(AMOUNT)))
        await asyncio.wait({sending}, timeout=0.3)
        transfer = await world.recover((await world.begun()).id)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    assert (tmp_path / "marker").exists()
    assert transfer.status is TransferStatus.COMPLETED
    assert world.balances == MOVED
    await assert_told_once(world, "transfer.completed.v1")


@pytest.mark.parametrize("fault", NETWORK_FAULTS)
@pytest.mark.parametrize("step", [Step.HOLD, Step.CAPTURE])
async def test_each_network_fault_is_survived(unhurried: World, step: Step, fault: Fault) -> None:
    """A lost request, a lost reply, silence or a duplicate: the step is asked again under its key, and happens once."""
    world = unhurried
    world.network.disturb(step, fault)

    begun = await begin(world)
    transfer = await world.recover(begun.id)

    assert transfer.status is TransferStatus.COMPLETED
    assert world.balances == MOVED
    await assert_told_once(world, "transfer.completed.v1")
    expected = 1 if fault is Fault.DUPLICATE else 2
    assert (await world.steps(transfer.id))[step.value].attempts == expected


@pytest.mark.parametrize("seed", range(12))
async def test_crashes_and_faults_at_random(world: World, tmp_path: Path, seed: int) -> None:
    """Whatever comes together: a transfer ends, money is conserved, COMPLETED means that it moved and FAILED that it did not."""
    dice = random.Random(seed)
    for step in Step:
        world.network.disturb(step, *dice.choices(NETWORK_FAULTS, k=dice.randint(0, 3)))
    crashes = dice.sample([*POINTS, "saga.before_release", "saga.after_release", "saga.recorded_release"], k=4)
    specification = ",".join(
        f"{point}={dice.choice(['raise', 'hang'])}@{tmp_path / str(number)}" for number, point in enumerate(crashes)
    )
    too_late = dice.random() < 0.5

    with armed(specification):
        sending = asyncio.create_task(world.transfers.send(world.order(AMOUNT)))
        await asyncio.wait({sending}, timeout=0.3)
        if too_late:
            world.clock.advance(HOLD_BUDGET * 2)
        transfer = await world.recover((await world.begun()).id, within_s=30)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    completed = transfer.status is TransferStatus.COMPLETED
    assert world.balances == (MOVED if completed else UNMOVED)
    await assert_told_once(world, "transfer.completed.v1" if completed else "transfer.failed.v1")
    assert StepStatus.RUNNING not in {step.status for step in (await world.steps(transfer.id)).values()}


@pytest.mark.parametrize("fault", [Fault.LOSE_REPLY, Fault.DELAY])
async def test_a_silent_hold_is_given_up_and_released(world: World, fault: Fault) -> None:
    """Past its budget an unanswered hold is compensated: what was held is given back, what arrives late finds a tombstone."""
    world.network.disturb(Step.HOLD, fault)
    begun = await begin(world)
    world.clock.advance(HOLD_BUDGET + timedelta(seconds=1))

    transfer = await world.recover(begun.id)
    await world.network.deliver()

    assert (transfer.status, transfer.failure_code) == (TransferStatus.FAILED, "HOLD_CANCELLED")
    assert world.balances == UNMOVED
    steps = await world.steps(transfer.id)
    assert {name: step.status for name, step in steps.items()} == {
        "HOLD": StepStatus.COMPENSATED,
        "RELEASE": StepStatus.DONE,
    }
    assert steps["HOLD"].error is not None
    assert "no answer" in steps["HOLD"].error
    await assert_told_once(world, "transfer.failed.v1")


async def test_a_capture_is_never_given_up(world: World) -> None:
    """Behind the pivot the saga only goes forward, however long the wallet is silent to everybody: nothing is released, and nobody is
    bothered with what only the wallet can mend.
    """
    begun = await cut_off_at_capture(world)
    world.clock.advance(HOLD_BUDGET * 100)
    worker = asyncio.create_task(world.recovery.run())
    await asyncio.sleep(1.5)
    assert (await world.only_transfer()).state is State.CAPTURING
    world.network.down = False
    worker.cancel()

    transfer = await world.recover(begun.id, within_s=30)

    assert transfer.status is TransferStatus.COMPLETED
    assert world.balances == MOVED
    assert Step.RELEASE not in world.network.calls


async def cut_off_at_capture(world: World) -> Transfer:
    """A transfer whose wallet service goes down between hold and capture, and does not answer many others either."""
    world.network.disturb(Step.CAPTURE, Fault.LOSE_REQUEST)
    begun = await begin(world)
    assert begun.state is State.CAPTURING
    world.network.down = True
    for _ in range(SILENT_AFTER):
        world.budget.unanswered()
    return begun


async def test_recovery_spares_a_wallet_that_is_down(world: World) -> None:
    """However many transfers wait, the worker asks for one at a time and ever less often; and all are finished once it is back."""
    world.network.down = True
    begun = await asyncio.gather(*(world.transfers.send(world.order(100)) for _ in range(30)))
    assert world.budget.wallet_is_silent
    first_tries = len(world.network.calls)

    worker = asyncio.create_task(world.recovery.run())
    await asyncio.sleep(4)
    retries = len(world.network.calls) - first_tries
    world.network.down = False
    async with asyncio.timeout(40):
        while world.bank.available[world.bob_wallet.id] < 3_000:
            await asyncio.sleep(0.1)
    worker.cancel()

    assert first_tries == 30
    assert 5 <= retries <= 16, retries
    ended = [await world.runner.settled(each.id, within_s=5) for each in begun]
    assert {each.status for each in ended} == {TransferStatus.COMPLETED}


async def test_recovery_holds_back_while_this_process_is_late(world: World, tmp_path: Path) -> None:
    """While a saga that runs here is about to lose its lease, nothing is taken up beside it; once it has lost it, it is."""
    with armed(f"saga.recording_hold=hang@{tmp_path / 'marker'}"):
        sending = asyncio.create_task(world.transfers.send(world.order(AMOUNT)))
        async with asyncio.timeout(5):
            while not world.runner.is_behind:
                await asyncio.sleep(0.01)
        assert await world.recovery.rescue() == 0
        transfer = await world.recover((await world.only_transfer()).id)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    assert transfer.status is TransferStatus.COMPLETED
    assert not world.runner.is_behind


async def test_a_hold_that_lapsed_is_released(world: World, tmp_path: Path) -> None:
    """Where the wallet says that the hold has grown too old, its money goes back to the payer, and the transfer says why."""
    with armed(f"saga.before_capture=raise@{tmp_path / 'marker'}"):
        begun = await begin(world)
    world.bank.expire(begun.hold_id)

    transfer = await world.recover(begun.id)

    assert (transfer.status, transfer.failure_code) == (TransferStatus.FAILED, "HOLD_EXPIRED")
    assert world.balances == UNMOVED
    assert {name: (step.status, step.error) for name, step in (await world.steps(transfer.id)).items()} == {
        "HOLD": (StepStatus.COMPENSATED, None),
        "CAPTURE": (StepStatus.FAILED, "HOLD_EXPIRED"),
        "RELEASE": (StepStatus.DONE, None),
    }


async def test_a_payee_who_closes_meanwhile_is_not_paid(world: World, tmp_path: Path) -> None:
    """A wallet closed between hold and capture is a definite answer: the payer has the money back, and the transfer says why."""
    with armed(f"saga.before_capture=raise@{tmp_path / 'marker'}"):
        begun = await begin(world)
    world.bank.closed.add(world.bob_wallet.id)

    transfer = await world.recover(begun.id)

    assert (transfer.status, transfer.failure_code) == (TransferStatus.FAILED, "PAYEE_CLOSED")
    assert world.balances == UNMOVED


async def test_a_frozen_payer_pays_what_was_held(world: World, tmp_path: Path) -> None:
    """Freezing stops what begins after it: a hold placed before is still captured, the next is refused to the client."""
    with armed(f"saga.before_capture=raise@{tmp_path / 'marker'}"):
        begun = await begin(world)
    world.bank.frozen.add(world.ada_wallet.id)

    assert (await world.recover(begun.id)).status is TransferStatus.COMPLETED
    with pytest.raises(WalletFrozen):
        await world.transfers.send(world.order(AMOUNT))
    assert world.balances == MOVED


async def test_a_release_that_finds_the_money_paid_completes(world: World) -> None:
    """If the wallet ever says that it was captured after all, the transfer tells the truth: it is completed."""
    world.network.disturb(Step.HOLD, Fault.LOSE_REPLY)
    begun = await begin(world)
    await world.bank.capture_hold(begun.hold_id)
    world.clock.advance(HOLD_BUDGET * 2)

    transfer = await world.recover(begun.id)

    assert transfer.status is TransferStatus.COMPLETED
    assert world.balances == MOVED


async def test_a_refused_hold_fails_the_transfer(world: World) -> None:
    """Too little money is a definite answer: no second try, no capture, and the step shows a code but no balance."""
    with pytest.raises(InsufficientFunds):
        await world.transfers.send(world.order(BALANCE + 1))
    transfer = await world.only_transfer()

    assert (transfer.status, transfer.failure_code) == (TransferStatus.FAILED, "INSUFFICIENT_FUNDS")
    assert world.network.calls == [Step.HOLD]
    step = (await world.steps(transfer.id))["HOLD"]
    assert (step.status, step.error) == (StepStatus.FAILED, "INSUFFICIENT_FUNDS")
    await assert_told_once(world, "transfer.failed.v1")


async def test_two_runs_of_one_transfer_move_it_once(world: World, tmp_path: Path) -> None:
    """Two that believe to hold the lease both ask, and only one may write: the other drops its work."""
    with armed(f"saga.begun=raise@{tmp_path / 'marker'}"):
        begun = await begin(world)

    world.runner.start(begun)
    world.runner.start(begun)
    transfer = await world.runner.settled(begun.id, within_s=5)

    assert transfer.status is TransferStatus.COMPLETED
    assert world.network.calls.count(Step.HOLD) == 2
    assert world.balances == MOVED
    await assert_told_once(world, "transfer.completed.v1")


async def test_two_workers_claim_different_transfers(world: World) -> None:
    """Claims skip what another worker is taking, and what has been taken is not due again before its lease ends."""
    world.network.disturb(Step.HOLD, *[Fault.LOSE_REQUEST] * 6)
    await asyncio.gather(*(world.transfers.send(world.order(100)) for _ in range(6)))
    await asyncio.sleep(0.1)
    lease = timedelta(seconds=30)

    async with world.database.unit_of_work() as one, world.database.unit_of_work() as other:
        first = await store.claim(one, most=4, lease=lease)
        second = await store.claim(other, most=4, lease=lease)
    third = await store.claim(world.database, most=4, lease=lease)

    assert (len(first), len(second), third) == (4, 2, [])
    assert not {transfer.id for transfer in first} & {transfer.id for transfer in second}
    assert {transfer.attempt for transfer in first + second} == {2}


async def test_a_full_process_leaves_transfers_to_the_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without room to run at once, a transfer is answered PENDING and carried out by the worker."""
    monkeypatch.setattr("subgraphs.transactions.runner.RUNNING_MAX", 0)
    pending = await world.transfers.send(world.order(AMOUNT))
    assert pending.status is TransferStatus.PENDING
    monkeypatch.undo()

    assert (await world.recover(pending.id)).status is TransferStatus.COMPLETED
