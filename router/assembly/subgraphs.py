"""How the subgraphs of a supergraph are reached."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

import yarl

from router.assembly.given import Given
from router.assembly.traffic import bounds, guarded, wants_headers
from router.config import RouterConfig, nearest
from router.config.subgraph_subscriptions import SubgraphSubscriptions
from router.errors import ConfigError
from router.parts import Parts
from router.subscriptions import Address, SharedSubscriptions, subgraph_hub
from router.supergraph import Supergraph
from router.telemetry import Telemetry
from router.transport import HttpTransport, Transport
from router.transport.chunks import ChunkingTransport
from router.transport.http import OnTheWire
from router.transport.measured import MeasuredTransport
from router.transport.streams import Reconnect, SubgraphStreams, Target
from router.transport.traced import TracedTransport


def transport(
    supergraph: Supergraph, config: RouterConfig, *, given: Given, parts: Parts, telemetry: Telemetry
) -> Transport:
    """The way to the subgraphs. Raises ConfigError."""
    urls = _urls(supergraph, config)
    targets = {name: _target(url, config.subscriptions_on(name)) for name, url in urls.items()}
    certificates = _certificates(config.traffic.ca_file)
    ours = given.transport
    reaching: Transport = (
        parts.take("subgraphs", None, lambda: ours)
        if ours is not None
        else _over_http(urls, targets, config, certificates=certificates, parts=parts)
    )
    hub = parts.take("shared subscriptions", certificates, subgraph_hub)
    telemetry.watch_sources(hub)
    listening = SharedSubscriptions(
        MeasuredTransport(reaching, telemetry),
        hub,
        address=addresses(supergraph, config, given=given),
        share=lambda name: config.subscriptions_on(name).share,
        capacity=config.subscriptions.queue_events,
        overflow=config.subscriptions.overflow,
    )
    shared = guarded(listening, supergraph, config, parts=parts, telemetry=telemetry)
    most = config.limits.representations
    asked = shared if most is None else ChunkingTransport(shared, most)
    return asked if telemetry.tracing is None else TracedTransport(asked, telemetry.tracing)


def addresses(supergraph: Supergraph, config: RouterConfig, *, given: Given) -> Address:
    """Where and how each subgraph is listened to: generations that agree on it share what is open there."""
    ours = given.transport
    if ours is not None:
        return lambda _: id(ours)
    certificates = _certificates(config.traffic.ca_file)
    targets = {name: _target(url, config.subscriptions_on(name)) for name, url in _urls(supergraph, config).items()}
    return lambda name: (targets.get(name), certificates)


def _over_http(
    urls: Mapping[str, str],
    targets: Mapping[str, Target],
    config: RouterConfig,
    *,
    certificates: bytes | None,
    parts: Parts,
) -> HttpTransport:
    """By the URLs. Connections of subscriptions outlive those of requests: new settings leave open what they do not concern."""
    streams = parts.take("streams of subgraphs", certificates, lambda: SubgraphStreams(ca=certificates))

    bounded = bounds(config, urls)
    told: OnTheWire = {
        "compressed": config.traffic.compressed_answers,
        "timeout_header": config.timeouts.subgraph_header,
        "answer_headers": wants_headers(config),
    }

    def make() -> HttpTransport:
        return HttpTransport(urls, bounds=bounded, **told, ca=certificates, targets=targets, streams=streams)

    return parts.take("subgraphs", (urls, targets, bounded, told, certificates), make)


def _urls(supergraph: Supergraph, config: RouterConfig) -> dict[str, str]:
    for name in config.subgraphs:
        if name not in supergraph.subgraphs:
            known = sorted(supergraph.subgraphs)
            raise ConfigError(
                f'The configuration sets the subgraph "{name}", which the supergraph does not have'
                f"{nearest(name, known)}; it has {', '.join(known)}."
            )
    routed = {name: subgraph.url for name, subgraph in supergraph.subgraphs.items()}
    return routed | {name: settings.url for name, settings in config.subgraphs.items() if settings.url is not None}


def _target(url: str, settings: SubgraphSubscriptions) -> Target:
    """Where and how one subgraph takes subscriptions."""
    address = yarl.URL(url)
    reconnect = settings.reconnect
    return Target(
        address if settings.path is None else address.with_path(settings.path),
        settings.protocol,
        Reconnect(reconnect.tries, reconnect.first_s, reconnect.pause_max_s, reconnect.steady_s),
        settings.open_timeout_s,
        settings.silence_s,
        settings.per_socket,
    )


def _certificates(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        ssl.create_default_context(cafile=path)
        return path.read_bytes()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The file of certificates {path} cannot be used: {error}.") from None
