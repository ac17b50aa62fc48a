"""docs/router/telemetry.md and the dashboard, held against the metrics that a router has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from router.config import load_config
from router.telemetry import Telemetry

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "router" / "telemetry.md").read_text()
DASHBOARD = json.loads((DOCS / "operations" / "grafana-dashboard.json").read_text())
PROMQL = {"by", "sum", "count", "max", "rate", "increase", "histogram_quantile", "le"}
OTHERS = ("process_", "python_")


def families() -> Iterator[tuple[str, str, str]]:
    """Name, type and meaning of each metric, as Prometheus is told them."""
    for family in Telemetry().registry.collect():
        yield family.name + ("_total" if family.type == "counter" else ""), family.type, family.documentation


def series() -> set[str]:
    """The names that queries may use."""
    names = set()
    for name, kind, _ in families():
        names |= {f"{name}_{part}" for part in ("bucket", "sum", "count")} if kind == "histogram" else {name}
    return names


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def queries() -> list[str]:
    """Every query of the dashboard."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    variables = [variable["query"]["query"] for variable in DASHBOARD["templating"]["list"][1:]]
    return [*asked, *(each["expr"] for each in DASHBOARD["annotations"]["list"]), *variables]


def names_in(query: str) -> set[str]:
    """The metrics that a query reads."""
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\bby \([^)]*\)", "", query)
    return set(re.findall(r"[a-z_]{2,}", bare.removeprefix("label_values"))) - PROMQL - {"job", "instance"}


def test_the_page_has_every_metric_with_its_meaning() -> None:
    """A row for each, with its type and what /metrics says of it; and no row for what is gone."""
    rows = re.findall(r"^\| `([a-z_]+)` \| (counter|gauge|histogram) \|[^|]*\| (.+) \|$", PAGE, re.MULTILINE)

    assert {name: (kind, told) for name, kind, told in rows} == {
        name: (kind, told) for name, kind, told in families() if not name.startswith(OTHERS)
    }


@pytest.mark.parametrize("query", queries())
def test_the_dashboard_asks_for_what_there_is(query: str) -> None:
    """Every metric of a query is one of the router's."""
    names = names_in(query)

    assert names
    assert names <= series()


def test_the_dashboard_can_be_imported() -> None:
    """Ids are its panels' own, no two overlap, each has a title, a description and the data source that is chosen."""
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    places = [panel["gridPos"] for panel in DASHBOARD["panels"]]

    assert len(set(ids)) == len(ids)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    for panel in panels():
        assert panel["title"]
        assert panel["description"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    assert rows == [
        *("Traffic", "Latency", "Errors", "Plan cache", "Subgraphs", "Response cache"),
        *("Subscriptions", "Rate limit", "Cost"),
        "Reloads and the process",
    ]


def test_the_settings_are_read(tmp_path: Path) -> None:
    """The page's file loads, and the collector's key does not show."""
    text = re.search(r"```yaml title=router.yaml\n(.*?)```", PAGE, re.DOTALL)
    assert text is not None
    file = tmp_path / "router.yaml"
    file.write_text(text[1])

    config = load_config(file, {"OTLP_KEY": "s3cret"})

    assert config.telemetry.tracing.endpoint == "http://collector:4318/v1/traces"
    assert config.telemetry.tracing.headers["x-api-key"].get_secret_value() == "s3cret"
    assert "s3cret" not in repr(config)
    assert config.timeouts.shutdown_delay_s == 10
