"""How requests to subgraphs are bounded, repeated and withheld, and what is passed on of headers and errors."""

from __future__ import annotations

from collections.abc import Iterable

from router.config import RouterConfig, nearest
from router.config.subgraphs import SubgraphSettings
from router.config.traffic import BreakerSettings, RetrySettings
from router.errors import ConfigError
from router.headers import ResponseHeaders
from router.parts import Parts
from router.supergraph import Supergraph
from router.telemetry import Telemetry
from router.transport import Transport
from router.transport.breaker import BreakingTransport, Circuits
from router.transport.dedupe import DedupingTransport
from router.transport.http1 import Bounds
from router.transport.retry import RetryingTransport

_NOTHING_SET = SubgraphSettings()


def bounds(config: RouterConfig, subgraphs: Iterable[str]) -> dict[str, Bounds]:
    """How much each subgraph may take."""
    return {name: _bounds(config, config.subgraphs.get(name, _NOTHING_SET)) for name in subgraphs}


def wants_headers(config: RouterConfig) -> bool:
    """Whether somebody reads the headers of subgraphs' answers."""
    rules = config.headers
    passes_on = rules.all.response or any(own.response for own in rules.subgraphs.values())
    return bool(passes_on or config.cache is not None or _retries(config, config.subgraphs))


def guarded(
    inner: Transport, supergraph: Supergraph, config: RouterConfig, *, parts: Parts, telemetry: Telemetry
) -> Transport:
    """What stands before the transport that sends, from the inside out: tries, circuits, and answers that are shared."""
    told = telemetry.subgraphs
    if retries := _retries(config, supergraph.subgraphs):
        inner = RetryingTransport(inner, retries, told)
    if breakers := _breakers(config, supergraph.subgraphs):
        inner = BreakingTransport(inner, parts.take("circuits", (breakers, id(told)), lambda: Circuits(breakers, told)))
    apart = tellers_of_cookies(config, supergraph)
    return DedupingTransport(inner, told, apart=apart) if config.traffic.dedupe_subgraph_requests else inner


def tellers_of_cookies(config: RouterConfig, supergraph: Supergraph) -> frozenset[str]:
    """The subgraphs whose cookies reach clients: what was begun for one client is for no other."""
    rules = ResponseHeaders(config.headers)
    return frozenset(name for name in supergraph.subgraphs if rules.tell_cookies_of(name))


def check_names(config: RouterConfig, supergraph: Supergraph) -> None:
    """Rules for a subgraph that does not exist are a mistake. Raises ConfigError."""
    cached = {} if config.cache is None else config.cache.subgraphs
    sections = (("headers", config.headers.subgraphs), ("errors", config.errors.subgraphs), ("cache", cached))
    for section, named in sections:
        for name in named:
            if name not in supergraph.subgraphs:
                meant = nearest(name, supergraph.subgraphs)
                raise ConfigError(
                    f'{section}.subgraphs names the subgraph "{name}", which the supergraph lacks{meant}.'
                )


def _bounds(config: RouterConfig, own: SubgraphSettings) -> Bounds:
    return Bounds(
        timeout_s=own.timeout_s or config.timeouts.subgraph_s,
        connections_max=own.connections_max or config.traffic.connections_max,
        idle_s=own.connection_idle_s or config.traffic.connection_idle_s,
    )


def _retries(config: RouterConfig, subgraphs: Iterable[str]) -> dict[str, RetrySettings]:
    """Of the subgraphs that have any."""
    usual = config.traffic.retry
    found: dict[str, RetrySettings] = {}
    for name in subgraphs:
        own = config.subgraphs.get(name, _NOTHING_SET).retry
        settings = (usual or RetrySettings()).but(own)
        if (usual is not None or own is not None) and settings.attempts > 1:
            found[name] = settings
    return found


def _breakers(config: RouterConfig, subgraphs: Iterable[str]) -> dict[str, BreakerSettings]:
    usual = config.traffic.circuit_breaker
    found: dict[str, BreakerSettings] = {}
    for name in subgraphs:
        own = config.subgraphs.get(name, _NOTHING_SET).circuit_breaker
        if usual is not None or own is not None:
            found[name] = (usual or BreakerSettings()).but(own)
    return found
