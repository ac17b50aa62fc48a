"""Results as tables for people, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from benchmarks.router.contenders import CONTENDERS
from benchmarks.router.federation import Case
from benchmarks.router.measure import Result

TITLES = {contender.name: contender.title for contender in CONTENDERS}
SHARING = {contender.name for contender in CONTENDERS if contender.shares_operations}
PEERS = {"Apollo": ("apollo",), "Hive": ("hive", "hive-jit", "hive-jit-inbound")}
BASELINE = "constant"
OURS = ("ours", "ours-dedupe", "ours-inbound")
OTHERS_BUSY_MAX = 0.85  # past this the client may be what is measured


def case_table(case: Case, results: Sequence[Result]) -> Table:
    """One case: who answers how much, at which cost, and how that compares."""
    table = Table(title=case.title, title_justify="left", caption=_caption(results), caption_justify="left")
    table.add_column("contender")
    for heading in ("requests/s", "CPU µs", "p50 ms", "p99 ms", "fetches", "CPU µs above constant"):
        table.add_column(heading, justify="right")
    for result in sorted(results, key=lambda result: result.contender in SHARING):
        best = result.best
        if result.contender in SHARING:
            table.add_section()
        table.add_row(
            TITLES[result.contender],
            f"{best.rps:,.0f}",
            f"{result.least_cpu_us:,.0f}",
            f"{best.p50_ms:.2f}",
            f"{best.p99_ms:.2f}",
            f"{best.fetches:.2f}",
            _above(result, results),
        )
    return table


def summary_table(cases: Sequence[Case], results: Sequence[Result]) -> Table:
    """Ours beside each peer at its best: by requests a second, and by CPU time, which a busy machine disturbs less."""
    table = Table(title="How many times the peers' speed", title_justify="left")
    table.add_column("case")
    table.add_column("contender")
    for peer in PEERS:
        table.add_column(f"{peer}, requests/s", justify="right")
        table.add_column(f"{peer}, CPU", justify="right")
    for case in cases:
        here = [result for result in results if result.case == case.name]
        for result in here:
            if result.contender in OURS:
                beside = (cell for names in PEERS.values() for cell in _beside(result, here, names))
                table.add_row(case.title, TITLES[result.contender], *beside)
    return table


def memory_table(results: Sequence[Result]) -> Table:
    """The most resident memory of each contender in the whole run."""
    table = Table(title="Peak memory over all cases", title_justify="left")
    table.add_column("contender")
    table.add_column("MB", justify="right")
    for name in dict.fromkeys(result.contender for result in results):
        peak = max(result.peak_bytes for result in results if result.contender == name)
        table.add_row(TITLES[name], f"{peak / 1e6:,.0f}")
    return table


def as_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Every round of every result."""
    return [asdict(result) for result in results]


def _caption(results: Sequence[Result]) -> str:
    spread = max((result.best.rps / min(one.rps for one in result.rounds) for result in results), default=1.0)
    said = f"The best of {len(results[0].rounds)} rounds; rounds of one contender differ by up to {spread - 1:.0%}."
    busy = [TITLES[result.contender] for result in results if result.best.others_busy > OTHERS_BUSY_MAX]
    return said + (f" The client was the limit for: {', '.join(busy)}." if busy else "")


def _beside(result: Result, results: Sequence[Result], names: Sequence[str]) -> tuple[str, str]:
    """Times as fast as the best of the peers that are in the same contest."""
    sharing = result.contender in SHARING
    peers = [peer for peer in results if peer.contender in names and (peer.contender in SHARING) == sharing]
    if not peers:
        return "–", "–"
    rps, cpu_us = max(peer.best.rps for peer in peers), min(peer.least_cpu_us for peer in peers)
    return f"{result.best.rps / rps:.1f}", f"{cpu_us / result.least_cpu_us:.1f}"


def _above(result: Result, results: Sequence[Result]) -> str:
    floor = next((other.least_cpu_us for other in results if other.contender == BASELINE), None)
    return f"{result.least_cpu_us - floor:,.0f}" if floor is not None and result.contender != BASELINE else "–"
