"""The life of a campaign: which terms count when, when it is paused, and which terms are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from payflow.kernel.errors import InvalidInput
from payflow.kernel.money import Money
from subgraphs.rewards.campaigns import Life, Pause, State, Version, checked, checked_reason
from tests.subgraphs.rewards.world import NOW, terms

HOUR = timedelta(hours=1)


def life(**others: Any) -> Life:
    """Ten per cent since yesterday; twenty, and a budget, for the last hour."""
    versions = [
        Version(1, NOW - 24 * HOUR, terms()),
        Version(2, NOW - HOUR, terms(rate=2000, budget=500)),
    ]
    return Life(**{"id": UUID(int=1), "currency": "USD", "versions": versions, **others})


def test_the_terms_are_those_of_the_instant() -> None:
    """Before the first version there is nothing, then each counts until the next; the budget is always the newest's."""
    of_then, of_now = life().at(NOW - 2 * HOUR), life().at(NOW)

    assert life().at(NOW - 25 * HOUR) is None
    assert of_then is not None
    assert of_now is not None
    assert (of_then.version, of_then.rate, of_then.budget) == (1, 1000, Money(500, "USD"))
    assert (of_now.version, of_now.rate, of_now.budget) == (2, 2000, Money(500, "USD"))


def test_while_it_is_paused_it_does_not_run() -> None:
    """From the pause until just before it is resumed, also when that is looked at later."""
    paused = life(pauses=[Pause(NOW - 3 * HOUR, NOW - 2 * HOUR), Pause(NOW + HOUR)])

    assert [paused.at(NOW + hours * HOUR) is not None for hours in (-4, -3, -2, 0, 1, 100)] == [
        True, False, True, True, False, False,
    ]  # fmt: skip


def test_the_end_is_the_earliest() -> None:
    """The terms may end it, and so may an operator."""
    ended = life(ended_at=NOW)

    assert (ended.at(NOW - HOUR) is not None, ended.at(NOW)) == (True, None)
    assert ended.current.ends_at == NOW


@pytest.mark.parametrize(
    ("changed", "state"),
    [
        ({}, State.OPEN),
        ({"pauses": [Pause(NOW)]}, State.PAUSED),
        ({"pauses": [Pause(NOW - HOUR, NOW)]}, State.OPEN),
        ({"ended_at": NOW, "pauses": [Pause(NOW - HOUR)]}, State.ENDED),
        ({"versions": [Version(1, NOW - HOUR, terms(starts_at=NOW + HOUR))]}, State.SCHEDULED),
        ({"versions": [Version(1, NOW - HOUR, terms(ends_at=NOW))]}, State.ENDED),
    ],
)
def test_the_state_is_read_from_what_happened(changed: dict[str, Any], state: State) -> None:
    """Nobody has to set it."""
    assert life(**changed).state_at(NOW) is state


@pytest.mark.parametrize(("spent", "left"), [(0, 500), (499, 1), (700, 0)])
def test_what_is_left_of_the_budget(spent: int, left: int) -> None:
    """Never less than nothing; without a budget nothing is said."""
    assert life(spent=spent).current.budget_left == Money(left, "USD")
    assert life(versions=[Version(1, NOW, terms())]).current.budget_left is None


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"rate": 0}, "rate", "1 to 10000 basis points"),
        ({"rate": 10_001}, "rate", "got 10001"),
        ({"cap": 0}, "cap", "leave it out for none"),
        ({"cap": -5}, "cap", "got -5"),
        ({"minimum": 0}, "minimum", "minimum must be"),
        ({"user_cap": 0}, "user-cap", "user-cap must be"),
        ({"budget": 10**15 + 1}, "budget", "minor units"),
        ({"budget": 99}, "budget", "$1.00 has been granted already"),
        ({"ends_at": NOW - 24 * HOUR}, "ends", "later end"),
        ({"name": "  "}, "name", "1 to 100 characters"),
        ({"name": "x" * 101}, "name", "1 to 100 characters"),
    ],
)
def test_terms_that_make_no_sense_are_refused(wrong: dict[str, Any], field: str, says: str) -> None:
    """The error names the field, the rule and the way out."""
    with pytest.raises(InvalidInput) as refused:
        checked(terms(**wrong), currency="USD", spent=100)

    assert refused.value.field == field
    assert says in refused.value.message


def test_currencies_and_reasons_are_checked_too() -> None:
    """A currency that nobody uses, and a reason that says nothing."""
    for currency in ("XYZ", "usd", ""):
        with pytest.raises(InvalidInput, match="not a currency in use"):
            checked(terms(), currency=currency)
    for reason in ("", " ", "x" * 501, "a\x00b"):
        with pytest.raises(InvalidInput, match="reason must have"):
            checked_reason(reason)


def test_sound_terms_are_tidied() -> None:
    """Spaces around a name are nobody's wish."""
    assert checked(terms(name=" Tenth ", budget=100), currency="USD", spent=100).name == "Tenth"
