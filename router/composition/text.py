"""The outcome of composition in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from router.composition.model.outcome import Composed, CompositionError, Hint, Rejected


def format_text(outcome: Composed | Rejected) -> str:
    """Every error and hint, each with its code and places; ends in a line that counts them."""
    lines: list[str] = []
    if isinstance(outcome, Rejected):
        for error in outcome.errors:
            lines += _error(error)
    for hint in outcome.hints:
        lines.append(_hint(hint))
    lines.append(_summary(outcome))
    return "\n".join(lines)


def _error(error: CompositionError) -> Iterator[str]:
    yield f"error {error.code.name}: {error.message}"
    for place in error.places:
        yield f"  at {place} ({place.subgraph})"


def _hint(hint: Hint) -> str:
    return f"{hint.code.level} {hint.code.name}: {hint.message}"


def _summary(outcome: Composed | Rejected) -> str:
    hints = _count(len(outcome.hints), "hint")
    if isinstance(outcome, Rejected):
        return f"The subgraphs do not compose: {_count(len(outcome.errors), 'error')}, {hints}."
    return f"The subgraphs compose: {hints}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
