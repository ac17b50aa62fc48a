"""Cuts the graph of fetches into waves, for showing it as Sequence and Parallel. The executor knows no waves."""

from __future__ import annotations

from collections.abc import Sequence

from router.plan.nodes import Fetch


def waves(fetches: Sequence[Fetch]) -> list[list[Fetch]]:
    """Fetches by the number of others among them that they wait for in a row: each wave needs only earlier ones."""
    depth: dict[int, int] = {}
    cut: list[list[Fetch]] = []
    for fetch in fetches:
        at = depth[fetch.id] = 1 + max((depth[before] for before in fetch.after if before in depth), default=-1)
        while len(cut) <= at:
            cut.append([])
        cut[at].append(fetch)
    return cut
