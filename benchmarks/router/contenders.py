"""Who is measured, and how each is started. Every one runs as its makers would run it in production, in one process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.router.peers.install import NODE, ensure_installed

PRODUCTION = {"NODE_ENV": "production"}


@dataclass(frozen=True)
class Site:
    """Where a contender is to listen, what it is to serve, and a folder for files of its own."""

    port: int
    supergraph: Path
    folder: Path


@dataclass(frozen=True)
class Contender:
    """`exact` contenders must answer byte for byte what the oracle does; of others, equal JSON is asked.

    A contender that `shares_operations` answers requests that are in flight together with one execution, which is another contest.
    """

    name: str
    title: str
    command: Callable[[Site], Sequence[str]]
    environment: Mapping[str, str] = field(default_factory=dict)
    exact: bool = False
    shares_operations: bool = False


def _ours(**settings: Any) -> Callable[[Site], Sequence[str]]:
    def command(site: Site) -> Sequence[str]:
        config = site.folder / "router.yaml"
        config.write_text(json.dumps(settings))  # JSON is YAML
        served = ["serve", "--config", str(config), "--supergraph", str(site.supergraph), "--port", str(site.port)]
        return [sys.executable, "-m", "router", *served]

    return command


def _constant(site: Site) -> Sequence[str]:
    return [sys.executable, "-m", "benchmarks.router.constant", "--port", str(site.port)]


def _apollo(site: Site) -> Sequence[str]:
    return [str(NODE), str(ensure_installed() / "apollo.mjs"), str(site.supergraph), str(site.port)]


def _hive(*options: str) -> Callable[[Site], Sequence[str]]:
    def command(site: Site) -> Sequence[str]:
        peers = ensure_installed()
        program = peers / "node_modules" / "@graphql-hive" / "gateway" / "dist" / "bin.js"
        where = ["--host", "127.0.0.1", "--port", str(site.port), "--config-path", str(peers / "hive.mjs")]
        return [str(NODE), str(program), "supergraph", str(site.supergraph), *where, *options]

    return command


CONTENDERS = (
    Contender("constant", "an answer known before", _constant, exact=True),
    Contender("ours", "our router, sharing nothing", _ours(traffic={"dedupe_subgraph_requests": False}), exact=True),
    Contender("ours-dedupe", "our router, as it is by default", _ours(), exact=True),
    Contender(
        "ours-inbound",
        "our router, inbound dedupe",
        _ours(traffic={"dedupe_client_requests": True}),
        exact=True,
        shares_operations=True,
    ),
    Contender("apollo", "@apollo/gateway", _apollo, PRODUCTION),
    Contender("hive", "@graphql-hive/gateway", _hive(), PRODUCTION),
    Contender("hive-jit", "@graphql-hive/gateway --jit", _hive("--jit"), PRODUCTION),
    Contender(
        "hive-jit-inbound",
        "@graphql-hive/gateway --jit, inbound dedupe",
        _hive("--jit"),
        PRODUCTION | {"INBOUND_DEDUPE": "1"},
        shares_operations=True,
    ),
)
