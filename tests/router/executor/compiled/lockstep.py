"""Runs a plan by the generic engine and compiled, side by side: same answers in the same order, so same requests and same result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from router.executor.compiled import Compiled
from router.executor.compiled.run import CompiledRun
from router.executor.execution import Answered, Ask, Deopt, ExecutionResult
from router.executor.interpreted import Interpreted
from router.executor.prepared import Prepared

Answers = Callable[[str, bytes], Answered]
"""What comes back for a subgraph and a body."""


@dataclass(frozen=True)
class Outcome:
    """The generic engine's result, and why the compiled plan gave up, if it did."""

    result: ExecutionResult
    deopt: str | None


@dataclass
class Pair:
    """Both engines, and the requests that are under way."""

    generic: Interpreted
    compiled: CompiledRun
    answers: Answers
    order: Random
    deopt: str | None = None
    _under_way: list[tuple[Ask, Ask | None]] = field(default_factory=list)

    def run(self) -> Outcome:
        """Run to the end. Raises AssertionError where they differ before the compiled plan gives up."""
        self._send(self.generic.start(), self._try(self.compiled.start))
        while self._under_way:
            asked, same = self._under_way.pop(self.order.randrange(len(self._under_way)))
            answer = self.answers(asked.fetch.subgraph, asked.body)
            freed = self.generic.answered(asked, answer)
            self._send(freed, self._try(self.compiled.answered, same, answer))
        result = self.generic.finish()
        made = self._try(self.compiled.finish)
        if self.deopt is None:
            assert made is not None
            assert not result.errors, f"the compiled plan has no error for {result.errors}"
            assert made.json == result.json, f"\ngeneric  {result.json.decode()}\ncompiled {made.json.decode()}"
        return Outcome(result, self.deopt)

    def _send(self, generic: list[Ask], compiled: list[Ask] | None) -> None:
        if self.deopt is not None or compiled is None:
            self._under_way += [(ask, None) for ask in generic]
            return
        mine, theirs = [(ask.fetch.id, ask.body) for ask in compiled], [(ask.fetch.id, ask.body) for ask in generic]
        assert sorted(mine) == sorted(theirs), f"\ngeneric  asks {theirs}\ncompiled asks {mine}"
        for ask in generic:
            same = next(each for each in compiled if (each.fetch.id, each.body) == (ask.fetch.id, ask.body))
            self._under_way.append((ask, same))

    def _try(self, step: Callable[..., Any], *given: Any) -> Any:
        if self.deopt is not None:
            return None
        try:
            return step(*given)
        except Deopt as deopt:
            self.deopt = deopt.reason
            return None


def side_by_side(
    prepared: Prepared, compiled: Compiled, variables: Mapping[str, Any], answers: Answers, order: Random
) -> Outcome:
    """Run both to the end; answers come in a random order."""
    return Pair(Interpreted(prepared, variables), compiled.execution(variables), answers, order).run()
