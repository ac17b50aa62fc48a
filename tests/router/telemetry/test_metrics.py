"""Metrics of the traffic, under the names that people know, with bounded labels."""

from __future__ import annotations

import asyncio
import gc
import re

import pytest

from router.config import SubgraphSettings
from router.edge.observation import Visit
from tests.router.telemetry.conftest import Serve


def value(metrics: str, name: str) -> float:
    """What a line says; 0 where there is none."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0


async def test_requests_of_clients_and_to_subgraphs(serve: Serve) -> None:
    """Each is counted with its status, those to subgraphs by the subgraph, and methods that nobody knows as one."""
    async with serve() as site:
        await site.ask("{ posts(first: 1) { author { name } } }")
        await site.ask("{ nonsense }", headers={"accept": "application/graphql-response+json"})
        async with site.client.request("MKCOL", f"http://{site.address}/graphql"):
            pass
        metrics = await site.metrics()

    served = "http_server_request_duration_seconds_count"
    asked = "http_client_request_duration_seconds_count"
    assert value(metrics, served + '{http_request_method="POST",http_response_status_code="200"}') == 1
    assert value(metrics, served + '{http_request_method="POST",http_response_status_code="400"}') == 1
    assert value(metrics, served + '{http_request_method="_OTHER",http_response_status_code="405"}') == 1
    for subgraph in ("posts", "people"):
        labels = f'{{error_type="",http_response_status_code="200",subgraph="{subgraph}"}}'
        assert value(metrics, asked + labels) == 1


async def test_a_subgraph_that_does_not_answer_is_counted_with_the_reason(serve: Serve) -> None:
    """Over HTTP and unreachable: no status, but the type of the failure."""
    gone = {name: SubgraphSettings(url="http://127.0.0.1:9/") for name in ("people", "posts")}
    async with serve(over_http=True, subgraphs=gone) as site:
        await site.ask("{ hello }")
        metrics = await site.metrics()

    labels = '{error_type="SubgraphUnreachable",http_response_status_code="",subgraph="people"}'
    assert value(metrics, f"http_client_request_duration_seconds_count{labels}") == 1


async def test_requests_under_way(serve: Serve) -> None:
    """A gauge goes up and down with them; who hangs up is counted with nginx's status."""
    async with serve() as site:
        waiting = asyncio.create_task(site.ask("{ slow }"))
        await site.blog.slow_begun.wait()
        during = await site.metrics()
        waiting.cancel()
        await asyncio.wait_for(site.blog.slow_cancelled.wait(), 5)
        async with asyncio.timeout(10):
            while value(after := await site.metrics(), "http_server_active_requests"):
                await asyncio.sleep(0.01)

    assert value(during, "http_server_active_requests") == 1
    closed = '{http_request_method="POST",http_response_status_code="499"}'
    assert value(after, f"http_server_request_duration_seconds_count{closed}") == 1


@pytest.mark.parametrize(("names_max", "told"), [(0, []), (2, ["A", "B", "_OTHER"])])
async def test_operation_names_are_told_up_to_a_number(serve: Serve, names_max: int, told: list[str]) -> None:
    """Off by default; the first names that come are told, and the rest as one."""
    async with serve(telemetry={"metrics": {"operation_names": names_max}}) as site:
        for name in "ABCDA":
            await site.ask(f"query {name} {{ hello }}")
        metrics = await site.metrics()

    counts = (
        r'^router_operation_duration_seconds_count\{graphql_operation_name="(\w+)",graphql_operation_type="query"\}'
    )
    assert re.findall(counts, metrics, re.MULTILINE) == told


async def test_a_supergraph_that_is_served_is_told(serve: Serve) -> None:
    """Dashboards see a deployment by the fingerprint's change."""
    async with serve() as site:
        metrics = await site.metrics()

    assert re.search(r'^router_supergraph_info\{fingerprint="[0-9a-f]{12}"\} 1.0$', metrics, re.MULTILINE)


async def test_what_observes_a_request_lets_go_of_it(serve: Serve) -> None:
    """No circle of references is left behind, which would keep every request until the collector of them runs."""
    async with serve() as site:
        await site.ask("{ hello }")
        gc.collect()
        gc.disable()
        try:
            for _ in range(5):
                await site.ask("{ hello }")
            async with asyncio.timeout(10):
                while any(isinstance(each, Visit) for each in gc.get_objects()):
                    await asyncio.sleep(0.05)
        finally:
            gc.enable()
