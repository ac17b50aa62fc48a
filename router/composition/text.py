"""The outcome of composition in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal, TypeAlias

from router.composition.model.outcome import Composed, CompositionError, Hint, Place, Rejected

HintLevel: TypeAlias = Literal["debug", "info", "warn", "none"]

ERRORS_TOLD_MAX: Final = 100  # of errors, and of hints: who has more mends the first and composes again
PLACES_TOLD_MAX: Final = 20  # of one error
CHARACTERS_TOLD_MAX: Final = 2_000  # of one message, which may quote a value or a set of fields as long as an SDL

_WEIGHT: Final = {"debug": 0, "info": 1, "warn": 2, "none": 3}


def format_text(outcome: Composed | Rejected, *, hints: HintLevel = "debug", findings_max: int | None = None) -> str:
    """Errors and hints, each with its code and places; ends in a line that counts them all.

    `hints` is the least level of a hint to be told, `findings_max` how many errors and how many hints are told.
    """
    return "\n".join([*findings(outcome, hints=hints, findings_max=findings_max), _summary(outcome)])


def findings(outcome: Composed | Rejected, *, hints: HintLevel, findings_max: int | None = None) -> Iterator[str]:
    """The lines about errors and hints, without the line that counts them."""
    errors: Sequence[CompositionError] = outcome.errors if isinstance(outcome, Rejected) else ()
    for error in errors[:findings_max]:
        yield from _error(error)
    if findings_max is not None and len(errors) > findings_max:
        yield f"… and {_count(len(errors) - findings_max, 'more error')}."
    told = [hint for hint in outcome.hints if _WEIGHT[hint.code.level] >= _WEIGHT[hints]]
    for hint in told[:findings_max]:
        yield from _hint(hint)
    if findings_max is not None and len(told) > findings_max:
        yield f"… and {_count(len(told) - findings_max, 'more hint')}."


def _error(error: CompositionError) -> Iterator[str]:
    yield f"error {error.code.name}: {_printable(error.message)}"
    yield from _places(error.places)


def _hint(hint: Hint) -> Iterator[str]:
    yield f"{hint.code.level} {hint.code.name}: {_printable(hint.message)}"
    yield from _places(hint.places)


def _places(places: Sequence[Place]) -> Iterator[str]:
    for place in places[:PLACES_TOLD_MAX]:
        yield _printable(f"  at {place} ({place.subgraph})")
    if len(places) > PLACES_TOLD_MAX:
        yield f"  and at {len(places) - PLACES_TOLD_MAX} more places"


def _printable(text: str) -> str:
    """A message quotes what it found, and a subgraph must not be able to steer the terminal that shows it."""
    half = CHARACTERS_TOLD_MAX // 2
    shown = text if len(text) <= CHARACTERS_TOLD_MAX else f"{text[:half]} … {text[-half:]}"
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode() for char in shown
    )


def _summary(outcome: Composed | Rejected) -> str:
    hints = _count(len(outcome.hints), "hint")
    if isinstance(outcome, Rejected):
        return f"The subgraphs do not compose: {_count(len(outcome.errors), 'error')}, {hints}."
    return f"The subgraphs compose: {hints}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
