"""Intents and facts side by side: which effect belongs to which intent, and what should have come of what has happened. Pure.

An effect is found by its amount, which ends in its intent's number. Of the platform's own bookkeeping of keys nothing is believed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from tests.chaos.facts import ENDED, REVIEW, Event, Facts, Journal, Transfer
from tests.chaos.intents import MARKS, History, Intent, Kind

DIRECT = {Kind.DEPOSIT: 1, Kind.WITHDRAWAL: -1}  # what a journal of one step does to the wallet
BY_SAGA = {Kind.TRANSFER: "PAYMENT", Kind.REFUND: "REFUND"}
END_EVENTS = {
    ("PAYMENT", "COMPLETED"): "transfer.completed.v1",
    ("PAYMENT", "FAILED"): "transfer.failed.v1",
    ("REFUND", "COMPLETED"): "transfer.refunded.v1",  # one that failed is told to nobody but who asked
}

CLAWED_BACK = "reward.clawed_back.v1"

Key = TypeVar("Key")
Row = TypeVar("Row")
Notice = tuple[str, str, str]
"""Reader, kind and transfer of something that somebody was told."""


@dataclass(frozen=True)
class Case:
    """Intents and facts, with the facts in the order in which they are looked up."""

    history: History
    facts: Facts

    @cached_property
    def journals(self) -> Mapping[tuple[str, int], list[Journal]]:
        """By kind and mark."""
        return _grouped(self.facts.journals, lambda journal: (journal.kind, journal.amount % MARKS))

    @cached_property
    def transfers(self) -> Mapping[tuple[str, int], list[Transfer]]:
        """By kind and mark."""
        return _grouped(self.facts.transfers, lambda transfer: (transfer.kind, transfer.amount % MARKS))

    @cached_property
    def movements(self) -> Mapping[tuple[str, str | None, int], list[Journal]]:
        """The journals by kind, transfer and amount."""
        return _grouped(self.facts.journals, lambda journal: (journal.kind, journal.transfer_id, journal.amount))

    def effects(self, intent: Intent) -> list[Journal] | list[Transfer]:
        """What has come of an intent: journals of a deposit or withdrawal, rows of a transfer or refund."""
        if intent.kind in DIRECT:
            return self.journals.get((intent.kind, intent.number), [])
        return self.transfers.get((BY_SAGA[intent.kind], intent.number), [])

    def moves_of(self, transfer: Transfer) -> list[Journal]:
        """The journals that moved a transfer's money."""
        return self.movements.get((transfer.journal_kind, transfer.payment_id, transfer.amount), [])


def expected_balances(case: Case) -> Counter[str]:
    """By wallet, from what was meant and has happened."""
    model: Counter[str] = Counter()
    for intent in case.history.intents.values():
        if any(has_moved(effect) for effect in case.effects(intent)):
            model[intent.wallet_id] += DIRECT.get(intent.kind, -1) * intent.amount
            if intent.to_wallet_id is not None:
                model[intent.to_wallet_id] += intent.amount
    for reward in case.facts.rewards:
        model[reward.wallet_id] += reward.amount - reward.clawed_back
    return model


def notices_due(facts: Facts) -> Counter[Notice]:
    """Reader, kind and transfer of what people should have been told."""
    due: Counter[Notice] = Counter()
    for transfer in facts.transfers:
        if transfer.refund_of:
            if transfer.state == "COMPLETED":
                due[transfer.payer_id, "TRANSFER_REFUNDED", transfer.id] += 1
                due[transfer.payee_id, "TRANSFER_REFUNDED", transfer.id] += 1
        elif transfer.state == "COMPLETED":
            due[transfer.payer_id, "TRANSFER_SENT", transfer.id] += 1
            due[transfer.payee_id, "TRANSFER_RECEIVED", transfer.id] += 1
        elif transfer.state == "FAILED":
            due[transfer.payer_id, "TRANSFER_FAILED", transfer.id] += 1
    for reward in facts.rewards:
        due[reward.user_id, "REWARD_ISSUED", reward.transfer_id] += 1
    for event in facts.events:
        if event.type == CLAWED_BACK:
            due[str(event.data["user_id"]), "REWARD_CLAWED_BACK", str(event.data["transfer_id"])] += 1
    return due


def rewards_due(facts: Facts) -> Counter[str]:
    """By transfer: one where it has paid in a currency that a campaign runs in. All amounts here are beyond its minimum.

    Of two people who have paid each other (see `circles`) nobody can tell from outside which of the payments were heard of first.
    """
    in_circles = {transfer.id for circle in circles(facts) for transfer in circle}
    return Counter(
        transfer.id
        for transfer in _paid(facts)
        if transfer.currency in facts.campaigns and transfer.id not in in_circles
    )


def circles(facts: Facts) -> list[list[Transfer]]:
    """The payments, in whatever currency, of each two people who have paid each other: those of one direction may have earned."""
    pairs = _grouped(_paid(facts), lambda transfer: frozenset((transfer.payer_id, transfer.payee_id)))
    return [both for both in pairs.values() if len({transfer.payer_id for transfer in both}) == 2]


def claims_due(facts: Facts) -> Counter[str]:
    """By transfer: what its refunds have made undue of its reward, in proportion."""
    transfers = {transfer.id: transfer for transfer in facts.transfers}
    due: Counter[str] = Counter()
    for reward in facts.rewards:
        paid, before = transfers.get(reward.transfer_id), reward.refunded_before
        if paid is not None and reward.status != "REJECTED":
            due[reward.transfer_id] = reward.amount * max(0, paid.refunded - before) // (paid.amount - before)
    return +due


def _paid(facts: Facts) -> list[Transfer]:
    return [transfer for transfer in facts.transfers if (transfer.kind, transfer.state) == ("PAYMENT", "COMPLETED")]


def notices_told(facts: Facts) -> Counter[Notice]:
    """What people have been told."""
    return Counter((told.reader_id, told.kind, told.transfer_id or "") for told in facts.notifications)


def end_due(transfer: Transfer) -> tuple[str, str] | None:
    """The event that tells of a transfer's end, and the transfer's id."""
    event = END_EVENTS.get((transfer.kind, transfer.state))
    return None if event is None else (event, transfer.id)


def end_told(event: Event) -> tuple[str, str] | None:
    """The same, of an event."""
    if event.type not in END_EVENTS.values():
        return None
    return event.type, str(event.data["refund_id" if event.type == "transfer.refunded.v1" else "transfer_id"])


def is_under_way(transfer: Transfer) -> bool:
    return transfer.state not in ENDED and transfer.state != REVIEW


def has_moved(effect: Journal | Transfer) -> bool:
    return isinstance(effect, Journal) or effect.state == "COMPLETED"


def _grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> Mapping[Key, list[Row]]:
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
