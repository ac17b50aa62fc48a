"""docs/router/traffic.md, headers.md and errors.md, held against what they tell of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from router.config import RouterConfig, load_config
from router.config.headers import InsertToSubgraph, PropagateToClient, PropagateToSubgraph
from router.config.traffic import BreakerSettings, RetrySettings, Traffic
from router.errors import CircuitOpen, OutOfTime, SubgraphFailure, SubgraphTimedOut, SubgraphTooExpensive
from router.exchange import ClientRequest
from router.headers import RequestHeaders, ResponseHeaders
from router.masking import REDACTED
from router.security.caller import Caller
from router.telemetry import Telemetry
from router.transport.arrivals import Arrival
from router.transport.headers import forwarded, headers_to

DOCS = Path(__file__).parents[3] / "docs" / "router"
TRAFFIC, HEADERS, ERRORS = ((DOCS / f"{name}.md").read_text() for name in ("traffic", "headers", "errors"))


def shown(page: str, title: str) -> str:
    """A block of the page, by its title."""
    [text] = re.findall(rf"```\w+ title={re.escape(title)}\n(.*?)```", page, re.DOTALL)
    return str(text)


def configured(page: str, folder: Path, title: str = "router.yaml") -> RouterConfig:
    """A configuration as the page has it."""
    file = folder / "router.yaml"
    file.write_text(shown(page, title))
    return load_config(file, {})


# ── traffic.md ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_defaults_are_those_shown(tmp_path: Path) -> None:
    """Of time-outs, tries and circuits."""
    config = configured(TRAFFIC, tmp_path)
    plain = RouterConfig()

    assert config.timeouts == plain.timeouts
    assert config.traffic == Traffic(retry=RetrySettings(), circuit_breaker=BreakerSettings())


def test_every_key_of_traffic_is_told() -> None:
    """On the page."""
    keys = {*Traffic.model_fields, *RetrySettings.model_fields, *BreakerSettings.model_fields} - {"ca_file"}

    assert [key for key in sorted(keys) if key not in TRAFFIC] == []


def test_the_metrics_have_those_names() -> None:
    """Also where they have no line yet."""
    told = set(re.findall(r"`(router_\w+)`", TRAFFIC))
    names = {metric.name for metric in Telemetry().registry.collect()}

    assert {name.removesuffix("_total") for name in told} <= names


# ── headers.md ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("subgraph", "title"), [("reviews", "reviews"), ("products", "others")])
def test_subgraphs_get_what_is_shown(tmp_path: Path, subgraph: str, title: str) -> None:
    """Of the headers of the example, by its rules."""
    request = ClientRequest(
        "{ a }",
        headers=json.loads(shown(HEADERS, "sent")),
        request_id="r1",
        caller=Caller(authenticated=True, claims={"sub": "ann"}),
    )
    rules = RequestHeaders(configured(HEADERS, tmp_path).headers)

    assert forwarded(headers_to(subgraph, rules.of(request))) == json.loads(shown(HEADERS, title))


def test_clients_get_what_is_shown(tmp_path: Path) -> None:
    """Of the two answers of the example."""
    rules = ResponseHeaders(configured(HEADERS, tmp_path).headers)
    arrivals = [
        Arrival((number, number), "products", 200, tuple(_pair(text) for text in line.split("|")))
        for number, line in enumerate(shown(HEADERS, "answers").splitlines())
    ]

    told = rules.of(arrivals)

    lines = [f"{name}: {value}" for name, value in told.headers.items()]
    assert [*lines, *(f"set-cookie: {cookie}" for cookie in told.cookies)] == shown(HEADERS, "told").splitlines()


def test_every_kind_of_rule_is_told() -> None:
    """With each of its keys."""
    rules: tuple[Any, ...] = (PropagateToSubgraph, InsertToSubgraph, PropagateToClient)

    assert [key for rule in rules for key in rule.model_fields if f"{key}" not in HEADERS] == []


def test_statuses_and_extensions_are_configured_so(tmp_path: Path) -> None:
    """As the page has it."""
    config = configured(HEADERS, tmp_path, "passing.yaml")

    assert (config.pass_through.statuses, config.pass_through.extensions) == ((401, 403), "merge")


# ── errors.md ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_masks_are_configured_so(tmp_path: Path) -> None:
    """And the page has the very words of a redacted error."""
    config = configured(ERRORS, tmp_path)

    assert set(config.errors.subgraphs) == {"products", "reviews", "legacy"}
    assert f"`{REDACTED.message}`" in ERRORS


def test_the_codes_are_those_of_the_router() -> None:
    """Each failure of a subgraph has one of the codes in the table."""
    told = set(re.findall(r"^\| `([A-Z_]+)` \|", ERRORS, re.MULTILINE))

    assert told == {
        failure.code for failure in (SubgraphFailure, SubgraphTimedOut, OutOfTime, CircuitOpen, SubgraphTooExpensive)
    }


def _pair(text: str) -> tuple[bytes, bytes]:
    name, _, value = text.strip().partition(": ")
    return name.encode(), value.encode()
