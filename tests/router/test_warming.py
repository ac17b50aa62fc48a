"""Warming a new supergraph with the plans in use."""

from __future__ import annotations

from typing import Any

import pytest
from structlog.testing import capture_logs

from router import warming
from router.exchange import ClientRequest
from router.pipeline import RouterState, answer, planning
from router.pipeline.handed_on import Permitted, Planned
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


async def test_an_operation_that_makes_the_planner_fail_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is logged, and the others are planned: what a client once sent must not keep a new supergraph out."""
    blog = Blog()
    before = router_of(blog, supergraph_sdl())
    for query in ("{ hello }", "{ posts(first: 1) { title } }"):
        await answer(ClientRequest(query), before)
    after = router_of(blog, supergraph_sdl())
    plan = planning.plan

    def fail(permitted: Permitted, router: RouterState) -> Planned:
        if "hello" in permitted.key.text:
            raise RuntimeError("no")
        return plan(permitted, router)

    monkeypatch.setattr(warming, "plan", fail)
    with capture_logs() as logs:
        assert await warm(after, before) == 1

    assert [entry["event"] for entry in logs] == ["a plan in use cannot be made again"]
