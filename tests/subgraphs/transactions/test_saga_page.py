"""docs/saga.md draws the saga as the tables have it, and names its bounds and settings as the code has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from payflow.kernel import metrics
from payflow.kernel.settings import Settings
from subgraphs.transactions import domain, retrying
from subgraphs.transactions.domain import ENDS, OUT_OF_REVIEW, TRANSITIONS, State
from subgraphs.transactions.saga import Timing

PAGE = (Path(__file__).parents[3] / "docs" / "saga.md").read_text()


def drawing() -> str:
    """The tables as a Mermaid state diagram; the ways out of review are drawn once for all that lead into it."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.HOLDING}"]
    lines += [
        f"    {state} --> {transition.to}: {event.lower().replace('_', ' ')}"
        for (state, event), transition in TRANSITIONS.items()
    ]
    lines += [
        f"    {State.REVIEW} --> {transition.to}: {event.lower()} (from {state})"
        for (state, event), transition in OUT_OF_REVIEW.items()
    ]
    lines += [f"    {end} --> [*]" for end in sorted(ENDS)]
    return "\n".join(lines)


def test_the_page_draws_the_tables() -> None:
    """Whoever changes a transition changes the drawing."""
    assert drawing() in PAGE, f"put this into docs/saga.md:\n{drawing()}"


def test_the_page_tells_the_bounds() -> None:
    """Every bound that the page gives is the one that the code keeps to."""
    timing = Timing()
    for told in (
        f"| one call | {timing.call:g} s |",
        f"| a lease | {timing.lease:g} s |",
        f"| the pause before a step is asked again | anything up to {timing.pause_base:g} s × 2^tries,"
        f" at most {timing.pause_max:g} s |",
        f"| a hold without an answer | given up after {_minutes(domain.HOLD_BUDGET)}"
        f" or {domain.STEP_TRIES_MAX} tries |",
        f"| another step without an answer | handed to a person after {domain.STEP_TRIES_MAX} tries,"
        f" or after {_minutes(domain.STEP_BUDGET)} and {domain.STEP_TRIES_MIN} tries |",
        f"| retries | a tenth of the calls that are answered, and {retrying.RETRIES_PER_S:g} a second;"
        f" {retrying.SAVED_MAX:g} at once at most |",
        f"| a silent wallet service | {retrying.SILENT_AFTER} calls in a row without an answer; then one probe after"
        f" {retrying.PROBE_PAUSE_BASE_S:g} s, and again after pauses that double up to {retrying.PROBE_PAUSE_MAX_S:g} s |",
    ):
        assert told in PAGE, told


def test_the_page_tells_the_settings_and_metrics() -> None:
    """Limits with their defaults, and every metric of the saga."""
    fields = Settings.model_fields
    for name in ("transfer_limits", "daily_limits"):
        assert f"| `PAYFLOW_{name.upper()}` | `{fields[name].default}` |" in PAGE
    for name, metric in vars(metrics).items():
        if name.startswith("SAGA_"):
            (described,) = metric.describe()
            assert f"`{described.name}" in PAGE, described.name


def _minutes(span: timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} minutes"
