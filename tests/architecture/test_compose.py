"""docker-compose.yml names only commands, ports, variables and health URLs that the code has."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from payflow.kernel.settings import PREFIX, SERVICES, Settings

REPOSITORY = Path(__file__).parents[2]
SETTINGS = Settings.model_construct()
CONSUMERS = {"rewards-consumer": "rewards", "notifications-consumer": "notifications"}

compose: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
services: dict[str, dict[str, Any]] = compose["services"]
ours = sorted(name for name, service in services.items() if service["image"] == "payflow")


def environment(name: str) -> dict[str, str]:
    found: dict[str, str] = services[name].get("environment", {})
    return found


def test_every_part_is_there() -> None:
    """The servers, the five services, both consumers, the router, and the two jobs that come before them."""
    servers = {"postgres", "redis", "kafka"}

    assert set(services) == {*servers, "keys", "migrate", *SERVICES, *CONSUMERS, "router"}


@pytest.mark.parametrize("name", ours)
def test_variables_are_settings(name: str) -> None:
    """Every PAYFLOW_ variable is one that the code reads."""
    known = {f"{PREFIX}{field}".upper() for field in Settings.model_fields}

    assert {variable for variable in environment(name) if variable.startswith(PREFIX)} <= known


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_serves_its_subgraph_on_its_port(name: str) -> None:
    """The command is the entry point, the health check asks the service's own port, and only its own database is named."""
    databases = {variable for variable in environment(name) if variable.endswith("_DATABASE_URL")}

    assert services[name]["command"] == ["python", "-m", "subgraphs", "serve", name]
    assert health_url(name) == f"http://127.0.0.1:{SETTINGS.service_port(name)}/ready"
    assert databases == {f"{PREFIX}{name.upper()}_DATABASE_URL"}


@pytest.mark.parametrize(("name", "consumer"), CONSUMERS.items())
def test_a_consumer_runs_beside_its_service(name: str, consumer: str) -> None:
    """The command is the entry point and the health check asks the consumer's port."""
    port = getattr(SETTINGS, f"{consumer}_consumer_port")

    assert services[name]["command"] == ["python", "-m", "consumers", consumer]
    assert health_url(name) == f"http://127.0.0.1:{port}/health"


def test_the_router_serves_the_committed_supergraph() -> None:
    """Its files exist in the repository, its port is published on loopback, and router.yaml reads every variable it is given."""
    command = services["router"]["command"]
    config = (REPOSITORY / "router.yaml").read_text()

    assert command[:4] == ["python", "-m", "router", "serve"]
    for option in ("--supergraph", "--config"):
        assert (REPOSITORY / command[command.index(option) + 1]).is_file()
    assert services["router"]["ports"] == ["127.0.0.1:4000:4000"]
    assert set(environment("router")) <= set(re.findall(r"\$\{env\.(\w+)", config))


def test_addresses_name_services_and_their_ports() -> None:
    """Every address in a variable is a service of the file, on the port it listens on."""
    ports = {name: SETTINGS.service_port(name) for name in SERVICES} | {"redis": 6379, "kafka": 9092}
    for name in ours:
        for value in environment(name).values():
            for host, port in re.findall(r"(?:@|//|^)([a-z-]+):(\d+)", value):
                assert ports[host] == int(port), value


def test_order_of_start() -> None:
    """Services wait for keys and migrations, migrations for PostgreSQL, the router for every service."""
    for name in SERVICES:
        assert set(services[name]["depends_on"]) == {"keys", "migrate"}
    assert set(services["migrate"]["depends_on"]) == {"postgres"}
    assert set(services["router"]["depends_on"]) == set(SERVICES)


def test_secrets_come_from_the_environment() -> None:
    """Every variable that the file takes is in env.example, and no password stands in the file."""
    text = (REPOSITORY / "docker-compose.yml").read_text()
    example = (REPOSITORY / "docker" / "env.example").read_text()
    wanted = set(re.findall(r"\$\{(\w+)", text))

    assert wanted == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert not re.search(r"PASSWORD: (?!\$\{)", text)


def health_url(name: str) -> str:
    found = re.search(r"urlopen\('([^']+)'\)", " ".join(services[name]["healthcheck"]["test"]))
    assert found, name
    return found[1]
