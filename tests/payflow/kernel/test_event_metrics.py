"""What operators are told of events' metrics, held against the metrics that there are."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

from prometheus_client.metrics import MetricWrapperBase

from payflow.kernel import metrics

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations"
PAGE = (OPERATIONS / "events.md").read_text()
DASHBOARD = json.loads((OPERATIONS / "grafana-events.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
PARTS = re.compile(r"_(total|bucket|sum|count)$")
OF_EVENTS = re.compile(r"payflow_(outbox|sink|produce|sequence|events)_")


def exported() -> set[str]:
    """The metrics of events, as `PARTS` leaves them."""
    families = [each for each in vars(metrics).values() if isinstance(each, MetricWrapperBase)]
    names = {family.name for each in families for family in each.describe()}
    return {name for name in names if OF_EVENTS.match(name)}


def named_in(text: str) -> set[str]:
    return {PARTS.sub("", name) for name in re.findall(r"payflow_[a-z_]+", text) if OF_EVENTS.match(name)}


def test_the_page_tells_of_every_metric() -> None:
    """Each that there is stands on the page, and none that is gone."""
    assert named_in(PAGE) == exported()


def test_the_dashboard_asks_for_what_there_is() -> None:
    """Every metric of a query is one of ours; a histogram is asked for by its parts."""
    queries = [target["expr"] for panel in PANELS for target in panel["targets"]]
    variables = [each["definition"] for each in DASHBOARD["templating"]["list"][1:]]

    for query in [*queries, *variables]:
        assert named_in(query), query
        assert named_in(query) <= exported(), query


def test_the_dashboard_can_be_imported() -> None:
    """Ids are its panels' own, no two overlap, each says what it shows, of the data source that is chosen."""
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for one, other in combinations([panel["gridPos"] for panel in DASHBOARD["panels"]], 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    for panel in PANELS:
        assert panel["title"]
        assert panel["description"]
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
