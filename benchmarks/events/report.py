"""The figures as tables for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from benchmarks.events.delays import Delays
from benchmarks.events.relaying import Rate


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Everything of one run."""

    relay: Rate
    consumers: Mapping[str, Rate]
    delays: Delays


def throughput_table(measured: Measured) -> Table:
    """What is done a second, beside the least that would do."""
    table = Table(title="Events a second", title_justify="left")
    table.add_column("what")
    for heading in ("ours", "plain aiokafka", "ratio"):
        table.add_column(heading, justify="right")
    for what, rate in _rates(measured).items():
        table.add_row(what, f"{rate.ours:,.0f}", f"{rate.base:,.0f}", f"{rate.ratio:.3f}")
    return table


def delays_table(measured: Measured, *, bar_ms: float) -> Table:
    """Hop by hop; the percentiles of hops do not add up to those of the whole."""
    delays = measured.delays
    load = f"{delays.load.requests} transfers, {delays.load.per_second:.0f} a second, {delays.shown} notifications"
    table = Table(title=f"From the commit to the screen, ms: {load}", title_justify="left")
    table.add_column("hop")
    for heading in ("p50", "p99"):
        table.add_column(heading, justify="right")
    for hop, spread in delays.hops.items():
        table.add_row(hop, f"{spread.p50:.1f}", f"{spread.p99:.1f}")
    table.add_section()
    verdict = "below" if delays.payments.p99 < bar_ms else "over"
    table.add_row(
        f"a payment, from commit to screen ({verdict} {bar_ms:.0f})",
        f"{delays.payments.p50:.1f}",
        f"{delays.payments.p99:.1f}",
    )
    table.add_row("a reward, from its own commit", f"{delays.rewards.p50:.1f}", f"{delays.rewards.p99:.1f}")
    return table


def figures(measured: Measured) -> dict[str, Any]:
    """Rates in events a second, delays in milliseconds."""
    delays = measured.delays
    return {
        "rates": {what: {**asdict(rate), "ratio": rate.ratio} for what, rate in _rates(measured).items()},
        "load": {
            "transfers": delays.load.requests,
            "per_second": delays.load.per_second,
            "answer_p50_ms": delays.load.percentile_ms(0.5),
            "answer_p99_ms": delays.load.percentile_ms(0.99),
        },
        "delays_ms": {
            **{hop: asdict(spread) for hop, spread in delays.hops.items()},
            "payment": asdict(delays.payments),
            "reward": asdict(delays.rewards),
        },
    }


def _rates(measured: Measured) -> dict[str, Rate]:
    consumers = {f"consumer of {name}": rate for name, rate in measured.consumers.items()}
    return {"relay, outbox to broker": measured.relay, **consumers}
