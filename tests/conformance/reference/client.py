"""Asks the reference: what it makes of a set of subgraphs, and how its gateway plans a query of a supergraph.

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
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from router.composition import SubgraphInput
from tests.conformance.reference.install import NODE, ensure_installed

SECONDS_EACH = 60.0
HEAP_MEGABYTES = 2048
CHUNK = 1 << 16


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


class Reference:
    """A running reference; `the_reference()` is the one to use."""

    def __init__(self, seconds_each: float = SECONDS_EACH) -> None:
        self._folder = ensure_installed()
        self._seconds_each = seconds_each
        self._process: subprocess.Popen[bytes] | None = None

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

    def close(self) -> None:
        """End the process, if one runs."""
        if self._process is not None:
            process, self._process = self._process, None
            process.kill()
            process.communicate()

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            process = self._running()
            assert process.stdin is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(self._line(process))
        except (BrokenPipeError, EOFError):
            self.close()
            return {"thrown": "the process of the reference ended"}
        except TimeoutError:
            self.close()
            return {"thrown": f"no answer within {self._seconds_each} s"}
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(
                [NODE, f"--max-old-space-size={HEAP_MEGABYTES}", "worker.js"],
                cwd=self._folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _line(self, process: subprocess.Popen[bytes]) -> bytes:
        """The next line of the process. Raises EOFError where it has ended, TimeoutError where it says nothing."""
        assert process.stdout is not None
        output = process.stdout.fileno()
        deadline = time.monotonic() + self._seconds_each
        chunks: list[bytes] = []
        while not chunks or not chunks[-1].endswith(b"\n"):
            ready, _, _ = select.select([output], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            chunks.append(os.read(output, CHUNK))
            if not chunks[-1]:
                raise EOFError
        return b"".join(chunks)


@functools.cache
def the_reference() -> Reference:
    """The reference of this Python process, installed and started at the first use."""
    reference = Reference()
    atexit.register(reference.close)
    return reference
