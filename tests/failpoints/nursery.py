"""Real processes to kill: one that has imported everything forks a child for each case, which costs milliseconds instead of a second.

`python -m tests.failpoints.nursery` reads a case a line and answers how its child ended, in a line: the status of os.waitpid.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import orjson

import subgraphs
from payflow.kernel.failpoints import armed
from tests.failpoints.case import Case, World, act, ended, ready, told
from tests.failpoints.process import Place, opened

REPOSITORY = Path(subgraphs.__file__).parents[1]
KILLED_WITHIN_S = 40.0
SURVIVED = 3  # the exit status of a child that nothing has killed


@dataclass(frozen=True, slots=True)
class Nursery:
    """The process that forks; cases go one at a time."""

    process: subprocess.Popen[bytes]
    questions: IO[bytes]
    answers: IO[bytes]

    async def killed(self, place: Place, case: Case, specification: str) -> None:
        """Let a child work at the case until it is killed. Raises AssertionError where it is not."""
        task = orjson.dumps({"place": place.as_json(), "case": case.as_json(), "armed": specification})
        status = int(await asyncio.to_thread(self._ask, task))
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL, f"{specification} killed nobody: status {status}"

    def _ask(self, task: bytes) -> bytes:
        self.questions.write(task + b"\n")
        self.questions.flush()
        return self.answers.readline()

    def close(self) -> None:
        """End the process, which ends when nobody can ask any more."""
        self.questions.close()
        self.process.wait(KILLED_WITHIN_S * 2)
        self.answers.close()


def start(log: IO[bytes]) -> Nursery:
    """Start it; what its children say goes to `log`."""
    command = [sys.executable, "-m", "tests.failpoints.nursery"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=log)
    assert process.stdin is not None
    assert process.stdout is not None
    return Nursery(process, process.stdin, process.stdout)


def serve() -> None:
    """Fork for each line of the standard input. The standard output is ours; the children have the standard error."""
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)
        for line in sys.stdin.buffer:
            child = os.fork()
            if child == 0:
                _live(orjson.loads(line))
            _, status = os.waitpid(child, 0)
            answers.write(f"{status}\n".encode())


def _live(task: dict[str, Any]) -> None:
    try:
        asyncio.run(_work(Place.from_json(task["place"]), Case.from_json(task["case"]), task["armed"]))
    finally:
        os._exit(SURVIVED)


async def _work(place: Place, case: Case, specification: str) -> None:
    async with opened(place, World(place, case)) as process, asyncio.timeout(KILLED_WITHIN_S):
        await ready(process, case)
        with armed(specification):
            await act(process, case)
            await ended(process, case)
            await told(process)


if __name__ == "__main__":
    serve()
