"""Every process is told where the others are: what its application reads of addresses and files, compose and `payflow up` give it."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from consumers.app import CONSUMERS
from consumers.app import create_app as create_consumer
from payflow.dev.environment import StackEnvironment
from payflow.dev.keys import generate_keys
from payflow.kernel.settings import PREFIX, SERVICES, Settings

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "docker-compose.yml").read_text())["services"]
PROCESSES = (*SERVICES, *(f"{name}-consumer" for name in CONSUMERS))
PLACES = ("_url", "_servers", "_file")  # settings whose defaults are a guess at best: they differ with the place


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    generate_keys(folder)
    return folder


def by_compose(process: str, keys: Path) -> Mapping[str, str]:
    told = COMPOSE[process]["environment"]
    return {name: re.sub(r"\$\{[^}]*\}", "", value).replace("/keys/", f"{keys}/") for name, value in told.items()}


def by_up(process: str, keys: Path) -> Mapping[str, str]:
    stack = StackEnvironment(
        ports=dict.fromkeys(("router", *PROCESSES), 1),
        keys=keys,
        databases={name: f"postgresql://{name}@127.0.0.1/{name}" for name in SERVICES},
        redis_url="redis://127.0.0.1:1",
        kafka_bootstrap_servers="127.0.0.1:1",
    )
    name = process.removesuffix("-consumer")
    return stack.subgraph(name) if name == process else stack.consumer(name)


@pytest.mark.parametrize("environment", [by_compose, by_up])
@pytest.mark.parametrize("process", PROCESSES)
async def test_each_process_is_given_the_places_that_it_reads(process: str, environment: Any, keys: Path) -> None:
    """None of them is left to its default, which would be this machine, or nothing."""
    given = environment(process, keys)
    read: set[str] = set()

    class Recorded(Settings):
        def __getattribute__(self, name: str) -> Any:
            read.add(name)
            return super().__getattribute__(name)

    settings = Recorded(**{name.removeprefix(PREFIX).lower(): value for name, value in given.items() if PREFIX in name})
    if process in SERVICES:
        importlib.import_module(f"subgraphs.{process}.app").create_app(settings)
    else:
        create_consumer(process.removesuffix("-consumer"), settings)

    places = {name for name in read if name in Settings.model_fields and name.endswith(PLACES)}
    assert f"{process.removesuffix('-consumer')}_database_url" in places
    assert {f"{PREFIX}{name}".upper() for name in places} <= set(given)
