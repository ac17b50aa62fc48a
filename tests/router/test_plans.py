"""The plan cache: bounded, and making each plan once while it is remembered."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial

import pytest

from router.errors import Unplannable
from router.plan import QueryPlan
from router.plans import PlanCache
from tests.router.planning import fixture, planned

PLAN = planned(fixture("payments"), "{ campaigns { id } }")


def cache_of(**bounds: int) -> PlanCache[Hashable, QueryPlan]:
    return PlanCache(lambda _: 10, **bounds)


def test_a_plan_is_made_once() -> None:
    """The second asker gets the first one's plan."""
    made: list[QueryPlan] = []

    def make() -> QueryPlan:
        made.append(PLAN)
        return PLAN

    cache = cache_of()
    assert cache.get_or_make(("doc", True), make) is cache.get_or_make(("doc", True), make)
    cache.get_or_make(("doc", False), make)
    assert len(made) == 2


def test_the_one_unused_for_longest_is_forgotten() -> None:
    """Past the bound the oldest use goes, and the cache does not grow."""
    cache = cache_of(entries_max=2)
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

    cache = cache_of()
    with pytest.raises(Unplannable):
        cache.get_or_make("key", fail)
    assert cache.get_or_make("key", lambda: PLAN) is PLAN


def test_plans_are_bounded_in_bytes() -> None:
    """What is too much in all is forgotten from the oldest on; what was used last is known in that order."""
    cache = cache_of(bytes_max=25)
    for key in "abc":
        cache.get_or_make(key, lambda: PLAN)

    assert (len(cache), cache.bytes_held, cache.forgotten) == (2, 20, 1)
    assert cache.newest(5) == ["c", "b"]
    assert cache.newest(1) == ["c"]


def test_a_plan_that_grows_weighs_more() -> None:
    """Once it is weighed again others make room for it; one that is forgotten already is left at that."""
    sizes = {"a": 10, "b": 10}
    cache: PlanCache[Hashable, str] = PlanCache(lambda plan: sizes[plan], bytes_max=25)
    for key in "ab":
        cache.get_or_make(key, partial(str, key))
    sizes["b"] = 20

    cache.weigh_again("b")
    cache.weigh_again("a")

    assert (cache.newest(2), cache.bytes_held) == (["b"], 20)
