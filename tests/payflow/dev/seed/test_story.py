"""What the world is, before anybody hears of it: the same each time, possible, and with something of everything."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from payflow.dev.seed.acting import key_of, waves
from payflow.dev.seed.people import MIA, PEOPLE
from payflow.dev.seed.story import tell
from payflow.dev.seed.world import Answer, Deposit, Payment, Request, Withdrawal, concerned, costs, movements
from subgraphs.users.domain import Register, checked

SEEDS = pytest.mark.parametrize("seed", [1, 2, 7, 2026])


def test_the_same_seed_tells_the_same_story() -> None:
    """And another one another story, of the same people."""
    assert tell(1) == tell(1)
    assert tell(1).events != tell(2).events
    assert tell(1).people == tell(2).people


@SEEDS
def test_nobody_spends_what_they_have_not_got(seed: int) -> None:
    """Step by step, rewards apart; money that comes back is not there before it was paid."""
    balances: defaultdict[tuple[str, str], int] = defaultdict(int)
    for event in tell(seed).events:
        for person, cost in costs(event):
            assert balances[person.handle, cost.currency] >= cost.amount, event
        for person, change in movements(event):
            assert change.currency in person.currencies
            balances[person.handle, change.currency] += change.amount

    assert dict(balances) == {key: balance for key, balance in tell(seed).balances().items() if key in balances}


@SEEDS
def test_there_is_something_of_everything(seed: int) -> None:
    """Three currencies, refunds whole and in part, requests with every ending, and some that wait for an answer by Mia."""
    events = tell(seed).events
    kinds = Counter(type(event) for event in events)
    answers = Counter(event.answer for event in events if isinstance(event, Request))
    refunds = [event for event in events if isinstance(event, Payment) and event.given_back is not None]

    assert min(kinds[Deposit], kinds[Withdrawal], kinds[Payment], kinds[Request]) >= 20
    assert set(answers) >= {Answer.PAID, Answer.DECLINED, Answer.NONE}
    assert refunds
    assert {event.amount.currency for event in events} == {"USD", "EUR", "JPY"}
    assert [
        event for event in events if isinstance(event, Request) and event.payer is MIA and event.answer is Answer.NONE
    ]


@SEEDS
def test_events_go_in_waves_of_strangers(seed: int) -> None:
    """All of them, nobody twice in a wave, and everybody's own in their order."""
    events = tell(seed).events
    made = waves(events)
    in_turn = [event for wave in made for _, event in wave]

    assert Counter(number for wave in made for number, _ in wave) == Counter(range(len(events)))
    for wave in made:
        present = [person for _, event in wave for person in concerned(event)]
        assert len(present) == len(set(present))
    for person in PEOPLE:
        assert [e for e in in_turn if person in concerned(e)] == [e for e in events if person in concerned(e)]


def test_keys_follow_from_the_story() -> None:
    """The same each time, of the length that the API takes, and no two alike in one world or two."""
    keys = [key_of(seed, number, event) for seed in (1, 2) for number, event in enumerate(tell(seed).events)]

    assert len(set(keys)) == len(keys)
    assert max(len(f"{key}-paid") for key in keys) <= 64
    assert key_of(1, 0, tell(1).events[0]) == keys[0]


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.handle)
def test_everybody_may_register(person: object) -> None:
    """By the rules of the users service."""
    from payflow.dev.seed.world import Person

    assert isinstance(person, Person)
    command = Register(email=person.email, password=person.password, handle=person.handle, display_name=person.name)

    assert checked(command) == command


def test_no_note_names_a_year() -> None:
    """A story that is told next year under the same keys must be the same story."""
    notes = " ".join(event.note for event in tell(1).events if isinstance(event, Payment | Request))

    assert str(datetime.now(UTC).year) not in notes
