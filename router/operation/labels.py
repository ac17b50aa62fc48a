"""Override labels of one request: which of them are true.

A label `percent(n)` is true for n of a hundred requests, by a roll of dice; any other where whoever runs the router says so.
Source: Apollo Federation, "@override" with a `label` (federation v2.7).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from random import Random
from typing import Final

_PERCENT: Final = re.compile(r"^percent\((?P<share>\d{1,3}(?:\.\d{1,8})?)\)$")


def labels_on(met: Collection[str], custom: Collection[str], dice: Random) -> frozenset[str]:
    """Those of the labels that an operation has met which are true for this request.

    Each label is decided once, so that all fields with it agree. What is in `custom` is true, whatever the dice would say.
    """
    return frozenset(label for label in sorted(met) if label in custom or _rolls(label, dice))


def percentage(label: str) -> float | None:
    """How many of a hundred requests a label is true for; None where the label says nothing of that kind."""
    match = _PERCENT.match(label)
    return float(match["share"]) if match else None


def _rolls(label: str, dice: Random) -> bool:
    share = percentage(label)
    return share is not None and dice.random() * 100 < share
