"""Schedules of kills: repeatable, dense enough, and about every part."""

from __future__ import annotations

from collections import Counter

from payflow.dev.stack import PART_NAMES
from tests.chaos.schedule import FIRST, SHARES, schedule


def test_a_seed_is_a_schedule() -> None:
    """The same seed gives the same kills, another seed others."""
    first, again, other = (schedule(seed=seed, duration_s=600, gap_s=9) for seed in (7, 7, 8))

    assert first == again
    assert first != other


def test_ten_minutes() -> None:
    """Ten minutes have forty kills at least, of every part of the platform, in the order of their times."""
    for seed in range(20):
        kills = schedule(seed=seed, duration_s=600, gap_s=9)

        assert len(kills) >= 40
        assert {kill.part for kill in kills} == set(PART_NAMES)
        assert [kill.at_s for kill in kills] == sorted(kill.at_s for kill in kills)
        assert all(0 < kill.at_s <= 600 for kill in kills)


def test_what_money_stands_on_is_killed_first() -> None:
    """PostgreSQL, wallet and transactions die first, so that the shortest run has them."""
    for seed in range(20):
        assert {kill.part for kill in schedule(seed=seed, duration_s=600, gap_s=9)[:3]} == set(FIRST)


def test_parts_die_as_often_as_their_shares() -> None:
    """Behind those, each round has every part as often as its share."""
    first_round = schedule(seed=7, duration_s=3600, gap_s=9)[len(FIRST) :][: sum(SHARES.values())]

    assert Counter(kill.part for kill in first_round) == Counter(SHARES)
