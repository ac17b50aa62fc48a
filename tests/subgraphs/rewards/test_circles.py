"""Money that goes in a circle earns nothing."""

from __future__ import annotations

from datetime import timedelta

from payflow.kernel.ids import new_id
from subgraphs.rewards.circles import CIRCLE_WINDOW, Circles, Pair
from subgraphs.rewards.domain import CompletedTransfer
from tests.subgraphs.rewards.world import NOW, transfer

ADA, BOB, EVE = new_id(), new_id(), new_id()
LITTLE = timedelta(microseconds=1)


def paid(payer: object, payee: object, at: object = NOW) -> CompletedTransfer:
    return transfer(payer_id=payer, payee_id=payee, completed_at=at)


def circles(*transfers: CompletedTransfer) -> Circles:
    known = Circles()
    for one in transfers:
        known.note(one)
    return known


def test_the_same_direction_is_no_circle() -> None:
    """Whoever pays a shop every day earns every day; and strangers are strangers."""
    known = circles(paid(ADA, BOB))

    assert not known.closes(paid(ADA, BOB))
    assert not known.closes(paid(ADA, EVE))
    assert not known.closes(paid(BOB, EVE))


def test_the_way_back_is_a_circle_within_the_window() -> None:
    """Both ways round, and up to the window's end."""
    for one, other in ((ADA, BOB), (BOB, ADA)):
        known = circles(paid(one, other))
        assert known.closes(paid(other, one, NOW + CIRCLE_WINDOW - LITTLE))
        assert not known.closes(paid(other, one, NOW + CIRCLE_WINDOW))


def test_of_two_that_answer_each_other_one_earns_whichever_is_heard_of_first() -> None:
    """The earlier one, heard of later, closes the circle as well."""
    assert circles(paid(BOB, ADA, NOW + timedelta(days=1))).closes(paid(ADA, BOB))


def test_the_latest_counts_whatever_comes_late() -> None:
    """An old payment that is heard of late does not hide a newer one."""
    known = circles(paid(ADA, BOB), paid(ADA, BOB, NOW - timedelta(days=30)))

    assert known.closes(paid(BOB, ADA, NOW + timedelta(days=6)))


def test_paying_oneself_is_a_circle() -> None:
    """From one wallet of one's own to another."""
    assert Circles().closes(paid(ADA, ADA))


def test_a_pair_is_the_same_both_ways() -> None:
    """Its key does not depend on who pays."""
    assert Pair.of(paid(ADA, BOB)) == Pair.of(paid(BOB, ADA))
