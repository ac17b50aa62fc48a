"""What a deliberate difference is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.conformance.execution.case import Case
from tests.conformance.execution.trial import Pair


@dataclass(frozen=True, slots=True)
class Rephrased:
    """A difference that goes away where the operation is said otherwise.

    `heading` is that of the paragraph in docs/planner-differences.md which gives the reason. `rephrase` gives the operation in
    words, or in parts, in which the two must agree; nothing where the difference is not met.
    """

    heading: str
    rephrase: Callable[[Case], tuple[Case, ...]]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the reference: all that it, or a subgraph it asked, says of an operation is of these words."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What the reference's plan shows: `is_wrong` where its data may be wrong for it; else it may save one request or one step."""

    heading: str
    shows: Callable[[Pair], bool]
    is_wrong: bool = False


Difference = Rephrased | Fault | Shown
