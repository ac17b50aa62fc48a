"""The words of a world: who is in it, and what they do, in order. Data without effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from payflow.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account. Their password is known to everybody who has read this repository."""

    handle: str
    name: str
    currencies: tuple[str, ...]

    @property
    def email(self) -> str:
        return f"{self.handle}@example.com"

    @property
    def password(self) -> str:
        return f"{self.handle.partition('_')[0]} pays with payflow"


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money from outside."""

    who: Person
    amount: Money


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Money to the outside."""

    who: Person
    amount: Money


@dataclass(frozen=True, slots=True)
class Payment:
    """A transfer. `given_back` is what the payee refunds afterwards."""

    payer: Person
    payee: Person
    amount: Money
    note: str
    given_back: Money | None = None


class Answer(Enum):
    """What becomes of a request."""

    PAID = auto()
    DECLINED = auto()
    CANCELLED = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks somebody for money."""

    requester: Person
    payer: Person
    amount: Money
    note: str
    answer: Answer


Event: TypeAlias = Deposit | Withdrawal | Payment | Request


@dataclass(frozen=True, slots=True)
class World:
    """The people, and what they do."""

    people: tuple[Person, ...]
    events: tuple[Event, ...]

    def balances(self) -> Mapping[tuple[str, str], int]:
        """What everybody has in the end, in minor units by handle and currency, rewards apart."""
        balances = {(person.handle, currency): 0 for person in self.people for currency in person.currencies}
        for event in self.events:
            for person, change in movements(event):
                balances[person.handle, change.currency] += change.amount
        return balances


def movements(event: Event) -> list[tuple[Person, Money]]:
    """Whose balance an event changes, and by how much."""
    match event:
        case Deposit(who, amount):
            return [(who, amount)]
        case Withdrawal(who, amount):
            return [(who, -amount)]
        case Payment(payer, payee, amount, _, given_back):
            kept = amount if given_back is None else amount - given_back
            return [(payer, -kept), (payee, kept)]
        case Request(requester, payer, amount, _, Answer.PAID):
            return [(payer, -amount), (requester, amount)]
    return []


def costs(event: Event) -> list[tuple[Person, Money]]:
    """Who must have how much for an event to happen, before anything of it comes back."""
    match event:
        case Payment(payer, _, amount):
            return [(payer, amount)]
        case _:
            return [(person, -change) for person, change in movements(event) if change.amount < 0]


def concerned(event: Event) -> tuple[Person, ...]:
    """Who takes part."""
    match event:
        case Deposit(who) | Withdrawal(who):
            return (who,)
        case Payment(payer, payee):
            return (payer, payee)
        case Request(requester, payer):
            return (requester, payer)
