"""From a commit to the screen: how long a payment takes to show, under load, and which hop takes how much of it.

A transfer's `completedAt` is the machine's clock just before the statement that makes it true; the screen's clock is the same one. So
a delay holds the commit itself, and everything behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.events.bystander import Bystander, looking_on
from benchmarks.events.effort import Effort
from benchmarks.events.relaying import user_id
from benchmarks.events.screens import NotShown, Screens, Shown, lit_screens
from benchmarks.transfers.load import Answered, Load
from benchmarks.transfers.people import Person, transfers_between
from benchmarks.transfers.platform import Platform
from benchmarks.transfers.whole import Answers
from payflow.events.rewards import RewardIssued
from payflow.events.transfers import TransferCompleted
from subgraphs.notifications.domain import stream_subject

BAR_MS = 250.0
SHOWN_PER_TRANSFER = 3  # to the payer, to the payee, and to the payer once more of the reward
EVENT_OF = {
    "TRANSFER_SENT": TransferCompleted.TYPE,
    "TRANSFER_RECEIVED": TransferCompleted.TYPE,
    "REWARD_ISSUED": RewardIssued.TYPE,
}
PAYMENTS = ("TRANSFER_SENT", "TRANSFER_RECEIVED")


@dataclass(frozen=True)
class Spread:
    """Milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Spread:
        ordered = sorted(seconds)
        return cls(*(ordered[min(len(ordered) - 1, round(share * len(ordered)))] * 1e3 for share in (0.5, 0.99)))


@dataclass(frozen=True)
class Delays:
    """Of payments hop by hop and in all, and of rewards from their own commit; `load` is what brought them about."""

    load: Answered
    shown: int
    hops: dict[str, Spread]
    payments: Spread
    rewards: Spread


async def measure_delays(platform: Platform, people: Sequence[Person], effort: Effort) -> Delays:
    """Raises NotShown where a screen lacks one or has one twice, WrongAnswer where a transfer does not complete."""
    load = Load(platform.port, transfers_between(people, platform.port), Answers().take)
    async with (
        looking_on(platform, [TransferCompleted.TOPIC, RewardIssued.TOPIC]) as bystander,
        lit_screens(platform.port, people) as screens,
    ):
        warm = await load.open(per_second=effort.per_second, seconds=effort.warm_up_s)
        await screens.have(SHOWN_PER_TRANSFER * warm.requests)
        answered = await load.open(per_second=effort.per_second, seconds=effort.load_s)
        await screens.have(SHOWN_PER_TRANSFER * (warm.requests + answered.requests))
    return _delays(screens, answered, bystander, people)


def _delays(screens: Screens, answered: Answered, bystander: Bystander, people: Sequence[Person]) -> Delays:
    counted = screens.shown[-SHOWN_PER_TRANSFER * answered.requests :]
    payments = [one for one in counted if one.kind in PAYMENTS]
    hops = [_hops(one, bystander, people) for one in payments]
    return Delays(
        load=answered,
        shown=len(counted),
        hops={name: Spread.of([each[name] for each in hops]) for name in hops[0]},
        payments=Spread.of([_in_all(one) for one in payments]),
        rewards=Spread.of([_in_all(one) for one in counted if one.kind not in PAYMENTS]),
    )


def _in_all(shown: Shown) -> float:
    return shown.shown_at - shown.happened_at


def _hops(shown: Shown, bystander: Bystander, people: Sequence[Person]) -> dict[str, float]:
    """Seconds of each hop; one is less than none where a clock of milliseconds says so."""
    sent_at = bystander.sent_at(EVENT_OF[shown.kind], shown.subject)
    reader = stream_subject(user_id(people[shown.reader]))
    hinted_at = bystander.hinted_at(reader, since=shown.created_at)
    if sent_at is None or hinted_at is None:
        raise NotShown(f"nobody saw where it came from: {shown}")
    return {
        "commit → published": sent_at - shown.happened_at,
        "published → consumed": shown.created_at - sent_at,
        "consumed → written and hinted": hinted_at - shown.created_at,
        "hinted → on the screen": shown.shown_at - hinted_at,
    }
