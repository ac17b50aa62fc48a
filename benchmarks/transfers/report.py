"""The figures as tables for people."""

from __future__ import annotations

from rich.table import Table

from benchmarks.transfers.postings import Postings
from benchmarks.transfers.whole import Measured, Whole


def database_table(postings: Postings, *, clients: int) -> Table:
    """The posting function beside pgbench."""
    table = Table(title=f"The database, {clients} clients", title_justify="left")
    table.add_column("work")
    for heading in ("a second", "of tpcb"):
        table.add_column(heading, justify="right")
    for work, rate in {
        "pgbench tpcb-like": postings.tpcb,
        "postings, one a call": postings.cold,
        "postings on one wallet, one a call": postings.hot,
        "postings on one wallet, in batches": postings.hot_batched,
    }.items():
        table.add_row(work, f"{rate:,.0f}", f"{rate / postings.tpcb:.2f}")
    return table


def whole_table(whole: Whole, tpcb: float) -> Table:
    """Throughput and latency of whole transfers."""
    table = Table(title="Whole transfers through the router", title_justify="left")
    table.add_column("load")
    for heading in ("a second", "of tpcb", "p50 ms", "p99 ms", "pending", "settled after s"):
        table.add_column(heading, justify="right")
    for load, measured in _loads(whole).items():
        answered = measured.answered
        table.add_row(
            load,
            f"{answered.per_second:,.1f}",
            f"{answered.per_second / tpcb:.3f}",
            f"{answered.percentile_ms(0.5):,.0f}",
            f"{answered.percentile_ms(0.99):,.0f}",
            f"{measured.pending}",
            f"{measured.settled_s:.1f}",
        )
    return table


def cpu_table(whole: Whole) -> Table:
    """Who uses how much of a core for one transfer."""
    loads = _loads(whole)
    table = Table(title="CPU ms a transfer", title_justify="left")
    table.add_column("part")
    for load in loads:
        table.add_column(load, justify="right")
    for part in sorted(whole.closed.cpu_ms, key=lambda part: -whole.closed.cpu_ms[part]):
        table.add_row(part, *(f"{measured.cpu_ms[part]:.2f}" for measured in loads.values()))
    table.add_section()
    table.add_row("all", *(f"{sum(measured.cpu_ms.values()):.2f}" for measured in loads.values()))
    return table


def _loads(whole: Whole) -> dict[str, Measured]:
    return {"as many as go": whole.closed, "half as many": whole.half}
