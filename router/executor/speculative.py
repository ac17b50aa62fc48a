"""Runs a fast engine for as long as it copes; then a generic one is given the same answers and goes on.

So the fast engine may be written for the usual case alone, and there is one place for what GraphQL says about all others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias

import structlog

from router.executor.execution import Answered, Ask, Deopt, Execution, ExecutionResult

log = structlog.get_logger(__name__)

FAULT = "fault"
Key: TypeAlias = tuple[int, bytes]
"""What makes two requests the same: fetch and body. Engines form the same bodies from the same answers."""


class Speculative:
    """An `Execution` by `fast`, or from where that gives up by the engine that `generic` makes.

    `settled` is called once, with None or why the fast engine gave up. No request is sent twice: what is answered is replayed to the
    generic engine, and what is under way is waited for.
    """

    def __init__(
        self, fast: Execution, generic: Callable[[], Execution], settled: Callable[[str | None], None]
    ) -> None:
        self._fast = fast
        self._make_generic = generic
        self._settled = settled
        self._answers: list[tuple[Ask, Answered]] = []
        self._under_way: set[Ask] = set()
        self._result: ExecutionResult | None = None
        self._replay: _Replay | None = None

    def start(self) -> list[Ask]:
        """What either engine asks first."""
        return self._try(self._fast.start)

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        """Give the answer to the engine at work."""
        if self._replay is not None:
            return self._replay.answered(ask, answer)
        self._under_way.discard(ask)
        self._answers.append((ask, answer))
        return self._try(lambda: self._fast.answered(ask, answer))

    def finish(self) -> ExecutionResult:
        """The result of the engine that came to the end."""
        if self._replay is not None:
            return self._replay.engine.finish()
        assert self._result is not None, "finished while requests are under way"
        return self._result

    def _try(self, step: Callable[[], list[Ask]]) -> list[Ask]:
        """A step of the fast engine; the last one includes its end, which may still send the generic engine out."""
        try:
            asks = step()
            self._under_way.update(asks)
            if not self._under_way:
                self._result = self._fast.finish()
                self._settled(None)
        except Deopt as deopt:
            return self._fall_back(deopt.reason)
        except Exception:
            log.exception("a compiled plan is faulty")
            return self._fall_back(FAULT)
        return asks

    def _fall_back(self, reason: str) -> list[Ask]:
        self._settled(reason)
        self._replay = _Replay(self._make_generic(), self._answers, self._under_way)
        return self._replay.start()


class _Replay:
    """An engine that is given answers which another one got."""

    def __init__(self, engine: Execution, answers: Iterable[tuple[Ask, Answered]], under_way: Iterable[Ask]) -> None:
        self.engine = engine
        self._answers = {_key(ask): answer for ask, answer in answers}
        self._under_way = {_key(ask): ask for ask in under_way}
        self._sent = {number for number, _ in (*self._answers, *self._under_way)}
        self._stands_for: dict[Ask, Ask] = {}

    def start(self) -> list[Ask]:
        return self._unknown(self.engine.start())

    def answered(self, ask: Ask, answer: Answered) -> list[Ask]:
        if self._under_way.pop(_key(ask), None) is not None:  # the engine has not asked this, or not yet
            self._answers[_key(ask)] = answer
            return []
        return self._unknown(self.engine.answered(self._stands_for.pop(ask, ask), answer))

    def _unknown(self, asks: Iterable[Ask]) -> list[Ask]:
        """Those of `asks`, and of what known answers make ready, that nobody has asked before."""
        unknown: list[Ask] = []
        queue = deque(asks)
        while queue:
            ask = queue.popleft()
            key = _key(ask)
            if key in self._answers:
                queue.extend(self.engine.answered(ask, self._answers.pop(key)))
            elif key in self._under_way:
                self._stands_for[self._under_way.pop(key)] = ask
            else:
                repeated = ask.fetch.kind == "mutation" and ask.fetch.id in self._sent
                assert not repeated, f"mutation {ask.fetch.id} was sent already, with another body"
                unknown.append(ask)
        return unknown


def _key(ask: Ask) -> Key:
    return ask.fetch.id, ask.body
