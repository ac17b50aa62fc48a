"""Warming a new supergraph with the plans in use."""

from __future__ import annotations

from typing import Any

from router.exchange import ClientRequest
from router.pipeline import RouterState, answer
from router.security.caller import Caller
from router.supergraph import load_supergraph
from router.warming import warm
from tests.router.blog import Blog, supergraph_sdl


def router_of(blog: Blog, sdl: str) -> RouterState:
    return RouterState(load_supergraph(sdl), blog.transport())


async def test_what_was_asked_is_planned_before_it_is_asked_again() -> None:
    """Every variant in use (conditions, views of callers) is a hit from the first request on."""
    blog = Blog()
    before = router_of(blog, supergraph_sdl())
    requests: list[dict[str, Any]] = [
        {
            "query": "query ($n: Int!, $more: Boolean = false) { posts(first: $n) { title id @include(if: $more) } }",
            "variables": v,
        }
        for v in ({"n": 1}, {"n": 2, "more": True})
    ]
    requests += [{"query": "{ me { id } }", "caller": caller} for caller in (Caller(False), Caller(True))]
    for request in requests:
        await answer(ClientRequest(**request), before)

    after = router_of(blog, supergraph_sdl())
    assert await warm(after, before) == len(before.plans) == 4

    for request in requests:
        await answer(ClientRequest(**request), after)
    text = after.telemetry.render().decode()
    assert 'router_plan_cache_total{result="hit"} 4.0' in text
    assert after.plans.newest(9) == before.plans.newest(9)


async def test_what_is_no_longer_valid_is_left_out() -> None:
    """An operation on a field that went away makes no plan, and stops nobody."""
    blog = Blog()
    before = router_of(blog, supergraph_sdl())
    for query in ("{ hello }", "{ posts(first: 1) { title } }"):
        await answer(ClientRequest(query), before)

    after = router_of(blog, supergraph_sdl().replace("hello", "goodbye"))

    assert await warm(after, before) == 1
