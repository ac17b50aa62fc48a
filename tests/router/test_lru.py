"""The bounded mapping behind every cache."""

from __future__ import annotations

from router.lru import Lru


def test_what_was_used_least_recently_is_forgotten_first() -> None:
    """Getting a value counts as using it."""
    lru: Lru[str, int] = Lru(2)
    lru.put("a", 1)
    lru.put("b", 2)
    lru.get("a")
    lru.put("c", 3)

    assert [lru.get(key) for key in "abc"] == [1, None, 3]
    assert len(lru) == 2


def test_weights_are_counted() -> None:
    """As many are forgotten as it takes; one too heavy alone is not kept, and pushes nothing out."""
    lru: Lru[str, int] = Lru(10)
    for key in "abc":
        lru.put(key, 0, weight=3)
    lru.put("d", 0, weight=5)
    assert [key for key in "abcd" if lru.get(key) is not None] == ["c", "d"]

    lru.put("e", 0, weight=11)
    assert [key for key in "cde" if lru.get(key) is not None] == ["c", "d"]


def test_replacing_and_forgetting_give_back_weight() -> None:
    """A key's old value does not weigh any more."""
    lru: Lru[str, int] = Lru(10)
    for _ in range(5):
        lru.put("a", 1, weight=9)
    assert lru.get("a") == 1
    lru.forget("a")
    lru.forget("a")
    lru.put("b", 2, weight=10)
    assert (lru.get("a"), lru.get("b"), len(lru)) == (None, 2, 1)


def test_the_number_of_entries_has_a_bound_of_its_own() -> None:
    """Many light values are too many all the same; what made room is counted, what was told to go is not."""
    lru: Lru[str, int] = Lru(100, entries_max=2)
    for key in "abc":
        lru.put(key, 0, weight=3)

    assert [key for key, _ in lru.items()] == ["b", "c"]
    assert (lru.weight, lru.forgotten) == (6, 1)
    lru.forget("b")
    assert (lru.weight, lru.forgotten) == (3, 1)
