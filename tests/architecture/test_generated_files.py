"""What is generated and committed is what its generator writes today; `make schema` mends a difference."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from payflow.dev import schema
from payflow.dev.clients import TARGETS, generate_clients
from payflow.kernel.settings import SERVICES
from router.composition.codes_page import codes_page
from router.config.page import configuration_page

REPOSITORY = Path(__file__).parents[2]
SCHEMA = REPOSITORY / "schema"
CLIENTS = REPOSITORY / "payflow" / "client"


@pytest.mark.parametrize("service", SERVICES)
def test_a_subgraph_is_what_its_code_defines(service: str) -> None:
    """schema/subgraphs/<name>.graphql is the SDL of the service."""
    assert (SCHEMA / "subgraphs" / f"{service}.graphql").read_text() == schema.subgraph_sdl(service)


def test_the_supergraph_is_composed_of_the_subgraphs() -> None:
    """The committed supergraph, its configuration and the API schema follow from the committed subgraphs."""
    supergraph = schema.composed(
        {service: (SCHEMA / "subgraphs" / f"{service}.graphql").read_text() for service in SERVICES}
    )

    assert (SCHEMA / "supergraph.graphql").read_text() == supergraph
    assert (SCHEMA / "api.graphql").read_text() == schema.api_schema(supergraph)
    assert (SCHEMA / "supergraph.yaml").read_text() == schema.supergraph_config()


def test_the_page_of_codes_is_the_catalogue() -> None:
    """docs/composition-codes.md has every error and hint of composition, in the words of the catalogue."""
    assert (REPOSITORY / "docs" / "composition-codes.md").read_text() == codes_page()


def test_the_page_of_settings_is_what_can_be_set() -> None:
    """docs/router/configuration.md and the JSON Schema for editors have every key of the router's configuration."""
    assert (REPOSITORY / "docs" / "router" / "configuration.md").read_text() == configuration_page()
    assert (SCHEMA / "router.schema.json").read_text() == schema.router_schema()


def test_the_clients_are_generated_from_the_schema(tmp_path: Path) -> None:
    """Each client package is what ariadne-codegen makes of the schema and the operations."""
    generate_clients(SCHEMA, tmp_path)

    for target in TARGETS:
        made = {path.name for path in (tmp_path / target.name).glob("*.py")}
        committed = {path.name for path in (CLIENTS / target.name).glob("*.py")}
        assert made == committed
        differing = filecmp.cmpfiles(tmp_path / target.name, CLIENTS / target.name, sorted(made), shallow=False)[1]
        assert differing == []
