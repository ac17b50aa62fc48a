"""The checker finds what it is there to find: each fault that chaos could bring to light, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import RULES, check, unsettled
from tests.chaos.facts import ClawBack, Facts
from tests.chaos.intents import MARKS, Answer, History, Status
from tests.chaos.stories import (
    ADAS,
    BOBS,
    DEPOSIT,
    PAYMENT,
    REFUND,
    REWARD,
    UNKNOWN,
    accepted,
    facts,
    history,
    with_balance,
)


def rules_broken(told: History, found: Facts) -> set[tuple[str, int]]:
    """The rules that are not kept, each with the intent it names."""
    return {(finding.rule, finding.intent) for finding in check(told, found)}


def without(found: Facts, what: str, position: int) -> Facts:
    """The same facts with a row less."""
    rows = list(getattr(found, what))
    del rows[position]
    changes: dict[str, Any] = {what: rows}
    return replace(found, **changes)


def doubled(found: Facts, what: str, position: int) -> Facts:
    """The same facts with a row twice."""
    rows = list(getattr(found, what))
    changes: dict[str, Any] = {what: [*rows, rows[position]]}
    return replace(found, **changes)


def with_state(found: Facts, position: int, state: str) -> Facts:
    """The same facts with a transfer in another state."""
    transfers = list(found.transfers)
    transfers[position] = replace(transfers[position], state=state)
    return replace(found, transfers=transfers)


def claim(*, amount: int, taken: int) -> ClawBack:
    """Of the reward for the payment, because of its refund."""
    return ClawBack(
        reward_id="reward", refund_id="transfer-4", transfer_id="transfer-2", user_id="ada", amount=amount, taken=taken,
        round=1, state="SETTLED",
    )  # fmt: skip


def test_nothing_wrong() -> None:
    """Of a history and its facts nothing is found, and nothing is on its way."""
    assert check(history(), facts()) == []
    assert unsettled(facts()) == []


FAULTS: dict[str, tuple[Callable[[Facts], Facts], tuple[str, int]]] = {
    "a lost deposit": (lambda found: without(found, "journals", 0), ("nothing_is_lost", DEPOSIT.number)),
    "a lost transfer": (lambda found: without(found, "transfers", 0), ("nothing_is_lost", PAYMENT.number)),
    "a transfer acknowledged as complete that failed": (
        lambda found: with_state(found, 0, "FAILED"),
        ("nothing_is_lost", PAYMENT.number),
    ),
    "a lost capture": (lambda found: without(found, "journals", 1), ("completed_exactly_if_moved", PAYMENT.number)),
    "a doubled deposit": (lambda found: doubled(found, "journals", 0), ("nothing_happened_twice", DEPOSIT.number)),
    "a doubled capture": (lambda found: doubled(found, "journals", 1), ("completed_exactly_if_moved", PAYMENT.number)),
    "a doubled transfer": (lambda found: doubled(found, "transfers", 0), ("nothing_happened_twice", PAYMENT.number)),
    "a doubled refund": (lambda found: doubled(found, "journals", 2), ("completed_exactly_if_moved", REFUND.number)),
    "a stuck transfer": (lambda found: with_state(found, 0, "CAPTURING"), ("nothing_is_stuck", PAYMENT.number)),
    "a hold left open": (lambda found: replace(found, open_holds=["hold-2"]), ("nothing_is_stuck", 0)),
    "money still held": (
        lambda found: replace(found, accounts=[replace(found.accounts[0], held=1), *found.accounts[1:]]),
        ("balances_are_what_was_meant", 0),
    ),
    "a wrong balance": (lambda found: with_balance(found, BOBS, by=1), ("balances_are_what_was_meant", 0)),
    "a wrong pair of balances": (
        lambda found: with_balance(with_balance(found, BOBS, by=1), ADAS, by=-1),
        ("balances_are_what_was_meant", 0),
    ),
    "money from nowhere": (lambda found: with_balance(found, "outside", by=1), ("money_is_conserved", 0)),
    "a refusal that moved money": (
        lambda found: with_state(found, 1, "COMPLETED"),
        ("refusals_move_nothing", 3),
    ),
    "a wrong amount": (
        lambda found: replace(found, journals=[replace(found.journals[0], amount=1), *found.journals[1:]]),
        ("effects_are_as_meant", DEPOSIT.number),
    ),
    "a wrong wallet": (
        lambda found: replace(found, transfers=[replace(found.transfers[0], to_wallet_id=ADAS), *found.transfers[1:]]),
        ("effects_are_as_meant", PAYMENT.number),
    ),
    "a refund that the payment does not know": (
        lambda found: replace(found, transfers=[replace(found.transfers[0], refunded=0), *found.transfers[1:]]),
        ("refunds_stay_within_their_payment", PAYMENT.number),
    ),
    "a lost event": (lambda found: without(found, "events", 0), ("ends_are_told_once", 0)),
    "an event told twice": (lambda found: doubled(found, "events", 2), ("ends_are_told_once", 0)),
    "an event that was never published": (
        lambda found: replace(found, events=[replace(found.events[0], published=False), *found.events[1:]]),
        ("the_broker_has_what_happened", 0),
    ),
    "an event that the broker has lost": (
        lambda found: replace(found, at_broker=frozenset()),
        ("the_broker_has_what_happened", 0),
    ),
    "an event of what never happened": (
        lambda found: replace(found, at_broker=found.at_broker | {"another"}),
        ("the_broker_has_what_happened", 0),
    ),
    "a notification missing": (lambda found: without(found, "notifications", 1), ("consumers_acted_once", 0)),
    "a notification twice": (lambda found: doubled(found, "notifications", 3), ("consumers_acted_once", 0)),
    "an event buried": (lambda found: replace(found, dead_letters=["rewards: no"]), ("consumers_acted_once", 0)),
    "a reward that was never granted": (
        lambda found: replace(without(found, "journals", 4), rewards=[]),
        ("rewards_are_paid_once", 0),
    ),
    "a reward twice": (lambda found: doubled(found, "rewards", 0), ("rewards_are_paid_once", 0)),
    "a reward paid twice": (lambda found: doubled(found, "journals", 4), ("rewards_are_paid_once", 0)),
    "a claim that no refund made": (
        lambda found: replace(found, clawbacks=[claim(amount=1, taken=0)]),
        ("rewards_go_back_in_proportion", 0),
    ),
    "a claim that was forgotten": (
        lambda found: replace(found, rewards=[replace(found.rewards[0], amount=REWARD * MARKS)]),
        ("rewards_go_back_in_proportion", 0),
    ),
    "money taken back that nobody was told of": (
        lambda found: replace(found, rewards=[replace(found.rewards[0], clawed_back=1)]),
        ("rewards_go_back_in_proportion", 0),
    ),
    "a reward that was never paid": (lambda found: without(found, "journals", 4), ("rewards_are_paid_once", 0)),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_faults_of_the_platform(name: str) -> None:
    """Each is found by the rule that is there for it, which names the intent."""
    spoil, broken = FAULTS[name]

    assert broken in rules_broken(history(), spoil(facts()))


def test_a_lost_intent_that_was_only_begun() -> None:
    """A transfer that was answered PENDING and does not exist is lost, though nobody said that it was complete."""
    told = history()
    told.answers[PAYMENT.number] = [Answer(status=Status.PENDING, said="Transfer PENDING", ref="transfer-2")]

    assert ("nothing_is_lost", PAYMENT.number) in rules_broken(told, without(facts(), "transfers", 0))


def test_an_intent_without_an_answer() -> None:
    """What was never answered is found, whether it happened or not."""
    told = history()
    told.answers[PAYMENT.number] = [UNKNOWN]

    assert rules_broken(told, facts()) == {("every_intent_is_answered", PAYMENT.number)}


def test_answers_that_disagree() -> None:
    """A key that names two transfers, or is accepted and refused, is found."""
    two, both = history(), history()
    two.answers[PAYMENT.number].append(accepted("Transfer", "transfer-9"))
    both.answers[DEPOSIT.number].append(Answer(status=Status.REFUSED, said="WalletNotFound"))

    assert ("answers_agree", PAYMENT.number) in rules_broken(two, facts())
    assert ("answers_agree", DEPOSIT.number) in rules_broken(both, facts())


def test_what_nobody_meant() -> None:
    """An effect whose intent was never written down is found, be it a deposit or a transfer."""
    told = history()
    del told.intents[DEPOSIT.number], told.intents[PAYMENT.number]

    found = [finding.found for finding in check(told, facts()) if finding.rule == "nothing_is_invented"]
    assert len(found) == 2


def test_review_is_no_fault() -> None:
    """A transfer that waits for people is neither stuck nor unanswered, and may hold money."""
    told = history()
    told.answers[3] = [Answer(status=Status.PENDING, said="Transfer PENDING", ref="transfer-3")]
    found = with_state(facts(), 1, "REVIEW")
    found = without(without(found, "events", 1), "notifications", 2)
    found = replace(found, at_broker=frozenset(event.id for event in found.events))
    held = replace(found.accounts[0], held=7)

    assert check(told, replace(found, open_holds=["hold-3"], accounts=[held, *found.accounts[1:]])) == []


def test_what_is_still_on_its_way() -> None:
    """A saga, an event, a reward and a notification that may come yet are told apart from faults."""
    found = with_state(without(facts(), "notifications", 0), 1, "HOLDING")
    found = replace(found, events=[replace(found.events[0], published=False)])
    found = replace(found, rewards=[replace(found.rewards[0], status="PENDING")])

    assert len(unsettled(found)) == 4


def test_every_rule_has_its_fault() -> None:
    """No rule is without a test that breaks it."""
    by_hand = {"every_intent_is_answered", "answers_agree", "nothing_is_invented"}

    assert {rule.__name__ for rule in RULES} == {broken for _, (broken, _) in FAULTS.values()} | by_hand
