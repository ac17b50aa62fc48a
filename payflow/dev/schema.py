"""Writes everything that is generated: schema/, the clients made from it, and pages of the documentation."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from graphql import print_schema

from payflow.dev.clients import generate_clients
from payflow.events import schemas
from payflow.kernel.errors import PayflowError
from payflow.kernel.settings import SERVICES, Settings
from router.composition import Rejected, SubgraphInput, compose, format_text
from router.composition.codes_page import codes_page
from router.config.json_schema import json_schema
from router.config.page import configuration_page
from router.supergraph import load_supergraph

_SUPERGRAPH_CONFIG = """# Written by `make schema`: what `python -m router compose --config schema/supergraph.yaml` reads (rover's format).
federation_version: =2.11
subgraphs:
"""


class CompositionFailed(PayflowError):
    """The five schemas do not compose; the message lists why."""


def write_all(schema: Path, clients: Path, docs: Path) -> None:
    """Export, compose, generate; each file is written only from code, so a second run changes nothing."""
    sdls = export_subgraphs(schema)
    supergraph = composed(sdls)
    (schema / "supergraph.yaml").write_text(supergraph_config())
    (schema / "supergraph.graphql").write_text(supergraph)
    (schema / "api.graphql").write_text(api_schema(supergraph))
    schemas.write(schema / "events")
    generate_clients(schema, clients)
    (docs / "composition-codes.md").write_text(codes_page())
    (docs / "router" / "configuration.md").write_text(configuration_page())
    (schema / "router.schema.json").write_text(router_schema())


def router_schema() -> str:
    """The JSON Schema of the router's configuration file."""
    return json.dumps(json_schema(), indent=2) + "\n"


def export_subgraphs(schema: Path) -> dict[str, str]:
    """Write each service's SDL to subgraphs/<name>.graphql."""
    (schema / "subgraphs").mkdir(parents=True, exist_ok=True)
    sdls = {name: subgraph_sdl(name) for name in SERVICES}
    for name, sdl in sdls.items():
        (schema / "subgraphs" / f"{name}.graphql").write_text(sdl)
    return sdls


def subgraph_sdl(name: str) -> str:
    """The SDL that a service's code defines."""
    return str(importlib.import_module(f"subgraphs.{name}.schema").schema.as_str()).strip() + "\n"


def composed(sdls: dict[str, str]) -> str:
    """The supergraph of these subgraphs at their default addresses. Raises CompositionFailed."""
    settings = Settings.model_construct()
    result = compose([SubgraphInput(name, sdl, settings.service_url(name)) for name, sdl in sorted(sdls.items())])
    if isinstance(result, Rejected):
        raise CompositionFailed(format_text(result))
    return result.sdl


def api_schema(supergraph: str) -> str:
    """What clients see: the supergraph less its machinery and everything inaccessible."""
    return print_schema(load_supergraph(supergraph).api) + "\n"


def supergraph_config() -> str:
    """Rover's configuration for composing the exported files."""
    settings = Settings.model_construct()
    return _SUPERGRAPH_CONFIG + "".join(
        f"  {name}:\n    routing_url: {settings.service_url(name)}\n    schema:\n      file: subgraphs/{name}.graphql\n"
        for name in sorted(SERVICES)
    )
