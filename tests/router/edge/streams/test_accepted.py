"""Which ways of answering an Accept header names, and which of them an answer takes."""

from __future__ import annotations

import pytest

from router.edge.streams.accepted import Way, accepted

APOLLO_SUBSCRIPTION = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"
APOLLO_DEFER = "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9"
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)


@pytest.mark.parametrize(
    ("header", "ways"),
    [
        (None, ("json",)),
        ("", ("json",)),
        ("*/*", ("json",)),
        ("application/json", ("json",)),
        ("text/html", ()),
        ("text/event-stream", ("events",)),
        ("Text/Event-Stream; charset=utf-8", ("events",)),
        (APOLLO_SUBSCRIPTION, ("subscription_parts", "json")),
        (
            'multipart/mixed; boundary="graphql"; subscriptionSpec="1.0", application/json',
            ("subscription_parts", "json"),
        ),
        ("multipart/mixed;subscriptionSpec='1.0'", ("subscription_parts",)),
        ("multipart/mixed;subscriptionSpec=2.0", ()),
        (APOLLO_DEFER, ("deferred_parts", "json")),
        ("multipart/mixed;deferSpec=20200101", ()),
        (URQL, ("json", "events", "deferred_parts")),
        ("application/json;q=0.5, text/event-stream;q=0.8", ("events", "json")),
        ("application/json, text/event-stream;q=0", ("json",)),
        ("application/json;q=nonsense", ()),
    ],
)
def test_the_ways_of_a_header(header: str | None, ways: tuple[Way, ...]) -> None:
    """Media ranges are read as such: names and parameters in any case, quoted or not, the best liked first."""
    assert accepted(header).ways == ways


@pytest.mark.parametrize(
    ("header", "subscription", "deferred", "whole"),
    [
        ("application/json", None, None, "json"),
        ("text/event-stream", "events", "events", "events"),
        (APOLLO_SUBSCRIPTION, "subscription_parts", None, "json"),
        (APOLLO_DEFER, None, "deferred_parts", "json"),
        ("multipart/mixed;deferSpec=20220824", None, "deferred_parts", "deferred_parts"),
        ("multipart/mixed;subscriptionSpec=1.0", "subscription_parts", None, "json"),
        (URQL, "events", "events", "json"),
    ],
)
def test_the_way_of_an_answer(header: str, subscription: Way | None, deferred: Way | None, whole: Way) -> None:
    """Each kind of answer takes the best liked way that it can come in; one result is JSON wherever that is taken."""
    accept = accepted(header)
    assert (accept.for_subscription, accept.for_deferred, accept.for_whole) == (subscription, deferred, whole)
