"""What comes back of subgraphs' headers: rules, merging in the order of the plan, cookies, and what no rule can pass."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from router.config.headers import HeaderSettings
from router.headers import ResponseHeaders
from router.headers.responses import Told
from router.transport.arrivals import Arrival


def arrival(number: int, subgraph: str = "fleet", *headers: tuple[str, str], status: int = 200) -> Arrival:
    """An answer with these headers, at that place of the plan."""
    pairs = tuple((name.encode(), value.encode("latin-1")) for name, value in headers)
    return Arrival((number, number), subgraph, status, pairs)


def told(rules: list[dict[str, Any]], *arrivals: Arrival, **own: list[dict[str, Any]]) -> Told:
    """What the client gets by rules for all, and for single subgraphs."""
    subgraphs = {name: {"response": each} for name, each in own.items()}
    settings = HeaderSettings.model_validate({"all": {"response": rules}, "subgraphs": subgraphs})
    return ResponseHeaders(settings).of(arrivals)


ONE = arrival(1, "fleet", ("x-a", "1"), ("x-b", "b"))
TWO = arrival(2, "port", ("x-a", "2"))


def test_without_rules_nothing_comes_back() -> None:
    """That is the default, and it is told by the truth of the rules."""
    assert told([], ONE) == Told()
    assert not ResponseHeaders()


@pytest.mark.parametrize(("algorithm", "merged"), [("first", "1"), ("last", "2"), ("append", "1, 2")])
def test_several_answers_are_merged(algorithm: str, merged: str) -> None:
    """In the order of the plan."""
    rule = {"propagate": {"named": "X-A", "algorithm": algorithm}}

    assert told([rule], ONE, TWO, arrival(3)).headers == {"x-a": merged}


def test_several_lines_of_one_answer_are_one_value() -> None:
    """A header that stands several times in an answer is joined (RFC 9110, section 5.3)."""
    answer = arrival(1, "fleet", ("x-a", "1"), ("x-a", "2"))

    assert told([{"propagate": {"named": "x-a"}}], answer).headers == {"x-a": "1, 2"}


def test_headers_are_chosen_by_an_expression_or_renamed() -> None:
    """As on the way there."""
    assert told([{"propagate": {"matching": "^x-"}}], ONE).headers == {"x-a": "1", "x-b": "b"}
    assert told([{"propagate": {"named": "x-a", "rename": "x-z"}}], ONE).headers == {"x-z": "1"}


def test_headers_are_inserted_and_removed() -> None:
    """In the order of the rules."""
    rules = [
        {"propagate": {"matching": "^x-"}},
        {"remove": {"named": "x-b"}},
        {"insert": {"name": "x-served-by", "value": "router"}},
    ]

    assert told(rules, ONE).headers == {"x-a": "1", "x-served-by": "router"}
    assert told(rules).headers == {}


def test_a_subgraph_has_rules_of_its_own() -> None:
    """They follow those for all, and count for its answers alone."""
    everything = [{"propagate": {"matching": "^x-"}}]

    assert told(everything, TWO, ONE, fleet=[{"remove": {"matching": "."}}]).headers == {"x-a": "2"}
    assert told([], ONE, TWO, port=everything).headers == {"x-a": "2"}


def test_every_cookie_is_kept() -> None:
    """Whatever the algorithm: a cookie is no value of a list."""
    answers = (
        arrival(1, "fleet", ("set-cookie", "a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT"), ("set-cookie", "b=2")),
        arrival(2, "port", ("set-cookie", "c=3")),
    )

    for algorithm in ("first", "last", "append"):
        rule = {"propagate": {"named": "set-cookie", "algorithm": algorithm}}
        assert told([rule], *answers).cookies == ["a=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT", "b=2", "c=3"]


def test_an_expression_passes_nothing_that_is_the_routers_to_say() -> None:
    """Neither what is of the answer's own body or connection, nor which sites may read it."""
    names = (
        "content-length",
        "content-type",
        "transfer-encoding",
        "access-control-allow-origin",
        "vary",
        "date",
        "etag",
    )
    answer = arrival(1, "fleet", *((name, "x") for name in names), ("x-a", "1"))

    assert told([{"propagate": {"matching": "."}}], answer) == Told({"x-a": "1"})


def test_the_strictest_cache_control_counts() -> None:
    """Of all answers, also of those that say nothing or did not come."""
    rule = {"propagate": {"named": "cache-control", "algorithm": "most_restrictive"}}
    long, short = ("cache-control", "public, max-age=60"), ("cache-control", "private, max-age=5")

    assert told([rule], arrival(1, "fleet", long)).headers == {"cache-control": "public, max-age=60"}
    assert told([rule], arrival(1, "fleet", long), arrival(2, "port", short)).headers == {
        "cache-control": "private, max-age=5"
    }
    assert told([rule], arrival(1, "fleet", long), arrival(2, "port")).headers == {"cache-control": "no-store"}
    assert told([rule], arrival(1, "fleet", long), arrival(2, "port", status=0)).headers == {
        "cache-control": "no-store"
    }


@pytest.mark.parametrize(
    "rule",
    [
        {"propagate": {"named": "content-type"}},
        {"propagate": {"named": "a", "algorithm": "most_restrictive"}},
        {"propagate": {"matching": "a", "algorithm": "most_restrictive"}},
        {"propagate": {"named": ["a", "b"], "rename": "c"}},
        {"insert": {"name": "access-control-allow-origin", "value": "*"}},
        {"insert": {"name": "a"}},
        {},
    ],
)
def test_rules_that_mean_nothing_are_refused(rule: dict[str, Any]) -> None:
    """When the configuration is read."""
    with pytest.raises(ValidationError):
        HeaderSettings.model_validate({"all": {"response": [rule]}})
