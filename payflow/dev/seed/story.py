"""What happens in a world: three months of rent, dinners, journeys and small purchases. The same seed tells the same story.

Nobody spends what they have not got: each event is kept only if its payer's balance, rewards apart, allows it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from random import Random
from typing import Final

from payflow.dev.seed.people import AIKO, BAKERY, BEN, BOOKS, EARNERS, HOUSEMATES, MIA, NORA, PEOPLE, TRAVELLERS
from payflow.dev.seed.world import Answer, Deposit, Event, Payment, Person, Request, Withdrawal, World, costs, movements
from payflow.kernel.money import Money

# Months by name: a note stays what it is, whenever the story is told again.
MONTHS: Final = ("September", "October", "November")
WEEKS: Final = 4
# From, to, and what they are multiples of, in minor units.
SALARIES: Final = {
    "USD": (2_400_00, 4_100_00, 10_00),
    "EUR": (2_200_00, 3_600_00, 10_00),
    "JPY": (240_000, 390_000, 1_000),
}
RENT: Final = Money(780_00, "USD")

DINNERS: Final = ("Ramen", "Pizza night", "Tacos", "Thai food", "Brunch", "Curry house", "Burgers", "Sushi")
ERRANDS: Final = (
    "Groceries",
    "Cinema tickets",
    "Taxi home",
    "Concert tickets",
    "Birthday present",
    "Laundry",
    "Coffee beans",
)
JOURNEY: Final = ("Train to Vienna", "Hostel", "Museum", "Bike hire", "Petrol", "Ski lift", "Airport bus", "Picnic")
BAKED: Final = ("Sourdough", "Croissants", "Cinnamon rolls", "Rye bread", "Apple cake")
READ: Final = ("Two paperbacks", "A cookbook", "Atlas of maps", "A field guide", "Crossword book")
IN_JAPAN: Final = ("お好み焼き", "Museum tickets", "Rail pass top-up", "Matcha", "Onsen")


def tell(seed: int) -> World:
    """The world of a seed."""
    random = Random(seed)  # noqa: S311 - a story, not a secret
    return World(PEOPLE, tuple(_affordable(_events(random))))


def _events(random: Random) -> Iterator[Event]:
    for month in MONTHS:
        yield from _month(random, month)
    yield from _still_open(random)


def _month(random: Random, month: str) -> Iterator[Event]:
    salaries = {person: _salary(random, person.currencies[0]) for person in EARNERS}
    for person, salary in salaries.items():
        yield Deposit(person, salary)
    yield Deposit(BEN, Money(random.randrange(20, 41) * 1_000, "JPY"))
    yield Deposit(MIA, Money(random.randrange(10, 31) * 10_00, "EUR"))
    yield from _rent(random, month)
    for _ in range(WEEKS):
        yield from _week(random)
    for person, salary in salaries.items():
        yield Withdrawal(person, _part(salary, random.randrange(4, 7)))  # to the bank, for all that is not paid here


def _salary(random: Random, currency: str) -> Money:
    least, most, to = SALARIES[currency]
    return _between(random, least, most, currency, to=to)


def _part(amount: Money, tenths: int) -> Money:
    return Money(amount.amount * tenths // 10 // 1_000 * 1_000, amount.currency)


def _rent(random: Random, month: str) -> Iterator[Event]:
    for person in HOUSEMATES:
        yield Payment(person, NORA, RENT, f"Rent, {month}")
    payer = random.choice(HOUSEMATES)
    share = _between(random, 18_00, 34_00, "USD")
    for person in HOUSEMATES:
        if person is not payer:
            yield Request(payer, person, share, f"Electricity, {month}", Answer.PAID)


def _week(random: Random) -> Iterator[Event]:
    yield from _dinner(random)
    yield from _purchases(random)
    yield _between_friends(random)
    if random.random() < 0.75:
        yield from _journey(random)
    if random.random() < 0.5:
        yield _in_yen(random)


def _dinner(random: Random) -> Iterator[Event]:
    """One pays the restaurant, outside; the others are asked for their share."""
    host, *guests = random.sample(HOUSEMATES, k=random.randrange(3, 5))
    share, what = _between(random, 9_00, 38_00, "USD"), random.choice(DINNERS)
    for guest in guests:
        yield Request(host, guest, share, what, _answer(random))


def _purchases(random: Random) -> Iterator[Event]:
    buyer = random.choice(HOUSEMATES)
    yield Payment(buyer, BAKERY, _between(random, 4_50, 27_00, "USD", to=50), random.choice(BAKED))
    if random.random() < 0.6:
        price = _between(random, 12_00, 74_00, "USD", to=1_00)
        given_back = random.choice((None, None, price, Money(price.amount // 2, "USD")))
        yield Payment(random.choice(HOUSEMATES), BOOKS, price, random.choice(READ), given_back)


def _between_friends(random: Random) -> Event:
    payer, payee = random.sample(HOUSEMATES, k=2)
    return Payment(payer, payee, _between(random, 5_00, 92_00, "USD"), random.choice(ERRANDS))


def _journey(random: Random) -> Iterator[Event]:
    payer, *others = random.sample(TRAVELLERS, k=3)
    share, what = _between(random, 12_00, 85_00, "EUR"), random.choice(JOURNEY)
    yield Payment(others[0], payer, share, what)
    yield Request(payer, others[1], share, what, _answer(random))
    if random.random() < 0.4:
        yield Payment(MIA, payer, _between(random, 6_00, 30_00, "EUR"), "Postcards and stamps")


def _in_yen(random: Random) -> Event:
    payer, payee = random.sample((AIKO, BEN), k=2)
    return Payment(payer, payee, Money(random.randrange(5, 90) * 100, "JPY"), random.choice(IN_JAPAN))


def _still_open(random: Random) -> Iterator[Event]:
    """What waits for an answer when one signs in: to give, and to get."""
    friends = [person for person in HOUSEMATES if person is not MIA]
    for asks, pays in ((random.choice(friends), MIA), (random.choice(friends), MIA), (MIA, random.choice(friends))):
        yield Request(asks, pays, _between(random, 6_00, 40_00, "USD"), random.choice(DINNERS), Answer.NONE)
    asks, pays = random.sample(TRAVELLERS, k=2)
    yield Request(asks, pays, _between(random, 9_00, 60_00, "EUR"), random.choice(JOURNEY), Answer.NONE)


def _answer(random: Random) -> Answer:
    """Most are paid."""
    return random.choices((Answer.PAID, Answer.DECLINED, Answer.CANCELLED), (14, 2, 1))[0]


def _between(random: Random, least: int, most: int, currency: str, *, to: int = 1) -> Money:
    """An amount in minor units, a multiple of `to`."""
    return Money(random.randrange(least, most + 1) // to * to, currency)


def _affordable(events: Iterator[Event]) -> Iterator[Event]:
    balances: defaultdict[tuple[Person, str], int] = defaultdict(int)
    for event in events:
        if all(balances[person, cost.currency] >= cost.amount for person, cost in costs(event)):
            for person, change in movements(event):
                balances[person, change.currency] += change.amount
            yield event
