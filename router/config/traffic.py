"""`traffic`: how subgraphs are asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from router import limits
from router.config.base import FilePath, Settings

HttpStatus = Annotated[int, Field(ge=400, le=599)]


class RetrySettings(Settings):
    """Queries that are sent once more where the subgraph could not be reached, took too long, or answered with one of `statuses`.

    Never a mutation, never past the time for the client's request, and never more than the budget has: a subgraph that is down must
    not be asked several times as much. Pauses are drawn at random ("full jitter"), so that routers do not come back all at once.
    """

    attempts: int = Field(default=limits.RETRY_ATTEMPTS, ge=1, le=limits.RETRY_ATTEMPTS_MAX)
    """Tries in all; 1 is none again."""
    statuses: tuple[HttpStatus, ...] = (429, 502, 503, 504)
    """A `retry-after` that comes with 429 or 503 is obeyed; where it asks for more than `retry_after_max_s`, nothing is sent again."""
    on_timeout: bool = True
    """Whether a query that took too long is sent again, too, if there is time."""
    first_s: float = Field(default=limits.RETRY_FIRST_S, gt=0)
    """The longest pause before the second try; each further one may be twice as long."""
    pause_max_s: float = Field(default=limits.RETRY_PAUSE_MAX_S, gt=0)
    """The longest pause of all."""
    retry_after_max_s: float = Field(default=limits.RETRY_AFTER_MAX_S, ge=0)
    """The longest `retry-after` that is waited for."""
    budget_ratio: float = Field(default=limits.RETRY_BUDGET_RATIO, ge=0, le=1)
    """Tries again, as a share of the requests of the last ten seconds, …"""
    budget_per_s: float = Field(default=limits.RETRY_BUDGET_PER_S, ge=0)
    """… besides so many a second, for a subgraph that is rarely asked."""


class BreakerSettings(Settings):
    """Stops asking a subgraph that fails most of the time: requests for it fail at once, which spares both sides.

    A request counts as failed where there was no answer, or one with one of `statuses`; GraphQL errors do not count. After `open_s`
    some requests are let through as probes, and what becomes of them decides.
    """

    error_ratio: float = Field(default=limits.BREAKER_ERROR_RATIO, gt=0, le=1)
    """From what share of failed requests on it opens, …"""
    requests_min: int = Field(default=limits.BREAKER_REQUESTS_MIN, ge=1)
    """… if there were at least so many …"""
    window_s: float = Field(default=limits.BREAKER_WINDOW_S, gt=0)
    """… within so many seconds."""
    open_s: float = Field(default=limits.BREAKER_OPEN_S, gt=0)
    """How long nothing is sent."""
    probes: int = Field(default=limits.BREAKER_PROBES, ge=1)
    """Requests that are let through then; when as many have succeeded it is closed, and when one fails it is open again."""
    statuses: tuple[HttpStatus, ...] = (502, 503, 504)
    """Statuses of an answer that count as failures."""


class Traffic(Settings):
    """What is asked once where several ask it at one time, what is asked again, and what not at all.

    Only what is equal in text, variables and headers that go along is shared, and never a mutation; no answer is kept.
    `subgraphs.<name>` sets `timeout_s`, `retry`, `circuit_breaker`, `connections_max` and `connection_idle_s` for one subgraph.
    """

    dedupe_subgraph_requests: bool = True
    """Equal queries to one subgraph that are under way together are sent once. Not to those whose cookies reach clients."""
    dedupe_client_requests: bool = False
    """Equal queries of clients are even run once. Not where plugins see what subgraphs are asked, or cookies of some reach clients."""
    compressed_answers: bool = False
    """Lets subgraphs compress what they answer."""
    ca_file: FilePath | None = None
    """Authorities (PEM) that may vouch for subgraphs by https, besides those of the system."""
    connections_max: int = Field(default=limits.SUBGRAPH_CONNECTIONS_MAX, ge=1)
    """Requests to one host at one time; more wait."""
    connection_idle_s: float = Field(default=limits.SUBGRAPH_CONNECTION_IDLE_S, gt=0)
    """How long a connection that carries nothing is kept: less than the subgraph keeps it."""
    retry: RetrySettings | None = None
    """Off by default."""
    circuit_breaker: BreakerSettings | None = None
    """Off by default."""
