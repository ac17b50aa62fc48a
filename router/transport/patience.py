"""How long one request may take: as long as its subgraph may, or as there is left for the client's whole request."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from router.errors import SubgraphFailure
from router.transport.base import SubgraphRequest
from router.transport.body import out_of_time, too_slow


@dataclass(frozen=True, slots=True)
class Patience:
    """So many seconds, and whose they are."""

    subgraph: str
    seconds: float
    ends_with_request: bool

    def over(self) -> SubgraphFailure:
        """The failure of a request that took longer."""
        return out_of_time(self.subgraph) if self.ends_with_request else too_slow(self.subgraph, self.seconds)


def patience_for(request: SubgraphRequest, timeout_s: float) -> Patience:
    """For a request that begins now. Raises OutOfTime where it may not begin any more."""
    if request.deadline is None:
        return Patience(request.subgraph, timeout_s, ends_with_request=False)
    left = request.deadline - asyncio.get_running_loop().time()
    if left <= 0:
        raise out_of_time(request.subgraph)
    return Patience(request.subgraph, min(left, timeout_s), ends_with_request=left < timeout_s)
