"""How the subgraphs of a supergraph are reached."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path

from router.assembly.given import Given
from router.config import RouterConfig, nearest
from router.errors import ConfigError
from router.parts import Parts
from router.supergraph import Supergraph
from router.transport import HttpTransport, Transport
from router.transport.dedupe import DedupingTransport


def transport(supergraph: Supergraph, config: RouterConfig, *, given: Given, parts: Parts) -> Transport:
    """The way to the subgraphs. Raises ConfigError."""
    urls = _urls(supergraph, config)
    certificates = _certificates(config.traffic.ca_file)
    settings = (urls, config.timeouts.subgraph_s, config.traffic, certificates)
    reaching = parts.take("subgraphs", settings, lambda: given.transport or _over_http(urls, config, certificates))
    return DedupingTransport(reaching) if config.traffic.dedupe_subgraph_requests else reaching


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


def _over_http(urls: Mapping[str, str], config: RouterConfig, certificates: bytes | None) -> HttpTransport:
    return HttpTransport(
        urls,
        timeout_s=config.timeouts.subgraph_s,
        compressed=config.traffic.compressed_answers,
        ca=certificates,
    )


def _certificates(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        ssl.create_default_context(cafile=path)
        return path.read_bytes()
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"The file of certificates {path} cannot be used: {error}.") from None
