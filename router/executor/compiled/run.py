"""One run of a compiled plan: calls the generated functions in the order in which answers come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from router.executor.execution import Answered, Ask, Deopt, ExecutionResult
from router.plan import Fetch
from router.transport.base import SubgraphAnswer
from router.transport.body import OK

_NOT_AS_ASKED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True, eq=False)
class Code:
    """The generated functions of a plan, those of fetches by their ids, and who waits for whom.

    `state` makes what they keep between calls; `dependents[i]` wait for fetch i, among others; the `first` wait
    for none.
    """

    fetches: Sequence[Fetch]
    state: Callable[[], Any]
    asks: Sequence[Callable[[Any], bytes | None]]
    takes: Sequence[Callable[[Any, bytes], None]]
    finish: Callable[[Any], bytes]
    dependents: Sequence[Sequence[int]]
    waits: Sequence[int]
    first: Sequence[int]


class CompiledRun:
    """An `Execution`. Every method raises Deopt where the generic engine has to go on instead; after that it is of no more use."""

    __slots__ = ("_code", "_state", "_waits")

    def __init__(self, code: Code, variables: Mapping[str, Any]) -> None:
        self._code = code
        self._waits = list(code.waits)
        self._state = code.state()
        self._state.variables = variables

    def start(self) -> list[Ask]:
        """Ask the fetches that need nothing."""
        return self._ask_all(list(self._code.first))

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        """Take an answer; what waited for it may be ready now."""
        if not isinstance(answer, SubgraphAnswer) or answer.status != OK:
            raise Deopt("failure")
        number = ask.fetch.id
        try:
            self._code.takes[number](self._state, answer.body)
        except _NOT_AS_ASKED:
            raise Deopt("answer") from None
        return self._ask_all(self._freed_by(number))

    def finish(self) -> ExecutionResult:
        """The result: there are no errors on this way."""
        return ExecutionResult(self._code.finish(self._state))

    def _ask_all(self, ready: list[int]) -> list[Ask]:
        """The requests of these fetches; where one finds nothing to ask about, of those that waited for it."""
        asks = []
        code = self._code
        for number in ready:  # grows while it is worked off
            body = code.asks[number](self._state)
            if body is None:
                ready += self._freed_by(number)
            else:
                asks.append(Ask(code.fetches[number], body))
        return asks

    def _freed_by(self, number: int) -> list[int]:
        freed = []
        waits = self._waits
        for dependent in self._code.dependents[number]:
            waits[dependent] -= 1
            if not waits[dependent]:
                freed.append(dependent)
        return freed
