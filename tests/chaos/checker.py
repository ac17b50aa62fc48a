"""Holds every intent against the databases: nothing lost, nothing twice, nothing stuck, money conserved. Pure.

A journal, or a transfer and the journal that moves its money, must be there exactly as often as the answers allow.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.chaos.case import (
    BY_SAGA,
    CLAWED_BACK,
    DIRECT,
    Case,
    circles,
    claims_due,
    end_due,
    end_told,
    expected_balances,
    has_moved,
    is_under_way,
    notices_due,
    notices_told,
    rewards_due,
)
from tests.chaos.facts import ENDED, MOVES_OF_SAGAS, REVIEW, Event, Facts, Journal, Transfer
from tests.chaos.intents import MARKS, Answer, History, Status


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold: of which intent (0: of none) or row, and what was found."""

    rule: str
    intent: int
    found: str

    def __str__(self) -> str:
        return f"{self.rule}: {f'intent {self.intent}: ' if self.intent else ''}{self.found}"


def check(history: History, facts: Facts) -> list[Finding]:
    """Everything that is wrong. Call it when nothing moves any more (`unsettled`)."""
    case = Case(history, facts)
    return [Finding(rule.__name__, intent, found) for rule in RULES for intent, found in rule(case)]


def unsettled(facts: Facts) -> list[str]:
    """What is still on its way: it may settle, so it is no finding before the time for that is up."""
    return [
        *(f"transfer {transfer.id} is {transfer.state}" for transfer in facts.transfers if is_under_way(transfer)),
        *(
            f"event {event.type} {event.id} is not at the broker"
            for event in facts.events
            if not _is_at_broker(event, facts)
        ),
        *(f"reward {reward.id} is {reward.status}" for reward in facts.rewards if reward.status == "PENDING"),
        *(f"claw-back for {claim.refund_id} is PENDING" for claim in facts.clawbacks if claim.state == "PENDING"),
        *(f"no claim yet of {amount} for {key}" for key, amount in (claims_due(facts) - _claimed(facts)).items()),
        *(f"no reward yet for {transfer_id}" for transfer_id in rewards_due(facts) - _rewarded(facts)),
        *(f"nobody has been told: {missing}" for missing in notices_due(facts) - notices_told(facts)),
    ]


Found = Iterator[tuple[int, str]]


def every_intent_is_answered(case: Case) -> Found:
    """Asked often enough, the API says what became of everything; only what people must look at may stay open."""
    for number, intent in case.history.intents.items():
        if case.history.final(number) is None and not _is_in_review(case.effects(intent)):
            yield number, f"{intent.kind} was never answered, last {_last(case.history.answers.get(number, []))}"


def answers_agree(case: Case) -> Found:
    """The same key gets the same answer, however often it is asked."""
    for number, answers in case.history.answers.items():
        refs = {answer.ref for answer in answers if answer.ref is not None}
        finals = {answer.status for answer in answers if answer.is_final}
        if len(refs) > 1 or len(finals) > 1:
            yield number, f"one key was answered {' and '.join(sorted({answer.said for answer in answers}))}, {refs}"


def nothing_is_lost(case: Case) -> Found:
    """What was acknowledged has happened, and what was acknowledged as complete is complete."""
    for number, intent in case.history.intents.items():
        effects = case.effects(intent)
        for answer in case.history.answers.get(number, []):
            if answer.status is Status.ACCEPTED and not any(has_moved(effect) for effect in effects):
                yield number, f"{intent.kind} was acknowledged ({answer.said} {answer.ref}) and has not happened"
            if answer.status is Status.PENDING and not effects:
                yield number, f"{intent.kind} was acknowledged ({answer.said} {answer.ref}) and does not exist"


def nothing_happened_twice(case: Case) -> Found:
    """One intent, one effect."""
    for number, intent in case.history.intents.items():
        if len(effects := case.effects(intent)) > 1:
            yield number, f"{intent.kind} happened {len(effects)} times: {', '.join(effect.id for effect in effects)}"


def refusals_move_nothing(case: Case) -> Found:
    """What was refused has not happened."""
    for number, intent in case.history.intents.items():
        final = case.history.final(number)
        if final is not None and final.status is Status.REFUSED:
            for effect in case.effects(intent):
                if has_moved(effect):
                    yield number, f"{intent.kind} was refused ({final.said}) and has happened: {effect.id}"


def effects_are_as_meant(case: Case) -> Found:
    """Whose money, how much, and to whom."""
    for number, intent in case.history.intents.items():
        for effect in case.effects(intent):
            if isinstance(effect, Journal):
                as_meant = effect.amount == intent.amount
                as_meant &= effect.posted.get(intent.wallet_id) == DIRECT[intent.kind] * intent.amount
            else:
                meant = (intent.wallet_id, intent.to_wallet_id, intent.amount, intent.refund_of)
                as_meant = meant == (effect.from_wallet_id, effect.to_wallet_id, effect.amount, effect.refund_of)
            if not as_meant:
                yield number, f"{intent.kind} is not as it was meant: {effect}"


def nothing_is_invented(case: Case) -> Found:
    """Whatever moves money was meant by somebody."""
    meant = {(intent.kind, number) for number, intent in case.history.intents.items()}
    for kind in DIRECT:
        for journal in case.facts.journals:
            if journal.kind == kind and (kind, journal.amount % MARKS) not in meant:
                yield 0, f"nobody meant the {kind} {journal.id} of {journal.amount}"
    known = {(transfer.journal_kind, transfer.payment_id, transfer.amount) for transfer in case.facts.transfers}
    for key, journals in case.movements.items():
        if key[0] in MOVES_OF_SAGAS and key not in known:
            yield 0, f"{key[0]} {journals[0].id} belongs to no transfer"
    by_saga = {(BY_SAGA[kind], number) for kind, number in meant if kind in BY_SAGA}
    for unknown in case.transfers.keys() - by_saga:
        yield 0, f"nobody meant the {unknown[0]} {case.transfers[unknown][0].id}"


def nothing_is_stuck(case: Case) -> Found:
    """Every transfer has ended or waits for people; nothing is held for one that has ended."""
    waiting = {transfer.hold_id for transfer in case.facts.transfers if transfer.state == REVIEW}
    for transfer in case.facts.transfers:
        if is_under_way(transfer):
            yield transfer.amount % MARKS, f"transfer {transfer.id} is {transfer.state}"
    for hold in case.facts.open_holds:
        if hold not in waiting:
            yield 0, f"hold {hold} is open, and no transfer waits for it"


def completed_exactly_if_moved(case: Case) -> Found:
    """COMPLETED: one journal has moved the money. FAILED: none has."""
    for transfer in case.facts.transfers:
        if transfer.state in ENDED:
            moves, due = len(case.moves_of(transfer)), int(transfer.state == "COMPLETED")
            if moves != due:
                yield transfer.amount % MARKS, f"{transfer.state} {transfer.kind} {transfer.id} has {moves} journals"


def refunds_stay_within_their_payment(case: Case) -> Found:
    """What went back is what the payment says, and no more than it was."""
    back: Counter[str] = Counter()
    for transfer in case.facts.transfers:
        if transfer.refund_of and transfer.state == "COMPLETED":
            back[transfer.refund_of] += transfer.amount
    for transfer in case.facts.transfers:
        if not transfer.refund_of and (transfer.refunded != back[transfer.id] or transfer.refunded > transfer.amount):
            told = f"{transfer.refunded} of {transfer.amount}"
            yield transfer.amount % MARKS, f"{transfer.id} says that {told} went back, and {back[transfer.id]} did"


def balances_are_what_was_meant(case: Case) -> Found:
    """Each wallet holds what the intents that happened leave in it, and its rewards."""
    model = expected_balances(case)
    reviewed = any(transfer.state == REVIEW for transfer in case.facts.transfers)
    for account in case.facts.accounts:
        if account.kind == "USER" and account.posted != model[account.id]:
            yield 0, f"wallet {account.id} has {account.posted} {account.currency}, and should have {model[account.id]}"
        if account.held and not reviewed:
            yield 0, f"account {account.id} still holds {account.held} {account.currency}"


def money_is_conserved(case: Case) -> Found:
    """All accounts of a currency, the system's included, add up to nothing."""
    sums: Counter[str] = Counter()
    for account in case.facts.accounts:
        sums[account.currency] += account.posted
    for currency, left in sums.items():
        if left:
            yield 0, f"all accounts together have {left} {currency}"


def ends_are_told_once(case: Case) -> Found:
    """Every end of a transfer is exactly one event."""
    told = Counter(key for event in case.facts.events if (key := end_told(event)) is not None)
    due = Counter(key for transfer in case.facts.transfers if (key := end_due(transfer)) is not None)
    for key in told.keys() | due.keys():
        if told[key] != due[key]:
            yield 0, f"{key[0]} of {key[1]} was told {told[key]} times and should be {due[key]} times"


def the_broker_has_what_happened(case: Case) -> Found:
    """Every event that was stored, and none besides: what was published has not been forgotten by the database since."""
    for event in case.facts.events:
        if not _is_at_broker(event, case.facts):
            yield 0, f"the broker does not have {event.type} {event.id}"
    for unknown in case.facts.at_broker - {event.id for event in case.facts.events}:
        yield 0, f"the broker tells of {unknown}, which no outbox has"


def consumers_acted_once(case: Case) -> Found:
    """Who is concerned was told once; nothing was buried."""
    told, due = notices_told(case.facts), notices_due(case.facts)
    for key in told.keys() | due.keys():
        if told[key] != due[key]:
            yield 0, f"{' '.join(key)} was told {told[key]} times and should be {due[key]} times"
    for reason in case.facts.dead_letters:
        yield 0, f"an event was buried: {reason}"


def rewards_are_paid_once(case: Case) -> Found:
    """One reward a completed payment where a campaign runs, and one journal a reward."""
    rewarding = [journal for journal in case.facts.journals if journal.kind == "REWARD"]
    paid = Counter((journal.transfer_id or "", journal.amount) for journal in rewarding)
    granted = Counter((reward.transfer_id, reward.amount) for reward in case.facts.rewards)
    for key in paid.keys() | granted.keys():
        if paid[key] != granted[key]:
            yield 0, f"{granted[key]} rewards of {key[1]} for transfer {key[0]}, and {paid[key]} journals"
    due, given, rounds = rewards_due(case.facts), _rewarded(case.facts), circles(case.facts)
    in_circles = {transfer.id for circle in rounds for transfer in circle}
    for transfer_id in due.keys() | given.keys():
        if given[transfer_id] != due[transfer_id] and (given[transfer_id] > 1 or transfer_id not in in_circles):
            yield 0, f"{given[transfer_id]} rewards for transfer {transfer_id}, and should be {due[transfer_id]}"
    for circle in rounds:
        if len({transfer.payer_id for transfer in circle if given[transfer.id]}) > 1:
            yield 0, f"of payments there and back, both directions have earned: {[transfer.id for transfer in circle]}"


def rewards_go_back_in_proportion(case: Case) -> Found:
    """What a refund makes undue is claimed, and what was taken of it is journals, events, and what the reward says."""
    due, claimed = claims_due(case.facts), _claimed(case.facts)
    for transfer_id in due.keys() | claimed.keys():
        if due[transfer_id] != claimed[transfer_id]:
            yield 0, f"{claimed[transfer_id]} claimed back for transfer {transfer_id}, and should be {due[transfer_id]}"
    taken: Counter[str] = Counter()
    for journal in case.facts.journals:
        if journal.kind == "REWARD_CLAWBACK":
            taken[journal.transfer_id or ""] += journal.amount
    told: Counter[str] = Counter()
    for event in case.facts.events:
        if event.type == CLAWED_BACK:
            told[str(event.data["transfer_id"])] += int(event.data["amount"])
    noted = +Counter({reward.transfer_id: reward.clawed_back for reward in case.facts.rewards})
    for transfer_id in taken.keys() | told.keys() | noted.keys():
        if not taken[transfer_id] == told[transfer_id] == noted[transfer_id]:
            said = f"{taken[transfer_id]} taken, {told[transfer_id]} told, {noted[transfer_id]} noted"
            yield 0, f"of the reward for transfer {transfer_id}: {said}"


RULES: tuple[Callable[[Case], Found], ...] = (
    every_intent_is_answered,
    answers_agree,
    nothing_is_lost,
    nothing_happened_twice,
    refusals_move_nothing,
    effects_are_as_meant,
    nothing_is_invented,
    nothing_is_stuck,
    completed_exactly_if_moved,
    refunds_stay_within_their_payment,
    balances_are_what_was_meant,
    money_is_conserved,
    ends_are_told_once,
    the_broker_has_what_happened,
    consumers_acted_once,
    rewards_are_paid_once,
    rewards_go_back_in_proportion,
)


def _is_at_broker(event: Event, facts: Facts) -> bool:
    return event.published and event.id in facts.at_broker


def _rewarded(facts: Facts) -> Counter[str]:
    return Counter(reward.transfer_id for reward in facts.rewards)


def _claimed(facts: Facts) -> Counter[str]:
    claimed: Counter[str] = Counter()
    for claim in facts.clawbacks:
        claimed[claim.transfer_id] += claim.amount
    return claimed


def _is_in_review(effects: Sequence[Journal] | Sequence[Transfer]) -> bool:
    return any(isinstance(effect, Transfer) and effect.state == REVIEW for effect in effects)


def _last(answers: list[Answer]) -> str:
    return answers[-1].said if answers else "nothing was said"
