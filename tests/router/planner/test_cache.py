"""The plan cache: bounded, and making each plan once while it is remembered."""

from __future__ import annotations

import pytest

from router.errors import Unplannable
from router.plan import QueryPlan
from router.planner.cache import PlanCache
from tests.router.planning import fixture, planned

PLAN = planned(fixture("payments"), "{ campaigns { id } }")


def test_a_plan_is_made_once() -> None:
    """The second asker gets the first one's plan."""
    made: list[QueryPlan] = []

    def make() -> QueryPlan:
        made.append(PLAN)
        return PLAN

    cache = PlanCache()
    assert cache.get_or_make(("doc", True), make) is cache.get_or_make(("doc", True), make)
    cache.get_or_make(("doc", False), make)
    assert len(made) == 2


def test_the_one_unused_for_longest_is_forgotten() -> None:
    """Past the bound the oldest use goes, and the cache does not grow."""
    cache = PlanCache(entries_max=2)
    made: list[str] = []

    def ask(key: str) -> None:
        def make() -> QueryPlan:
            made.append(key)
            return PLAN

        cache.get_or_make(key, make)

    for key in "abaca":
        ask(key)
    assert made == ["a", "b", "c"]
    ask("b")
    assert made == ["a", "b", "c", "b"]
    assert len(cache) == 2


def test_a_failure_is_not_remembered() -> None:
    """What could not be planned is tried again, and leaves no entry."""

    def fail() -> QueryPlan:
        raise Unplannable("no way")

    cache = PlanCache()
    with pytest.raises(Unplannable):
        cache.get_or_make("key", fail)
    assert cache.get_or_make("key", lambda: PLAN) is PLAN
