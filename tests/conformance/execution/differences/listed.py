"""All deliberate differences, and which of them explain what is found in a case."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, combinations

from tests.conformance.execution.differences.difference import Difference, Fault, Rephrased
from tests.conformance.execution.differences.faults import FAULTS
from tests.conformance.execution.differences.orders import OF_ORDERS
from tests.conformance.execution.differences.wordings import OF_WORDINGS
from tests.conformance.execution.problems import problems
from tests.conformance.execution.trial import Pair, attempt, can_be_tried

REPHRASED = (*OF_WORDINGS, *OF_ORDERS)
DIFFERENCES: tuple[Difference, ...] = (*FAULTS, *REPHRASED)
AT_ONCE_MAX = 3
OTHER_DATA = 5


def explained_by(pair: Pair) -> frozenset[str]:
    """The headings of the fewest differences without which the two agree; none where ours is at fault.

    Ours must answer as one server does, and at no higher price than theirs has for the operation said otherwise.
    """
    if not _is_right(pair):
        return frozenset()
    faults = [fault.heading for fault in FAULTS if _is_at_fault(pair, fault)]
    if faults:
        return frozenset(faults)
    met = [difference for difference in REPHRASED if difference.rephrase(pair.case)]
    for count in range(1, AT_ONCE_MAX + 1):
        for chosen in combinations(met, count):
            if _agrees(pair, chosen):
                return frozenset(difference.heading for difference in chosen)
    return frozenset()


def _is_right(pair: Pair) -> bool:
    """Whether our answer is that of one server."""
    return not pair.ours.broke and not pair.ours.errors and pair.ours.data == pair.truth


def _is_at_fault(pair: Pair, fault: Fault) -> bool:
    """Whether the reference shows a fault, with these data or with others."""
    others = (replace(pair.case, seed=seed) for seed in range(OTHER_DATA))
    for tried in chain([pair], (attempt(case) for case in others if can_be_tried(case))):
        said = tried.theirs.errors or tuple(filter(None, [tried.theirs.broke]))
        if said and _is_right(tried) and all(re.search(fault.words, text) for text in said):
            return True
    return False


def _agrees(pair: Pair, differences: tuple[Rephrased, ...]) -> bool:
    cases = [pair.case]
    for difference in differences:
        cases = [said for case in cases for said in difference.rephrase(case) or (case,)]
    if not all(map(can_be_tried, cases)):
        return False
    pairs = [attempt(case) for case in cases]
    fetches = sum(each.theirs.price.fetches for each in pairs)
    waves = sum(each.theirs.price.waves for each in pairs)
    is_dearer = pair.ours.price.fetches > fetches or pair.ours.price.waves > waves
    return not is_dearer and not any(any(problems(each)) for each in pairs)
