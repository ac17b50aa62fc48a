"""One application of @override: who takes which field over from whom, for the rules and hints that speak of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from router.composition.codes import Code
from router.composition.hints import HintCode
from router.composition.model.merging import Merging, Source
from router.composition.model.outcome import Place
from router.composition.model.schema import Applied, Field


@dataclass(frozen=True, slots=True)
class Override:
    """`winner` is the field that carries the directive, in the subgraph that takes it over."""

    winner: Source[Field]
    directive: Applied
    merging: Merging

    @property
    def coordinate(self) -> str:
        return self.winner.element.coordinate

    @property
    def from_(self) -> str:
        """The name of the subgraph that the field moves away from."""
        return self.directive.string("from") or ""

    @property
    def label(self) -> str | None:
        """Under what condition it moves; None, and the empty label, mean always."""
        return self.directive.string("label") or None

    def error(self, code: Code, problem: str, *, places: Iterable[Place | None] = ()) -> None:
        """Report a problem of the override; `places` are those besides its own."""
        self.merging.report.error(
            code,
            f'[{self.winner.subgraph.name}] @override on "{self.coordinate}": {problem}.',
            coordinates=[self.coordinate],
            places=[self.directive.place, *places],
        )

    def hint(self, code: HintCode, problem: str) -> None:
        """Give advice about the override."""
        self.merging.report.hint(
            code,
            f'[{self.winner.subgraph.name}] @override on "{self.coordinate}": {problem}.',
            subgraphs=[self.winner.subgraph.name],
            coordinates=[self.coordinate],
        )
