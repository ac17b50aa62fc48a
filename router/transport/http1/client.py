"""The client as the transport uses it: subgraphs by name, and a pool for each origin that they share."""

from __future__ import annotations

from collections.abc import Mapping

import yarl

from router.transport.base import SubgraphRequest
from router.transport.http1.exchange import Exchange
from router.transport.http1.pool import Bounds, Pool
from router.transport.http1.route import HeaderLines, Route


class Http1Client:
    """Asks the subgraphs at `urls`, each with the scheme http. To be used and closed in one event loop.

    In `timeout_header` a subgraph reads how many milliseconds it has. With `answer_headers`, answers have their headers.
    """

    def __init__(
        self,
        urls: Mapping[str, yarl.URL],
        bounds: Bounds,
        *,
        compressed: bool = False,
        timeout_header: str | None = None,
        answer_headers: bool = False,
    ) -> None:
        self._bounds = bounds
        self._answer_headers = answer_headers
        self._routes = {
            name: Route(url, compressed=compressed, timeout_header=timeout_header) for name, url in urls.items()
        }
        self._lines = HeaderLines(but=timeout_header)
        self._pools: dict[tuple[str, int], Pool] = {}

    def __repr__(self) -> str:
        return f"<Http1Client {self._pools}>"

    def send(self, request: SubgraphRequest) -> Exchange:
        """The answer to come; it fails with SubgraphFailure. Cancelling it breaks the exchange off."""
        route = self._routes[request.subgraph]
        pool = self._pools.get(route.origin)
        if pool is None:
            pool = self._pools[route.origin] = Pool(
                route.origin, self._bounds, self._lines, answer_headers=self._answer_headers
            )
        return pool.send(request, route)

    async def close(self) -> None:
        """Close every connection. Idempotent; a later request opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()
