"""All deliberate differences, and which of them explain what is found in a case."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import chain, combinations

from tests.conformance.execution.differences.difference import Difference, Fault, Rephrased, Shown
from tests.conformance.execution.differences.faults import FAULTS
from tests.conformance.execution.differences.orders import OF_ORDERS
from tests.conformance.execution.differences.shown import SHOWN
from tests.conformance.execution.differences.wordings import OF_WORDINGS
from tests.conformance.execution.problems import kind_of, problems
from tests.conformance.execution.trial import Pair, attempt, can_be_tried

REPHRASED = (*OF_WORDINGS, *OF_ORDERS)
DIFFERENCES: tuple[Difference, ...] = (*FAULTS, *SHOWN, *REPHRASED)
AT_ONCE_MAX = 3
OTHER_DATA = 5


def explained_by(pair: Pair) -> frozenset[str]:
    """The headings of the fewest differences without which the two agree; none where ours is at fault.

    Ours must answer as one server does, and at no higher price than theirs has for the operation said otherwise, where their plan
    does not show why.
    """
    if not _is_right(pair):
        return frozenset()
    faults = [fault.heading for fault in FAULTS if _is_at_fault(pair, fault)]
    if faults:
        return frozenset(faults)
    for count in range(AT_ONCE_MAX + 1):
        for chosen in combinations(REPHRASED, count):
            said = _said_otherwise(pair, chosen)
            shown = _shown_by(said) if said else frozenset()
            if said and _agree(pair, said, shown):
                return frozenset(each.heading for each in chosen) | {each.heading for each in shown}
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


def _said_otherwise(pair: Pair, differences: tuple[Rephrased, ...]) -> list[Pair]:
    """What both make of the operation in other words; nothing where one of the differences is not met."""
    cases = [pair.case]
    for difference in differences:
        said = [difference.rephrase(case) for case in cases]
        if not any(said):
            return []
        cases = [other for others, case in zip(said, cases, strict=True) for other in others or (case,)]
    return [attempt(case) for case in cases] if all(map(can_be_tried, cases)) else []


def _shown_by(pairs: list[Pair]) -> frozenset[Shown]:
    return frozenset(each for each in SHOWN if any(each.shows(pair) for pair in pairs))


def _agree(pair: Pair, said: list[Pair], shown: frozenset[Shown]) -> bool:
    """Whether nothing is left to be explained but what the plans show."""
    kinds = {kind_of(found) for each in said for found in problems(each)}
    if "data" in kinds and any(each.is_wrong for each in shown) and all(map(_is_right, said)):
        return kinds <= {"data", "fetches", "waves"}  # a wrong answer has no price
    saved = any(not each.is_wrong for each in shown)
    fetches = sum(each.theirs.price.fetches for each in said) + saved
    waves = sum(each.theirs.price.waves for each in said) + saved
    is_dearer = pair.ours.price.fetches > fetches or pair.ours.price.waves > waves
    return not is_dearer and kinds <= ({"fetches", "waves"} if saved else set())
