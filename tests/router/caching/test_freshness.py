"""How long an answer is kept, and for whom, by each rule."""

from __future__ import annotations

import pytest

from router.caching.freshness import Freshness, HeaderRules, Keep, Scope, keep
from router.caching.hints import Hinted
from router.config.cache import CachedSubgraph
from router.transport import SubgraphAnswer

RULES = HeaderRules(frozenset({"authorization", "cookie"}), frozenset({"traceparent", "user-agent"}))
NOT = None


def kept(*headers: str, hinted: Hinted | None = None, status: int = 200, **settings: object) -> Keep | None:
    pairs = (header.partition(": ") for header in headers)
    answer = SubgraphAnswer(status, b"{}", tuple((name.lower().encode(), value.encode()) for name, _, value in pairs))
    return keep(answer, hinted or Hinted(), settings=CachedSubgraph.model_validate(settings), rules=RULES)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("max-age=60", Keep(60, "unsaid")),
        ("public, max-age=60", Keep(60, "public")),
        ("max-age=60, s-maxage=5", Keep(5, "public")),
        ("private, max-age=60", Keep(60, "private")),
        ("private, max-age=60, s-maxage=5", Keep(60, "private")),
        ('PRIVATE="set-cookie", Max-Age="60"', Keep(60, "private")),
        ("max-age=0", NOT),
        ("max-age=soon", NOT),
        ("max-age", NOT),
        ("max-age=-1", NOT),
        ("no-store", NOT),
        ("no-store, max-age=60", NOT),
        ("no-cache, max-age=60", NOT),
        ("public", NOT),
        ("", NOT),
    ],
)
def test_cache_control(value: str, expected: Keep | None) -> None:
    """What the header of an answer says, without any other word."""
    assert kept(f"cache-control: {value}") == expected


def test_age_has_passed() -> None:
    """An answer that was kept before it came here is fresh for the rest only."""
    assert kept("cache-control: max-age=60", "age: 20") == Keep(40, "unsaid")
    assert kept("cache-control: max-age=60", "age: 60") is None
    assert kept("cache-control: max-age=60", "age: old") == Keep(60, "unsaid")


def test_several_headers_are_one() -> None:
    """The strictest of them holds."""
    assert kept("cache-control: max-age=60", "cache-control: no-store") is None
    assert kept("cache-control: public, max-age=60", "cache-control: private") == Keep(60, "private")


@pytest.mark.parametrize(
    ("vary", "expected"),
    [
        ("*", NOT),
        ("accept-language, *", NOT),
        ("User-Agent", NOT),
        ("traceparent", NOT),
        ("accept, accept-language", Keep(60, "public")),
        ("Cookie", Keep(60, "private")),
        ("accept, Authorization", Keep(60, "private")),
    ],
)
def test_vary(vary: str, expected: Keep | None) -> None:
    """What varies by what is no part of an entry's key is not kept; what varies by who asks is private."""
    assert kept("cache-control: public, max-age=60", f"vary: {vary}") == expected


def test_what_sets_cookies_or_failed_is_not_kept() -> None:
    """Whatever else it says."""
    assert kept("cache-control: public, max-age=60", "set-cookie: a=b") is None
    assert kept("cache-control: public, max-age=60", status=503) is None


def test_the_answer_then_the_schema_then_the_settings() -> None:
    """The first that says how long has it."""
    hinted = Hinted(30)
    assert kept(ttl_s=10) == Keep(10, "unsaid")
    assert kept(hinted=hinted, ttl_s=10) == Keep(30, "unsaid")
    assert kept(hinted=Hinted(0), ttl_s=10) is None
    assert kept("cache-control: max-age=20", hinted=hinted, ttl_s=10) == Keep(20, "unsaid")
    assert kept("cache-control: public", hinted=hinted) == Keep(30, "public")
    assert kept("cache-control: no-store", hinted=hinted, ttl_s=10) is None
    assert kept() is None


@pytest.mark.parametrize(
    ("header", "hinted", "setting", "scope"),
    [
        ("max-age=9", Hinted(), "answer", "unsaid"),
        ("max-age=9", Hinted(), "public", "public"),
        ("max-age=9", Hinted(), "private", "private"),
        ("max-age=9", Hinted(9, is_public=True), "answer", "public"),
        ("max-age=9", Hinted(9, is_private=True), "public", "private"),
        ("max-age=9, private", Hinted(9, is_public=True), "public", "private"),
        ("max-age=9, public", Hinted(9, is_private=True), "answer", "private"),
        ("max-age=9, public", Hinted(), "private", "private"),
    ],
)
def test_one_word_for_private_is_enough(header: str, hinted: Hinted, setting: str, scope: Scope) -> None:
    """Public is what somebody says to be, and nobody denies."""
    assert kept(f"cache-control: {header}", hinted=hinted, scope=setting) == Keep(9, scope)


def test_the_freshness_of_a_whole() -> None:
    """The least of its parts; public where all are."""
    freshness = Freshness()
    assert freshness.header() is None
    freshness.holds(60.9, for_all=True)
    assert freshness.header() == "public, max-age=60"
    assert freshness.header(for_all=False) == "private, max-age=60"
    other = Freshness()
    freshness.add(other)
    other.holds(70, for_all=False)
    freshness.add(other)
    assert freshness.header() == "private, max-age=60"
    freshness.ends()
    assert freshness.header() == "no-store"
