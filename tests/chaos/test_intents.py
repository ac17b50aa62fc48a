"""The intent log gives back what was written, also when its writer died in the middle of a line."""

from __future__ import annotations

from pathlib import Path

from tests.chaos.client import answer_of
from tests.chaos.intents import Answer, History, IntentLog, Status
from tests.chaos.stories import DEPOSIT, PAYMENT, REFUND, UNKNOWN, accepted


async def test_written_and_read(tmp_path: Path) -> None:
    """Intents and answers come back as they were, answers in their order."""
    log = IntentLog(tmp_path / "intents.jsonl")
    for intent in (DEPOSIT, PAYMENT, REFUND):
        await log.mean(intent)
    await log.answered(PAYMENT, UNKNOWN)
    await log.answered(PAYMENT, accepted("Transfer", "transfer-2"))
    log.close()

    history = History.read(tmp_path / "intents.jsonl")

    assert history.intents == {1: DEPOSIT, 2: PAYMENT, 4: REFUND}
    assert history.answers == {2: [UNKNOWN, accepted("Transfer", "transfer-2")]}
    assert history.was_in_doubt(2)
    assert history.final(2) == accepted("Transfer", "transfer-2")
    assert history.final(1) is None


async def test_on_the_disk_before_it_is_sent(tmp_path: Path) -> None:
    """What was awaited can be read while the log is still open."""
    log = IntentLog(tmp_path / "intents.jsonl")
    await log.mean(DEPOSIT)

    assert History.read(tmp_path / "intents.jsonl").intents == {1: DEPOSIT}
    log.close()


async def test_a_line_cut_off(tmp_path: Path) -> None:
    """Half a line at the end does not count: what it tells of was never sent."""
    path = tmp_path / "intents.jsonl"
    log = IntentLog(path)
    await log.mean(DEPOSIT)
    await log.mean(PAYMENT)
    log.close()
    path.write_bytes(path.read_bytes()[:-10])

    assert History.read(path).intents == {1: DEPOSIT}


def test_what_results_mean() -> None:
    """An entry and a completed transfer are acknowledged, a pending one is asked for again, a failed one and a problem are refused."""
    entry = {"__typename": "Entry", "ref": "w:1"}
    transfer = {"__typename": "Transfer", "ref": "t"}

    assert answer_of(DEPOSIT, entry) == Answer(status=Status.ACCEPTED, said="Entry", ref="w:1")
    assert answer_of(PAYMENT, {**transfer, "status": "COMPLETED"}).status is Status.ACCEPTED
    assert answer_of(PAYMENT, {**transfer, "status": "PENDING"}).status is Status.PENDING
    assert answer_of(PAYMENT, {**transfer, "status": "FAILED"}).status is Status.REFUSED
    assert answer_of(PAYMENT, {"__typename": "InsufficientFunds"}).status is Status.REFUSED


def test_what_a_refund_means() -> None:
    """It is answered by its payment, and found there by its amount."""
    refunds = [
        {"ref": "other", "status": "COMPLETED", "amount": {"amount": REFUND.amount + 1}},
        {"ref": "mine", "status": "PENDING", "amount": {"amount": REFUND.amount}},
    ]

    answer = answer_of(REFUND, {"__typename": "Transfer", "refunds": refunds})

    assert answer == Answer(status=Status.PENDING, said="Refund PENDING", ref="mine")
