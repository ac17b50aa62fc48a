"""Asks the reference: what it makes of a set of subgraphs, and how its gateway plans and executes operations on a supergraph.

One node process serves a Python process for its life. Each request has a bounded time; a process that dies or hangs is
replaced, and the request that did it answers so.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from router.composition import SubgraphInput
from tests.conformance.reference.install import NODE, ensure_installed

SECONDS_EACH = 60.0
HEAP_MEGABYTES = 2048
CHUNK = 1 << 16
# Else the gateway reports its use to Apollo, and waits for that: 5 s for a name that nobody resolves, again and again.
TELLS_NOBODY = {"APOLLO_TELEMETRY_DISABLED": "true"}

SubgraphAnswers: TypeAlias = Callable[[str, str, Mapping[str, Any]], Mapping[str, Any]]
"""What a subgraph answers: its name, a query and variables in, `data` and `errors` out."""


@dataclass(frozen=True, slots=True)
class Finding:
    """An error or a hint of the reference."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Composition:
    """What the reference makes of subgraphs. `broke` says how the reference itself failed, where it did."""

    composes: bool
    errors: tuple[Finding, ...] = ()
    hints: tuple[Finding, ...] = ()
    supergraph: str | None = None
    api: str | None = None
    broke: str | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What the gateway makes of a query: an error, or a plan and the names of the subgraphs that it fetches from."""

    error: str | None
    plan: dict[str, Any] | None = None
    subgraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Executed:
    """What the gateway makes of an operation: an error, or a plan and its response. It plans subscriptions, and runs none."""

    error: str | None
    plan: dict[str, Any] | None = None
    response: Mapping[str, Any] | None = None


class Reference:
    """A running reference; `the_reference()` is the one to use."""

    def __init__(self, seconds_each: float = SECONDS_EACH) -> None:
        self._folder = ensure_installed()
        self._seconds_each = seconds_each
        self._process: subprocess.Popen[bytes] | None = None
        self._said = b""

    def compose(self, subgraphs: Sequence[SubgraphInput]) -> Composition:
        """What the reference makes of the subgraphs."""
        sent = [{"name": subgraph.name, "url": subgraph.url, "sdl": subgraph.sdl} for subgraph in subgraphs]
        answer = self._ask({"kind": "compose", "subgraphs": sent})
        if "thrown" in answer:
            return Composition(composes=False, broke=answer["thrown"])
        return Composition(
            composes=answer["composes"],
            errors=tuple(Finding(**error) for error in answer["errors"]),
            hints=tuple(Finding(**hint) for hint in answer["hints"]),
            supergraph=answer["supergraph"],
            api=answer["api"],
        )

    def plan(self, supergraph: str, query: str) -> Planned:
        """Load the supergraph in the gateway and plan the query; nothing is fetched."""
        answer = self._ask({"kind": "plan", "supergraph": supergraph, "query": query})
        if "thrown" in answer:
            return Planned(error=answer["thrown"])
        return Planned(answer["error"], answer.get("plan"), tuple(answer.get("subgraphs", ())))

    def execute(
        self, supergraph: str, query: str, variables: Mapping[str, Any], subgraphs: SubgraphAnswers
    ) -> Executed:
        """Load the supergraph in the gateway and execute the first operation of the query over the subgraphs."""
        request = {"kind": "execute", "supergraph": supergraph, "query": query, "variables": dict(variables)}
        answer = self._ask(request, subgraphs)
        if "thrown" in answer:
            return Executed(error=answer["thrown"])
        return Executed(answer["error"], answer.get("plan"), answer.get("response"))

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()

    def _ask(self, request: dict[str, Any], subgraphs: SubgraphAnswers | None = None) -> dict[str, Any]:
        try:
            self._start()
            self._tell(request)
            answer = self._heard()
            while "ask" in answer:
                assert subgraphs is not None, "only executing asks back"
                response = subgraphs(answer["subgraph"], answer["query"], answer["variables"])
                self._tell({"kind": "answered", "ask": answer["ask"], "response": response})
                answer = self._heard()
        except (BrokenPipeError, EOFError):
            self.close()
            return {"thrown": "the process of the reference ended"}
        except TimeoutError:
            self.close()
            return {"thrown": f"no answer within {self._seconds_each} s"}
        except BaseException:
            self.close()  # it still waits for an answer that will not come
            raise
        return answer

    def _tell(self, message: dict[str, Any]) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _start(self) -> None:
        """Start the process, unless one runs."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._said = b""
            self._process = subprocess.Popen(
                [NODE, f"--max-old-space-size={HEAP_MEGABYTES}", "worker.js"],
                cwd=self._folder,
                env={**os.environ, **TELLS_NOBODY},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )

    def _heard(self) -> dict[str, Any]:
        """The next message of the process. Raises EOFError where it has ended, TimeoutError where it says nothing."""
        assert self._process is not None
        assert self._process.stdout is not None
        output = self._process.stdout.fileno()
        deadline = time.monotonic() + self._seconds_each
        chunks = [self._said]
        while b"\n" not in chunks[-1]:
            ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunks.append(os.read(output, CHUNK))
            if not chunks[-1]:
                raise EOFError
        line, _, self._said = b"".join(chunks).partition(b"\n")
        message: dict[str, Any] = json.loads(line)
        return message


@functools.cache
def the_reference() -> Reference:
    """The reference of this Python process, installed and started at the first use."""
    reference = Reference()
    atexit.register(reference.close)
    return reference
