"""Tries a case with both and says in words where ours falls behind, unless listed differences explain it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.conformance.execution.case import Case
from tests.conformance.execution.differences.listed import explained_by
from tests.conformance.execution.problems import problems
from tests.conformance.execution.trial import Pair, attempt


@dataclass(frozen=True, slots=True)
class Comparison:
    """`problems` are the differences in words, none where both agree; `deliberate` names the listed ones that explain them."""

    pair: Pair
    problems: tuple[str, ...]
    deliberate: frozenset[str] = frozenset()

    def report(self) -> str:
        """The differences and the two plans."""
        sides = (("ours", self.pair.ours), ("theirs", self.pair.theirs))
        plans = [f"{side}: {outcome.price}\n{outcome.plan}" for side, outcome in sides]
        return "\n".join([*self.problems, *plans])


def compare(case: Case) -> Comparison:
    """Try it with both and compare."""
    pair = attempt(case)
    found = tuple(problems(pair))
    deliberate = explained_by(pair) if found else frozenset()
    return Comparison(pair, () if deliberate else found, deliberate)
